package featurestore_test

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

func TestCreateGroupIsCreatedWithItsTableAndMarker(t *testing.T) {
	w := newWorld(t)
	g := w.create(asked("customer-features"))
	if g.Status != feature.Created || g.ID == 0 {
		t.Errorf("status %v, ID %d; want Created and an ID", g.Status, g.ID)
	}
	held, err := w.Group(t.Context(), "customer-features")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(held, g); diff != "" {
		t.Errorf("Group differs from what CreateGroup returned:\n%s", diff)
	}
	if _, err := w.tables.Table(t.Context(), "sagemaker_featurestore", "customer_features_1700000000"); err != nil {
		t.Errorf("its table: %v", err)
	}
	marker := bucket.ObjectRef{Bucket: "lake", Key: "fs/123456789012/sagemaker/us-east-1/offline-store/customer-features-1700000000/data/"}
	if o, err := w.buckets.Get(t.Context(), marker); err != nil || o.Size != 0 {
		t.Errorf("its marker: %+v, %v", o, err)
	}
}

func TestCreateGroupRefuses(t *testing.T) {
	w := newWorld(t)
	w.create(asked("taken"))
	cases := []struct {
		name, group, uri string
		kind             feature.Kind
		says             string
	}{
		{"taken name", "taken", "s3://lake", feature.Exists, "FeatureGroup with name taken already exists."},
		{"no bucket", "g", "s3://nowhere/x", feature.Invalid, "Invalid S3Uri provided"},
		{"bad name", "g_", "s3://lake", feature.Invalid, "feature group name"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := asked(c.group)
			g.Offline.S3URI = c.uri
			_, err := w.CreateGroup(t.Context(), g)
			if feature.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("CreateGroup = %v; want kind %d that says %q", err, c.kind, c.says)
			}
		})
	}
}

func TestOfConcurrentCreationsOfOneNameOneSucceeds(t *testing.T) {
	w := newWorld(t)
	var made atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			switch _, err := w.CreateGroup(t.Context(), asked("g")); {
			case err == nil:
				made.Add(1)
			case feature.KindOf(err) != feature.Exists:
				t.Errorf("CreateGroup = %v; want it made, or Exists", err)
			}
		})
	}
	wg.Wait()
	if g, err := w.Group(t.Context(), "g"); err != nil || g.Status != feature.Created || made.Load() != 1 {
		t.Errorf("made %d times: %+v, %v", made.Load(), g, err)
	}
}

func TestCreateGroupFailsIfItsTableIsTaken(t *testing.T) {
	w := newWorld(t)
	first, second := asked("first"), asked("second")
	first.Offline.Table = &feature.TableRef{Catalog: "AwsDataCatalog", Database: "mine", Table: "t"}
	second.Offline.Table = &feature.TableRef{Catalog: "AwsDataCatalog", Database: "mine", Table: "t"}
	w.create(first)
	g := w.create(second)
	if g.Status != feature.CreateFailed || g.Failure == "" {
		t.Errorf("status %v, failure %q; want CreateFailed and why", g.Status, g.Failure)
	}
	err := w.Put(t.Context(), &featurestore.Put{Group: "second"})
	if feature.KindOf(err) != feature.Conflict {
		t.Errorf("Put into it = %v; want Conflict", err)
	}
	if err := w.DeleteGroup(t.Context(), "second"); err != nil {
		t.Errorf("DeleteGroup = %v", err)
	}
}

