package backendtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/larder-dev/larder/internal/feature"
)

// Catalog tests a feature.Catalog, together with the feature.Records of the same backend.
func Catalog(t *testing.T, open Open) {
	t.Run("CreatedGroupIsRead", func(t *testing.T) { catalogCreate(t, open(t)) })
	t.Run("NameIsTakenOnce", func(t *testing.T) { catalogExists(t, open(t)) })
	t.Run("UpdateIsSeen", func(t *testing.T) { catalogUpdate(t, open(t)) })
	t.Run("UpdatesAreNotLost", func(t *testing.T) { catalogUpdateRace(t, open(t)) })
	t.Run("ListIsSorted", func(t *testing.T) { catalogList(t, open(t)) })
	t.Run("DeleteTakesOnlineRecords", func(t *testing.T) { catalogDelete(t, open(t)) })
	t.Run("PutRacingWithDeleteBringsNothingBack", func(t *testing.T) { catalogDeleteRace(t, open(t)) })
}

func catalogCreate(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	if g.ID == 0 {
		t.Error("Create left the ID 0")
	}
	first, err := s.Groups.Get(t.Context(), "a")
	must(t, err)
	wantSame(t, "Get", g, first)

	want := sampleGroup("a")
	want.ID = g.ID
	g.Definitions[0].Name, g.Tags[0].Key, g.Offline.Table.Table = "changed", "changed", "changed"
	got, err := s.Groups.Get(t.Context(), "a")
	must(t, err)
	wantSame(t, "Get after the caller changed what it had given", want, got)

	bare := &feature.Group{Name: "b"}
	must(t, s.Groups.Create(t.Context(), bare))
	got, err = s.Groups.Get(t.Context(), "b")
	must(t, err)
	wantSame(t, "Get of a group without stores", &feature.Group{Name: "b", ID: bare.ID}, got)
	_, err = s.Groups.Get(t.Context(), "c")
	wantKind(t, "Get of no group", err, feature.NotFound)
}

func catalogExists(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	wantKind(t, "Create again", s.Groups.Create(t.Context(), sampleGroup("a")), feature.Exists)
	got, err := s.Groups.Get(t.Context(), "a")
	must(t, err)
	if got.ID != g.ID {
		t.Errorf("the group has ID %d after a refused Create, want %d", got.ID, g.ID)
	}
}

func catalogUpdate(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	before, err := s.Groups.Get(t.Context(), "a")
	must(t, err)
	want := sampleGroup("a")
	want.ID = g.ID
	want.Definitions = append(want.Definitions, feature.Definition{Name: "colour", Type: feature.String})
	want.Tags[0].Value = "b"
	got, err := s.Groups.Update(t.Context(), "a", func(g *feature.Group) error {
		g.Definitions = append(g.Definitions, feature.Definition{Name: "colour", Type: feature.String})
		g.Tags[0].Value = "b"
		return nil
	})
	must(t, err)
	wantSame(t, "Update", want, got)
	after, err := s.Groups.Get(t.Context(), "a")
	must(t, err)
	wantSame(t, "Get after Update", want, after)
	if before.Tags[0].Value != "a" || len(before.Definitions) != 3 {
		t.Error("Update changed a group that was handed out before")
	}

	refused := errors.New("refused")
	if _, err := s.Groups.Update(t.Context(), "a", func(g *feature.Group) error {
		g.Description = "half"
		return refused
	}); !errors.Is(err, refused) {
		t.Errorf("Update returned %v, want what change returned", err)
	}
	after, err = s.Groups.Get(t.Context(), "a")
	must(t, err)
	wantSame(t, "Get after a refused Update", want, after)
	_, err = s.Groups.Update(t.Context(), "b", func(*feature.Group) error { return nil })
	wantKind(t, "Update of no group", err, feature.NotFound)
}

