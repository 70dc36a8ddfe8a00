package columnar

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larder-dev/larder/internal/arrow"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// A Write is records for one group.
type Write struct {
	Group    feature.GroupRef
	Stream   []byte         // of Arrow: a row is a record, a column a feature, a null no value
	Stores   feature.Stores // 0: every store that the group has
	TTL      *feature.TTL   // nil: the group's
	Accepted time.Time      // when the service received the call
}

// Written is what became of a Write.
type Written struct {
	Rows, Taken int
	Refused     int // Rows - Taken
	// Refusals are the first MaxRefusals of the rows that were refused, in their order.
	Refusals []Refusal
}

// MaxRefusals is how many refused rows are named.
const MaxRefusals = 100

// A Refusal is why a row was not written.
type Refusal struct {
	Row int    // from 1
	ID  string // as far as there is one; the beginning of one that is longer than an identifier may be
	Err error  // Invalid or Throttled
}

const (
	// So many rows are put at a time, or as many as have about so many bytes of texts, or so many fields.
	writeRows   = 1024
	writeBytes  = 8 << 20
	writeFields = 1 << 17
)

// Write puts the rows of the stream in their order, each as featurestore.Put would, and returns when those that were
// taken are durable. Nothing is written if the stream cannot be read to its end, or a column is no feature's (Invalid),
// or the group is not there (NotFound). Any other error ends the call where it comes up; its text says how many rows
// are written already.
func (s *Store) Write(ctx context.Context, w *Write) (*Written, error) {
	g, err := s.groups.Group(ctx, w.Group)
	if err != nil {
		return nil, err
	}
	if _, err := g.Targets(w.Stores); err != nil {
		return nil, err
	}
	r, err := arrow.NewReader(w.Stream)
	if err != nil {
		return nil, told(err)
	}
	rows, err := newRows(g, r.Columns)
	if err != nil {
		return nil, err
	}
	if err := r.Load(MaxRows); err != nil {
		return nil, told(err)
	}
	p := &putting{groups: s.groups, asked: w, done: Written{Rows: r.Rows}, held: map[string]error{}}
	for _, b := range r.Batches {
		for row := range b.Rows {
			p.rows = append(p.rows, rows.take(b, row))
			if len(p.rows) == writeRows || rows.full() {
				if err := p.put(ctx); err != nil {
					return nil, err
				}
				rows.reset()
			}
		}
	}
	if err := p.put(ctx); err != nil {
		return nil, err
	}
	return &p.done, nil
}

// putting is a Write on its way.
type putting struct {
	groups *featurestore.Store
	asked  *Write
	read   int     // rows
	rows   []rowIn // that are not yet put
	done   Written
	// held is the identifiers of which a row was Throttled: a later row of one is not written either, because a caller
	// who repeats the first would undo it.
	held map[string]error
}

// A rowIn is a row that was read, or why it is no record.
type rowIn struct {
	id     string
	fields []feature.Field
	wrong  error
}

// put puts the rows that were read.
func (p *putting) put(ctx context.Context) error {
	puts := make([]featurestore.Put, 0, len(p.rows))
	for i := range p.rows {
		r := &p.rows[i]
		if held := p.held[r.id]; r.wrong == nil && held != nil {
			r.wrong = held
		}
		if r.wrong == nil {
			puts = append(puts, featurestore.Put{Group: p.asked.Group, Fields: r.fields, Stores: p.asked.Stores, TTL: p.asked.TTL, Accepted: p.asked.Accepted})
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("row %d, with %d of %d rows written: %w", p.read+1, p.done.Taken, p.done.Rows, err)
	}
	errs := p.groups.BatchPut(ctx, puts)
	var ends error // the first that ends the call
	endsAt := 0
	for i := range p.rows {
		r := &p.rows[i]
		p.read++
		err := r.wrong
		if err == nil {
			err, errs = errs[0], errs[1:]
		}
		switch feature.KindOf(err) {
		case feature.Throttled:
			p.held[r.id] = err
			p.refuse(r.id, err)
		case feature.Invalid, feature.Unsupported:
			p.refuse(r.id, err)
		default:
			if err == nil {
				p.done.Taken++
			} else if ends == nil {
				ends, endsAt = err, p.read
			}
		}
	}
	p.rows = p.rows[:0]
	if ends == nil {
		return nil
	}
	var known *feature.Error
	if errors.As(ends, &known) {
		return feature.Errorf(known.Kind, "row %d: %s; %d of the %d rows are written, and writing them again changes nothing that is held", endsAt, known.Text, p.done.Taken, p.done.Rows)
	}
	return fmt.Errorf("row %d, with %d of %d rows written: %w", endsAt, p.done.Taken, p.done.Rows, ends)
}

// refuse notes the row that was read last.
func (p *putting) refuse(id string, err error) {
	p.done.Refused++
	if len(p.done.Refusals) < MaxRefusals {
		if len(id) > feature.MaxIdentifierBytes {
			id = shortened(id)
		}
		p.done.Refusals = append(p.done.Refusals, Refusal{p.read, id, err})
	}
}
