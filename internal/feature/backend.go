package feature

import (
	"context"
	"iter"
	"time"
)

// This file is the contract of every backend that keeps groups and records. The kind after a
// method is the one that it may return; any other error is a fault. The verbs assume no single
// process: two nodes may share a backend. Buckets, tables and executions have their contracts
// beside their nouns, in the same-named file of their packages.

// A Catalog remembers which groups exist and what is known of each. A call returns after its
// change is durable. Groups handed out are shared: nobody changes them.
type Catalog interface {
	// Create stores g under a new ID, which it sets in g.
	Create(ctx context.Context, g *Group) error // Exists
	// Get reads the group of that name.
	Get(ctx context.Context, name GroupName) (*Group, error) // NotFound
	// Update is atomic: change gets a copy, and may run again if another writer came first.
	Update(ctx context.Context, name GroupName, change func(*Group) error) (*Group, error) // NotFound
	// Delete forgets the group and, in the same commit, its online records. Its journal and its
	// offline table stay: they are flushed like any other's.
	Delete(ctx context.Context, name GroupName) error // NotFound
	// List yields every group, sorted by name, as they stand at one moment.
	List(ctx context.Context) iter.Seq2[*Group, error]
}

// Records holds the online record of each identifier, and the journal of what was accepted.
type Records interface {
	// Do carries out one decision in one atomic, durable commit. Under the identifier's lock it
	// reads what is held (nil for nothing), stamps a position and asks decide, then commits the
	// decision's online effect together with its entry, and returns when they are durable.
	// decide is pure and may run more than once. If it returns an error nothing is written and
	// Do returns that error. A journaled record that becomes held remembers the Position of its entry.
	Do(ctx context.Context, g *Group, id string, decide func(held *Record) (Decision, error)) error
	// DoAll carries out several decisions, each as Do does, in one commit. It returns one error for
	// each, nil where the decision is durable: one that is refused leaves the others alone. Of one
	// identifier a later step reads what an earlier one leaves.
	DoAll(ctx context.Context, steps []Step) []error
	// Get calls show with the record of each id, in order, and the id's place; not where nothing is held
	// or a tombstone is. It goes on as long as show returns true. The record and its Values are show's to
	// change until it returns, and not after; texts may be kept.
	// It knows no clock: a record that has expired is shown until somebody removes it.
	Get(ctx context.Context, g GroupID, ids []string, show func(i int, r *Record) bool) error
	// Scan yields what is held of the identifiers after one, in the order of their bytes:
	// tombstones and what has expired too. "" begins with the first. Each record was held at some
	// moment of the scan; one that is held throughout is yielded. The caller may keep them.
	Scan(ctx context.Context, g GroupID, after string) iter.Seq2[*Record, error]
	// Expired returns identifiers whose held record expires at or before an instant, the earliest
	// first, at most limit. It may lag behind what was written a moment ago.
	Expired(ctx context.Context, g GroupID, by time.Time, limit int) ([]string, error)
	// Size estimates the bytes that the records of g take. It may lag behind what was written.
	Size(ctx context.Context, g GroupID) (int64, error)
}

// A Step is one decision of Records.DoAll. Of what is held Decide gets, until it returns, who it is of and when
// it holds: no Values and no Position.
type Step struct {
	Group  *Group
	ID     string
	Decide func(held *Record) (Decision, error)
}

// A Decision is what a write does: to the online store, and to the journal.
type Decision struct {
	// Outcome OnlineWritten holds Record (or its tombstone) from now on; OnlineRemoved holds
	// nothing; the others change nothing online.
	Outcome Outcome
	// Record's own Position is not read: the backend sets that of what it holds.
	Record *Record
	// Expired is the delete marker of a record that was held and had expired, nil if there was
	// none. It is journaled first, as an entry of its own, with the outcome OnlineRemoved.
	Expired *Record
	// Journal appends an Entry of Record, Accepted and Outcome for the offline table.
	Journal  bool
	Accepted time.Time
}