func catalogUpdateRace(t *testing.T, s Stores) {
	newGroup(t, s, "a")
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			_, err := s.Groups.Update(t.Context(), "a", func(g *feature.Group) error {
				g.Tags = append(g.Tags, feature.Tag{Key: fmt.Sprint(i)})
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	g, err := s.Groups.Get(t.Context(), "a")
	must(t, err)
	if len(g.Tags) != 21 {
		t.Errorf("%d tags after 20 updates that each added one to the first, want 21", len(g.Tags))
	}
}

func catalogList(t *testing.T, s Stores) {
	for _, name := range []feature.GroupName{"b", "a-1", "a", "C", "a_1"} {
		newGroup(t, s, name)
	}
	must(t, s.Groups.Delete(t.Context(), "b"))
	wantSame(t, "List", []feature.GroupName{"C", "a", "a-1", "a_1"}, groupNames(t, s))
	for range s.Groups.List(t.Context()) {
		break
	}
}

func groupNames(t *testing.T, s Stores) []feature.GroupName {
	var names []feature.GroupName
	for g, err := range s.Groups.List(t.Context()) {
		must(t, err)
		names = append(names, g.Name)
	}
	return names
}

func catalogDelete(t *testing.T, s Stores) {
	a, other := newGroup(t, s, "a"), newGroup(t, s, "other")
	put(t, s, a, record("1", 10, "5"))
	put(t, s, other, record("1", 10, "6"))
	must(t, s.Groups.Delete(t.Context(), "a"))
	_, err := s.Groups.Get(t.Context(), "a")
	wantKind(t, "Get after Delete", err, feature.NotFound)
	wantKind(t, "Delete again", s.Groups.Delete(t.Context(), "a"), feature.NotFound)
	wantKind(t, "Do after Delete", s.Records.Do(t.Context(), a, "1", newestWins(record("1", 20, "5"))), feature.NotFound)
	errs := s.Records.DoAll(t.Context(), []feature.Step{
		{Group: a, ID: "1", Decide: newestWins(record("1", 20, "5"))}, {Group: other, ID: "1", Decide: newestWins(record("1", 20, "7"))},
	})
	wantKind(t, "a step of the group after Delete", errs[0], feature.NotFound)
	must(t, errs[1])
	wantRecords(t, s, a.ID, []string{"1"}, nil)
	wantRecords(t, s, other.ID, []string{"1"}, record("1", 20, "7"))

	again := newGroup(t, s, "a")
	if again.ID == a.ID {
		t.Errorf("the ID %d was used again", a.ID)
	}
	wantRecords(t, s, again.ID, []string{"1"}, nil)
	must(t, s.Groups.Delete(t.Context(), "a"))
	if third := newGroup(t, s, "a"); slices.Contains([]feature.GroupID{a.ID, again.ID}, third.ID) {
		t.Errorf("the ID %d was used again", third.ID)
	}
}

func catalogDeleteRace(t *testing.T, s Stores) {
	for round := range 20 {
		g := newGroup(t, s, "a")
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for i := range 50 {
					id := fmt.Sprint(w, i)
					err := s.Records.Do(t.Context(), g, id, newestWins(record(id, 1, "1")))
					if feature.KindOf(err) == feature.NotFound {
						return
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		must(t, s.Groups.Delete(t.Context(), "a"))
		wg.Wait()
		for w := range 8 {
			for i := range 50 {
				wantRecords(t, s, g.ID, []string{fmt.Sprint(w, i)}, nil)
			}
		}
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
}

// Held returns what Records.Get shows, one record for each id: nil where it shows none.
func Held(ctx context.Context, r feature.Records, g feature.GroupID, ids []string) ([]*feature.Record, error) {
	held := make([]*feature.Record, len(ids))
	err := r.Get(ctx, g, ids, func(i int, r *feature.Record) bool {
		kept := *r
		kept.Values = append([]feature.Value(nil), r.Values...)
		held[i] = &kept
		// They are show's: who reads them after must not find them.
		for i := range r.Values {
			r.Values[i] = feature.Value{Ordinal: -1, Text: "written over"}
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	return held, nil
}

// wantRecords says so if Get does not return these.
func wantRecords(t tester, s Stores, g feature.GroupID, ids []string, want ...*feature.Record) {
	t.Helper()
	got, err := Held(t.Context(), s.Records, g, ids)
	must(t, err)
	wantSame(t, fmt.Sprintf("Get %q", ids), want, got)
}
