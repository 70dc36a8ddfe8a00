package featurestore_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

func TestPutNewerAndEqualEventTimesReplace(t *testing.T) {
	w := newWorld(t)
	w.create(asked("g"))
	w.put("g", "a", "100", "1", 0)
	w.put("g", "a", "1970-01-01T00:01:40.000Z", "2", 0)
	if got := w.texts("g", "a", "n"); !slices.Equal(got, []string{"2"}) {
		t.Errorf("after an equal event time: %v", got)
	}
	w.put("g", "a", "101", "3", 0)
	if got := w.texts("g", "a"); !slices.Equal(got, []string{"a", "101", "3"}) {
		t.Errorf("after a newer event time: %v", got)
	}
}

func TestPutOlderEventTimeGoesOfflineOnly(t *testing.T) {
	w := newWorld(t)
	g := w.create(asked("g"))
	w.put("g", "a", "100", "1", 0)
	w.put("g", "a", "99.5", "2", 0)
	if got := w.texts("g", "a", "n"); !slices.Equal(got, []string{"1"}) {
		t.Errorf("held: %v; want the record of 100", got)
	}
	var outcomes []feature.Outcome
	for _, e := range w.entries(g.ID) {
		outcomes = append(outcomes, e.Outcome)
	}
	if want := []feature.Outcome{feature.OnlineWritten, feature.OnlineStale}; !slices.Equal(outcomes, want) {
		t.Errorf("entries: %v; want %v", outcomes, want)
	}
}

func TestPutToOneStoreLeavesTheOtherAlone(t *testing.T) {
	w := newWorld(t)
	g := w.create(asked("g"))
	w.put("g", "a", "100", "1", feature.OfflineStore)
	if got := w.texts("g", "a"); got != nil {
		t.Errorf("online after a put offline: %v", got)
	}
	w.put("g", "a", "100", "1", feature.OnlineStore)
	if got := w.texts("g", "a", "id"); !slices.Equal(got, []string{"a"}) {
		t.Errorf("online after a put online: %v", got)
	}
	if n := len(w.entries(g.ID)); n != 1 {
		t.Errorf("%d entries; want 1", n)
	}
}

