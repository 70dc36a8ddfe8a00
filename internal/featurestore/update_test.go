package featurestore_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/table"
)

func adding(names ...feature.Name) *feature.GroupUpdate {
	u := &feature.GroupUpdate{}
	for _, name := range names {
		u.Additions = append(u.Additions, feature.Definition{Name: name, Type: feature.Fractional})
	}
	return u
}

func ttl(unit feature.TTLUnit, value int64) *feature.GroupUpdate {
	return &feature.GroupUpdate{Online: &feature.OnlineUpdate{TTL: &feature.TTL{Unit: unit, Value: value}}}
}

// columns are the names of the columns of g's table.
func (w *world) columns(g *feature.Group) string {
	w.t.Helper()
	t, err := w.tables.Table(w.t.Context(), g.Offline.Table.Database, g.Offline.Table.Table)
	if err != nil {
		w.t.Fatal(err)
	}
	var all []string
	for _, c := range t.Columns {
		all = append(all, c.Name)
	}
	return strings.Join(all, " ")
}

func (w *world) update(u *feature.GroupUpdate) *feature.Group {
	w.t.Helper()
	g, err := w.UpdateGroup(w.t.Context(), "g", u)
	if err != nil {
		w.t.Fatalf("UpdateGroup: %v", err)
	}
	return g
}

func TestAddedFeaturesAreThereAtOnce(t *testing.T) {
	w := newWorld(t)
	made := w.create(asked("g"))
	w.put("g", "old", "100", "1", 0)
	w.clock.add(time.Minute)
	g := w.update(adding("Score", "b"))
	want := *made
	at := w.clock.Now().UTC()
	want.Definitions = append(slices.Clone(made.Definitions),
		feature.Definition{Name: "Score", Type: feature.Fractional, Added: at},
		feature.Definition{Name: "b", Type: feature.Fractional, Added: at})
	want.Modified, want.LastUpdate = at, &feature.UpdateStatus{Status: feature.UpdateSuccessful}
	if diff := cmp.Diff(&want, g); diff != "" {
		t.Errorf("UpdateGroup (-want +got):\n%s", diff)
	}
	if got, want := w.columns(g), "id at n score b write_time api_invocation_time is_deleted"; got != want {
		t.Errorf("the table has %q; want %q", got, want)
	}
	if got := w.texts("g", "old"); !slices.Equal(got, []string{"old", "100", "1"}) {
		t.Errorf("the record from before is %q", got)
	}
	err := w.Put(t.Context(), &featurestore.Put{
		Group:  "g",
		Fields: []feature.Field{{Name: "Score", Text: "0.5"}, {Name: "id", Text: "new"}, {Name: "at", Text: "200"}}, Accepted: w.clock.Now(),
	})
	if err != nil {
		t.Fatalf("put of the new feature: %v", err)
	}
	if got := w.texts("g", "new"); !slices.Equal(got, []string{"new", "200", "0.5"}) {
		t.Errorf("the record with the new feature is %q", got)
	}
}

func TestUpdateGroupRefuses(t *testing.T) {
	w := newWorld(t)
	w.create(asked("g"))
	taken, named := asked("taken"), asked("named")
	taken.Offline.Table = &feature.TableRef{Catalog: "AwsDataCatalog", Database: "mine", Table: "t"}
	named.Offline.Table = taken.Offline.Table
	w.create(taken)
	w.create(named) // and fails: its table is another's
	many := make([]feature.Name, 101)
	for i := range many {
		many[i] = feature.Name(fmt.Sprintf("f%d", i))
	}
	cases := []struct {
		name, group string
		u           *feature.GroupUpdate
		kind        feature.Kind
		says        string
	}{
		{"nothing", "g", &feature.GroupUpdate{}, feature.Invalid, "exactly one"},
		{"two things", "g", &feature.GroupUpdate{Additions: adding("x").Additions, Throughput: &feature.Throughput{}}, feature.Invalid, "exactly one"},
		{"no group", "none", adding("x"), feature.NotFound, "can't find a FeatureGroup with name [none]"},
		{"bad name", "g_", adding("x"), feature.Invalid, "feature group name"},
		{"not Created", "named", adding("x"), feature.Invalid, "CreateFailed"},
		{"a feature that is there", "g", adding("n"), feature.Invalid, "twice"},
		{"one in another case", "g", adding("N"), feature.Invalid, "case"},
		{"reserved", "g", adding("Is_Deleted"), feature.Invalid, "reserved"},
		{"101 features", "g", adding(many...), feature.Invalid, "1 to 100"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := w.UpdateGroup(t.Context(), feature.GroupRef(c.group), c.u)
			if feature.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("UpdateGroup = %v; want kind %d that says %q", err, c.kind, c.says)
			}
		})
	}
	g, err := w.Group(t.Context(), "g")
	if err != nil || g.LastUpdate != nil || !g.Modified.IsZero() || len(g.Definitions) != 3 {
		t.Errorf("after refusals the group is %+v, %v", g, err)
	}
}

