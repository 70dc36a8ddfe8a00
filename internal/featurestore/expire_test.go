package featurestore_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// start is where the clock of a world stands.
const start = 1700000000

func seconds(n int64) *feature.TTL { return &feature.TTL{Unit: feature.Seconds, Value: n} }

// living is a put of id at start+at, with a time to live.
func (w *world) living(group feature.GroupRef, id string, at int64, ttl *feature.TTL) *featurestore.Put {
	return &featurestore.Put{
		Group:  group,
		Fields: []feature.Field{{Name: "id", Text: id}, {Name: "at", Text: strconv.FormatInt(start+at, 10)}},
		TTL:    ttl, Accepted: w.clock.Now(),
	}
}

func (w *world) mustPut(p *featurestore.Put) {
	w.t.Helper()
	if err := w.Put(w.t.Context(), p); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) expire() int {
	w.t.Helper()
	n, err := w.Expire(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// history tells of each entry its identifier, its event time, and what it did.
func (w *world) history(g *feature.Group) []string {
	w.t.Helper()
	all := []string{}
	for _, e := range w.entries(g.ID) {
		all = append(all, fmt.Sprintf("%s %s deleted=%t outcome=%d", e.Record.ID, e.Record.EventTime, e.Record.Deleted, e.Outcome))
	}
	return all
}

func TestGetHidesARecordFromItsExpiryOn(t *testing.T) {
	w := newWorld(t)
	w.create(asked("g"))
	w.mustPut(w.living("g", "a", 0, seconds(30)))
	found, err := w.Get(t.Context(), "g", "a", []feature.Name{"id"})
	if err != nil {
		t.Fatal(err)
	}
	if want := (feature.EventTime{Sec: start + 30}); found == nil || found.Expires == nil || *found.Expires != want {
		t.Fatalf("found %+v; want it to expire at %s", found, want)
	}
	w.clock.add(30*time.Second - time.Nanosecond)
	if w.texts("g", "a") == nil {
		t.Error("the record is hidden before its expiry")
	}
	w.clock.add(time.Nanosecond)
	if got := w.texts("g", "a"); got != nil {
		t.Errorf("held at its expiry: %v", got)
	}
	if b := w.BatchGet(t.Context(), []featurestore.Want{{Group: "g", IDs: []string{"a", "b"}}}); b[0].Err != nil || b[0].Found[0] != nil {
		t.Errorf("BatchGet at its expiry: %+v", b[0])
	}
}

func TestTTLOfTheRecordBeatsThatOfTheGroup(t *testing.T) {
	w := newWorld(t)
	g := asked("g")
	g.Online.TTL = &feature.TTL{Unit: feature.Minutes, Value: 1}
	w.create(g)
	w.mustPut(w.living("g", "group's", 0, nil))
	w.mustPut(w.living("g", "own", 0, seconds(10)))
	expires := func(id string) int64 {
		found, err := w.Get(t.Context(), "g", id, nil)
		if err != nil || found == nil || found.Expires == nil {
			t.Fatalf("Get %s = %+v, %v; want a record that expires", id, found, err)
		}
		return found.Expires.Sec - start
	}
	if own, groups := expires("own"), expires("group's"); own != 10 || groups != 60 {
		t.Errorf("expire after %d and %d s; want 10 and 60", own, groups)
	}
}

func TestTTLNeedsAnOnlineStoreToExpireFrom(t *testing.T) {
	w := newWorld(t)
	g := asked("offline")
	g.Online = nil
	w.create(g)
	w.create(asked("both"))
	put := w.living("both", "a", 0, seconds(10))
	put.Stores = feature.OfflineStore
	for _, p := range []*featurestore.Put{put, w.living("offline", "a", 0, seconds(10)), w.living("both", "a", 0, seconds(0)), w.living("both", "a", 0, &feature.TTL{Unit: "Years", Value: 1})} {
		if err := w.Put(t.Context(), p); feature.KindOf(err) != feature.Invalid {
			t.Errorf("Put into %s to stores %d for %+v = %v; want Invalid", p.Group, p.Stores, p.TTL, err)
		}
	}
}

func TestPutThatHasExpiredAlreadyGoesOfflineAndHidesWhatItReplaces(t *testing.T) {
	w := newWorld(t)
	g := w.create(asked("g"))
	w.mustPut(w.living("g", "a", -100, nil))
	w.mustPut(w.living("g", "a", -50, seconds(50)))
	if got := w.texts("g", "a"); got != nil {
		t.Errorf("held: %v", got)
	}
	// Nothing is held, so an older event time is let in.
	w.mustPut(w.living("g", "a", -200, nil))
	if got := w.texts("g", "a", "at"); !slices.Equal(got, []string{strconv.Itoa(start - 200)}) {
		t.Errorf("held after an older put: %v", got)
	}
	want := []string{
		"a 2023-11-14T22:11:40Z deleted=false outcome=2", "a 2023-11-14T22:12:30Z deleted=false outcome=3", "a 2023-11-14T22:10:00Z deleted=false outcome=2",
	}
	if diff := cmp.Diff(want, w.history(g)); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestExpireWritesOneMarkerARecord(t *testing.T) {
	w := newWorld(t)
	g, online := w.create(asked("g")), w.create(onlineOnly("online"))
	w.mustPut(w.living("g", "a", 0, seconds(10)))
	w.mustPut(w.living("g", "b", 5, seconds(10)))
	w.mustPut(w.living("g", "c", 0, nil))
	w.mustPut(w.living("online", "a", 0, seconds(10)))
	w.clock.add(10 * time.Second)
	if n := w.expire(); n != 2 {
		t.Errorf("Expire removed %d; want 2", n)
	}
	w.clock.add(5 * time.Second)
	if n := w.expire(); n != 1 {
		t.Errorf("Expire removed %d; want 1", n)
	}
	if n := w.expire(); n != 0 {
		t.Errorf("Expire removed %d once nothing was left; want 0", n)
	}
	want := []string{
		"a 2023-11-14T22:13:20Z deleted=false outcome=2", "b 2023-11-14T22:13:25Z deleted=false outcome=2", "c 2023-11-14T22:13:20Z deleted=false outcome=2",
		"a 2023-11-14T22:13:30Z deleted=true outcome=3", "b 2023-11-14T22:13:35Z deleted=true outcome=3",
	}
	if diff := cmp.Diff(want, w.history(g)); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	if n := len(w.entries(online.ID)); n != 0 {
		t.Errorf("%d entries of a group without an offline store; want 0", n)
	}
	if w.texts("g", "c") == nil {
		t.Error("a record without a time to live is gone")
	}
}

func TestAWriteToWhatHasExpiredWritesItsMarkerFirst(t *testing.T) {
	w := newWorld(t)
	g := w.create(asked("g"))
	w.mustPut(w.living("g", "a", 0, seconds(10)))
	w.clock.add(time.Minute)
	w.mustPut(w.living("g", "a", -10, nil)) // older, and let in: nothing is held any more
	if w.texts("g", "a") == nil {
		t.Error("a put after the expiry is not held")
	}
	if n := w.expire(); n != 0 {
		t.Errorf("Expire removed %d; want 0", n)
	}
	want := []string{
		"a 2023-11-14T22:13:20Z deleted=false outcome=2", "a 2023-11-14T22:13:30Z deleted=true outcome=3", "a 2023-11-14T22:13:10Z deleted=false outcome=2",
	}
	if diff := cmp.Diff(want, w.history(g)); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestExpireIsBoundedInEachGroup(t *testing.T) {
	w := newWorld(t)
	w.create(onlineOnly("many"))
	w.create(onlineOnly("zfew"))
	puts := make([]featurestore.Put, featurestore.ExpiryRound+5)
	for i := range puts {
		puts[i] = *w.living("many", strconv.Itoa(i), int64(i%7), seconds(1))
	}
	for i, err := range w.BatchPut(t.Context(), puts) {
		if err != nil {
			t.Fatalf("put %d: %v", i, err)
		}
	}
	w.mustPut(w.living("zfew", "a", 0, seconds(1)))
	w.clock.add(time.Minute)
	if n := w.expire(); n != featurestore.ExpiryRound+1 {
		t.Errorf("the first round removed %d; want %d of the one group and 1 of the other", n, featurestore.ExpiryRound)
	}
	if n := w.expire(); n != 5 {
		t.Errorf("the second round removed %d; want 5", n)
	}
}

// TestExpireSparesWhatIsRenewed renews records while rounds remove them: what a put held last is
// there, whoever came first.
func TestExpireSparesWhatIsRenewed(t *testing.T) {
	w := newWorld(t)
	w.create(asked("g"))
	const records = 20
	for round := range 20 {
		for i := range records {
			w.mustPut(w.living("g", strconv.Itoa(i), int64(3*round), seconds(1)))
		}
		w.clock.add(3 * time.Second)
		var renewing sync.WaitGroup
		for i := range records {
			renewing.Go(func() {
				if err := w.Put(t.Context(), w.living("g", strconv.Itoa(i), int64(3*round+1), seconds(1000))); err != nil {
					t.Error(err)
				}
			})
		}
		renewing.Go(func() { w.expire() })
		renewing.Wait()
		for i := range records {
			if w.texts("g", strconv.Itoa(i)) == nil {
				t.Fatalf("round %d: record %d was renewed, and is gone", round, i)
			}
		}
	}
}

func TestRunRemovesUntilItIsToldToEnd(t *testing.T) {
	w := newWorld(t)
	g := w.create(asked("g"))
	w.mustPut(w.living("g", "a", -10, seconds(15)))
	w.clock.add(5 * time.Second)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- w.Run(ctx) }()
	for len(w.entries(g.ID)) < 2 && t.Context().Err() == nil {
		runtime.Gosched()
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run = %v; want nil", err)
	}
}

// broken is the records of a backend that cannot say of one group what has expired.
type broken struct {
	feature.Records
	group feature.GroupID
}

var errBroken = errors.New("the disk is on fire")

func (b broken) Expired(ctx context.Context, g feature.GroupID, by time.Time, limit int) ([]string, error) {
	if g == b.group {
		return nil, errBroken
	}
	return b.Records.Expired(ctx, g, by, limit)
}

func (b broken) Scan(context.Context, feature.GroupID, string) iter.Seq2[*feature.Record, error] {
	return func(yield func(*feature.Record, error) bool) { yield(nil, errBroken) }
}

func TestExpireOfAGroupThatFailsLeavesTheOthersAlone(t *testing.T) {
	w := newWorld(t)
	bad := w.create(onlineOnly("bad"))
	w.create(onlineOnly("good"))
	w.mustPut(w.living("good", "a", 0, seconds(1)))
	w.clock.add(time.Second)
	s := featurestore.New(w.db.Groups(), broken{w.db.Records(), bad.ID}, w.tables, w.buckets, featurestore.Options{Account: account, Region: region, Now: w.clock.Now})
	if n, err := s.Expire(t.Context()); n != 1 || !errors.Is(err, errBroken) {
		t.Errorf("Expire = %d, %v; want 1, and the error of the other group", n, err)
	}
	if _, _, err := s.Records(t.Context(), featurestore.RecordListing{Group: "good"}); !errors.Is(err, errBroken) || feature.KindOf(err) != feature.Fault {
		t.Errorf("Records = %v; want the fault", err)
	}
}
