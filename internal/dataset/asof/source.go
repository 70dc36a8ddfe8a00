package asof

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/table"
)

// A source is the rows of a group in a snapshot: those of files, then those of the journal, which is the file
// behind the last one.
type source struct {
	Group
	buckets *bucket.Store
	snap    table.Snapshot
	asOf    feature.Position // math.MaxInt64: any
	columns []parquet.Column
	files   []table.DataFile // other writers' first, so that the place of a row decides for us
	rows    int64            // of files that say how many they have
	read    func(bytes int64)
}

func (e *Engine) open(snap table.Snapshot, g *Group, r *Request) (*source, error) {
	s := &source{Group: *g, buckets: e.buckets, snap: snap, asOf: r.AsOf, columns: table.FileColumns(g.Group), read: r.Read}
	if s.read == nil {
		s.read = func(int64) {}
	}
	if s.asOf == 0 {
		s.asOf = math.MaxInt64
	}
	var own []table.DataFile
	for f, err := range table.GroupData(snap, g.Group) {
		if err != nil {
			return nil, fmt.Errorf("list the data files of group %s: %w", g.Group.Name, err)
		}
		if f.Object.Rows != nil {
			s.rows += f.Object.Rows.Count
		}
		// There are as many as a history has hours, so nothing is kept that is not needed to read them.
		kept := *f.Object
		kept.ETag, kept.Headers, kept.Checksums = "", nil, nil
		f.Object = &kept
		if f.Own {
			own = append(own, f)
		} else {
			s.files = append(s.files, f)
		}
	}
	s.files = append(s.files, own...)
	return s, nil
}

// The places of the columns after the features.
func (s *source) writeTime() int { return len(s.Group.Group.Definitions) }
func (s *source) invoked() int   { return len(s.Group.Group.Definitions) + 1 }
func (s *source) deleted() int   { return len(s.Group.Group.Definitions) + 2 }

// An opened is a data file that is read for some columns of the table.
type opened struct {
	*parquet.Reader
	*parquet.Fit
	bytes bucket.ReadSeekCloser
}

// A metered file tells how much of it is read.
type metered struct {
	bucket.ReadSeekCloser
	read func(bytes int64)
}

// ReadAt implements io.ReaderAt.
func (m metered) ReadAt(p []byte, off int64) (int, error) {
	n, err := m.ReadSeekCloser.ReadAt(p, off)
	m.read(int64(n))
	return n, err
}

// openFile opens a data file for some columns. Conflict: it cannot be read.
func (s *source) openFile(ctx context.Context, f table.DataFile, columns []int) (_ *opened, err error) {
	bytes, err := s.buckets.Open(ctx, f.Object)
	if err != nil {
		return nil, s.unreadable(f, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(s.unreadable(f, err), bytes.Close())
		}
	}()
	open := parquet.OpenReader
	if f.Own {
		open = parquet.OpenOwn
	}
	r, err := open(metered{bytes, s.read}, f.Object.Size)
	if err != nil {
		return nil, err
	}
	if f.Object.Rows != nil && r.Rows() != f.Object.Rows.Count {
		return nil, fmt.Errorf("it has %d rows, and %d were written", r.Rows(), f.Object.Rows.Count)
	}
	if r.Rows() > math.MaxUint32 {
		return nil, fmt.Errorf("it has %d rows, and the most is %d", r.Rows(), uint32(math.MaxUint32))
	}
	wanted := make([]parquet.Column, len(columns))
	for i, at := range columns {
		wanted[i] = s.columns[at]
	}
	fit, err := r.Fit(wanted)
	if err != nil {
		return nil, err
	}
	return &opened{Reader: r, Fit: fit, bytes: bytes}, nil
}

// unreadable says which data file stops a join. Clients may put any file there, and only they can tell what
// becomes of it.
func (s *source) unreadable(f table.DataFile, err error) error {
	if errors.As(err, new(*feature.Error)) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return feature.Errorf(feature.Conflict, "The data file %s of the feature group %s cannot be read, so nothing can be joined with the group: %v", f.Name, s.Group.Group.Name, err)
}

// journal yields the rows of the journal that were written in time, in the columns of the table, with their number. A
// row is good for the call. What came later may have features that the group did not have yet.
func (s *source) journal(ctx context.Context, use func(n int64, row []any) error) error {
	row := make([]any, len(s.columns))
	n := int64(0)
	for e, err := range s.snap.Entries(s.Group.Group.ID) {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil && e.Position > s.asOf {
			return nil // entries come in the order of their writes
		}
		if err == nil {
			err = table.FillRow(row, s.Group.Group, e)
		}
		if err != nil {
			return fmt.Errorf("read the journal: %w", err)
		}
		if err := use(n, row); err != nil {
			return err
		}
		n++
	}
	return nil
}
