package featurestore

import (
	"context"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// An Update is some features of one record to change.
type Update struct {
	Group    feature.GroupRef
	ID       string
	Fields   []feature.Field
	Stores   feature.Stores // 0: every store that the group has
	TTL      *feature.TTL   // nil: that of the record stays
	Accepted time.Time      // when the service received the call
}

// Update changes features of a record that is held, and writes the whole record to the offline
// history (contract §2.8). It returns when that is durable. Invalid, also if the group's storage
// type does not let it; NotFound: the group, or the record; Outdated: the event time is older than
// the record's; Conflict: the group is not Created.
func (s *Store) Update(ctx context.Context, u *Update) error { panic("not written yet") }

// BatchPut carries out puts concurrently, and those of one record in their order. It returns one
// error for each, nil where the put is durable (see Put).
func (s *Store) BatchPut(ctx context.Context, puts []Put) []error { panic("not written yet") }

// A RecordListing says which identifiers of a group to list.
type RecordListing struct {
	Group   feature.GroupRef
	Deleted bool   // those with a tombstone too
	Limit   int    // 0: 100
	Token   string // of the page before; it goes with the same group and Deleted
}

// Records lists the identifiers that are held online, a page at a time, in the order of their
// bytes. next is the token of the following page, "" if there is none. Invalid: the token, or a
// group without online store; NotFound; Conflict: the group is not Created.
func (s *Store) Records(ctx context.Context, l RecordListing) (ids []string, next string, err error) {
	panic("not written yet")
}

// Run removes records that have expired, until ctx ends. Nobody sees them before that either.
func (s *Store) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}
