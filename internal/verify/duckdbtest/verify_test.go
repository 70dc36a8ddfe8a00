package duckdbtest

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/verify"
)

// histories are what programs may do to one identifier, and what the comparison makes of it.
var histories = []struct {
	name string
	do   func(w *world)
	held verify.Held
	want verify.Newest
}{
	{"nothing", func(*world) {}, verify.Held{}, verify.Newest{}},
	{"a put", func(w *world) {
		w.put("a", second(0), both, 0, scalar("n", "007"), scalar("X", "1e2"), scalar("s", "it's"), list("tags", "a", "", "a"), list("v", "1.0", "-0.5"))
	}, verify.Held{Records: 1}, verify.Newest{Agree: 1}},
	{"puts in order", func(w *world) { w.put("a", second(0), both, 0); w.put("a", second(1), both, 0, scalar("n", "5")) },
		verify.Held{Records: 1}, verify.Newest{Agree: 1}},
	{"a late put", func(w *world) { w.put("a", second(1), both, 0); w.put("a", second(0), both, 0, scalar("n", "5")) },
		verify.Held{Records: 1}, verify.Newest{Agree: 1}},
	{"the same put twice", func(w *world) { w.put("a", second(1), both, 0); w.put("a", second(1), both, 0) },
		verify.Held{Records: 1}, verify.Newest{Agree: 1}},
	{"the same instant in two spellings", func(w *world) { w.put("a", second(1), both, 0); w.put("a", "2026-06-01T14:00:01.000+02:00", both, 0) },
		verify.Held{Records: 1}, verify.Newest{Agree: 1}},
	{"a soft delete", func(w *world) { w.put("a", second(0), both, 0); w.remove("a", second(1), feature.SoftDelete, both) },
		verify.Held{Tombstones: 1}, verify.Newest{Agree: 1}},
	{"a soft delete of nothing", func(w *world) { w.remove("a", second(1), feature.SoftDelete, both) },
		verify.Held{Tombstones: 1}, verify.Newest{Agree: 1}},
	{"a soft delete that is late", func(w *world) { w.put("a", second(1), both, 0); w.remove("a", second(0), feature.SoftDelete, both) },
		verify.Held{Records: 1}, verify.Newest{Agree: 1}},
	{"a soft delete at the event time held", func(w *world) { w.put("a", second(1), both, 0); w.remove("a", second(1), feature.SoftDelete, both) },
		verify.Held{Records: 1}, verify.Newest{StaleDelete: 1}},
	{"a put behind a soft delete", func(w *world) {
		w.remove("a", second(1), feature.SoftDelete, both)
		w.put("a", second(0), both, 0)
	}, verify.Held{Tombstones: 1}, verify.Newest{Agree: 1}},
	{"a hard delete", func(w *world) { w.put("a", second(0), both, 0); w.remove("a", second(1), feature.HardDelete, both) },
		verify.Held{}, verify.Newest{Removed: 1}},
	{"a hard delete, then an older put", func(w *world) {
		w.put("a", second(1), both, 0)
		w.remove("a", second(2), feature.HardDelete, both)
		w.put("a", second(0), both, 0)
	}, verify.Held{Records: 1}, verify.Newest{Removed: 1}},
	{"a hard delete, then a newer put", func(w *world) {
		w.put("a", second(1), both, 0)
		w.remove("a", second(2), feature.HardDelete, both)
		w.put("a", second(3), both, 0)
	}, verify.Held{Records: 1}, verify.Newest{Agree: 1}},
	{"a put to the online store alone", func(w *world) { w.put("a", second(0), feature.OnlineStore, 0) },
		verify.Held{Records: 1, OnlineOnly: 1}, verify.Newest{OnlineAlone: 1}},
	{"a put to both, a newer to the online store alone", func(w *world) { w.put("a", second(0), both, 0); w.put("a", second(1), feature.OnlineStore, 0) },
		verify.Held{Records: 1, OnlineOnly: 1}, verify.Newest{OnlineAlone: 1}},
	{"a put to both, a hard delete of the online store alone", func(w *world) {
		w.put("a", second(0), both, 0)
		w.remove("a", second(1), feature.HardDelete, feature.OnlineStore)
	}, verify.Held{}, verify.Newest{OfflineAlone: 1}},
	{"and then an older put to the online store alone", func(w *world) {
		w.put("a", second(1), both, 0)
		w.remove("a", second(2), feature.HardDelete, feature.OnlineStore)
		w.put("a", second(0), feature.OnlineStore, 0)
	}, verify.Held{Records: 1, OnlineOnly: 1}, verify.Newest{OfflineAlone: 1}},
	{"a put to the offline store alone", func(w *world) { w.put("a", second(0), feature.OfflineStore, 0) },
		verify.Held{}, verify.Newest{OfflineAlone: 1}},
	{"a newer put to the offline store alone", func(w *world) { w.put("a", second(0), both, 0); w.put("a", second(1), feature.OfflineStore, 0) },
		verify.Held{Records: 1}, verify.Newest{OfflineAlone: 1}},
	{"a delete of the offline store alone", func(w *world) {
		w.put("a", second(0), both, 0)
		w.remove("a", second(1), feature.SoftDelete, feature.OfflineStore)
	}, verify.Held{Records: 1}, verify.Newest{OfflineAlone: 1}},
	{"a put past its time to live", func(w *world) {
		w.put("a", second(0), both, 0)
		w.put("a", second(1), both, 9)
		w.clock.add(time.Minute)
	},
		verify.Held{Records: 1, Expired: 1}, verify.Newest{Agree: 1}},
	{"a put that had expired before", func(w *world) { w.put("a", second(-90), both, 0); w.put("a", second(-60), both, 1) },
		verify.Held{}, verify.Newest{OfflineAlone: 1}},
	{"a record that expires", func(w *world) { w.put("a", second(0), both, 9); w.clock.add(time.Minute); w.expire() },
		verify.Held{}, verify.Newest{Removed: 1}},
	{"a record that expires, then an older put", func(w *world) {
		w.put("a", second(0), both, 9)
		w.clock.add(time.Minute)
		w.put("a", second(-5), both, 0)
	}, verify.Held{Records: 1}, verify.Newest{Removed: 1}},
	{"a record of the online store alone that expires", func(w *world) { w.put("a", second(0), feature.OnlineStore, 9); w.clock.add(time.Minute); w.expire() },
		verify.Held{}, verify.Newest{Removed: 1}},
	{"an update", func(w *world) {
		w.put("a", second(0), both, 0, scalar("n", "1"), scalar("s", "stays"), list("tags", "x"))
		check(w.t, w.Update(w.t.Context(), &featurestore.Update{Group: "g", ID: "a", Fields: []feature.Field{scalar("n", "2")}, Accepted: w.clock.Now()}))
	}, verify.Held{Records: 1}, verify.Newest{Agree: 1}},
	{"several identifiers", func(w *world) {
		w.put("a", second(0), both, 0)
		w.put("b", second(0), feature.OfflineStore, 0)
		w.put("A", second(0), feature.OnlineStore, 0)
		w.remove("ü", second(0), feature.SoftDelete, both)
	}, verify.Held{Records: 2, Tombstones: 1, OnlineOnly: 1}, verify.Newest{Agree: 2, OnlineAlone: 1, OfflineAlone: 1}},
}

