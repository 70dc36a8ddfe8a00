package featurestore_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// pages lists by pages of a limit, and returns them.
func (w *world) pages(l featurestore.RecordListing) [][]string {
	w.t.Helper()
	var all [][]string
	for {
		ids, next, err := w.Records(w.t.Context(), l)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, ids)
		if next == "" {
			return all
		}
		l.Token = next
	}
}

func TestRecordsAreListedInTheOrderOfTheirBytes(t *testing.T) {
	w := newWorld(t)
	w.create(onlineOnly("g"))
	for _, id := range []string{"b", "é", "a\x00", "B", "😀", "a", "a b/c", "\x7f"} {
		w.put("g", id, "1", "1", 0)
	}
	want := [][]string{{"B", "a", "a\x00"}, {"a b/c", "b", "\x7f"}, {"é", "😀"}}
	if diff := cmp.Diff(want, w.pages(featurestore.RecordListing{Group: "g", Limit: 3})); diff != "" {
		t.Errorf("pages of 3 (-want +got):\n%s", diff)
	}
	if got := w.pages(featurestore.RecordListing{Group: feature.GroupRef("arn:aws:sagemaker:us-east-1:" + account + ":feature-group/g"), Limit: 8}); len(got) != 1 {
		t.Errorf("%d pages of 8 of 8 records; want one without a token", len(got))
	}
}

func TestRecordsOfNothing(t *testing.T) {
	w := newWorld(t)
	w.create(onlineOnly("g"))
	ids, next, err := w.Records(t.Context(), featurestore.RecordListing{Group: "g"})
	if err != nil || ids == nil || len(ids) != 0 || next != "" {
		t.Errorf("Records = %v, %q, %v; want an empty list and no token", ids, next, err)
	}
}

// TestRecordsAreAPageOfWhatIsHeld compares listings with what was put, deleted and has expired.
func TestRecordsAreAPageOfWhatIsHeld(t *testing.T) {
	w := newWorld(t)
	groups := 0
	rapid.Check(t, func(t *rapid.T) {
		groups++
		name := fmt.Sprint("g", groups)
		w.create(onlineOnly(name))
		var visible, deleted []string
		for _, id := range rapid.SliceOfDistinct(rapid.StringN(1, 8, -1), func(s string) string { return s }).Draw(t, "ids") {
			put := w.living(feature.GroupRef(name), id, 0, nil)
			switch rapid.IntRange(0, 3).Draw(t, "state") {
			case 0:
				deleted = append(deleted, id)
				if err := w.delete(name, id, strconv.Itoa(start), feature.SoftDelete); err != nil {
					t.Fatal(err)
				}
				continue
			case 1:
				put.Fields[1].Text, put.TTL = strconv.Itoa(start-1), seconds(2)
				put.Accepted = w.clock.Now().Add(-time.Hour)
			default:
				visible = append(visible, id)
			}
			w.mustPut(put)
		}
		w.clock.add(time.Second)
		l := featurestore.RecordListing{Group: feature.GroupRef(name), Limit: rapid.IntRange(1, 5).Draw(t, "limit"), Deleted: rapid.Bool().Draw(t, "deleted")}
		want := visible
		if l.Deleted {
			want = append(want, deleted...)
		}
		slices.Sort(want)
		pages := w.pages(l)
		if got := slices.Concat(pages...); !slices.Equal(got, want) {
			t.Fatalf("listed %q; want %q", got, want)
		}
		for i, page := range pages[:len(pages)-1] {
			if len(page) != l.Limit {
				t.Fatalf("page %d of %d has %d identifiers; want %d", i, len(pages), len(page), l.Limit)
			}
		}
		if last := len(pages[len(pages)-1]); last == 0 && len(pages) > 1 {
			t.Fatal("a token led to nothing")
		}
		w.clock.add(-time.Second)
	})
}

func TestRecordsPassesOverABoundedNumberOfTombstones(t *testing.T) {
	w := newWorld(t)
	w.create(onlineOnly("g"))
	const tombstones = 2*featurestore.MaxHidden + 3
	for i := range tombstones {
		if err := w.delete("g", fmt.Sprintf("d%06d", i), "1", feature.SoftDelete); err != nil {
			t.Fatal(err)
		}
	}
	w.put("g", "a", "1", "1", 0)
	w.put("g", "z", "1", "1", 0)
	want := [][]string{{"a"}, {}, {"z"}}
	if diff := cmp.Diff(want, w.pages(featurestore.RecordListing{Group: "g"})); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	ids, next, err := w.Records(t.Context(), featurestore.RecordListing{Group: "g", Deleted: true})
	if err != nil || len(ids) != 100 || next == "" {
		t.Errorf("with deleted records: %d identifiers, token %q, %v; want 100 and a token", len(ids), next, err)
	}
}

func TestRecordsRefusesForeignTokens(t *testing.T) {
	w := newWorld(t)
	w.create(onlineOnly("g"))
	w.create(onlineOnly("other"))
	for _, group := range []string{"g", "other"} {
		w.put(group, "a", "1", "1", 0)
		w.put(group, "b", "1", "1", 0)
	}
	token := func(l featurestore.RecordListing) string {
		t.Helper()
		l.Limit = 1
		_, next, err := w.Records(t.Context(), l)
		if err != nil || next == "" {
			t.Fatalf("Records = %q, %v; want a token", next, err)
		}
		return next
	}
	good := token(featurestore.RecordListing{Group: "g"})
	changed := []byte(good)
	changed[0] ^= 1
	bytes, err := base64.RawURLEncoding.DecodeString(good)
	if err != nil {
		t.Fatal(err)
	}
	bytes[len(bytes)-5] ^= 1
	for name, text := range map[string]string{
		"of another group": token(featurestore.RecordListing{Group: "other"}), "of another flag": token(featurestore.RecordListing{Group: "g", Deleted: true}),
		"cut": good[:len(good)-2], "short": "AQ", "no base64": "?", "padded": good + "==", "changed": string(changed), "another place": base64.RawURLEncoding.EncodeToString(bytes),
	} {
		if _, _, err := w.Records(t.Context(), featurestore.RecordListing{Group: "g", Token: text}); feature.KindOf(err) != feature.Invalid {
			t.Errorf("a token %s: %v; want Invalid", name, err)
		}
	}
	if ids, next, err := w.Records(t.Context(), featurestore.RecordListing{Group: "g", Token: good}); err != nil || next != "" || !slices.Equal(ids, []string{"b"}) {
		t.Errorf("the second page = %v, %q, %v", ids, next, err)
	}
	if err := w.DeleteGroup(t.Context(), "g"); err != nil {
		t.Fatal(err)
	}
	w.create(onlineOnly("g"))
	if _, _, err := w.Records(t.Context(), featurestore.RecordListing{Group: "g", Token: good}); feature.KindOf(err) != feature.Invalid {
		t.Errorf("a token of a group that was deleted and made again: %v; want Invalid", err)
	}
}

func TestRecordsNeedAnOnlineStore(t *testing.T) {
	w := newWorld(t)
	g := asked("offline")
	g.Online = nil
	w.create(g)
	for ref, kind := range map[feature.GroupRef]feature.Kind{"offline": feature.Invalid, "none": feature.NotFound, "no name": feature.Invalid} {
		if _, _, err := w.Records(t.Context(), featurestore.RecordListing{Group: ref}); feature.KindOf(err) != kind {
			t.Errorf("Records of %s = %v; want kind %d", ref, err, kind)
		}
	}
}
