package featurestore_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// with is another store on the same backends.
func (w *world) with(o featurestore.Options) *world {
	o.Account, o.Region, o.Now = account, region, w.clock.Now
	other := *w
	other.Store = featurestore.New(w.db.Groups(), w.db.Records(), w.tables, w.buckets, o)
	return &other
}

// updatable is a group with both stores whose records have updates, and a text feature more.
func updatable(name string) *feature.Group {
	g := asked(name)
	g.Online.StorageType = feature.StandardV2
	g.Definitions = append(g.Definitions, feature.Definition{Name: "s", Type: feature.String})
	return g
}

// updateRecord changes features of a record: names and texts in turn.
func (w *world) updateRecord(group feature.GroupRef, id string, pairs ...string) error {
	return w.Update(w.t.Context(), w.change(group, id, pairs...))
}

func (w *world) change(group feature.GroupRef, id string, pairs ...string) *featurestore.Update {
	u := &featurestore.Update{Group: group, ID: id, Accepted: w.clock.Now()}
	for i := 0; i < len(pairs); i += 2 {
		u.Fields = append(u.Fields, feature.Field{Name: feature.Name(pairs[i]), Text: pairs[i+1]})
	}
	return u
}

func TestUpdateChangesSomeFeaturesAndJournalsTheWholeRecord(t *testing.T) {
	w := newWorld(t)
	g := w.create(updatable("g"))
	w.put("g", "a", "100", "1", 0)
	if err := w.updateRecord("g", "a", "s", "new"); err != nil {
		t.Fatal(err)
	}
	if got := w.texts("g", "a"); !slices.Equal(got, []string{"a", "100", "1", "new"}) {
		t.Errorf("after an update without an event time: %v", got)
	}
	if err := w.updateRecord("g", "a", "at", "100.5", "n", "2", "id", "a"); err != nil {
		t.Fatal(err)
	}
	u := w.change("g", "a")
	u.Fields = []feature.Field{{Name: "s", Null: true}}
	if err := w.Update(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if got := w.texts("g", "a"); !slices.Equal(got, []string{"a", "100.5", "2"}) {
		t.Errorf("after an update that clears: %v", got)
	}
	var rows []string
	for _, e := range w.entries(g.ID) {
		var texts []string
		for _, v := range e.Record.Values {
			texts = append(texts, v.Text)
		}
		rows = append(rows, strings.Join(texts, " "))
	}
	if diff := cmp.Diff([]string{"a 100 1", "a 100 1 new", "a 100.5 2 new", "a 100.5 2"}, rows); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestUpdateOfAnOlderEventTimeIsOutdatedAndWritesNothing(t *testing.T) {
	w := newWorld(t)
	g := w.create(updatable("g"))
	w.put("g", "a", "100", "1", 0)
	if err := w.updateRecord("g", "a", "at", "99.999999999", "n", "2"); feature.KindOf(err) != feature.Outdated {
		t.Errorf("Update = %v; want Outdated", err)
	}
	if err := w.updateRecord("g", "a", "at", "1970-01-01T00:01:40Z", "n", "3"); err != nil {
		t.Errorf("Update of an equal event time = %v", err)
	}
	if got := w.texts("g", "a"); !slices.Equal(got, []string{"a", "1970-01-01T00:01:40Z", "3"}) {
		t.Errorf("held: %v", got)
	}
	if n := len(w.entries(g.ID)); n != 2 {
		t.Errorf("%d entries; want 2", n)
	}
}

func TestUpdateNeedsARecordThatIsHeld(t *testing.T) {
	w := newWorld(t)
	w.create(updatable("g"))
	w.put("g", "soft", "1", "1", 0)
	w.put("g", "hard", "1", "1", 0)
	w.put("g", "offline", "1", "1", feature.OfflineStore)
	w.mustPut(w.living("g", "expired", 0, seconds(1)))
	w.clock.add(time.Second)
	for id, mode := range map[string]feature.DeleteMode{"soft": feature.SoftDelete, "hard": feature.HardDelete} {
		if err := w.delete("g", id, "2", mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{"none", "soft", "hard", "offline", "expired"} {
		if err := w.updateRecord("g", id, "n", "2"); feature.KindOf(err) != feature.NotFound {
			t.Errorf("Update of %s = %v; want NotFound", id, err)
		}
	}
}

func TestUpdateRefuses(t *testing.T) {
	w := newWorld(t)
	w.create(updatable("g"))
	w.put("g", "a", "100", "1", 0)
	tooFar := w.change("g", "a", "n", "1")
	tooFar.TTL = seconds(1)
	offline := w.change("g", "a", "n", "1")
	offline.Stores = feature.OfflineStore
	for name, u := range map[string]*featurestore.Update{
		"no features": w.change("g", "a"), "an unknown feature": w.change("g", "a", "zip", "1"), "another identifier": w.change("g", "a", "id", "b"),
		"a bad value": w.change("g", "a", "n", "x"), "a time to live without an event time": tooFar, "only the offline store": offline,
		"a feature twice": w.change("g", "a", "n", "1", "n", "2"), "a bad group": w.change("no group", "a", "n", "1"),
	} {
		if err := w.Update(t.Context(), u); feature.KindOf(err) != feature.Invalid {
			t.Errorf("%s: %v; want Invalid", name, err)
		}
	}
	if err := w.updateRecord("none", "a", "n", "1"); feature.KindOf(err) != feature.NotFound {
		t.Errorf("no group: %v; want NotFound", err)
	}
}

func TestUpdateIsForSomeStorageTypes(t *testing.T) {
	w := newWorld(t)
	more := w.with(featurestore.Options{Extensions: true})
	for i, c := range []struct {
		storage string
		allowed bool
	}{{"", false}, {feature.Standard, false}, {feature.StandardV2, true}, {feature.InMemory, true}} {
		name := fmt.Sprint("g", i)
		g := onlineOnly(name)
		g.Online.StorageType = c.storage
		w.create(g)
		w.put(name, "a", "1", "1", 0)
		if err := w.updateRecord(feature.GroupRef(name), "a", "n", "2"); (err == nil) != c.allowed || err != nil && feature.KindOf(err) != feature.Invalid {
			t.Errorf("Update in a group of type %q = %v; want it allowed: %t", c.storage, err, c.allowed)
		}
		if err := more.updateRecord(feature.GroupRef(name), "a", "n", "2"); err != nil {
			t.Errorf("Update with extensions in a group of type %q = %v", c.storage, err)
		}
	}
	g := asked("offline")
	g.Online = nil
	w.create(g)
	if err := more.updateRecord("offline", "a", "n", "2"); feature.KindOf(err) != feature.Invalid {
		t.Errorf("Update without an online store = %v; want Invalid", err)
	}
}

func TestUpdateKeepsTheTTLAndCountsItFromTheNewEventTime(t *testing.T) {
	w := newWorld(t)
	w.create(updatable("g"))
	w.mustPut(w.living("g", "a", 0, seconds(30)))
	expires := func() int64 {
		t.Helper()
		found, err := w.Get(t.Context(), "g", "a", nil)
		if err != nil || found == nil || found.Expires == nil {
			t.Fatalf("Get = %+v, %v; want a record that expires", found, err)
		}
		return found.Expires.Sec - start
	}
	for _, step := range []struct {
		update *featurestore.Update
		ttl    *feature.TTL
		want   int64
	}{
		{w.change("g", "a", "n", "1"), nil, 30},
		{w.change("g", "a", "at", strconv.Itoa(start+5)), nil, 35},
		{w.change("g", "a", "at", strconv.Itoa(start+6)), seconds(100), 106},
		{w.change("g", "a", "s", ""), nil, 106},
	} {
		step.update.TTL = step.ttl
		if err := w.Update(t.Context(), step.update); err != nil {
			t.Fatal(err)
		}
		if got := expires(); got != step.want {
			t.Errorf("expires after %d s; want %d", got, step.want)
		}
	}
}

func TestUpdateOfTheOnlineStoreAloneIsNoHistory(t *testing.T) {
	w := newWorld(t)
	g := w.create(updatable("g"))
	w.put("g", "a", "1", "1", 0)
	u := w.change("g", "a", "n", "2")
	u.Stores = feature.OnlineStore
	if err := w.Update(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if got := w.texts("g", "a", "n"); !slices.Equal(got, []string{"2"}) {
		t.Errorf("held: %v", got)
	}
	if n := len(w.entries(g.ID)); n != 1 {
		t.Errorf("%d entries; want 1", n)
	}
}

// TestUpdatesOfOneRecordLoseNothing has each of many writers change its own feature of one record.
func TestUpdatesOfOneRecordLoseNothing(t *testing.T) {
	w := newWorld(t)
	g := updatable("g")
	const writers = 16
	for i := range writers {
		g.Definitions = append(g.Definitions, feature.Definition{Name: feature.Name(fmt.Sprint("w", i)), Type: feature.Integral})
	}
	made := w.create(g)
	w.put("g", "a", "1", "1", 0)
	const times = 20
	var writing sync.WaitGroup
	for i := range writers {
		writing.Go(func() {
			for n := range times {
				if err := w.updateRecord("g", "a", fmt.Sprint("w", i), strconv.Itoa(n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writing.Wait()
	got := w.texts("g", "a")
	if want := slices.Concat([]string{"a", "1", "1"}, slices.Repeat([]string{strconv.Itoa(times - 1)}, writers)); !slices.Equal(got, want) {
		t.Errorf("held %v; want %v", got, want)
	}
	if n := len(w.entries(made.ID)); n != 1+writers*times {
		t.Errorf("%d entries; want %d", n, 1+writers*times)
	}
}

func TestBatchPutAppliesPutsOfOneRecordInOrder(t *testing.T) {
	w := newWorld(t)
	g := w.create(asked("g"))
	refs := []feature.GroupRef{"g", feature.GroupRef(g.ARN)}
	const records, each = 5, 5
	for round := range 20 {
		var puts []featurestore.Put
		for n := range each {
			for r := range records {
				p := w.living(refs[(n+r)%2], fmt.Sprint("r", r), int64(round), nil)
				p.Fields = append(p.Fields, feature.Field{Name: "n", Text: strconv.Itoa(n)})
				puts = append(puts, *p)
			}
		}
		if errs := w.BatchPut(t.Context(), puts); len(errs) != len(puts) || slices.ContainsFunc(errs, func(err error) bool { return err != nil }) {
			t.Fatalf("BatchPut = %v", errs)
		}
		for r := range records {
			if got := w.texts("g", fmt.Sprint("r", r), "n"); !slices.Equal(got, []string{strconv.Itoa(each - 1)}) {
				t.Fatalf("round %d: of equal event times record %d has n %v; want the last, %d", round, r, got, each-1)
			}
		}
	}
	if n := len(w.entries(g.ID)); n != 20*records*each {
		t.Errorf("%d entries; want %d", n, 20*records*each)
	}
}

func TestBatchPutFailuresAreOfTheirOwnPutOnly(t *testing.T) {
	w := newWorld(t)
	w.create(asked("g"))
	w.create(onlineOnly("online"))
	bad := *w.living("g", "bad", 0, nil)
	bad.Fields = bad.Fields[1:]
	offline := *w.living("online", "b", 0, nil)
	offline.Stores = feature.OfflineStore
	puts := []featurestore.Put{*w.living("g", "a", 0, nil), bad, *w.living("none", "a", 0, nil), offline, *w.living("online", "c", 0, nil)}
	var kinds []feature.Kind
	for _, err := range w.BatchPut(t.Context(), puts) {
		if err == nil {
			kinds = append(kinds, 0)
			continue
		}
		kinds = append(kinds, feature.KindOf(err))
	}
	if want := []feature.Kind{0, feature.Invalid, feature.NotFound, feature.Invalid, 0}; !slices.Equal(kinds, want) {
		t.Errorf("kinds %v; want %v", kinds, want)
	}
	if w.texts("g", "a") == nil || w.texts("online", "c") == nil || w.texts("online", "b") != nil {
		t.Error("what could be put was not, or the other way round")
	}
	if errs := w.BatchPut(t.Context(), nil); len(errs) != 0 {
		t.Errorf("BatchPut of nothing = %v", errs)
	}
}

// TestBatchGetReadsABoundedAmount asks for more than a reply may hold.
func TestBatchGetReadsABoundedAmount(t *testing.T) {
	w := newWorld(t)
	g := onlineOnly("g")
	g.Definitions = append(g.Definitions, feature.Definition{Name: "s", Type: feature.String})
	w.create(g)
	const size = 350_000
	p := w.living("g", "a", 0, nil)
	p.Fields = append(p.Fields, feature.Field{Name: "s", Text: strings.Repeat("x", size)})
	w.mustPut(p)
	ids := slices.Repeat([]string{"a"}, 100)
	batches := w.BatchGet(t.Context(), slices.Repeat([]featurestore.Want{{Group: "g", IDs: ids, Names: []feature.Name{"id"}}}, 40))
	read, refused := 0, 0
	for i, b := range batches {
		switch {
		case b.Err != nil || len(b.Found) != len(ids):
			t.Fatalf("batch %d: %d found, %v", i, len(b.Found), b.Err)
		case b.Refused == nil:
			read++
		case slices.ContainsFunc(b.Refused, func(err error) bool { return feature.KindOf(err) != feature.Unavailable }):
			t.Fatalf("batch %d: %v; want all Unavailable", i, b.Refused)
		default:
			refused++
		}
	}
	if least := featurestore.BatchBytes / (len(ids) * size); read < least || read > least+1 || refused == 0 {
		t.Errorf("%d groups read, %d refused; want %d to %d read", read, refused, least, least+1)
	}
}

// meanwhile is the records of a backend before whose first Get and Do something else happens.
type meanwhile struct {
	feature.Records
	once *sync.Once
	do   func()
}

func (m meanwhile) Get(ctx context.Context, g feature.GroupID, ids []string, show func(int, *feature.Record) bool) error {
	m.once.Do(m.do)
	return m.Records.Get(ctx, g, ids, show)
}

func (m meanwhile) Do(ctx context.Context, g *feature.Group, id string, decide func(*feature.Record) (feature.Decision, error)) error {
	m.once.Do(m.do)
	return m.Records.Do(ctx, g, id, decide)
}

// TestAFeatureIsAddedWhileARecordIsUsed: between the look at the group and the look at its records
// the group gets a feature, and the record a value of it.
func TestAFeatureIsAddedWhileARecordIsUsed(t *testing.T) {
	for name, use := range map[string]func(w *world) error{
		"get": func(w *world) error {
			found, err := w.Get(t.Context(), "g", "a", nil)
			if err == nil && (len(found.Values) != 3 || len(found.Group.Definitions) != 5) {
				err = fmt.Errorf("found %+v of %d features", found.Values, len(found.Group.Definitions))
			}
			return err
		},
		"get of some features": func(w *world) error {
			found, err := w.Get(t.Context(), "g", "a", []feature.Name{"id"})
			if err == nil && len(found.Values) != 1 {
				err = fmt.Errorf("found %+v", found.Values)
			}
			return err
		},
		"update": func(w *world) error { return w.updateRecord("g", "a", "n", "1") },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.create(updatable("g"))
			w.put("g", "a", "1", "1", 0)
			racing := *w
			racing.Store = featurestore.New(w.db.Groups(), meanwhile{w.db.Records(), new(sync.Once), func() {
				if _, err := w.UpdateGroup(t.Context(), "g", &feature.GroupUpdate{Additions: []feature.Definition{{Name: "new", Type: feature.String}}}); err != nil {
					t.Fatal(err)
				}
				p := w.living("g", "a", 0, nil)
				p.Fields = append(p.Fields, feature.Field{Name: "new", Text: "x"})
				w.mustPut(p)
			}}, w.tables, w.buckets, featurestore.Options{Account: account, Region: region, Now: w.clock.Now})
			if err := use(&racing); err != nil {
				t.Fatal(err)
			}
			if got := w.texts("g", "a", "new"); !slices.Equal(got, []string{"x"}) {
				t.Errorf("the new feature is %v", got)
			}
		})
	}
}