func TestStoresThatTheRulesMadeHaveNoDifferences(t *testing.T) {
	engine := openEngine(t)
	for _, h := range histories {
		t.Run(h.name, func(t *testing.T) {
			w := newWorld(t, engine)
			w.create(asked())
			w.clock.add(time.Second)
			h.do(w)
			for _, stage := range []string{"waiting", "flushed"} {
				r := w.verify()
				if diff := cmp.Diff([]verify.Difference(nil), r.First); diff != "" || r.Differences != 0 {
					t.Errorf("%s: %d differences (-want +got):\n%s", stage, r.Differences, diff)
				}
				if diff := cmp.Diff(h.held, r.Held); diff != "" {
					t.Errorf("%s: held (-want +got):\n%s", stage, diff)
				}
				if diff := cmp.Diff(h.want, r.Newest); diff != "" {
					t.Errorf("%s: newest (-want +got):\n%s", stage, diff)
				}
				w.flush()
			}
		})
	}
}

// Numbers have many spellings, and a typed column has one of each.
func TestSpellingsOfANumberAreOneIdentifierOfTheTable(t *testing.T) {
	w := newWorld(t, openEngine(t))
	g := asked()
	g.RecordIdentifier, g.EventTime = "n", "X"
	w.create(g)
	at := func(n string, ids ...string) {
		for _, id := range ids {
			check(t, w.Put(t.Context(), &featurestore.Put{Group: "g", Accepted: w.clock.Now(),
				Fields: []feature.Field{scalar("n", id), scalar("X", n), scalar("id", "x"), scalar("At", second(0))}}))
		}
	}
	at("1700000000.123456789", "1", "01", "+1", "7", "-0")
	at("1.70e9", "7")
	for range 2 {
		r := w.verify()
		if r.Differences != 0 {
			t.Errorf("differences: %+v", r.First)
		}
		if diff := cmp.Diff(verify.Newest{Agree: 2, Spellings: 1}, r.Newest); diff != "" {
			t.Errorf("newest (-want +got):\n%s", diff)
		}
		w.flush()
	}
}