func TestGroupMadeAgainWithinOneSecondGetsItsOwnLocation(t *testing.T) {
	w := newWorld(t)
	seen := map[string]bool{}
	for i := range 3 {
		g := w.create(asked("g"))
		if seen[g.Offline.Resolved] || seen[g.Offline.Table.Table] {
			t.Fatalf("round %d: the location %s or table %s is used again", i, g.Offline.Resolved, g.Offline.Table.Table)
		}
		seen[g.Offline.Resolved], seen[g.Offline.Table.Table] = true, true
		if want := int64(1700000000 + i); g.Created.Unix() != want {
			t.Errorf("round %d: created at %d; want %d", i, g.Created.Unix(), want)
		}
		if err := w.DeleteGroup(t.Context(), "g"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestGroupIsFoundByNameAndByARN(t *testing.T) {
	w := newWorld(t)
	g := w.create(onlineOnly("Customers"))
	lower := feature.GroupRef(strings.ToLower(g.ARN))
	for _, ref := range []feature.GroupRef{"Customers", feature.GroupRef(g.ARN), lower} {
		if found, err := w.Group(t.Context(), ref); err != nil || found.ID != g.ID {
			t.Errorf("Group(%s) = %v, %v", ref, found, err)
		}
	}
	if _, err := w.Group(t.Context(), "customers"); feature.KindOf(err) != feature.NotFound {
		t.Errorf("Group of the name in another case = %v; want NotFound", err)
	}
	w.create(onlineOnly("CUSTOMERS"))
	if _, err := w.Group(t.Context(), lower); feature.KindOf(err) != feature.NotFound {
		t.Errorf("Group of an ARN that two could mean = %v; want NotFound", err)
	}
}

func TestDeleteGroupKeepsTableObjectsAndJournal(t *testing.T) {
	w := newWorld(t)
	g := w.create(asked("g"))
	w.put("g", "a", "100", "1", 0)
	if err := w.DeleteGroup(t.Context(), feature.GroupRef(g.ARN)); err != nil {
		t.Fatal(err)
	}
	if err := w.DeleteGroup(t.Context(), "g"); feature.KindOf(err) != feature.NotFound {
		t.Errorf("DeleteGroup again = %v; want NotFound", err)
	}
	if _, err := w.tables.Table(t.Context(), g.Offline.Table.Database, g.Offline.Table.Table); err != nil {
		t.Errorf("its table: %v", err)
	}
	if n := len(w.entries(g.ID)); n != 1 {
		t.Errorf("%d entries wait; want 1", n)
	}
	w.create(asked("g"))
	if got := w.texts("g", "a"); got != nil {
		t.Errorf("a new group of the name holds %v", got)
	}
}

func TestResumeFinishesWhatACrashLeft(t *testing.T) {
	fs := vfs.NewMem()
	w := open(t, fs)
	if err := w.buckets.CreateBucket(t.Context(), "lake"); err != nil {
		t.Fatal(err)
	}
	place := feature.Place{Account: account, Region: region}
	for name, status := range map[string]feature.Status{"half": feature.Creating, "dying": feature.Deleting} {
		g, err := feature.NewGroup(asked(name), place, w.clock.Now(), false)
		if err != nil {
			t.Fatal(err)
		}
		g.Status = status
		if err := w.db.Groups().Create(t.Context(), g); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := w.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if g, err := w.Group(t.Context(), "half"); err != nil || g.Status != feature.Created {
		t.Errorf("the group that was Creating: %+v, %v", g, err)
	}
	w.put("half", "a", "1", "1", 0)
	if _, err := w.Group(t.Context(), "dying"); feature.KindOf(err) != feature.NotFound {
		t.Errorf("the group that was Deleting: %v; want NotFound", err)
	}
}

func TestGroupsFiltersAndSorts(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"b-two", "a-one", "c-three"} {
		w.create(asked(name))
		w.clock.add(time.Minute)
	}
	w.create(onlineOnly("d-four"))
	at := func(minute int) time.Time { return time.Unix(1700000000, 0).Add(time.Duration(minute) * time.Minute) }
	cases := []struct {
		name string
		l    featurestore.Listing
		want string
	}{
		{"newest first", featurestore.Listing{}, "d-four c-three a-one b-two"},
		{"oldest first", featurestore.Listing{Ascending: true}, "b-two a-one c-three d-four"},
		{"by name", featurestore.Listing{SortBy: featurestore.ByName, Ascending: true}, "a-one b-two c-three d-four"},
		{"by status, then name", featurestore.Listing{SortBy: featurestore.ByStatus}, "d-four c-three b-two a-one"},
		{"by offline status", featurestore.Listing{SortBy: featurestore.ByOfflineStatus, Ascending: true}, "d-four a-one b-two c-three"},
		{"name contains", featurestore.Listing{NameContains: "-t"}, "c-three b-two"},
		{"name contains, in another case", featurestore.Listing{NameContains: "T"}, ""},
		{"created after", featurestore.Listing{CreatedAfter: at(1)}, "d-four c-three"},
		{"created before", featurestore.Listing{CreatedBefore: at(1)}, "b-two"},
		{"status", featurestore.Listing{Status: feature.Deleting}, ""},
		{"offline active", featurestore.Listing{OfflineStatus: featurestore.OfflineActive}, "c-three a-one b-two"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			groups, next, err := w.Groups(t.Context(), c.l)
			if got := names(groups); err != nil || got != c.want || next != "" {
				t.Errorf("Groups = %q, token %q, %v; want %q", got, next, err, c.want)
			}
		})
	}
}

func TestGroupsPagesStayStableWhileGroupsComeAndGo(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		w.create(onlineOnly(name))
	}
	l := featurestore.Listing{SortBy: featurestore.ByName, Ascending: true, Limit: 2}
	var got []string
	for {
		page, next, err := w.Groups(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Fields(names(page))...)
		if next == "" {
			break
		}
		l.Token = next
		if len(got) == 2 {
			if err := w.DeleteGroup(t.Context(), "b"); err != nil {
				t.Fatal(err)
			}
			w.create(onlineOnly("a1"))
		}
	}
	if want := []string{"a", "b", "c", "d", "e"}; !slices.Equal(got, want) {
		t.Errorf("pages = %v; want %v", got, want)
	}
}

func TestGroupsRefusesTokens(t *testing.T) {
	w := newWorld(t)
	w.create(onlineOnly("a"))
	w.create(onlineOnly("b"))
	_, next, err := w.Groups(t.Context(), featurestore.Listing{Limit: 1})
	if err != nil || next == "" {
		t.Fatalf("token %q, %v", next, err)
	}
	for _, l := range []featurestore.Listing{{Token: "no token"}, {Token: next, Ascending: true}, {Token: next, SortBy: featurestore.ByName}} {
		if _, _, err := w.Groups(t.Context(), l); feature.KindOf(err) != feature.Invalid {
			t.Errorf("Groups(%+v) = %v; want Invalid", l, err)
		}
	}
}

func names(groups []*feature.Group) string {
	all := []string{}
	for _, g := range groups {
		all = append(all, string(g.Name))
	}
	return strings.Join(all, " ")
}
