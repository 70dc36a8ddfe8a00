package faults

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"

	"github.com/larder-dev/larder/test/wiretest"
)

// loaded starts a server with a group of 1,000 records.
func loaded(t *testing.T) (*wiretest.Server, *wiretest.Clients) {
	t.Helper()
	server := wiretest.Start(t, t.TempDir(), "--query-memory", "512MiB")
	clients := wiretest.NewClients(server.Env)
	create(t, clients)
	acks := &acknowledged{records: map[[2]int]bool{}, sent: map[[2]int]bool{}}
	ctx, cancel := context.WithCancel(t.Context())
	var load sync.WaitGroup
	for w := range writers {
		load.Go(func() { put(ctx, clients, acks, w) })
	}
	for {
		acks.mu.Lock()
		n := len(acks.records)
		acks.mu.Unlock()
		if n >= 1000 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	load.Wait()
	return server, clients
}

// heavy multiplies the group by itself until a query has work for minutes.
const heavy = `SELECT sum(a.reading * b.reading + c.reading) FROM "$t" a CROSS JOIN "$t" b CROSS JOIN "$t" c WHERE a.at + b.at < c.at * 2`

func TestQueryThatEatsItsMemoryFailsAlone(t *testing.T) {
	_, clients := loaded(t)
	table := tableOf(t, clients)
	for name, statement := range map[string]string{
		"long strings": `SELECT max(length(p)) FROM (SELECT rpad(CAST(a.id AS varchar), 1000000, 'x') AS p, b.at FROM "$t" a CROSS JOIN "$t" b ORDER BY p DESC, b.at)`,
		"a long array": `SELECT array_agg(a.reading + c.reading) FROM "$t" a CROSS JOIN "$t" b CROSS JOIN "$t" c`,
	} {
		t.Run(name, func(t *testing.T) {
			beside := watchGetRecord(t, clients)
			e := clients.Execute(t.Context(), t, strings.ReplaceAll(statement, "$t", table), "s3://"+bucket+"/r")
			t.Logf("%s: %s; GetRecord beside it: %s", e.Status.State, aws.ToString(e.Status.StateChangeReason), beside())
			if e.Status.State != types.QueryExecutionStateFailed || !strings.Contains(aws.ToString(e.Status.StateChangeReason), "EXCEEDED_LOCAL_MEMORY_LIMIT") {
				t.Errorf("%s: %s", e.Status.State, aws.ToString(e.Status.StateChangeReason))
			}
			alive(t, clients, table)
		})
	}
}

func TestWorkerKilledInMidQueryFailsThatQueryAlone(t *testing.T) {
	server, clients := loaded(t)
	table := tableOf(t, clients)
	type ended struct{ e *types.QueryExecution }
	done := make(chan ended, 1)
	beside := watchGetRecord(t, clients)
	go func() {
		done <- ended{clients.Execute(t.Context(), t, strings.ReplaceAll(heavy, "$t", table), "s3://"+bucket+"/r")}
	}()
	worker := busiestWorker(t, server.Pid())
	if err := syscall.Kill(worker, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	got := <-done
	t.Logf("%s: %s; GetRecord beside it: %s", got.e.Status.State, aws.ToString(got.e.Status.StateChangeReason), beside())
	if got.e.Status.State != types.QueryExecutionStateFailed {
		t.Errorf("the query whose worker was killed is %s", got.e.Status.State)
	}
	alive(t, clients, table)
}

// alive shows that the next query, and the online store, work.
func alive(t *testing.T, c *wiretest.Clients, table string) {
	t.Helper()
	rows := c.SQL(t.Context(), t, `SELECT count(DISTINCT id) AS n FROM "`+table+`"`, "s3://"+bucket+"/r")
	if len(rows) != 2 || rows[1][0] != strconv.Itoa(ids) {
		t.Errorf("the next query gives %v", rows)
	}
}

// watchGetRecord reads records without pause until the returned function is called, which says how
// long they took.
func watchGetRecord(t *testing.T, c *wiretest.Clients) func() string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var took []time.Duration
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ctx.Err() == nil; n++ {
			began := time.Now()
			got, err := c.Runtime.GetRecord(ctx, &runtime.GetRecordInput{
				FeatureGroupName: aws.String(group), RecordIdentifierValueAsString: aws.String(strconv.Itoa(n % ids))})
			if ctx.Err() != nil {
				return
			}
			if err != nil || len(got.Record) != 3 {
				t.Errorf("GetRecord beside a query: %v %v", got, err)
				return
			}
			took = append(took, time.Since(began))
			time.Sleep(500 * time.Microsecond)
		}
	}()
	return func() string {
		cancel()
		<-done
		slices.Sort(took)
		if len(took) == 0 {
			return "none was read"
		}
		at := func(q float64) time.Duration { return took[int(float64(len(took)-1)*q)].Round(10 * time.Microsecond) }
		return fmt.Sprintf("%d reads, p50 %s, p99 %s, worst %s", len(took), at(0.5), at(0.99), at(1))
	}
}

// busiestWorker waits until a child of the server has used half a second of processor time.
func busiestWorker(t *testing.T, server int) int {
	t.Helper()
	for range 3000 {
		stats, err := filepath.Glob("/proc/[0-9]*/stat")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range stats {
			text, err := os.ReadFile(path)
			if err != nil {
				continue // it ended meanwhile
			}
			// pid (name) state ppid … field 14 is the user time in ticks of 10 ms
			_, rest, _ := strings.Cut(string(text), ") ")
			fields := strings.Fields(rest)
			ticks, _ := strconv.Atoi(fields[11])
			if fields[1] == strconv.Itoa(server) && ticks > 50 {
				pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
				return pid
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("no worker is busy")
	return 0
}