func TestFeaturesThatWereAddedAreNullInOldRows(t *testing.T) {
	w := newWorld(t, openEngine(t))
	w.create(asked())
	w.put("a", second(0), both, 0)
	w.flush()
	must(w.UpdateGroup(t.Context(), "g", &feature.GroupUpdate{Additions: []feature.Definition{{Name: "more", Type: feature.Fractional}}}))(t)
	w.put("b", second(0), both, 0, scalar("more", "1.5"))
	for range 2 {
		if r := w.verify(); r.Differences != 0 || r.Newest.Agree != 2 {
			t.Errorf("report %+v", r)
		}
		w.flush()
	}
}

// A share at a time, the report is the same.
func TestPassesFindTheSame(t *testing.T) {
	w := newWorld(t, openEngine(t))
	w.create(asked())
	for i, id := range strings.Split("abcdefghijklmnopqrstuvwxyz", "") {
		w.put(id, second(i), both, 0)
		w.put(id, second(i-1), feature.Stores(i%4), 0)
		if i == 15 {
			w.flush()
		}
	}
	w.bendRecords(func(all []*feature.Record) []*feature.Record { return append(bendOne(all, 3), all[9:]...) })
	whole := w.verify()
	if whole.Differences == 0 {
		t.Error("no difference was found")
	}
	byIdentifier := func(a, b verify.Difference) int {
		return strings.Compare(a.Identifier+string(a.Kind), b.Identifier+string(b.Kind))
	}
	parts := w.verifyWith(verify.Options{PassBytes: 40})
	for _, r := range []*verify.Report{whole, parts} {
		slices.SortFunc(r.First, byIdentifier)
	}
	if diff := cmp.Diff(whole, parts); diff != "" {
		t.Errorf("in parts (-whole +parts):\n%s", diff)
	}
}

// bendOne changes one value of the first few records.
func bendOne(all []*feature.Record, n int) []*feature.Record {
	for i := range n {
		r := *all[i]
		r.Values = append(slices.Clone(r.Values), feature.Value{Ordinal: 4, Text: "bent"})
		all[i] = &r
	}
	return all[:n]
}

