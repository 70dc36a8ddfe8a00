package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/larder-dev/larder/test/wiretest"
)

// endless works for hours, and holds what it joins.
const endless = `SELECT sum(a.n * b.n + c.n) FROM (SELECT x * 10000 + y AS n FROM UNNEST(sequence(1, 500)) AS t(x) CROSS JOIN UNNEST(sequence(1, 10000)) AS u(y)) a
	CROSS JOIN UNNEST(sequence(1, 10000)) AS b(n) CROSS JOIN UNNEST(sequence(1, 10000)) AS c(n) WHERE (a.n + b.n * c.n) % 1000003 = 1`

// queries makes a server with a bucket and nothing else.
func queries(t *testing.T, data string, flags ...string) (*wiretest.Server, *wiretest.Clients) {
	t.Helper()
	server := wiretest.Start(t, data, flags...)
	clients := wiretest.NewClients(server.Env)
	if _, err := clients.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil && !strings.Contains(err.Error(), "BucketAlreadyOwnedByYou") {
		t.Fatal(err)
	}
	return server, clients
}

func begin(t *testing.T, c *wiretest.Clients, text string) string {
	t.Helper()
	started, err := c.Athena.StartQueryExecution(t.Context(), &athena.StartQueryExecutionInput{
		QueryString: &text, ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://" + bucket + "/r/")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return *started.QueryExecutionId
}

func stateOf(t *testing.T, c *wiretest.Clients, id string) *types.QueryExecution {
	t.Helper()
	got, err := c.Athena.GetQueryExecution(t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: &id})
	if err != nil {
		t.Fatal(err)
	}
	return got.QueryExecution
}

// until waits for a state.
func until(t *testing.T, c *wiretest.Clients, id string, want types.QueryExecutionState) *types.QueryExecution {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; {
		e := stateOf(t, c, id)
		if e.Status.State == want {
			return e
		}
		if time.Now().After(end) || e.Status.CompletionDateTime != nil {
			t.Fatalf("execution is %s (%s), not %s", e.Status.State, aws.ToString(e.Status.StateChangeReason), want)
		}
	}
}

// workers are the children of a server, and what they hold for themselves, in bytes.
func workers(t *testing.T, server int) map[int]int64 {
	t.Helper()
	held := map[int]int64{}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it ended meanwhile
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 2 || fields[1] != strconv.Itoa(server) {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		statm, err := os.ReadFile(filepath.Join(filepath.Dir(path), "statm"))
		if err != nil {
			continue
		}
		var size, resident, shared int64
		if _, err := fmt.Sscan(string(statm), &size, &resident, &shared); err == nil {
			held[pid] = (resident - shared) * int64(os.Getpagesize())
		}
	}
	return held
}

func TestStopEndsWhateverAQueryDoes(t *testing.T) {
	server, clients := queries(t, t.TempDir(), "--query-memory", "400MiB")
	stop := func(what, id string) {
		t.Helper()
		began := time.Now()
		if _, err := clients.Athena.StopQueryExecution(t.Context(), &athena.StopQueryExecutionInput{QueryExecutionId: &id}); err != nil {
			t.Fatal(err)
		}
		took := time.Since(began)
		e := stateOf(t, clients, id)
		t.Logf("%s: %s after %s", what, e.Status.State, took.Round(time.Millisecond))
		if e.Status.State != types.QueryExecutionStateCancelled || aws.ToString(e.Status.StateChangeReason) != "Query cancelled by user" || e.Status.CompletionDateTime == nil {
			t.Errorf("%s: %s %s", what, e.Status.State, aws.ToString(e.Status.StateChangeReason))
		}
	}
	// It sorts what does not fit: it holds all it may, and writes to the disk.
	hungry := `SELECT max(r) FROM (SELECT row_number() OVER (ORDER BY to_hex(md5(to_utf8(CAST(x * 10000 + y AS varchar))))) AS r
		FROM UNNEST(sequence(1, 10000)) AS t(x) CROSS JOIN UNNEST(sequence(1, 10000)) AS u(y))`
	sorting := begin(t, clients, hungry)
	until(t, clients, sorting, types.QueryExecutionStateRunning)
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		var most int64
		for _, held := range workers(t, server.Pid()) {
			most = max(most, held)
		}
		if most > 60<<20 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the worker holds %d MiB", most>>20)
		}
	}
	var others []string
	for range 4 { // more than there are slots
		others = append(others, begin(t, clients, endless))
	}
	if e := stateOf(t, clients, others[3]); e.Status.State != types.QueryExecutionStateQueued {
		t.Errorf("a fifth query is %s", e.Status.State)
	}
	stop("a query that waits", others[3])
	stop("a query that sorts", sorting)
	for _, id := range others[:3] {
		stop("a query that runs or waits", id)
	}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		var all int64
		for _, held := range workers(t, server.Pid()) {
			all += held
		}
		if all < 100<<20 {
			t.Logf("the workers hold %d MiB after", all>>20)
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the workers still hold %d MiB", all>>20)
		}
	}
	left, err := filepath.Glob(filepath.Join(server.Data, "*", "worker-*", "duckdb_temp*"))
	if err != nil || len(left) > 0 {
		t.Errorf("what was put aside is left: %v %v", left, err)
	}
	writing := begin(t, clients, `CREATE TABLE made AS SELECT x * 10000 + y AS n FROM UNNEST(sequence(1, 10000)) AS t(x) CROSS JOIN UNNEST(sequence(1, 10000)) AS u(y) CROSS JOIN UNNEST(sequence(1, 100)) AS v(z)`)
	until(t, clients, writing, types.QueryExecutionStateRunning)
	stop("a query that writes", writing)
	listed, err := clients.S3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(bucket)})
	if err != nil || len(listed.Contents) > 0 {
		t.Errorf("queries that were stopped left objects: %v %v", listed.Contents, err)
	}
	// What was stopped is stopped, however often and at whatever moment it is said.
	for i := range 40 {
		id := begin(t, clients, fmt.Sprintf("SELECT %d", i))
		time.Sleep(time.Duration(i) * 500 * time.Microsecond)
		for range 2 {
			if _, err := clients.Athena.StopQueryExecution(t.Context(), &athena.StopQueryExecutionInput{QueryExecutionId: &id}); err != nil {
				t.Fatal(err)
			}
		}
		e := stateOf(t, clients, id)
		_, err := clients.S3.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String(bucket), Key: aws.String("r/" + id + ".csv")})
		if succeeded := e.Status.State == types.QueryExecutionStateSucceeded; succeeded != (err == nil) || !succeeded && e.Status.State != types.QueryExecutionStateCancelled {
			t.Errorf("query %d is %s, and its result: %v", i, e.Status.State, err)
		}
	}
}

