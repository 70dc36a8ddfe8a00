package table_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

func TestFlushMakesAFileForEachEventHour(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("hours", feature.String)
	w.put(g, "b", "2024-02-29T23:59:59.999Z", "1", "1.5", "x")
	w.put(g, "a", "2024-02-29T23:00:00Z", "2", "-", "")
	w.put(g, "c", "2024-03-01T01:00:00+01:00", "-", "0", "-") // 00:00 UTC
	w.put(g, "b", "2024-02-29T23:10:00Z", "4", "-", "-")
	w.put(g, "d", "1969-12-31T23:30:00Z", "5", "-", "-")
	w.put(g, "e", "0000-01-01T00:00:00Z", "6", "-", "-")
	check(t, w.FlushNow(t.Context()))

	want := []string{
		`year=0000/month=01/day=01/hour=00/00000101T000000Z_[0-9A-Za-z]{16}\.parquet`,
		`year=1969/month=12/day=31/hour=23/19691231T233000Z_[0-9A-Za-z]{16}\.parquet`,
		`year=2024/month=02/day=29/hour=23/20240229T235959Z_[0-9A-Za-z]{16}\.parquet`,
		`year=2024/month=03/day=01/hour=00/20240301T000000Z_[0-9A-Za-z]{16}\.parquet`,
	}
	keys := w.keys(g)
	if len(keys) != len(want) {
		t.Fatalf("keys are %q", keys)
	}
	for i, key := range keys {
		if !regexp.MustCompile("^" + want[i] + "$").MatchString(key) {
			t.Errorf("key %s, want %s", key, want[i])
		}
	}
	rows := w.fileRows(w.objects(g)[2])
	var got [][]any
	for _, row := range rows {
		got = append(got, row[:5])
	}
	if diff := cmp.Diff([][]any{ // by identifier, then event time
		{"a", "2024-02-29T23:00:00Z", int64(2), nil, ""},
		{"b", "2024-02-29T23:10:00Z", int64(4), nil, nil},
		{"b", "2024-02-29T23:59:59.999Z", int64(1), 1.5, "x"},
	}, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	r := w.objects(g)[2].Rows
	if r == nil || r.Count != 3 || !r.FirstEventTime.Equal(time.Date(2024, 2, 29, 23, 0, 0, 0, time.UTC)) ||
		!r.LastEventTime.Equal(time.Date(2024, 2, 29, 23, 59, 59, 999e6, time.UTC)) || r.FirstPosition >= r.LastPosition {
		t.Errorf("Rows are %+v", r)
	}
	if pending := must(w.db.Offline().Pending(t.Context()))(t); len(pending) != 0 {
		t.Errorf("the journal still has %v", pending)
	}
	if _, waiting := w.rows(g); len(waiting) != 0 {
		t.Errorf("%v is flushed and waits", waiting)
	}
}

func TestFlushNowWithNothingWaitingMakesNothing(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("idle", feature.Fractional)
	check(t, w.FlushNow(t.Context()))
	w.put(g, "1", "1")
	check(t, w.FlushNow(t.Context()))
	check(t, w.FlushNow(t.Context()))
	if keys := w.keys(g); len(keys) != 1 {
		t.Errorf("keys are %q", keys)
	}
}

// A flushed row and one that waits are the same row in SQL: same values, same types.
func TestFlushedRowsEqualWaitingOnes(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	w := newWorld(t, table.Options{})
	pick := func(texts ...string) string { return texts[rng.IntN(len(texts))] }
	for round, typ := range []feature.Type{feature.String, feature.Fractional} {
		g := w.group(fmt.Sprintf("Same-%d", round), typ)
		at := func() string {
			if typ == feature.Fractional {
				return pick("0", "1700000000", "1700000000.123456789", "-1.5", "1.7e9", "253402300799.999", "-62167219200")
			}
			return pick("2024-01-31T12:30:00Z", "2024-01-31T12:30:00.123456789+00:00", "1700000000", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z")
		}
		for i := range 300 {
			id := pick("a", "b", "01", "1", "é", "\x00")
			if i%10 == 9 {
				w.remove(g, id, at())
				continue
			}
			w.put(g, id, at(),
				pick("-", "0", "-0", "7", "0007", "9223372036854775807", "-9223372036854775808", "9007199254740993"),
				pick("-", "0", "-0", "1e10", ".5", "1e-400", "0.1", "1.7976931348623157e308", "5e-324", "9007199254740993", "+1"),
				pick("-", "", " ", "NULL", "nan", "\"quoted\"", "line\nline", "日本語", strings.Repeat("x", 5000)))
		}
		flushed, waiting := w.rows(g)
		if len(flushed) != 0 || len(waiting) != 300 {
			t.Fatalf("%d rows flushed, %d waiting, before any flush", len(flushed), len(waiting))
		}
		check(t, w.FlushNow(t.Context()))
		flushed, _ = w.rows(g)
		if diff := cmp.Diff(waiting, flushed); diff != "" {
			t.Errorf("(-waiting +flushed):\n%s", diff)
		}
	}
}

func TestLargeBacklogIsFlushedInSeveralCommits(t *testing.T) {
	w := newWorld(t, table.Options{FlushBytes: 10_000})
	g := w.group("large", feature.Fractional)
	const n = 1000
	for i, id := range numbers(n) {
		w.put(g, id, epoch(i%5*3600))
	}
	check(t, w.FlushNow(t.Context()))
	flushed, waiting := w.rows(g)
	if diff := cmp.Diff(numbers(n), ids(flushed)); diff != "" || len(waiting) != 0 {
		t.Errorf("%d wait; identifiers (-want +got):\n%s", len(waiting), diff)
	}
	if files := len(w.keys(g)); files < 5*10 {
		t.Errorf("%d files: one commit took more than FlushBytes", files)
	}
}

func TestFlushGoesByAgeAndSize(t *testing.T) {
	w := newWorld(t, table.Options{FlushAge: time.Hour, FlushBytes: 1 << 20})
	old, young, big := w.group("old", feature.Fractional), w.group("young", feature.Fractional), w.group("big", feature.Fractional)
	w.put(old, "1", "1")
	w.FlushDue(t.Context())
	if keys := w.keys(old); len(keys) != 0 {
		t.Errorf("flushed at once: %q", keys)
	}
	// An instant between the two is an hour ago.
	w.ahead.Store(int64(time.Hour))
	w.FlushDue(t.Context())
	w.ahead.Store(0)
	w.put(young, "1", "1")
	for i := range 6 {
		w.put(big, "1", "1", "-", "-", strings.Repeat(string(rune('a'+i)), 300_000))
	}
	w.FlushDue(t.Context())
	if got := []bool{len(w.keys(old)) > 0, len(w.keys(young)) > 0, len(w.keys(big)) > 0}; !slices.Equal(got, []bool{true, false, true}) {
		t.Errorf("old, young, big are flushed: %v", got)
	}
}

func TestFlushWithoutABucketKeepsTheRows(t *testing.T) {
	var log lines
	w := newWorld(t, table.Options{FlushAge: time.Nanosecond, Log: slog.New(slog.NewTextHandler(&log, nil))})
	g, other := w.group("homeless", feature.Fractional), w.group("other", feature.Fractional)
	check(t, w.buckets.DeleteBucket(t.Context(), theBucket))
	w.put(g, "1", "1")
	for range 20 {
		w.FlushDue(t.Context())
		w.ahead.Add(int64(30 * time.Second))
	}
	if err := w.FlushNow(t.Context()); feature.KindOf(err) != feature.NotFound {
		t.Errorf("FlushNow: %v", err)
	}
	if _, waiting := w.rows(g); len(waiting) != 1 {
		t.Errorf("waiting rows are %v", waiting)
	}
	check(t, w.buckets.CreateBucket(t.Context(), theBucket))
	w.put(other, "2", "2")
	w.ahead.Add(int64(time.Hour))
	w.FlushDue(t.Context())
	if flushed, waiting := w.rows(g); len(flushed) != 1 || len(waiting) != 0 {
		t.Errorf("%d flushed, %d waiting after the bucket is back", len(flushed), len(waiting))
	}
	if n := log.count("cannot be flushed"); n != 1 {
		t.Errorf("the trouble was logged %d times:\n%s", n, log.text())
	}
	if n := log.count("flushed again"); n != 1 {
		t.Errorf("its end was logged %d times:\n%s", n, log.text())
	}
}

func TestFlushAfterTroubleWaits(t *testing.T) {
	w := newWorld(t, table.Options{FlushAge: time.Nanosecond})
	g := w.group("g", feature.Fractional)
	check(t, w.buckets.DeleteBucket(t.Context(), theBucket))
	w.put(g, "1", "1")
	w.FlushDue(t.Context())
	check(t, w.buckets.CreateBucket(t.Context(), theBucket))
	w.ahead.Add(int64(100 * time.Millisecond))
	w.FlushDue(t.Context())
	if keys := w.keys(g); len(keys) != 0 {
		t.Errorf("tried again at once")
	}
	w.ahead.Add(int64(time.Minute))
	w.FlushDue(t.Context())
	if keys := w.keys(g); len(keys) != 1 {
		t.Errorf("not tried again")
	}
}

func TestDeletedGroupIsFlushed(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("gone", feature.Fractional)
	w.put(g, "1", "1")
	check(t, w.db.Groups().Delete(t.Context(), g.Name))
	if _, waiting := w.rows(g); len(waiting) != 1 {
		t.Errorf("waiting rows are %v", waiting)
	}
	check(t, w.FlushNow(t.Context()))
	if flushed, waiting := w.rows(g); len(flushed) != 1 || len(waiting) != 0 {
		t.Errorf("%d flushed, %d waiting", len(flushed), len(waiting))
	}
}

// Each view has every row that was acknowledged before it, and none twice, while rows come and
// flushes go.
func TestViewsAreWholeWhileRowsAreFlushed(t *testing.T) {
	w := newWorld(t, table.Options{FlushBytes: 5_000})
	g := w.group("busy", feature.Fractional)
	ctx, cancel := context.WithCancel(t.Context())
	var others sync.WaitGroup
	others.Go(func() {
		for ctx.Err() == nil {
			if err := w.FlushNow(ctx); err != nil && ctx.Err() == nil {
				t.Errorf("FlushNow: %v", err)
				return
			}
		}
	})
	const n = 400
	var mu sync.Mutex
	acknowledged := 0
	others.Go(func() {
		for i, id := range numbers(n) {
			if err := w.tryPut(ctx, g, id, epoch(i*600)); err != nil {
				t.Errorf("put: %v", err)
				return
			}
			mu.Lock()
			acknowledged = i + 1
			mu.Unlock()
		}
	})
	for seen := 0; seen < n && !t.Failed(); {
		mu.Lock()
		least := acknowledged
		mu.Unlock()
		flushed, waiting := w.rows(g)
		got := ids(flushed, waiting)
		seen = len(got)
		if seen < least {
			t.Errorf("%d rows, %d were acknowledged", seen, least)
		}
		if diff := cmp.Diff(numbers(seen), got); diff != "" {
			t.Errorf("identifiers (-want +got):\n%s", diff)
		}
	}
	cancel()
	others.Wait()
}

func TestRunEndsWithItsContext(t *testing.T) {
	w := newWorld(t, table.Options{FlushAge: time.Hour})
	g := w.group("g", feature.Fractional)
	w.put(g, "1", "1")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- w.Run(ctx) }()
	cancel()
	check(t, <-ended)
	if _, waiting := w.rows(g); len(waiting) != 1 {
		t.Errorf("waiting rows are %v", waiting)
	}
}

// lines keeps what is logged.
type lines struct {
	mu  sync.Mutex // guards all
	all []string
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, string(p))
	return len(p), nil
}

func (l *lines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.all, "")
}

func (l *lines) count(s string) int { return strings.Count(l.text(), s) }
