package ingest

import (
	"context"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/feature"
)

// A sorting sorts the rows of an import: all by event hour, and the newest of each identifier by that. What has no
// room in memory is in files. It is for one goroutine.
type sorting struct {
	fs     vfs.FS
	hours  *sorter // nil: the rows do not go to the offline store
	newest *newest // nil: they do not go to the online store
	ids    *sorter // what newest had no room for
}

// newSorting takes half of memory for the newest rows; the rest is for chunks.
func newSorting(fs vfs.FS, dir string, stores feature.Stores, memory int64) *sorting {
	s := &sorting{fs: fs}
	if stores&feature.OfflineStore != 0 {
		s.hours = &sorter{fs: fs, dir: dir, name: "hours", compare: byHour, hours: true}
	}
	if stores&feature.OnlineStore != 0 {
		s.newest = newNewest(int(memory / 2))
		s.ids = &sorter{fs: fs, dir: dir, name: "ids", compare: byID, distinct: true}
	}
	return s
}

// add takes the rows of a chunk, and sorts it.
func (s *sorting) add(c *chunk) error {
	if s.newest != nil {
		for _, r := range c.refs {
			if s.newest.full() {
				if err := s.spill(); err != nil {
					return err
				}
			}
			s.newest.add(c.row(r))
		}
	}
	if s.hours == nil {
		return nil
	}
	c.sortByHour()
	return s.hours.add(c.each, c.common)
}

// spill writes the newest rows to a file.
func (s *sorting) spill() error {
	rows, common := s.newest.sorted()
	if err := s.ids.add(rows, common); err != nil {
		return err
	}
	s.newest.reset()
	return nil
}

// writeOnline writes the newest row of each identifier to a file, and returns how many when they are durable. It
// gives their memory back.
func (s *sorting) writeOnline(ctx context.Context, name string) (int64, error) {
	if s.newest == nil {
		return 0, nil
	}
	defer func() { s.newest = nil }()
	var rows source
	if len(s.ids.runs) == 0 {
		rows, _ = s.newest.sorted()
	} else {
		if err := s.spill(); err != nil {
			return 0, err
		}
		rows, s.newest = s.ids.merge, nil
	}
	n := 0
	return writeOnline(s.fs, name, func(yield func(row) error) error {
		return rows(func(r row) error {
			if n++; n%onlineRows == 0 && ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return yield(r)
		})
	})
}
