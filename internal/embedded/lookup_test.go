package embedded

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/backendtest"
	"github.com/larder-dev/larder/internal/feature"
)

// TestWhatIsHeldIsRead: records with lists, TTLs and tombstones, some in tables of several levels, some still in
// memory and some read before, asked for alone and together, in any order, again, and where nothing is.
func TestWhatIsHeldIsRead(t *testing.T) {
	s := openMem(t)
	groups := []*feature.Group{mustNew(t, s, "a"), mustNew(t, s, "b")}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	held := [2]map[string]*feature.Record{{}, {}}
	id := func() string { return fmt.Sprint(rng.IntN(200)) }
	for round := range 60 {
		for range 20 {
			of, r := rng.IntN(2), randomRecord(rng, id())
			d := feature.Decision{Outcome: feature.OnlineWritten, Record: r}
			held[of][r.ID] = r
			if rng.IntN(8) == 0 {
				d = feature.Decision{Outcome: feature.OnlineRemoved}
				delete(held[of], r.ID)
			}
			must(t, s.Records().Do(t.Context(), groups[of], r.ID, func(*feature.Record) (feature.Decision, error) { return d, nil }))
		}
		switch rng.IntN(8) {
		case 0:
			must(t, s.db.Flush())
		case 1:
			must(t, s.db.Compact(t.Context(), []byte{recordKeys}, []byte{recordKeys + 1}, false))
		}
		of := rng.IntN(2)
		ids := make([]string, rng.IntN(60))
		want := make([]*feature.Record, len(ids))
		for i := range ids {
			ids[i] = id()
			if r := held[of][ids[i]]; r != nil && !r.Deleted {
				want[i] = r
			}
		}
		for i := 0; i < len(ids); i += 7 {
			one, err := backendtest.Held(t.Context(), s.Records(), groups[of].ID, ids[i:i+1])
			must(t, err)
			if diff := cmp.Diff(want[i:i+1], one); diff != "" {
				t.Fatalf("round %d, %q (-want +got):\n%s", round, ids[i], diff)
			}
		}
		got, err := backendtest.Held(t.Context(), s.Records(), groups[of].ID, ids)
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("round %d, %q (-want +got):\n%s", round, ids, diff)
		}
	}
}

func randomRecord(rng *rand.Rand, id string) *feature.Record {
	r := &feature.Record{ID: id, EventTime: feature.EventTime{Sec: rng.Int64N(1000)}, Values: []feature.Value{{Text: id}}}
	switch rng.IntN(5) {
	case 0:
		r.Deleted = true
	case 1:
		r.TTL = 1 + rng.Int64N(1000)
	case 2:
		r.Values = append(r.Values, feature.Value{Ordinal: 1, List: []string{"", fmt.Sprint(rng.IntN(10))}})
	}
	for i := range rng.IntN(4) {
		r.Values = append(r.Values, feature.Value{Ordinal: 2 + i, Text: fmt.Sprint(rng.IntN(1_000_000))})
	}
	return r
}

// TestGetStopsWhenItIsTold and shows nothing after.
func TestGetStopsWhenItIsTold(t *testing.T) {
	s := openMem(t)
	g := mustNew(t, s, "a")
	for i := range 9 {
		mustDo(t, s, g, fmt.Sprint(i), "x")
	}
	var shown []int
	must(t, s.Records().Get(t.Context(), g.ID, []string{"7", "none", "3", "5", "1"}, func(i int, _ *feature.Record) bool {
		shown = append(shown, i)
		return i < 3
	}))
	if want := []int{0, 2, 3}; !slices.Equal(shown, want) {
		t.Errorf("shown %v; want %v", shown, want)
	}
}

// TestGetSaysWhichRecordIsDamaged, read alone and with others.
func TestGetSaysWhichRecordIsDamaged(t *testing.T) {
	s := openMem(t)
	g := mustNew(t, s, "a")
	for _, value := range []string{"", "\x01", "\x02\x00"} {
		must(t, s.db.Set(recordKey(g.ID, "bad"), []byte(value), pebble.Sync))
		for _, ids := range [][]string{{"bad"}, {"a", "b", "bad", "c", "d"}} {
			if got, err := backendtest.Held(context.Background(), s.Records(), g.ID, ids); err == nil {
				t.Errorf("value %q, %q: %v; want an error", value, ids, got)
			}
		}
	}
}

