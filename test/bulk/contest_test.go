package bulk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// larderRun asks a statement through Athena's API, and holds that it left its result and nothing else.
func (c *contest) larderRun(s statement) run {
	c.b.Helper()
	before := blobs(c.b, c.server.Data)
	most := watchTree(c.server.Pid(), filepath.Join(c.server.Data, "scratch"))
	text := c.tables.Replace(s.sql)
	used := treeProcessor(c.b, c.server.Pid())
	began := time.Now()
	uri := c.execute(text)
	r := run{seconds: time.Since(began).Seconds(), result: filepath.Join(c.dir, "larder.csv")}
	r.processor = treeProcessor(c.b, c.server.Pid()) - used
	r.peak, r.spill = most()
	result := 0
	for path := range blobs(c.b, c.server.Data) {
		if _, old := before[path]; !old {
			result++
		}
	}
	if result != 2 {
		c.b.Errorf("%s: there are %d new files of objects, not the result and its metadata", s.name, result)
	}
	if left := sizeOf(filepath.Join(c.server.Data, "scratch")); left != 0 {
		c.b.Errorf("%s: %d bytes stay in the scratch directory", s.name, left)
	}
	c.download(uri, r.result)
	return r
}

// execute runs a statement to its end and returns where its result is.
func (c *contest) execute(text string) string {
	c.b.Helper()
	ctx := c.b.Context()
	started, err := c.clients.Athena.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{
		QueryString:           &text,
		QueryExecutionContext: &athenatypes.QueryExecutionContext{Database: aws.String("sagemaker_featurestore")},
		ResultConfiguration:   &athenatypes.ResultConfiguration{OutputLocation: aws.String("s3://" + lake + "/results/")},
	})
	if err != nil {
		c.b.Fatal(err)
	}
	for {
		got, err := c.clients.Athena.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: started.QueryExecutionId})
		if err != nil {
			c.b.Fatal(err)
		}
		switch e := got.QueryExecution; e.Status.State {
		case athenatypes.QueryExecutionStateQueued, athenatypes.QueryExecutionStateRunning:
			time.Sleep(20 * time.Millisecond)
		case athenatypes.QueryExecutionStateSucceeded:
			return aws.ToString(e.ResultConfiguration.OutputLocation)
		default:
			c.b.Fatalf("%s: %s: %s", text, e.Status.State, aws.ToString(e.Status.StateChangeReason))
		}
	}
}

// download gets a result, and deletes what the statement left.
func (c *contest) download(uri, path string) {
	c.b.Helper()
	_, key, _ := strings.Cut(strings.TrimPrefix(uri, "s3://"), "/")
	object, err := c.clients.S3.GetObject(c.b.Context(), &s3.GetObjectInput{Bucket: aws.String(lake), Key: &key})
	if err != nil {
		c.b.Fatal(err)
	}
	defer object.Body.Close()
	f, err := os.Create(path)
	if err == nil {
		_, err = io.Copy(f, object.Body)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		c.b.Fatal(err)
	}
	for _, k := range []string{key, key + ".metadata"} {
		if _, err := c.clients.S3.DeleteObject(c.b.Context(), &s3.DeleteObjectInput{Bucket: aws.String(lake), Key: &k}); err != nil {
			c.b.Fatal(err)
		}
	}
}

// peerRun asks a statement of plain DuckDB, with as many threads as a worker has.
func (c *contest) peerRun(s statement) run {
	c.b.Helper()
	r := run{result: filepath.Join(c.dir, "duckdb.csv")}
	scratch := filepath.Join(c.dir, "duckdb-scratch")
	ask, err := json.Marshal(map[string]any{"version": engineVersion, "sql": s.duckdb, "threads": threads(), "memory": "4GiB", "files": c.has.Files, "scratch": scratch, "out": r.result})
	if err != nil {
		c.b.Fatal(err)
	}
	script, err := filepath.Abs("peer.py")
	if err != nil {
		c.b.Fatal(err)
	}
	cmd := exec.CommandContext(c.b.Context(), c.python, script)
	var out bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(ask), &out, os.Stderr
	if err := cmd.Start(); err != nil {
		c.b.Fatal(err)
	}
	most := watchTree(cmd.Process.Pid, scratch)
	err = cmd.Wait()
	_, r.spill = most()
	if err != nil {
		c.b.Fatalf("DuckDB: %s: %v", s.name, err)
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.peak = usage.Maxrss << 10
	}
	if _, err := fmt.Sscan(out.String(), &r.seconds, &r.processor); err != nil {
		c.b.Fatal(err)
	}
	return r
}

// engineVersion is that of the DuckDB that is linked.
const engineVersion = "1.5.6"

// watchTree looks how much memory a process and its children have together, and how large a directory is, until what it
// returns is called, which returns the most of each.
func watchTree(pid int, scratch string) (most func() (memory, disk int64)) {
	stop, ended := make(chan struct{}), make(chan [2]int64)
	go func() {
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		var at [2]int64
		for {
			at[0], at[1] = max(at[0], treeMemory(pid)), max(at[1], sizeOf(scratch))
			select {
			case <-tick.C:
			case <-stop:
				ended <- at
				return
			}
		}
	}()
	return func() (int64, int64) {
		close(stop)
		at := <-ended
		return at[0], at[1]
	}
}

// treeMemory is what a process and its children hold, pages that they share counted once; 0 where the system does
// not say.
func treeMemory(pid int) int64 {
	n := int64(0)
	for _, p := range tree(pid) {
		n += proportional(p)
	}
	return n
}

// tree is a process and its children.
func tree(pid int) []string {
	all := []string{strconv.Itoa(pid)}
	children, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, path := range children {
		text, _ := os.ReadFile(path) // it may have ended meanwhile
		all = append(all, strings.Fields(string(text))...)
	}
	return all
}

// treeProcessor is how many seconds of processors a process and its children, also those that have ended, have used.
func treeProcessor(b *testing.B, pid int) float64 {
	b.Helper()
	ticks := 0.0
	for _, p := range tree(pid) {
		text, err := os.ReadFile("/proc/" + p + "/stat")
		if err != nil {
			continue // it ended meanwhile
		}
		// pid (name) state …, then the times as fields 14 to 17: its own, and those of its children that it waited for.
		_, rest, _ := strings.Cut(string(text), ") ")
		for _, field := range strings.Fields(rest)[11:15] {
			n, err := strconv.ParseFloat(field, 64)
			if err != nil {
				b.Fatal(err)
			}
			ticks += n
		}
	}
	return ticks / 100
}

func proportional(pid string) int64 {
	text, err := os.ReadFile("/proc/" + pid + "/smaps_rollup")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
			kib, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kib << 10
		}
	}
	return 0
}

// threads is how many threads a worker's engine has: every core but one.
func threads() int { return max(1, runtime.NumCPU()-1) }
