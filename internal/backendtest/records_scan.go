package backendtest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/larder-dev/larder/internal/feature"
)

// oddIDs are identifiers that a backend may get wrong, in the order of their bytes.
var oddIDs = []string{"", "\x00", "\x00\x00", "\x00\xff", " ", "0", "00", "1", "10", "2", "A", "a", "a\x00", "a\x00b", "a/b", "a\xff", "b", "ünï", "\xff", "\xff\xff"}

// identifiers returns those of a scan.
func identifiers(t tester, all iter.Seq2[*feature.Record, error]) []string {
	t.Helper()
	var ids []string
	for r, err := range all {
		must(t, err)
		ids = append(ids, r.ID)
	}
	return ids
}

func recordsScan(t *testing.T, s Stores) {
	g, before, after := newGroup(t, s, "a"), newGroup(t, s, "b"), newGroup(t, s, "c")
	if ids := identifiers(t, s.Records.Scan(t.Context(), g.ID, "")); len(ids) != 0 {
		t.Errorf("Scan of nothing yields %q", ids)
	}
	for i := range oddIDs {
		id := oddIDs[(i*7)%len(oddIDs)] // in some order
		put(t, s, g, record(id, int64(i), "5"))
		put(t, s, before, record(id+"x", 1, "6"))
		put(t, s, after, record(id+"y", 1, "7"))
	}
	wantSame(t, "Scan", oddIDs, identifiers(t, s.Records.Scan(t.Context(), g.ID, "")))
	for i, id := range oddIDs {
		if i > 0 {
			wantSame(t, fmt.Sprintf("Scan after %q", id), oddIDs[i+1:], append([]string{}, identifiers(t, s.Records.Scan(t.Context(), g.ID, id))...))
		}
	}
	wantSame(t, "Scan after what is not held", []string{"a\xff", "b", "ünï", "\xff", "\xff\xff"}, identifiers(t, s.Records.Scan(t.Context(), g.ID, "ab")))

	put(t, s, g, tombstone("a", 100))
	expired := record("b", 100, "5")
	expired.TTL = 1
	put(t, s, g, expired)
	must(t, s.Records.Do(t.Context(), g, "A", func(*feature.Record) (feature.Decision, error) {
		return feature.Decision{Outcome: feature.OnlineRemoved}, nil
	}))
	var got []*feature.Record
	for r, err := range s.Records.Scan(t.Context(), g.ID, "2") {
		must(t, err)
		if got = append(got, r); len(got) == 7 {
			break
		}
	}
	wantSame(t, "identifiers after a delete, an expiry and a removal", []string{"a", "a\x00", "a\x00b", "a/b", "a\xff", "b", "ünï"}, identifiersOf(got))
	wantSame(t, "the tombstone", tombstone("a", 100), got[0])
	wantSame(t, "what has expired", expired, got[5])
}

func identifiersOf(all []*feature.Record) []string {
	var ids []string
	for _, r := range all {
		ids = append(ids, r.ID)
	}
	return ids
}

// A scan beside writers yields what is held throughout, once, and each of the others at most once.
func recordsScanRace(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	const stay, writers = 9000, 30
	var filling sync.WaitGroup
	for w := range writers {
		filling.Go(func() {
			for i := w; i < stay; i += writers {
				// Some are the next of others: nothing is between them.
				id := fmt.Sprintf("%06d", i/3) + strings.Repeat("\x00", i%3)
				if err := s.Records.Do(t.Context(), g, id, newestWins(record(id, 1, "1"))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	filling.Wait()
	if ids := identifiers(t, s.Records.Scan(t.Context(), g.ID, "")); len(ids) != stay {
		t.Errorf("Scan yields %d of %d records", len(ids), stay)
	}
	done := make(chan struct{})
	var churning sync.WaitGroup
	for w := range 4 {
		churning.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%06d-%d", (i*131)%stay, w)
				d := feature.Decision{Outcome: feature.OnlineWritten, Record: record(id, 1, "1"), Accepted: noon}
				if i%2 == 1 {
					d.Outcome = feature.OnlineRemoved
				}
				if err := s.Records.Do(t.Context(), g, id, func(*feature.Record) (feature.Decision, error) { return d, nil }); err != nil {
					t.Error(err)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for range 3 {
		ids := identifiers(t, s.Records.Scan(t.Context(), g.ID, ""))
		if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
			t.Error("Scan yields identifiers out of order, or twice")
		}
		ids = slices.DeleteFunc(ids, func(id string) bool { return strings.Contains(id, "-") })
		if len(ids) != stay {
			t.Errorf("Scan yields %d of %d records that are held throughout", len(ids), stay)
		}
	}
	close(done)
	churning.Wait()
}

func recordsScanCancelled(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	for i := range 10 {
		put(t, s, g, record(fmt.Sprint(i), 1, "1"))
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range s.Records.Scan(ctx, g.ID, "") {
		if last = err; err != nil {
			break
		}
		n++
		cancel()
	}
	if n != 1 || !errors.Is(last, context.Canceled) {
		t.Errorf("Scan yields %d records and %v after its context ended, want 1 and context.Canceled", n, last)
	}
}
