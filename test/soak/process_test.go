package soak

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/larder-dev/larder/test/wiretest"
)

// A process is what Linux says of the server and its query workers.
type process struct {
	resident, most int64         // memory of the server, now and ever, in bytes
	workers        int64         // memory of the query workers together
	written        int64         // bytes that all of them had written to the disk
	cpu            time.Duration // processor time of the server
}

func measure(t *testing.T, pid int) process {
	t.Helper()
	status := fields(t, fmt.Sprintf("/proc/%d/status", pid))
	p := process{resident: status["VmRSS"] << 10, most: status["VmHWM"] << 10}
	// What workers wrote that have ended is in the numbers of the server, which has waited for them.
	p.written = fields(t, fmt.Sprintf("/proc/%d/io", pid))["write_bytes"]
	children, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range children {
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue // not a process, or it has ended
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		f := strings.Fields(rest)
		if len(f) < 13 {
			continue
		}
		switch {
		case e.Name() == strconv.Itoa(pid):
			user, _ := strconv.ParseInt(f[11], 10, 64)   // the kernel writes numbers
			system, _ := strconv.ParseInt(f[12], 10, 64) // and here
			p.cpu = time.Duration(user+system) * (time.Second / 100)
		case f[1] == strconv.Itoa(pid):
			p.workers += fields(t, "/proc/"+e.Name()+"/status")["VmRSS"] << 10
			p.written += fields(t, "/proc/"+e.Name()+"/io")["write_bytes"]
		}
	}
	return p
}

// fields reads the numbers of lines "name: number". A file that is not there has none: the process
// has ended.
func fields(t *testing.T, path string) map[string]int64 {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	found := map[string]int64{}
	for line := range strings.Lines(string(text)) {
		name, rest, _ := strings.Cut(line, ":")
		if f := strings.Fields(rest); len(f) > 0 {
			if n, err := strconv.ParseInt(f[0], 10, 64); err == nil {
				found[name] = n
			}
		}
	}
	return found
}

// metrics reads the server's counters.
func metrics(t *testing.T, s *wiretest.Server) map[string]float64 {
	t.Helper()
	got, err := http.Get(s.Env["AWS_ENDPOINT_URL"] + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	found := map[string]float64{}
	for lines := bufio.NewScanner(got.Body); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), " "); ok {
			if n, err := strconv.ParseFloat(value, 64); err == nil {
				found[name] = n
			}
		}
	}
	return found
}
