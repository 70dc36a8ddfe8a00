package embedded

import (
	"fmt"
	"iter"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

var _ table.Snapshot = (*Snapshot)(nil)

// A Snapshot is the store at one moment. While it is open Retired holds back the blobs that it
// names, and Pebble keeps what it shows.
type Snapshot struct {
	o       *Offline
	settled feature.Position
	snap    *pebble.Snapshot
}

// Settled implements table.Snapshot.
func (s *Snapshot) Settled() feature.Position { return s.settled }

// Table implements table.Snapshot.
func (s *Snapshot) Table(database, name string) (*table.Table, error) {
	return getTable(s.snap, database, name)
}

// Partitions implements table.Snapshot.
func (s *Snapshot) Partitions(database, name string) iter.Seq2[*table.Partition, error] {
	return listPartitions(s.snap, database, name, nil, nil)
}

// Objects implements table.Snapshot. Of a bucket that is not there it yields nothing.
func (s *Snapshot) Objects(name, prefix string) iter.Seq2[*bucket.Object, error] {
	return listObjects(s.snap, name, prefix, "", nil)
}

// Entries implements table.Snapshot.
func (s *Snapshot) Entries(g feature.GroupID) iter.Seq2[*feature.Entry, error] {
	return func(yield func(*feature.Entry, error) bool) {
		for row, err := range rows(s.snap, journalKey(g, 0), groupEnd(journalKeys, g), nil) {
			var e *feature.Entry
			if err == nil {
				e, err = entryOf(row)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// entryOf decodes a row of the journal.
func entryOf(row row) (*feature.Entry, error) {
	g, p, err := splitJournalKey(row.key)
	if err != nil {
		return nil, err
	}
	e, err := decodeEntry(p, row.value)
	if err != nil {
		return nil, fmt.Errorf("entry %d of group %d: %w", p, g, err)
	}
	return e, nil
}

// Records implements table.Snapshot.
func (s *Snapshot) Records(g feature.GroupID) iter.Seq2[*feature.Record, error] {
	return func(yield func(*feature.Record, error) bool) {
		for row, err := range rows(s.snap, recordKey(g, ""), groupEnd(recordKeys, g), nil) {
			var r *feature.Record
			if err == nil {
				r, err = recordOf(row)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// Close implements table.Snapshot. It is called once, after the last read.
func (s *Snapshot) Close() error {
	s.o.mu.Lock()
	delete(s.o.open, s)
	s.o.mu.Unlock()
	err := s.snap.Close()
	s.o.forget()
	return err
}
