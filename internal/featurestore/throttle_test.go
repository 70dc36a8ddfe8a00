package featurestore_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// metered is a group with both stores and a capacity of so many units a second.
func metered(name string, read, write int64) *feature.Group {
	g := updatable(name)
	g.Throughput = &feature.Throughput{Mode: feature.Provisioned, Read: &read, Write: &write}
	return g
}

// untilThrottled counts how often do succeeds before it is Throttled, at most many times.
func untilThrottled(t *testing.T, do func() error) int {
	t.Helper()
	const many = 1000
	for n := range many {
		switch err := do(); {
		case feature.KindOf(err) == feature.Throttled:
			return n
		case err != nil:
			t.Fatal(err)
		}
	}
	return many
}

func TestNobodyIsThrottledUnlessAsked(t *testing.T) {
	w := newWorld(t)
	w.create(metered("g", 1, 1))
	put := func() error { return w.Put(t.Context(), w.living("g", "a", 0, nil)) }
	if n := untilThrottled(t, put); n != 1000 {
		t.Errorf("throttled after %d puts by a store that does not throttle", n)
	}
	on := w.with(featurestore.Options{Throttle: true})
	w.create(asked("on-demand"))
	if n := untilThrottled(t, func() error { return on.Put(t.Context(), w.living("on-demand", "a", 0, nil)) }); n != 1000 {
		t.Errorf("throttled after %d puts into a group on demand", n)
	}
}

func TestThroughputIsAFewSecondsWorthAtOnceAndThenItsRate(t *testing.T) {
	w := newWorld(t).with(featurestore.Options{Throttle: true})
	w.create(metered("g", 2, 3))
	put := func() error { return w.Put(t.Context(), w.living("g", "a", 0, nil)) }
	get := func() error {
		_, err := w.Get(t.Context(), "g", "a", nil)
		return err
	}
	if n := untilThrottled(t, put); n != 3*featurestore.BurstSeconds {
		t.Errorf("%d puts at once; want %d", n, 3*featurestore.BurstSeconds)
	}
	if n := untilThrottled(t, get); n != 2*featurestore.BurstSeconds {
		t.Errorf("%d gets at once; want %d: reads and writes are apart", n, 2*featurestore.BurstSeconds)
	}
	w.clock.add(time.Second)
	if puts, gets := untilThrottled(t, put), untilThrottled(t, get); puts != 3 || gets != 2 {
		t.Errorf("%d puts and %d gets a second later; want 3 and 2", puts, gets)
	}
	w.clock.add(time.Hour)
	if n := untilThrottled(t, put); n != 3*featurestore.BurstSeconds {
		t.Errorf("%d puts after an hour; want %d", n, 3*featurestore.BurstSeconds)
	}
}

func TestThroughputFollowsAnUpdateOfTheGroup(t *testing.T) {
	w := newWorld(t).with(featurestore.Options{Throttle: true})
	w.create(metered("g", 1, 1))
	put := func() error { return w.Put(t.Context(), w.living("g", "a", 0, nil)) }
	untilThrottled(t, put)
	more, none := int64(100), int64(0)
	for _, c := range []struct {
		throughput feature.Throughput
		want       int // puts in the second that follows
	}{{feature.Throughput{Mode: feature.Provisioned, Write: &more}, 100}, {feature.Throughput{Mode: feature.Provisioned, Write: &none}, 0}, {feature.Throughput{Mode: feature.OnDemand}, 1000}} {
		if _, err := w.UpdateGroup(t.Context(), "g", &feature.GroupUpdate{Throughput: &c.throughput}); err != nil {
			t.Fatal(err)
		}
		untilThrottled(t, put)
		w.clock.add(time.Second)
		if n := untilThrottled(t, put); n != c.want {
			t.Errorf("%d puts in a second of %+v; want %d", n, c.throughput, c.want)
		}
	}
}

