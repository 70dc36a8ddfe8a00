package dataset

import (
	"context"
	"iter"
)

// Datasets remembers datasets and the audit trail. A call returns after its change is durable. The caller
// may keep what it gets.
type Datasets interface {
	// Create stores d as the next version of its name, which it sets in d. If d has no AsOf, it sets that to
	// the write time of its commit: what was acknowledged before has an earlier one, and what is accepted
	// later a later one, through restarts too.
	Create(ctx context.Context, d *Dataset) error
	Get(ctx context.Context, r Ref) (*Dataset, error) // NotFound
	// Update is atomic. Name, Version, Spec, By, Started and AsOf stay. A File that change sets is kept from
	// that commit on, and one that it takes away is not. If change returns an error nothing is changed.
	Update(ctx context.Context, r Ref, change func(*Dataset) error) (*Dataset, error) // NotFound
	// List yields the versions of a name, or of all names if it is "", by name, the newest version first.
	List(ctx context.Context, name Name) iter.Seq2[*Dataset, error]
	// Unfinished returns those that are Running, by name, the newest version first.
	Unfinished(ctx context.Context) ([]Ref, error)
	// Note keeps an entry of the audit trail for ever.
	Note(ctx context.Context, r *Read) error
	// Reads yields the entries of a dataset, of all its versions if r.Version is 0, and of all datasets if
	// r.Name is "": by name and version, the oldest first.
	Reads(ctx context.Context, r Ref) iter.Seq2[*Read, error]
}
