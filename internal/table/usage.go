package table

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// Usage is what a table has on disk, or a group that has an offline store and no table.
type Usage struct {
	Database, Table string            // "" for a group without a table
	Group           feature.GroupName // "" for a table that no group writes, or whose group is deleted
	Location        string
	// Files are the data files under the location, with their Bytes and Rows. Foreign of them,
	// with ForeignBytes, were not written by this server: nobody has counted their rows.
	Files, Bytes, Rows    int64
	Foreign, ForeignBytes int64
	// UnflushedRows wait in the journal, in UnflushedBytes of it, an estimate.
	UnflushedRows, UnflushedBytes int64
	// Replaced files became part of others by a merge, and stay readable for a while.
	Replaced, ReplacedBytes int64
	// Runs are sorted runs of the group's files, which SQL reads in their place.
	Runs, RunBytes int64
}

// Usage tells what tables use, sorted by database and table, groups without a table at the end: those
// that Options.Groups yields. Files that are under the locations of several are counted for each.
func (s *Store) Usage(ctx context.Context) (all []Usage, err error) {
	snap, err := s.offline.Snapshot(ctx)
	if err != nil {
		return nil, fmt.Errorf("pin the store: %w", err)
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	pending, err := s.offline.Pending(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask what waits: %w", err)
	}
	waiting := make(map[feature.GroupID]int64, len(pending))
	for _, p := range pending {
		waiting[p.Group] = p.Bytes
	}
	seen := map[feature.GroupID]bool{}
	tables, err := s.everyTable(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		u := Usage{Database: t.Database, Table: t.Name, Location: t.Location}
		g, err := s.liveGroup(ctx, t.Group)
		if err != nil {
			return nil, err
		}
		if g != nil {
			u.Group, seen[g.ID] = g.Name, true
		}
		if err := s.measure(ctx, snap, t, &u, waiting[t.Group]); err != nil {
			return nil, err
		}
		all = append(all, u)
	}
	if s.options.Groups == nil {
		return all, nil
	}
	for g, err := range s.options.Groups(ctx) {
		if err != nil {
			return nil, fmt.Errorf("list the groups: %w", err)
		}
		if g.Offline == nil || seen[g.ID] {
			continue
		}
		u := Usage{Group: g.Name, Location: g.Offline.Resolved}
		t := &Table{Name: string(g.Name), Storage: Storage{Location: g.Offline.Resolved}, Group: g.ID}
		if err := s.measure(ctx, snap, t, &u, waiting[g.ID]); err != nil {
			return nil, err
		}
		all = append(all, u)
	}
	return all, nil
}

// EachRun yields every run of the groups that Options.Groups yields, as they stand at one moment.
func (s *Store) EachRun(ctx context.Context) iter.Seq2[*Run, error] {
	return func(yield func(*Run, error) bool) {
		if s.options.Groups == nil {
			return
		}
		snap, err := s.offline.Snapshot(ctx)
		if err != nil {
			yield(nil, fmt.Errorf("pin the store: %w", err))
			return
		}
		// Nothing was written through it.
		defer func() { _ = snap.Close() }()
		for g, err := range s.options.Groups(ctx) {
			if err != nil {
				yield(nil, fmt.Errorf("list the groups: %w", err))
				return
			}
			for r, err := range snap.Runs(g.ID) {
				if !yield(r, err) || err != nil {
					return
				}
			}
		}
	}
}

func (s *Store) everyTable(ctx context.Context) ([]*Table, error) {
	databases, err := s.tables.Databases(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the databases: %w", err)
	}
	var all []*Table
	for _, d := range databases {
		tables, err := s.tables.ListTables(ctx, d.Name)
		if feature.KindOf(err) == feature.NotFound {
			continue // dropped meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("list the tables of %s: %w", d.Name, err)
		}
		all = append(all, tables...)
	}
	return all, nil
}

// liveGroup returns nil for no group and for a deleted one.
func (s *Store) liveGroup(ctx context.Context, id feature.GroupID) (*feature.Group, error) {
	if id == noGroup {
		return nil, nil
	}
	g, err := s.offline.Group(ctx, id)
	if feature.KindOf(err) == feature.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find group %d: %w", id, err)
	}
	return g, nil
}

// measure fills u for t. A table without a location that this server has, such as a view, has nothing.
func (s *Store) measure(ctx context.Context, snap Snapshot, t *Table, u *Usage, waits int64) error {
	if t.Group != noGroup && waits > 0 {
		u.UnflushedBytes = waits
		for _, err := range snap.Entries(t.Group) {
			if err != nil {
				return fmt.Errorf("read the journal: %w", err)
			}
			u.UnflushedRows++
		}
	}
	if t.Group != noGroup {
		runs, err := runsOf(snap, t.Group)
		if err != nil {
			return err
		}
		u.Runs = int64(len(runs))
		for _, r := range runs {
			u.RunBytes += r.File.Size
		}
	}
	at, err := parseLocation(t.Location)
	if err != nil {
		return nil
	}
	for o, err := range under(snap, at) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("list %s: %w", t.Location, err)
		}
		if !isTableData(o, at, t) {
			continue
		}
		u.Files++
		u.Bytes += o.Size
		if o.Rows == nil {
			u.Foreign++
			u.ForeignBytes += o.Size
		} else {
			u.Rows += o.Rows.Count
		}
	}
	folder := at.prefix
	if folder != "" && !strings.HasSuffix(folder, "/") {
		folder += "/"
	}
	for o, err := range s.buckets.Replaced(ctx, at.bucket, folder) {
		if err != nil {
			return fmt.Errorf("list what was replaced under %s: %w", t.Location, err)
		}
		u.Replaced++
		u.ReplacedBytes += o.Size
	}
	return nil
}

// isTableData tells the data files of t under its location.
func isTableData(o *bucket.Object, at location, t *Table) bool {
	return isData(o, at) && (t.Group == noGroup || strings.HasSuffix(o.Key, ".parquet"))
}