// TestReadsNeverGoBack: what one reader was shown, or a writer was told is done, every later read shows, or newer.
func TestReadsNeverGoBack(t *testing.T) {
	s := openMem(t)
	g := mustNew(t, s, "a")
	ids := []string{"a", "b", "c", "d", "e"}
	var done [5]atomic.Int64 // the newest version of which somebody knows
	know := func(i int, version int64) {
		for now := done[i].Load(); now < version && !done[i].CompareAndSwap(now, version); now = done[i].Load() {
		}
	}
	var writers, readers sync.WaitGroup
	stop := make(chan struct{})
	for i, id := range ids {
		writers.Go(func() {
			for version := int64(1); version <= 300; version++ {
				r := &feature.Record{ID: id, EventTime: feature.EventTime{Sec: version}, Values: []feature.Value{{Text: id}}}
				err := s.Records().Do(t.Context(), g, id, func(*feature.Record) (feature.Decision, error) {
					return feature.Decision{Outcome: feature.OnlineWritten, Record: r}, nil
				})
				if err != nil {
					t.Error(err)
				}
				know(i, version)
			}
		})
	}
	for n := range 4 {
		readers.Go(func() {
			some := ids[:1+n]
			for {
				select {
				case <-stop:
					return
				default:
				}
				var least [5]int64
				for i := range some {
					least[i] = done[i].Load()
				}
				err := s.Records().Get(t.Context(), g.ID, some, func(i int, r *feature.Record) bool {
					if r.EventTime.Sec < least[i] {
						t.Errorf("%s is at %d after it was at %d", some[i], r.EventTime.Sec, least[i])
					}
					know(i, r.EventTime.Sec)
					return true
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	close(stop)
	readers.Wait()
}

// TestWhatWasReadIsNotShownWhileAWriteIsOnItsWay: neither the old, which the write has taken the place of, nor the
// new, which is not durable.
func TestWhatWasReadIsNotShownWhileAWriteIsOnItsWay(t *testing.T) {
	disk := &gate{}
	s := reopen(t, disk.fs(), Options{})
	g := mustNew(t, s, "a")
	mustDo(t, s, g, "1", "old")
	read := func() string {
		got, err := backendtest.Held(t.Context(), s.Records(), g.ID, []string{"1"})
		must(t, err)
		return got[0].Values[1].Text
	}
	if got := read() + read(); got != "oldold" {
		t.Fatalf("read %q", got)
	}
	open := disk.hold()
	written := make(chan struct{})
	go func() {
		defer close(written)
		mustDo(t, s, g, "1", "new")
	}()
	for l := s.records.latch(recordKey(g.ID, "1")); l.last.Load() == nil || l.writes.Load()%2 == 1; {
		runtime.Gosched()
	}
	if got, err := backendtest.Held(ended(), s.Records(), g.ID, []string{"1"}); err == nil {
		t.Errorf("read %q while the write is on its way", got[0].Values[1].Text)
	}
	open()
	<-written
	if got := read() + read(); got != "newnew" {
		t.Errorf("read %q", got)
	}
}

// TestWhatIsReadWhileAWriteIsAppliedIsNotKept: a write is held up after its latch knows of it and before it is visible;
// who reads then reads the old, and must not keep it for those who read after the write.
func TestWhatIsReadWhileAWriteIsAppliedIsNotKept(t *testing.T) {
	var armed atomic.Bool
	applying, goOn := make(chan struct{}), make(chan struct{})
	s := reopen(t, errorfs.Wrap(vfs.NewMem(), errorfs.InjectorFunc(func(op errorfs.Op) error {
		// A write that has no room in the table in memory makes a log first.
		if (op.Kind == errorfs.OpCreate || op.Kind == errorfs.OpReuseForWrite) && strings.HasSuffix(op.Path, ".log") && armed.CompareAndSwap(true, false) {
			close(applying)
			<-goOn
		}
		return nil
	})), Options{})
	g := mustNew(t, s, "a")
	mustDo(t, s, g, "1", "old")
	armed.Store(true)
	done := make(chan struct{}, 2)
	go func() {
		mustDo(t, s, g, "1", "new"+strings.Repeat("x", 1<<20))
		done <- struct{}{}
	}()
	<-applying
	waits := make(chan struct{})
	go func() {
		if _, err := backendtest.Held(&waiting{Context: t.Context(), waits: waits}, s.Records(), g.ID, []string{"1"}); err != nil {
			t.Error(err)
		}
		done <- struct{}{}
	}()
	<-waits
	close(goOn)
	<-done
	<-done
	got, err := backendtest.Held(t.Context(), s.Records(), g.ID, []string{"1"})
	must(t, err)
	if text := got[0].Values[1].Text[:3]; text != "new" {
		t.Errorf("after the write %q is read", text)
	}
}

// A waiting is a context that says when somebody waits, who has read.
type waiting struct {
	context.Context
	once  sync.Once
	waits chan struct{}
}

func (w *waiting) Done() <-chan struct{} {
	w.once.Do(func() { close(w.waits) })
	return w.Context.Done()
}

// TestKeptTakesNoMoreThanItMay, and keeps what is read again and again.
func TestKeptTakesNoMoreThanItMay(t *testing.T) {
	const most = 1 << 20
	var k kept
	k.open(most)
	value := strings.Repeat("x", 100)
	for i := range 100_000 {
		k.put([]byte(fmt.Sprint(i)), 2, value)
		k.put([]byte(fmt.Sprint(i)), 4, value)
		if _, ok := k.find([]byte("7"), 4); i >= 7 && !ok {
			t.Fatalf("what is read again and again is forgotten after %d", i)
		}
	}
	taken := int64(0)
	for i := range k.shards {
		for _, rows := range []map[string]keptRow{k.shards[i].young, k.shards[i].old} {
			for _, row := range rows {
				taken += row.size()
			}
		}
	}
	if taken > most || taken < most/4 {
		t.Errorf("%d bytes are taken of %d", taken, most)
	}
	if _, ok := k.find([]byte("99999"), 2); ok {
		t.Error("what was written since is found")
	}
	if k.put([]byte("large"), 2, strings.Repeat("x", most/8)); len(k.shard([]byte("large")).young) == 1 {
		t.Error("one value has driven out the others")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
