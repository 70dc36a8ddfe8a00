package export

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"path"
	"slices"
)

// Of two writes of one identifier at one event time the later one counts, also for whoever loads what was
// exported. Rows have no write time there, so they must come in the order of their writes. Rows of one
// event time are in one folder; a file has them in their order; files whose write times do not overlap
// are read in the order of these, and those that do are merged.

// clusters are the sources of the files, in the order of their rows; those of one cluster are merged.
func (in *input) clusters() [][]int {
	var all [][]int
	for start := 0; start < len(in.files); {
		end := start + 1
		for end < len(in.files) && path.Dir(in.files[end].Key) == path.Dir(in.files[start].Key) {
			end++
		}
		all = append(all, in.clustersOf(start, end)...)
		start = end
	}
	return all
}

// clustersOf are those of one folder. Files of other writers are of no order, and come as they are.
func (in *input) clustersOf(start, end int) (all [][]int) {
	var ours []int
	for i := start; i < end; i++ {
		if in.files[i].Rows != nil {
			ours = append(ours, i)
		} else {
			all = append(all, []int{i})
		}
	}
	slices.SortStableFunc(ours, func(a, b int) int {
		return cmp.Compare(in.files[a].Rows.FirstPosition, in.files[b].Rows.FirstPosition)
	})
	var last int64 // write time of the cluster
	for n, i := range ours {
		rows := in.files[i].Rows
		if n > 0 && rows.FirstPosition <= last {
			all[len(all)-1] = append(all[len(all)-1], i)
		} else {
			all = append(all, []int{i})
		}
		last = max(last, rows.LastPosition)
	}
	return all
}

// A cursor is a file on its way through a merge.
type cursor struct {
	next func() ([]any, error, bool)
	stop func()
	row  []any
	id   identifier
	at   place
}

// merge yields the rows of files as one, in their common order: identifier, event time, write time, which
// are at these places of the columns.
func (in *input) merge(ctx context.Context, sources, columns []int, key rowKey, use func(row []any) error) error {
	var open []*cursor
	defer func() {
		for _, c := range open {
			c.stop()
		}
	}()
	for _, source := range sources {
		c := &cursor{}
		c.next, c.stop = iter.Pull2(in.pull(ctx, source, columns))
		open = append(open, c)
	}
	live := slices.Clone(open)
	for i := 0; i < len(live); {
		more, err := live[i].advance(key)
		if err != nil {
			return err
		}
		if !more {
			live = slices.Delete(live, i, i+1)
			continue
		}
		i++
	}
	for len(live) > 0 {
		least := 0
		for i := range live {
			if live[i].compare(live[least]) < 0 {
				least = i
			}
		}
		if err := use(live[least].row); err != nil {
			return err
		}
		more, err := live[least].advance(key)
		if err != nil {
			return err
		}
		if !more {
			live = slices.Delete(live, least, least+1)
		}
	}
	return nil
}

// A rowKey is where the columns of the common order are in a row.
type rowKey struct{ id, at, written int }

func (c *cursor) advance(key rowKey) (more bool, err error) {
	row, err, more := c.next()
	if !more || err != nil {
		return false, err
	}
	c.row, c.id = row, identifierOf(row[key.id])
	c.at = place{written: micros(row[key.written])}
	c.at.setEventTime(row[key.at])
	return true, nil
}

func (c *cursor) compare(d *cursor) int {
	return cmp.Or(cmp.Compare(c.id.text, d.id.text), c.at.compare(&d.at))
}

// errStop ends a reading that nobody wants the rest of.
var errStop = errors.New("nobody wants the rest")

// pull yields the rows of a source. A row is good until the next is asked for.
func (in *input) pull(ctx context.Context, source int, columns []int) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		err := in.source(ctx, source, columns, func(_ int, _ int64, row []any) error {
			if !yield(row, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
}
