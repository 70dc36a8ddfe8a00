// Package columnar reads and writes many records of one group at a time, as streams of Arrow. It has no rule of its
// own on records: what a read shows and a put lets in is featurestore's, and what a value of a data frame means is
// ingest's. It knows no HTTP.
package columnar

import (
	"errors"

	"github.com/larder-dev/larder/internal/arrow"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// MaxRows is how many records one call reads or writes.
const MaxRows = 100_000

// A Store carries out the reads and writes. It is safe for concurrent use.
type Store struct {
	groups *featurestore.Store
}

// New returns a Store over the records of groups.
func New(groups *featurestore.Store) *Store { return &Store{groups} }

// told says of a stream that cannot be read that its caller brought it.
func told(err error) error {
	var many *arrow.TooMany
	switch {
	case errors.As(err, &many):
		return feature.Errorf(feature.Invalid, "%v; send them in several calls", err)
	case errors.Is(err, arrow.ErrDamaged), errors.Is(err, arrow.ErrUnread):
		return feature.Errorf(feature.Invalid, "%v", err)
	}
	return err
}