func TestUpdateOfTheOnlineStoreIsSuccessfulInOneCommit(t *testing.T) {
	w := newWorld(t)
	w.create(onlineOnly("g"))
	g := w.update(ttl(feature.Days, 2))
	if diff := cmp.Diff(&feature.TTL{Unit: feature.Days, Value: 2}, g.Online.TTL); diff != "" || g.LastUpdate.Status != feature.UpdateSuccessful {
		t.Errorf("TTL (-want +got), status %v:\n%s", g.LastUpdate, diff)
	}
	if g = w.update(&feature.GroupUpdate{Online: &feature.OnlineUpdate{RemoveTTL: true}}); g.Online.TTL != nil {
		t.Errorf("TTL after its removal: %+v", g.Online.TTL)
	}
	if g = w.update(&feature.GroupUpdate{Online: &feature.OnlineUpdate{StorageType: feature.StandardV2}}); g.Online.StorageType != feature.StandardV2 {
		t.Errorf("StorageType %q", g.Online.StorageType)
	}
}

// A disk is a file system in memory that is copied as a crash would leave it, before each of its
// operations that change something while it is on.
type disk struct {
	mem *vfs.MemFS
	rng *rand.Rand

	mu      sync.Mutex // guards on, crashed
	on      bool
	crashed []*vfs.MemFS
}

func (d *disk) fs() vfs.FS {
	return errorfs.Wrap(d.mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind.ReadOrWrite() == errorfs.OpIsWrite {
			d.copy()
		}
		return nil
	}))
}

func (d *disk) copy() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.on {
		kept := []int{0, 50, 100}[len(d.crashed)%3]
		d.crashed = append(d.crashed, d.mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: kept, RNG: d.rng}))
	}
}

func (d *disk) record(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.on = on
}

// Whatever step of an update a crash cuts off, after Resume the update is there in full, or was never
// there; and another one can be made.
func TestUpdateThatIsCutOffIsFinished(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	d := &disk{mem: vfs.NewCrashableMem(), rng: rand.New(rand.NewPCG(seed, 0))}
	if err := d.mem.MkdirAll("data", 0o700); err != nil {
		t.Fatal(err)
	}
	root, err := d.mem.OpenDir("")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(root.Sync(), root.Close()); err != nil {
		t.Fatal(err)
	}
	w := open(t, d.fs())
	if err := w.buckets.CreateBucket(t.Context(), "lake"); err != nil {
		t.Fatal(err)
	}
	w.create(asked("g"))
	d.record(true)
	w.update(adding("x"))
	d.copy() // and after the last step
	d.record(false)

	found := map[string]int{}
	for i, crashed := range d.crashed {
		after := open(t, crashed)
		g, err := after.Group(t.Context(), "g")
		if err != nil {
			t.Fatalf("after crash %d: %v", i, err)
		}
		if g.LastUpdate != nil {
			found[g.LastUpdate.Status]++
		}
		for range 2 {
			if err := after.Resume(t.Context()); err != nil {
				t.Fatalf("after crash %d: Resume: %v", i, err)
			}
		}
		if g, err = after.Group(t.Context(), "g"); err != nil {
			t.Fatal(err)
		}
		has := g.Ordinal("x") >= 0
		successful := g.LastUpdate != nil && g.LastUpdate.Status == feature.UpdateSuccessful
		if column := strings.Contains(after.columns(g), " x "); has != successful || has != column {
			t.Errorf("after crash %d: feature %v, status %+v, column %v", i, has, g.LastUpdate, column)
		}
		if i == len(d.crashed)-1 && !has {
			t.Error("the update is lost that was acknowledged before the crash")
		}
		if g = after.update(adding("y")); !strings.HasPrefix(after.columns(g), strings.TrimSpace("id at n "+map[bool]string{true: "x "}[has]+"y")) {
			t.Errorf("after crash %d and another update the table has %s", i, after.columns(g))
		}
	}
	t.Logf("%d crashes, with updates %v", len(d.crashed), found)
	if found[feature.UpdateInProgress] == 0 || found[feature.UpdateSuccessful] == 0 {
		t.Error("no crash came between the steps, or none after them: the test misses the point")
	}
}