func TestForeignRowsAreCountedApart(t *testing.T) {
	w := newWorld(t, openEngine(t))
	g := w.create(asked())
	w.put("a", second(0), both, 0)
	w.put("b", second(0), both, 0)
	w.flush()
	name, prefix := g.Offline.Location()
	// What a copy through S3 leaves: the same rows, under another key, that nobody has counted.
	for o, err := range w.buckets.List(t.Context(), name, prefix+"/", "") {
		check(t, err)
		if o.Rows != nil {
			body := must(w.buckets.Open(t.Context(), o))(t)
			must(w.buckets.Put(t.Context(), bucket.ObjectRef{Bucket: name, Key: prefix + "/part-0.snappy.parquet"}, body, bucket.Content{}, nil))(t)
			check(t, body.Close())
		}
	}
	r := w.verify()
	if diff := cmp.Diff(verify.Table{Files: 1, FileRows: 2, ForeignFiles: 1, ForeignRows: 2}, r.Table); diff != "" || r.Differences != 0 {
		t.Errorf("%d differences; table (-want +got):\n%s", r.Differences, diff)
	}
}

func TestGroupOfOneStoreIsSkipped(t *testing.T) {
	w := newWorld(t, openEngine(t))
	g := asked()
	g.Offline, g.RoleARN = nil, ""
	w.create(g)
	w.put("a", second(0), both, 0)
	if r := w.verify(); r.Skipped != "it has no offline store" || r.Held.Records != 1 {
		t.Errorf("report %+v", r)
	}
	v := verify.New(w.db.Groups(), w.tables, w.db.Offline(), w.engine, verify.Options{})
	if _, err := v.Group(t.Context(), "nobody", 1); feature.KindOf(err) != feature.NotFound {
		t.Errorf("a group that is not there: %v", err)
	}
}

// corruptions are what no rule explains. Each is done to the records a (put twice), b, c (deleted) and
// d, all written to both stores.
var corruptions = []struct {
	name string
	do   func(w *world, g *feature.Group)
	want []verify.Kind
	at   string // identifier of the first
	in   string // column of the first
}{
	{"a row is missing in a file", func(w *world, g *feature.Group) {
		w.flushChanged(g, func(rows [][]any) [][]any { return without(rows, "b") })
	}, []verify.Kind{verify.Miscounted, verify.Missing}, "", ""},
	{"a row of the past is missing in a file", func(w *world, g *feature.Group) {
		w.flushChanged(g, func(rows [][]any) [][]any { return rows[1:] })
	}, []verify.Kind{verify.Miscounted}, "", ""},
	{"a number is another in a file", func(w *world, g *feature.Group) {
		w.flushChanged(g, changing("b", 1, int64(8)))
	}, []verify.Kind{verify.Different}, "b", "n"},
	{"a number is null in a file", func(w *world, g *feature.Group) {
		w.flushChanged(g, changing("b", 1, nil))
	}, []verify.Kind{verify.Different}, "b", "n"},
	{"a list has one element less in a file", func(w *world, g *feature.Group) {
		w.flushChanged(g, changing("b", 5, []any{"x"}))
	}, []verify.Kind{verify.Different}, "b", "tags"},
	{"an event time is another in a file", func(w *world, g *feature.Group) {
		w.flushChanged(g, changing("b", 2, second(7)))
	}, []verify.Kind{verify.Different}, "b", "at"},
	{"a record is a delete marker in a file", func(w *world, g *feature.Group) {
		w.flushChanged(g, changing("d", 9, true))
	}, []verify.Kind{verify.Different}, "d", "is_deleted"},
	{"a delete marker has values in a file", func(w *world, g *feature.Group) {
		w.flushChanged(g, changing("c", 4, "x"))
	}, []verify.Kind{verify.Malformed, verify.Different}, "c", ""},
	{"an identifier is another in a file", func(w *world, g *feature.Group) {
		w.flushChanged(g, changing("b", 0, "bb"))
	}, []verify.Kind{verify.Different}, "b", "id"},
	{"an event time is none in a file", func(w *world, g *feature.Group) {
		w.flushChanged(g, changing("b", 2, "yesterday"))
	}, []verify.Kind{verify.Different, verify.Malformed}, "b", "at"},
	{"a row is twice in a file", func(w *world, g *feature.Group) {
		w.flushChanged(g, func(rows [][]any) [][]any { return append(rows, rows[0]) })
	}, []verify.Kind{verify.Miscounted, verify.Twice}, "", ""},
	{"rows are in a file and in the journal", func(w *world, g *feature.Group) {
		var kept []*feature.Entry
		snap := must(w.db.Offline().Snapshot(w.t.Context()))(w.t)
		for e, err := range snap.Entries(g.ID) {
			check(w.t, err)
			kept = append(kept, e)
		}
		check(w.t, snap.Close())
		w.flush()
		w.bendEntries(func([]*feature.Entry) []*feature.Entry { return kept })
	}, []verify.Kind{verify.Twice, verify.Twice, verify.Twice, verify.Twice, verify.Twice, verify.Twice}, "a", ""},
	{"an entry of the journal is lost", func(w *world, _ *feature.Group) {
		w.bendEntries(func(all []*feature.Entry) []*feature.Entry {
			return slices.DeleteFunc(all, func(e *feature.Entry) bool { return e.Record.ID == "d" })
		})
	}, []verify.Kind{verify.Missing}, "d", ""},
	{"what is held went back to what was held before", func(w *world, g *feature.Group) {
		first := must(w.db.Offline().Snapshot(w.t.Context()))(w.t)
		var old *feature.Entry
		for e, err := range first.Entries(g.ID) {
			check(w.t, err)
			if old == nil && e.Record.ID == "a" {
				old = e
			}
		}
		check(w.t, first.Close())
		w.bendRecords(func(all []*feature.Record) []*feature.Record {
			r := old.Record
			r.Position = old.Position
			all[0] = &r
			return all
		})
	}, []verify.Kind{verify.Outdated}, "a", ""},
	{"what is held has another value", func(w *world, _ *feature.Group) {
		w.flush()
		w.bendRecords(func(all []*feature.Record) []*feature.Record { return append(bendOne(all, 1), all[1:]...) })
	}, []verify.Kind{verify.Different}, "a", "s"},
	{"a file is cut off", func(w *world, g *feature.Group) {
		w.flush()
		name, prefix := g.Offline.Location()
		for o, err := range w.buckets.List(w.t.Context(), name, prefix+"/", "") {
			check(w.t, err)
			if o.Rows != nil {
				w.truncate(o)
			}
		}
	}, []verify.Kind{verify.Unreadable}, "", ""},
}

