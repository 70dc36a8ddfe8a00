package worker

import (
	"fmt"
	"strings"
	"testing"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/duckdb"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// within says that a number is from least to most.
func within(t *testing.T, what string, got, least, most int64) {
	t.Helper()
	if got < least || got > most {
		t.Errorf("%s: %d bytes, not from %d to %d", what, got, least, most)
	}
}

// wide makes a table of thousands of rows of a number and 16 bytes of noise, and returns the bytes of its files.
func (w *world) wide(thousands int) int64 {
	w.t.Helper()
	e := w.execute(fmt.Sprintf(`CREATE TABLE wide WITH (write_compression = 'NONE') AS SELECT a * 1000 + b AS n, md5(to_utf8(CAST(a * 1000 + b AS varchar))) AS noise
		FROM UNNEST(sequence(1, %d)) AS t(a) CROSS JOIN UNNEST(sequence(0, 999)) AS u(b)`, thousands))
	if e.State != query.Succeeded || e.Scanned != 0 || e.Written < int64(thousands)*16_000 {
		w.t.Fatalf("%s %+v, scanned %d of no table, wrote %d", e.State, e.Failure, e.Scanned, e.Written)
	}
	return e.Written
}

func TestScannedIsWhatWasReadOfTheFiles(t *testing.T) {
	w := newWorld(t)
	size := w.wide(400)
	scanned := func(sql string) int64 {
		e := w.execute(sql)
		if e.State != query.Succeeded {
			t.Fatalf("%s: %s %+v", sql, e.State, e.Failure)
		}
		return e.Scanned
	}
	const noise = 200 << 10 // footers, and the kernel's own small reads
	within(t, "no table", scanned("SELECT count(*) FROM UNNEST(sequence(1, 10)) AS t(n)"), 0, 0)
	within(t, "footers", scanned("SELECT count(*) FROM wide"), 100, noise)
	within(t, "the narrow column", scanned("SELECT sum(n) FROM wide"), 100_000, size/2)
	within(t, "the wide column", scanned("SELECT max(noise) FROM wide"), size*2/3, size+noise)
	within(t, "both, twice", scanned("SELECT count(*) FROM wide a JOIN wide b ON a.noise = b.noise AND a.n = b.n"), size, 2*size+noise)
	within(t, "what is copied", scanned("CREATE TABLE copied AS SELECT * FROM wide"), size*2/3, size+noise)

	lines := strings.Repeat("12345,some words\n", 100_000)
	if _, err := w.buckets.Put(t.Context(), bucket.ObjectRef{Bucket: "lake", Key: "text/a.csv"}, strings.NewReader(lines), bucket.Content{}, nil); err != nil {
		t.Fatal(err)
	}
	w.execute(`CREATE EXTERNAL TABLE lines (n INT, s STRING) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://lake/text/'`)
	within(t, "text", scanned("SELECT sum(n) FROM lines"), int64(len(lines)), int64(len(lines)+noise))
}

func TestQueryThatReadsMoreThanItsWorkGroupAllowsIsCancelled(t *testing.T) {
	w := newWorld(t)
	if err := w.CreateWorkGroup(t.Context(), &query.WorkGroup{Name: "thrifty", Output: "s3://lake/thrifty/", Cutoff: 10_000_000}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Repeat("12345,some words\n", 1_000_000)
	if _, err := w.buckets.Put(t.Context(), bucket.ObjectRef{Bucket: "lake", Key: "text/a.csv"}, strings.NewReader(lines), bucket.Content{}, nil); err != nil {
		t.Fatal(err)
	}
	w.execute(`CREATE EXTERNAL TABLE lines (n INT, s STRING) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://lake/text/'`)
	run := func(sql string) *query.Execution {
		id, err := w.Start(t.Context(), query.Request{SQL: sql, Database: table.FeatureStoreDatabase, WorkGroup: "thrifty"})
		if err != nil {
			t.Fatal(err)
		}
		return w.await(id)
	}
	for _, sql := range []string{"SELECT sum(n) FROM lines", "CREATE TABLE other AS SELECT * FROM lines"} {
		e := run(sql)
		if e.State != query.Cancelled || e.Failure.Reason != "Query cancelled! : Bytes scanned limit was exceeded" || e.Scanned < 10_000_000 {
			t.Errorf("%s: %s %+v, scanned %d", sql, e.State, e.Failure, e.Scanned)
		}
	}
	if e := run("SELECT 1"); e.State != query.Succeeded {
		t.Errorf("the next query: %s %+v", e.State, e.Failure)
	}
	// A table of ten million bytes and more may be asked for what takes less.
	w.wide(800)
	if e := run("SELECT sum(n) FROM wide"); e.State != query.Succeeded || e.Scanned < 100_000 {
		t.Errorf("a narrow column of a wide table: %s %+v, scanned %d", e.State, e.Failure, e.Scanned)
	}
	if e := run("SELECT max(noise) FROM wide"); e.State != query.Cancelled {
		t.Errorf("a wide column: %s %+v, scanned %d", e.State, e.Failure, e.Scanned)
	}
}

func TestWhatAQueryPutsAsideIsNotScanned(t *testing.T) {
	w := newWorldWith(t, duckdb.Options{Slots: 1, Memory: 160 << 20})
	size := w.wide(1200)
	e := w.execute("SELECT count(*), max(x) FROM (SELECT to_hex(noise) || to_hex(noise) AS x, row_number() OVER (ORDER BY reverse(to_hex(noise)) DESC) AS r FROM wide) WHERE r % 2 = 0")
	if e.State != query.Succeeded {
		t.Fatalf("%s %+v", e.State, e.Failure)
	}
	t.Logf("a table of %d bytes, scanned %d", size, e.Scanned)
	within(t, "what is put aside", e.Scanned, size/2, size*3/2)
}