func TestConcurrentUpdatesAllSucceedOrAreRefused(t *testing.T) {
	w := newWorld(t)
	w.create(asked("g"))
	const writers, each = 8, 10
	var wg sync.WaitGroup
	for n := range writers {
		wg.Go(func() {
			for i := range each {
				name := feature.Name(fmt.Sprintf("f%d-%d", n, i))
				for {
					_, err := w.UpdateGroup(t.Context(), "g", adding(name))
					if err == nil {
						break
					}
					if feature.KindOf(err) != feature.Invalid || !strings.Contains(err.Error(), feature.UpdateInProgress) {
						t.Errorf("UpdateGroup = %v", err)
						return
					}
				}
				key := fmt.Sprintf("t%d-%d", n, i)
				if err := w.UpdateMetadata(t.Context(), "g", name, &feature.MetadataUpdate{Description: &key}); err != nil {
					t.Errorf("UpdateMetadata: %v", err)
				}
			}
		})
	}
	wg.Wait()
	g, err := w.Group(t.Context(), "g")
	if err != nil {
		t.Fatal(err)
	}
	if want := 3 + writers*each; len(g.Definitions) != want || strings.Count(w.columns(g), " ")+1 != want+3 {
		t.Errorf("%d features, columns %s; want %d features", len(g.Definitions), w.columns(g), want)
	}
	for _, d := range g.Definitions[3:] {
		if d.Metadata == nil || d.Metadata.Description != "t"+string(d.Name[1:]) {
			t.Errorf("what was said of %s is %+v", d.Name, d.Metadata)
		}
	}
}

// A hangUp is a catalog whose caller goes away as soon as a change has been made.
type hangUp struct {
	feature.Catalog
	cancel context.CancelFunc
}

func (c hangUp) Update(ctx context.Context, name feature.GroupName, change func(*feature.Group) error) (*feature.Group, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	defer c.cancel()
	return c.Catalog.Update(ctx, name, change)
}

// A weary backend of tables listens to its context, and may be broken.
type weary struct {
	table.Tables
	broken *error
}

func (b weary) UpdateTable(ctx context.Context, database, name string, change func(*table.Table) error) (*table.Table, error) {
	if err := errors.Join(ctx.Err(), *b.broken); err != nil {
		return nil, err
	}
	return b.Tables.UpdateTable(ctx, database, name, change)
}

func TestUpdateIsFinishedThoughItsCallerHangsUp(t *testing.T) {
	w := newWorld(t)
	w.create(asked("g"))
	ctx, cancel := context.WithCancel(t.Context())
	var none error
	store := featurestore.New(hangUp{w.db.Groups(), cancel}, w.db.Records(), table.New(weary{w.db.Tables(), &none}, w.db.Offline(), w.buckets, table.Options{}), w.buckets,
		featurestore.Options{Account: account, Region: region, Now: w.clock.Now})
	g, err := store.UpdateGroup(ctx, "g", adding("x"))
	if err != nil || g.LastUpdate.Status != feature.UpdateSuccessful || ctx.Err() == nil {
		t.Errorf("UpdateGroup = %+v, %v; the caller: %v", g, err, ctx.Err())
	}
}

func TestUpdateWhoseTableCannotBeExtendedIsFailed(t *testing.T) {
	w := newWorld(t)
	w.create(asked("g"))
	broken := errors.New("the disk is full")
	store := featurestore.New(w.db.Groups(), w.db.Records(), table.New(weary{w.db.Tables(), &broken}, w.db.Offline(), w.buckets, table.Options{}), w.buckets,
		featurestore.Options{Account: account, Region: region, Now: w.clock.Now})
	_, err := store.UpdateGroup(t.Context(), "g", adding("x"))
	if feature.KindOf(err) != feature.Fault || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("UpdateGroup = %v; want a fault", err)
	}
	g, err := w.Group(t.Context(), "g")
	if err != nil || g.LastUpdate.Status != feature.UpdateFailed || g.LastUpdate.Failure == "" {
		t.Errorf("the group's last update is %+v, %v; want Failed and why", g.LastUpdate, err)
	}
	broken = nil
	if _, err := store.UpdateGroup(t.Context(), "g", adding("y")); err != nil {
		t.Fatal(err)
	}
	if got := w.columns(g); !strings.HasPrefix(got, "id at n x y ") {
		t.Errorf("after the next update the table has %s", got)
	}
}

func TestGroupMadeAgainIsNotUpdatedForTheOneBefore(t *testing.T) {
	w := newWorld(t)
	w.create(onlineOnly("g"))
	again := replacing{w.db.Groups(), func() {
		if err := w.DeleteGroup(t.Context(), "g"); err != nil {
			t.Error(err)
		}
		w.create(onlineOnly("g"))
	}}
	store := featurestore.New(again, w.db.Records(), w.tables, w.buckets, featurestore.Options{Account: account, Region: region, Now: w.clock.Now})
	if _, err := store.UpdateGroup(t.Context(), "g", adding("x")); feature.KindOf(err) != feature.NotFound || !strings.Contains(err.Error(), "[g]") {
		t.Errorf("UpdateGroup = %v; want NotFound", err)
	}
	if g, err := w.Group(t.Context(), "g"); err != nil || len(g.Definitions) != 3 {
		t.Errorf("the new group is %+v, %v", g, err)
	}
}

