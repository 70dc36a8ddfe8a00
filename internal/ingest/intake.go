package ingest

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/larder-dev/larder/internal/feature"
)

// reserve is how many write times are asked for at a time.
const reserve = 4096

// An intake takes the rows of the sources, one after the other, checks them and sorts them, as much as
// fits into memory at a time.
type intake struct {
	ctx     context.Context // of one reading of the sources
	group   *feature.Group
	columns map[string]feature.Name
	idAt    int
	size    int // of a chunk
	loader  Loader
	errors  *errorFile
	full    chan<- *chunk // are sorted and written by somebody
	free    <-chan *chunk

	chunk       *chunk
	source      string
	row         int64 // of the source, from 1
	next, last  feature.Position
	first, used feature.Position // of the rows taken
	most        int64            // rows that may be refused, -1 for any number

	read, refused atomic.Int64
}

// fields takes a row, checked as a put is.
func (in *intake) fields(fields []feature.Field) error {
	r, err := in.group.Check(fields)
	if err != nil {
		return in.refuse(err.Error())
	}
	in.count()
	at := len(in.chunk.data)
	in.chunk.data = appendRecord(in.chunk.data, in.idAt, r)
	return in.end(at, r.EventTime)
}

// count counts a row that was read.
func (in *intake) count() {
	in.row++
	in.read.Add(1)
}

// end ends the row that begins at a place of the chunk.
func (in *intake) end(at int, t feature.EventTime) error {
	if in.next == in.last {
		in.next = in.loader.Reserve(reserve)
		in.last = in.next + reserve
		if err := in.ctx.Err(); err != nil {
			return context.Cause(in.ctx)
		}
	}
	if in.first == 0 {
		in.first = in.next
	}
	in.used = in.next
	endRow(in.chunk.data, at, t, in.next)
	in.next++
	in.chunk.end(at)
	if in.chunk.full(in.size) {
		return in.pass()
	}
	return nil
}

// pass hands the chunk on, and takes an empty one.
func (in *intake) pass() error {
	select {
	case in.full <- in.chunk:
	case <-in.ctx.Done():
		return context.Cause(in.ctx)
	}
	select {
	case in.chunk = <-in.free:
		return nil
	case <-in.ctx.Done():
		return context.Cause(in.ctx)
	}
}

// tooMany is why an import fails that has more wrong rows than its caller lets it have.
func (in *intake) tooMany() error {
	return feature.Errorf(feature.Invalid, "more than %d rows were refused, the last one row %d of %s; see the refused rows, or let more be refused", in.most, in.row, in.source)
}

// refuse notes a row that breaks a rule.
func (in *intake) refuse(reason string) error {
	in.count()
	refused := in.refused.Add(1)
	if err := in.errors.add(in.source, in.row, reason); err != nil {
		return fmt.Errorf("note a refused row: %w", err)
	}
	if in.most >= 0 && refused > in.most {
		return in.tooMany()
	}
	return context.Cause(in.ctx)
}