func TestThirtyQueriesShareASmallBudget(t *testing.T) {
	server, clients := queries(t, t.TempDir(), "--query-memory", "200MiB")
	var peak int64
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		for {
			var all int64
			for _, held := range workers(t, server.Pid()) {
				all += held
			}
			peak = max(peak, all)
			select {
			case <-done:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
	var ids []string
	for i := range 30 {
		rows := 30 + 10*(i%3)
		ids = append(ids, begin(t, clients, fmt.Sprintf(`SELECT count(*), max(r), sum(n) FROM (SELECT n, row_number() OVER (ORDER BY to_hex(md5(to_utf8(CAST(n AS varchar))))) AS r
			FROM (SELECT x * 10000 + y AS n FROM UNNEST(sequence(0, %d)) AS t(x) CROSS JOIN UNNEST(sequence(1, 10000)) AS u(y)))`, rows-1)))
	}
	succeeded, began := 0, time.Now()
	for i, id := range ids {
		var e *types.QueryExecution
		for e = stateOf(t, clients, id); e.Status.CompletionDateTime == nil; e = stateOf(t, clients, id) {
			if time.Since(began) > 4*time.Minute {
				t.Fatalf("query %d is %s after %s", i, e.Status.State, time.Since(began))
			}
		}
		if e.Status.State == types.QueryExecutionStateFailed && strings.HasPrefix(*e.Status.StateChangeReason, "EXCEEDED_LOCAL_MEMORY_LIMIT") && *e.Status.AthenaError.ErrorType == 0 {
			continue
		}
		if e.Status.State != types.QueryExecutionStateSucceeded {
			t.Errorf("query %d: %s %s", i, e.Status.State, aws.ToString(e.Status.StateChangeReason))
			continue
		}
		succeeded++
		n := int64(30+10*(i%3)) * 10000
		got, err := clients.Athena.GetQueryResults(t.Context(), &athena.GetQueryResultsInput{QueryExecutionId: &id})
		if err != nil {
			t.Fatal(err)
		}
		if row := got.ResultSet.Rows[1].Data; *row[0].VarCharValue != fmt.Sprint(n) || *row[1].VarCharValue != fmt.Sprint(n) || *row[2].VarCharValue != fmt.Sprint(n*(n+1)/2) {
			t.Errorf("query %d: %s rows, the last is %s, their sum %s", i, *row[0].VarCharValue, *row[1].VarCharValue, *row[2].VarCharValue)
		}
		s := e.Statistics
		if sum := *s.ServicePreProcessingTimeInMillis + *s.QueryQueueTimeInMillis + *s.EngineExecutionTimeInMillis + *s.ServiceProcessingTimeInMillis; sum != *s.TotalExecutionTimeInMillis {
			t.Errorf("query %d took %d ms, of which %d are said", i, *s.TotalExecutionTimeInMillis, sum)
		}
	}
	close(done)
	watching.Wait()
	t.Logf("%d of 30 succeeded in %s; the workers held %d MiB at most", succeeded, time.Since(began).Round(time.Second), peak>>20)
	if succeeded < 20 {
		t.Errorf("%d of 30 succeeded", succeeded)
	}
	if peak > 240<<20 { // one may be seen as it grows, before it is stopped
		t.Errorf("the workers held %d MiB of 200", peak>>20)
	}
}

func TestExecutionsSurviveTheServer(t *testing.T) {
	data := t.TempDir()
	server, clients := queries(t, data)
	done := begin(t, clients, "SELECT 'kept' AS word")
	until(t, clients, done, types.QueryExecutionStateSucceeded)
	failed := clients.Execute(t.Context(), t, "SELECT nothing", "s3://"+bucket+"/r")
	running := begin(t, clients, endless)
	until(t, clients, running, types.QueryExecutionStateRunning)
	var queued []string
	for range 3 {
		queued = append(queued, begin(t, clients, endless))
	}
	server.Kill()

	_, clients = queries(t, data)
	if e := stateOf(t, clients, *failed.QueryExecutionId); e.Status.State != types.QueryExecutionStateFailed {
		t.Errorf("one that had failed is %s", e.Status.State)
	}
	got, err := clients.Athena.GetQueryResults(t.Context(), &athena.GetQueryResultsInput{QueryExecutionId: &done})
	if err != nil || *got.ResultSet.Rows[1].Data[0].VarCharValue != "kept" {
		t.Errorf("the result of before: %v %v", got, err)
	}
	for _, id := range append(queued, running) {
		e := stateOf(t, clients, id)
		if e.Status.State != types.QueryExecutionStateFailed || !e.Status.AthenaError.Retryable || *e.Status.AthenaError.ErrorCategory != 1 || e.Status.CompletionDateTime == nil {
			t.Errorf("one that the server left is %s: %+v", e.Status.State, e.Status.AthenaError)
		}
	}
	listed, err := clients.Athena.ListQueryExecutions(t.Context(), &athena.ListQueryExecutionsInput{})
	if err != nil || len(listed.QueryExecutionIds) != 6 {
		t.Errorf("listed: %v %v", listed, err)
	}
	until(t, clients, begin(t, clients, "SELECT 1"), types.QueryExecutionStateSucceeded)
}
