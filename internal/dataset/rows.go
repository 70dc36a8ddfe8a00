package dataset

import (
	"context"
	"errors"
	"fmt"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/table"
)

// rowsUpTo counts the rows of a group that were written up to a write time. Conflict: a data file cannot be read.
func (s *Store) rowsUpTo(ctx context.Context, snap table.Snapshot, g *Group, at feature.Position) (int64, error) {
	rows := int64(0)
	for o, err := range table.GroupFiles(snap, g.noun()) {
		if err != nil {
			return 0, fmt.Errorf("list the data files of %s: %w", g.Name, err)
		}
		n, err := s.fileRowsUpTo(ctx, o, at)
		if err != nil {
			return 0, err
		}
		rows += n
	}
	for e, err := range snap.Entries(g.ID) {
		if err != nil {
			return 0, fmt.Errorf("read the journal: %w", err)
		}
		if e.Position > at {
			break // they come in that order
		}
		rows++
	}
	return rows, nil
}

// fileRowsUpTo is the part of one data file. What says of no row when it was written came whole, with the file.
func (s *Store) fileRowsUpTo(ctx context.Context, o *bucket.Object, at feature.Position) (rows int64, err error) {
	if o.Rows != nil {
		switch {
		case o.Rows.LastPosition <= int64(at):
			return o.Rows.Count, nil
		case o.Rows.FirstPosition > int64(at):
			return 0, nil
		}
	}
	in, err := s.buckets.Open(ctx, o)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	r, err := parquet.OpenReader(in, o.Size)
	if err != nil {
		return 0, unreadableFile(o, err)
	}
	came := o.Modified.UnixMicro() <= int64(at)
	for i, f := range r.Fields {
		if f.Name != "write_time" || f.Kind != parquet.OfInstant || f.List {
			continue
		}
		err := r.Read([]int{i}, blockRows, func(n int, vectors []*parquet.Vector) error {
			v := vectors[0]
			for e := range n {
				if written := feature.Position(v.Ints[e]*1e6 + int64(v.Nanos[e])/1e3); v.Null[e] && came || !v.Null[e] && written <= at {
					rows++
				}
			}
			return ctx.Err()
		})
		return rows, unreadableFile(o, err)
	}
	if came {
		rows = r.Rows()
	}
	return rows, nil
}

// unreadableFile says which data file cannot be read. Clients may put any file there.
func unreadableFile(o *bucket.Object, err error) error {
	if errors.Is(err, parquet.ErrDamaged) || errors.Is(err, parquet.ErrUnread) {
		return feature.Errorf(feature.Conflict, "the data file s3://%s/%s cannot be read: %v", o.Bucket, o.Key, err)
	}
	return err
}
