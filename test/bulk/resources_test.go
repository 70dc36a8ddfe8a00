package bulk

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// resetPeak forgets the most memory that the server had, where the system can.
func (l *load) resetPeak() {
	// Of a system that cannot, the peak is that of the whole run.
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", l.server.Pid()), []byte("5"), 0)
}

// peak reads the most memory that the server had, in bytes; 0 if the system does not say.
func (l *load) peak() int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", l.server.Pid()))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				l.b.Fatal(err)
			}
			return kib << 10
		}
	}
	return 0
}

// size is what the data directory takes.
func (l *load) size() int64 { return sizeOf(l.server.Data) }

func sizeOf(dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // it has gone meanwhile
		}
		if info, err := d.Info(); err == nil && !d.IsDir() {
			n += info.Size()
		}
		return nil
	})
	return n
}

// watch looks how much disk everything takes, until what it returns is called, which returns the most.
func (l *load) watch() (most func() int64) {
	stop, ended := make(chan struct{}), make(chan int64)
	go func() {
		tick := time.NewTicker(3 * time.Second)
		defer tick.Stop()
		largest := int64(0)
		for {
			select {
			case <-tick.C:
				largest = max(largest, sizeOf(l.dir))
			case <-stop:
				ended <- max(largest, sizeOf(l.dir))
				return
			}
		}
	}()
	return func() int64 {
		close(stop)
		return <-ended
	}
}

// du prints what `larder du` says of the disk.
func (l *load) du(when string) {
	l.b.Helper()
	var u struct {
		Bytes, ImportBytes int64
		Database           struct{ Bytes int64 }
		Blobs              struct{ ObjectBytes, ReplacedBytes int64 }
		Tables             []struct{ Files, Bytes, Rows int64 }
	}
	out := l.larder(context.Background(), "du", "--json")
	if err := json.Unmarshal(out, &u); err != nil || len(u.Tables) != 1 {
		l.b.Fatalf("larder du: %v: %s", err, out)
	}
	l.b.Logf("larder du %s: %d MiB: database %d, objects %d, replaced by merges %d, imports %d; the table has %d rows in %d files of %d MiB",
		when, u.Bytes>>20, u.Database.Bytes>>20, u.Blobs.ObjectBytes>>20, u.Blobs.ReplacedBytes>>20, u.ImportBytes>>20, u.Tables[0].Rows, u.Tables[0].Files, u.Tables[0].Bytes>>20)
}