// A replacing catalog has somebody come between a reader and its update.
type replacing struct {
	feature.Catalog
	between func()
}

func (c replacing) Update(ctx context.Context, name feature.GroupName, change func(*feature.Group) error) (*feature.Group, error) {
	c.between()
	return c.Catalog.Update(ctx, name, change)
}

func TestFeatureAndWhatIsSaidOfIt(t *testing.T) {
	w := newWorld(t)
	g := w.create(onlineOnly("g"))
	said := "how many"
	u := &feature.MetadataUpdate{Description: &said, Additions: []feature.Parameter{{Key: "unit", Value: "pieces"}}}
	if err := w.UpdateMetadata(t.Context(), feature.GroupRef(g.ARN), "n", u); err != nil {
		t.Fatal(err)
	}
	got, d, err := w.Feature(t.Context(), "g", "n")
	want := &feature.Metadata{Description: said, Parameters: u.Additions, Modified: w.clock.Now().UTC()}
	if diff := cmp.Diff(want, d.Metadata); err != nil || diff != "" || got.ID != g.ID {
		t.Errorf("Feature: %v (-want +got):\n%s", err, diff)
	}
	if got.LastUpdate != nil || !got.Modified.IsZero() {
		t.Errorf("what is said of a feature is no update of its group: %+v", got)
	}
	for name, c := range map[string]struct {
		group, feature string
		kind           feature.Kind
	}{
		"no group":     {"none", "n", feature.NotFound},
		"no feature":   {"g", "N", feature.NotFound},
		"bad feature":  {"g", "n_", feature.Invalid},
		"no such name": {"g_", "n", feature.Invalid},
	} {
		_, _, err := w.Feature(t.Context(), feature.GroupRef(c.group), feature.Name(c.feature))
		if feature.KindOf(err) != c.kind {
			t.Errorf("%s: Feature = %v; want kind %d", name, err, c.kind)
		}
		if err := w.UpdateMetadata(t.Context(), feature.GroupRef(c.group), feature.Name(c.feature), u); feature.KindOf(err) != c.kind {
			t.Errorf("%s: UpdateMetadata = %v; want kind %d", name, err, c.kind)
		}
	}
}

func TestTagsOfAGroup(t *testing.T) {
	w := newWorld(t)
	first := onlineOnly("Customers")
	first.Tags = []feature.Tag{{Key: "team", Value: "a"}}
	g := w.create(first)
	tags, err := w.AddTags(t.Context(), g.ARN, []feature.Tag{{Key: "cost", Value: ""}, {Key: "team", Value: "b"}})
	if diff := cmp.Diff([]feature.Tag{{Key: "team", Value: "b"}, {Key: "cost", Value: ""}}, tags); err != nil || diff != "" {
		t.Errorf("AddTags: %v (-want +got):\n%s", err, diff)
	}
	lower := strings.ToLower(g.ARN)
	if tags, err = w.DeleteTags(t.Context(), lower, []string{"team", "none"}); err != nil || !slices.Equal(tags, []feature.Tag{{Key: "cost"}}) {
		t.Errorf("DeleteTags = %v, %v", tags, err)
	}
	if tags, err = w.Tags(t.Context(), lower); err != nil || !slices.Equal(tags, []feature.Tag{{Key: "cost"}}) {
		t.Errorf("Tags = %v, %v", tags, err)
	}
	for _, ref := range []string{"Customers", "", g.ARN + "-2", "arn:aws:sagemaker:us-east-1:123456789012:model/Customers", strings.Replace(g.ARN, "us-east-1", "eu-west-1", 1), strings.Repeat("x", 300)} {
		if _, err := w.Tags(t.Context(), ref); feature.KindOf(err) != feature.Invalid {
			t.Errorf("Tags(%.80s) = %v; want Invalid", ref, err)
		}
		if _, err := w.AddTags(t.Context(), ref, nil); feature.KindOf(err) != feature.Invalid {
			t.Errorf("AddTags(%.80s) = %v; want Invalid", ref, err)
		}
		if _, err := w.DeleteTags(t.Context(), ref, []string{"cost"}); feature.KindOf(err) != feature.Invalid {
			t.Errorf("DeleteTags(%.80s) = %v; want Invalid", ref, err)
		}
	}
}