func TestPutLeavesOutFeaturesOfTheRecordBefore(t *testing.T) {
	w := newWorld(t)
	w.create(asked("g"))
	w.put("g", "a", "100", "1", 0)
	err := w.Put(t.Context(), &featurestore.Put{Group: "g", Fields: []feature.Field{{Name: "id", Text: "a"}, {Name: "at", Text: "101"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.texts("g", "a"); !slices.Equal(got, []string{"a", "101"}) {
		t.Errorf("held: %v; a put replaces the whole record", got)
	}
	if got := w.texts("g", "a", "n"); got == nil || len(got) != 0 {
		t.Errorf("the feature without a value: %v; want a record of none", got)
	}
}

func TestTargetsMustBeStoresOfTheGroup(t *testing.T) {
	w := newWorld(t)
	online, offline := onlineOnly("online"), asked("offline")
	offline.Online = nil
	w.create(online)
	w.create(offline)
	fields := []feature.Field{{Name: "id", Text: "a"}, {Name: "at", Text: "1"}}
	for group, stores := range map[feature.GroupRef]feature.Stores{"online": feature.OfflineStore, "offline": feature.OnlineStore} {
		err := w.Put(t.Context(), &featurestore.Put{Group: group, Fields: fields, Stores: stores})
		if feature.KindOf(err) != feature.Invalid {
			t.Errorf("Put into %s = %v; want Invalid", group, err)
		}
		err = w.Delete(t.Context(), &featurestore.Delete{Group: group, ID: "a", EventTime: "2", Stores: stores})
		if feature.KindOf(err) != feature.Invalid {
			t.Errorf("Delete from %s = %v; want Invalid", group, err)
		}
	}
	if _, err := w.Get(t.Context(), "offline", "a", nil); feature.KindOf(err) != feature.Invalid {
		t.Errorf("Get without an online store = %v; want Invalid", err)
	}
	w.put("offline", "a", "1", "1", 0)
}

func TestSoftDeleteHidesAndBeatsOlderPuts(t *testing.T) {
	w := newWorld(t)
	g := w.create(asked("g"))
	w.put("g", "a", "100", "1", 0)
	if err := w.delete("g", "a", "100", feature.SoftDelete); err != nil {
		t.Fatal(err)
	}
	if got := w.texts("g", "a"); got == nil {
		t.Error("a soft delete of an equal event time hid the record")
	}
	if err := w.delete("g", "a", "101", feature.SoftDelete); err != nil {
		t.Fatal(err)
	}
	w.put("g", "a", "100.5", "2", 0)
	if got := w.texts("g", "a"); got != nil {
		t.Errorf("held after the soft delete: %v", got)
	}
	w.put("g", "a", "101", "3", 0)
	if got := w.texts("g", "a", "n"); !slices.Equal(got, []string{"3"}) {
		t.Errorf("held after a put of an equal event time: %v", got)
	}
	entries := w.entries(g.ID)
	if len(entries) != 5 || !entries[2].Record.Deleted || len(entries[2].Record.Values) != 2 {
		t.Errorf("entries: %+v; want 5, the third a marker of two values", entries)
	}
}

func TestHardDeleteForgets(t *testing.T) {
	w := newWorld(t)
	g := w.create(asked("g"))
	w.put("g", "a", "100", "1", 0)
	for _, at := range []string{"99", "100"} {
		if err := w.delete("g", "a", at, feature.HardDelete); feature.KindOf(err) != feature.Invalid {
			t.Errorf("HardDelete at %s = %v; want Invalid", at, err)
		}
	}
	if n := len(w.entries(g.ID)); n != 1 {
		t.Errorf("%d entries after refused deletes; want 1", n)
	}
	if err := w.delete("g", "a", "101", feature.HardDelete); err != nil {
		t.Fatal(err)
	}
	w.put("g", "a", "50", "2", 0)
	if got := w.texts("g", "a", "n"); !slices.Equal(got, []string{"2"}) {
		t.Errorf("held after an older put: %v", got)
	}
}

func TestDeleteOfNothingLeavesATombstone(t *testing.T) {
	w := newWorld(t)
	g := w.create(asked("g"))
	if err := w.delete("g", "a", "100", feature.SoftDelete); err != nil {
		t.Fatal(err)
	}
	w.put("g", "a", "99", "1", 0)
	if got := w.texts("g", "a"); got != nil {
		t.Errorf("held: %v", got)
	}
	if n := len(w.entries(g.ID)); n != 2 {
		t.Errorf("%d entries; want 2", n)
	}
}

func TestGetRefusesUnknownFeatures(t *testing.T) {
	w := newWorld(t)
	w.create(onlineOnly("g"))
	if _, err := w.Get(t.Context(), "g", "a", []feature.Name{"N"}); feature.KindOf(err) != feature.Invalid {
		t.Errorf("Get = %v; want Invalid", err)
	}
	if _, err := w.Get(t.Context(), "other", "a", nil); feature.KindOf(err) != feature.NotFound {
		t.Errorf("Get from no group = %v; want NotFound", err)
	}
}

func TestBatchGetAnswersEachWantByItself(t *testing.T) {
	w := newWorld(t)
	var wants []featurestore.Want
	var want []string
	for i := range 20 {
		name := fmt.Sprint("g", i)
		w.create(onlineOnly(name))
		w.put(name, "a", "1", fmt.Sprint(i), 0)
		wants = append(wants, featurestore.Want{Group: feature.GroupRef(name), IDs: []string{"none", "a"}, Names: []feature.Name{"n"}})
		want = append(want, fmt.Sprint(i))
	}
	wants = append(wants, featurestore.Want{Group: "missing", IDs: []string{"a"}})
	batches := w.BatchGet(t.Context(), wants)
	var got []string
	for _, b := range batches[:20] {
		if b.Err != nil || len(b.Found) != 2 || b.Found[0] != nil || len(b.Found[1].Values) != 1 {
			t.Fatalf("batch = %+v", b)
		}
		got = append(got, b.Found[1].Values[0].Text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if feature.KindOf(batches[20].Err) != feature.NotFound {
		t.Errorf("missing group: %v; want NotFound", batches[20].Err)
	}
}

func TestWriteAndReadAgreeOnTheNanosecondOfAnExpiry(t *testing.T) {
	w := newWorld(t)
	w.create(asked("g"))
	put := func(at, n string, ttl *feature.TTL) {
		t.Helper()
		fields := []feature.Field{{Name: "id", Text: "a"}, {Name: "at", Text: at}, {Name: "n", Text: n}}
		if err := w.Put(t.Context(), &featurestore.Put{Group: "g", Fields: fields, TTL: ttl, Accepted: w.clock.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	put("1700000000.000000500", "1", &feature.TTL{Unit: feature.Minutes, Value: 1})
	w.clock.add(time.Minute + 500)
	if got := w.texts("g", "a"); got != nil {
		t.Fatalf("at its expiry the record is read: %v", got)
	}
	put("1699999999", "2", nil)
	if got := w.texts("g", "a", "n"); !slices.Equal(got, []string{"2"}) {
		t.Errorf("an older put after an expiry is held as %v; nothing was held that could beat it", got)
	}
}