func TestUnitsGoBySize(t *testing.T) {
	w := newWorld(t).with(featurestore.Options{Throttle: true})
	w.create(metered("g", 4, 4))
	const keys = len("id" + "at" + "a" + "1700000000" + "s")
	sized := func(n int) *featurestore.Put {
		p := w.living("g", "a", 0, nil)
		p.Fields = append(p.Fields, feature.Field{Name: "s", Text: strings.Repeat("x", n-keys)})
		return p
	}
	for size, want := range map[int]int{1024: 20, 1025: 10, 3 * 1024: 6, 300 << 10: 1} {
		w.clock.add(time.Hour)
		if n := untilThrottled(t, func() error { return w.Put(t.Context(), sized(size)) }); n != want {
			t.Errorf("%d puts of %d bytes from 20 units; want %d", n, size, want)
		}
	}
	for size, want := range map[int]int{4096: 20, 4097: 10} {
		w.clock.add(time.Hour)
		w.mustPut(sized(size))
		get := func() error {
			_, err := w.Get(t.Context(), "g", "a", []feature.Name{"id"})
			return err
		}
		if n := untilThrottled(t, get); n != want {
			t.Errorf("%d gets of %d bytes from 20 units; want %d", n, size, want)
		}
	}
}

func TestEveryVerbOnRecordsPays(t *testing.T) {
	w := newWorld(t).with(featurestore.Options{Throttle: true})
	w.create(metered("g", 1, 1))
	w.mustPut(w.living("g", "a", 0, nil))
	for name, do := range map[string]func() error{
		"delete": func() error { return w.delete("g", "none", "1", feature.SoftDelete) },
		"update": func() error { return w.updateRecord("g", "a", "n", "1") },
		"get of nothing": func() error {
			_, err := w.Get(t.Context(), "g", "none", nil)
			return err
		},
		"listing": func() error {
			_, _, err := w.Records(t.Context(), featurestore.RecordListing{Group: "g"})
			return err
		},
	} {
		w.clock.add(time.Hour)
		if n := untilThrottled(t, do); n != featurestore.BurstSeconds {
			t.Errorf("%s: %d at once; want %d", name, n, featurestore.BurstSeconds)
		}
	}
}

func TestBatchesSayWhatWasThrottled(t *testing.T) {
	w := newWorld(t).with(featurestore.Options{Throttle: true})
	w.create(metered("g", 1, 1))
	w.create(onlineOnly("free"))
	var puts []featurestore.Put
	for range featurestore.BurstSeconds + 2 {
		puts = append(puts, *w.living("g", "a", 0, nil), *w.living("free", "a", 0, nil))
	}
	var throttled []int
	for i, err := range w.BatchPut(t.Context(), puts) {
		if feature.KindOf(err) == feature.Throttled {
			throttled = append(throttled, i)
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if want := []int{2 * featurestore.BurstSeconds, 2*featurestore.BurstSeconds + 2}; !slices.Equal(throttled, want) {
		t.Errorf("puts %v were throttled; want %v", throttled, want)
	}
	ids := slices.Repeat([]string{"a"}, featurestore.BurstSeconds+1)
	batches := w.BatchGet(t.Context(), []featurestore.Want{{Group: "g", IDs: ids}, {Group: "free", IDs: ids}})
	if b := batches[0]; b.Err != nil || len(b.Refused) != len(ids) || feature.KindOf(b.Refused[len(ids)-1]) != feature.Throttled || b.Refused[0] != nil || b.Found[0] == nil || b.Found[len(ids)-1] != nil {
		t.Errorf("batch = %+v; want the last of %d throttled", b, len(ids))
	}
	if batches[1].Refused != nil {
		t.Errorf("of the group on demand: %v were refused", batches[1].Refused)
	}
}

// TestLaterPutsOfAThrottledRecordWait: were a later one written, the caller's second try of the first
// would undo it.
func TestLaterPutsOfAThrottledRecordWait(t *testing.T) {
	w := newWorld(t).with(featurestore.Options{Throttle: true})
	w.create(metered("g", 1, 2))
	big, small := *w.living("g", "a", 0, nil), *w.living("g", "a", 0, nil)
	big.Fields = append(big.Fields, feature.Field{Name: "s", Text: strings.Repeat("x", 6000)})
	errs := w.BatchPut(t.Context(), []featurestore.Put{big, big, small})
	if errs[0] != nil || feature.KindOf(errs[1]) != feature.Throttled || feature.KindOf(errs[2]) != feature.Throttled {
		t.Errorf("BatchPut = %v; want the second and the third Throttled", errs)
	}
}