func without(rows [][]any, id string) [][]any {
	return slices.DeleteFunc(rows, func(row []any) bool { return row[0] == id })
}

func changing(id string, column int, v any) func([][]any) [][]any {
	return func(rows [][]any) [][]any {
		for _, row := range rows {
			if row[0] == id {
				row[column] = v
			}
		}
		return rows
	}
}

func TestCorruptionsAreFound(t *testing.T) {
	engine := openEngine(t)
	for _, c := range corruptions {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, engine)
			g := w.create(asked())
			w.clock.add(time.Second)
			w.put("a", second(0), both, 0)
			w.put("a", second(1), both, 0, scalar("n", "1"))
			w.put("b", second(2), both, 0, scalar("n", "7"), scalar("X", "0.5"), list("tags", "x", "y"))
			w.put("c", second(3), both, 0, scalar("n", "7"))
			w.remove("c", second(4), feature.SoftDelete, both)
			w.put("d", second(5), both, 0)
			c.do(w, g)
			r := w.verify()
			var kinds []verify.Kind
			for _, d := range r.First {
				kinds = append(kinds, d.Kind)
			}
			if diff := cmp.Diff(c.want, kinds); diff != "" {
				t.Fatalf("kinds (-want +got):\n%s\n%+v", diff, r.First)
			}
			if d := r.First[0]; d.Identifier != c.at && c.at != "" || d.Column != c.in {
				t.Errorf("the first is %+v, want identifier %q, column %q", d, c.at, c.in)
			}
		})
	}
}

// truncate cuts the end off an object's bytes.
func (w *world) truncate(o *bucket.Object) {
	w.t.Helper()
	check(w.t, os.Truncate(w.buckets.Paths(o)[0], o.Size-10))
}
