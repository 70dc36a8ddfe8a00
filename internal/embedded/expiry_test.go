package embedded

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/larder-dev/larder/internal/feature"
)

// wantExpiries says so if the index of expiries has a key that no held record stands for, or lacks
// one, in any group.
func wantExpiries(t rapid.TB, s *Store) {
	t.Helper()
	var want, got []string
	for row, err := range rows(s.db, []byte{recordKeys}, []byte{recordKeys + 1}, nil) {
		if err != nil {
			t.Fatal(err)
		}
		g, id, err := splitNumberKey(row.key)
		if err != nil {
			t.Fatal(err)
		}
		r, err := decodeRecord(row.value)
		if err != nil {
			t.Fatal(err)
		}
		if r.ID != string(id) {
			t.Errorf("the record under %q is of %q", row.key, r.ID)
		}
		if at, ok := r.Expiry(); ok {
			want = append(want, fmt.Sprintf("group %d at %v: %q", g, at, id))
		}
	}
	for row, err := range rows(s.db, []byte{expiryKeys}, []byte{expiryKeys + 1}, nil) {
		if err != nil {
			t.Fatal(err)
		}
		g, at, id, err := splitExpiryKey(row.key)
		if err != nil {
			t.Fatal(err)
		}
		if len(row.value) != 0 {
			t.Errorf("the key %q has the value %q", row.key, row.value)
		}
		got = append(got, fmt.Sprintf("group %d at %v: %q", g, at, id))
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("the index of expiries (-want, by the records +got):\n%s", diff)
	}
}

// A life is a store, reopened now and then, and the groups in it.
type life struct {
	mem    *vfs.MemFS
	s      *Store
	groups []*feature.Group
	made   int
}

func (l *life) open(rt *rapid.T) {
	s, err := Open("", l.mem, Options{})
	if err != nil {
		rt.Fatal(err)
	}
	l.s = s
}

func (l *life) newGroup(rt *rapid.T) {
	l.made++
	g := sampleGroup(feature.GroupName(fmt.Sprint("g", l.made)))
	if err := l.s.Groups().Create(rt.Context(), g); err != nil {
		rt.Fatal(err)
	}
	l.groups = append(l.groups, g)
}

func (l *life) deleteGroup(rt *rapid.T) {
	if len(l.groups) < 2 {
		l.newGroup(rt)
		return
	}
	i := rapid.IntRange(0, len(l.groups)-1).Draw(rt, "group to delete")
	if err := l.s.Groups().Delete(rt.Context(), l.groups[i].Name); err != nil {
		rt.Fatal(err)
	}
	l.groups = slices.Delete(l.groups, i, i+1)
}

// do carries out a put, a delete or an expiry by the rules of the feature store.
func (l *life) do(rt *rapid.T) {
	g := rapid.SampledFrom(l.groups).Draw(rt, "group")
	id := rapid.SampledFrom([]string{"", "\x00", "a", "a\x00", "\xff"}).Draw(rt, "id")
	r := &feature.Record{ID: id, Values: []feature.Value{{Ordinal: 0, Text: id}}}
	r.EventTime.Sec = rapid.OneOf(rapid.Int64Range(-20, 20), rapid.Int64Range(-62167219200, 253402300799)).Draw(rt, "sec")
	r.EventTime.Nsec = rapid.OneOf(rapid.Just(int32(0)), rapid.Int32Range(0, 999_999_999)).Draw(rt, "nsec")
	r.TTL = rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(1, 20), rapid.Int64Range(1, 400_000_000_000)).Draw(rt, "ttl")
	accepted := time.Unix(rapid.Int64Range(-30, 30).Draw(rt, "accepted"), 0)
	what := rapid.IntRange(0, 9).Draw(rt, "what")
	err := l.s.Records().Do(rt.Context(), g, id, func(held *feature.Record) (feature.Decision, error) {
		switch what {
		case 0, 1:
			r.Deleted = true
			return feature.DecideDelete(g, held, r, feature.DeleteMode(what), feature.OnlineStore|feature.OfflineStore, accepted)
		case 2:
			return feature.DecideExpire(g, held, accepted)
		case 3:
			return feature.DecidePut(g, held, r, feature.OfflineStore, accepted), nil
		case 4:
			return feature.DecidePut(g, held, r, feature.OnlineStore, accepted), nil
		}
		return feature.DecidePut(g, held, r, feature.OnlineStore|feature.OfflineStore, accepted), nil
	})
	if err != nil && feature.KindOf(err) != feature.NotFound && feature.KindOf(err) != feature.Invalid {
		rt.Fatal(err)
	}
}

func (l *life) reopen(rt *rapid.T) {
	if err := l.s.Close(); err != nil {
		rt.Fatal(err)
	}
	l.open(rt)
}

// The index of expiries says what a scan of the records would, after any history.
func TestExpiriesAreThoseOfTheRecords(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := &life{mem: vfs.NewMem()}
		l.open(rt)
		defer func() {
			if err := l.s.Close(); err != nil {
				rt.Error(err)
			}
		}()
		l.newGroup(rt)
		// Several puts for each of the others.
		rt.Repeat(map[string]func(*rapid.T){
			"do": l.do, "do 2": l.do, "do 3": l.do, "do 4": l.do,
			"new group": l.newGroup, "delete group": l.deleteGroup, "reopen": l.reopen,
			"": func(rt *rapid.T) { wantExpiries(rt, l.s) },
		})
	})
}

func TestExpiryKeysSortByGroupInstantAndIdentifier(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var keys [2][]byte
		var groups [2]feature.GroupID
		var instants [2]feature.EventTime
		var ids [2]string
		for i := range keys {
			groups[i] = feature.GroupID(rapid.Uint64Range(1, 300).Draw(rt, "group"))
			instants[i].Sec = rapid.OneOf(rapid.Int64Range(-3, 3), rapid.Int64()).Draw(rt, "sec")
			instants[i].Nsec = rapid.Int32Range(0, 999_999_999).Draw(rt, "nsec")
			ids[i] = rapid.String().Draw(rt, "id")
			keys[i] = expiryKey(groups[i], instants[i], ids[i])
			if g, at, id, err := splitExpiryKey(keys[i]); err != nil || g != groups[i] || at != instants[i] || id != ids[i] {
				rt.Errorf("the key of %d, %v, %q is taken for that of %d, %v, %q; %v", groups[i], instants[i], ids[i], g, at, id, err)
			}
		}
		want := cmp.Or(cmp.Compare(groups[0], groups[1]), instants[0].Compare(instants[1]), cmp.Compare(ids[0], ids[1]))
		if got := bytes.Compare(keys[0], keys[1]); got != want {
			rt.Errorf("keys of %v and %v in %v compare as %d, want %d", instants, ids, groups, got, want)
		}
	})
}
