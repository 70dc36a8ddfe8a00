package embedded

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/feature"
)

// A step is one decision of a call.
type step struct {
	*feature.Step
	key     []byte // of what is held
	latch   *latch // of the key
	group   *member
	was     lapse // of what it read
	is      head  // of what it leaves
	decided feature.Decision
	at      feature.Position // of the entry of its record, 0 if it has none
	values  []byte           // of that record, encoded
	waits   int64            // bytes of the journal that it takes
	err     error
}

// A plan is the memory of a call, which the next one uses again.
type plan struct {
	steps   []step
	order   []*step // by what they are of; those of one identifier as they came
	latches []*latch
	places  []int
	bytes   []byte // keys, and what was encoded
	head    feature.Record
}

// maxPlanned is how many bytes a plan keeps for the next call.
const maxPlanned = 256 << 10

// plan makes ready for steps. The caller gives it back with forget.
func (r *Records) plan(all []feature.Step) *plan {
	p, _ := r.plans.Get().(*plan)
	if p == nil {
		p = new(plan)
	}
	for i := range all {
		g, id := all[i].Group.ID, all[i].ID
		from := len(p.bytes)
		p.bytes = appendRecordKey(p.bytes, g, id)
		// A key stays where it is when bytes grows.
		p.steps = append(p.steps, step{Step: &all[i], key: p.bytes[from:len(p.bytes):len(p.bytes)]})
	}
	for i := range p.steps {
		s, place := &p.steps[i], r.stripe(p.steps[i].key)
		s.latch = &r.latches[place]
		p.order, p.places = append(p.order, s), append(p.places, place)
	}
	slices.SortStableFunc(p.order, func(a, b *step) int { return bytes.Compare(a.key, b.key) })
	p.latches = r.latchesAt(p.latches, p.places)
	return p
}

// forget gives back the memory of p, which holds on to nothing else.
func (r *Records) forget(p *plan) {
	clear(p.steps)
	clear(p.order)
	p.steps, p.order, p.latches, p.places, p.bytes, p.head = p.steps[:0], p.order[:0], p.latches[:0], p.places[:0], p.bytes[:0], feature.Record{}
	if cap(p.bytes) <= maxPlanned {
		r.plans.Put(p)
	}
}

// Do implements feature.Records. NotFound if the group is deleted; Unavailable if the disk is full. It runs decide once, under a
// lock that other identifiers may share, so decide must be quick.
func (r *Records) Do(ctx context.Context, g *feature.Group, id string, decide func(held *feature.Record) (feature.Decision, error)) error {
	return r.doAll(ctx, []feature.Step{{Group: g, ID: id, Decide: decide}}, func(s *step) (*feature.Record, error) { return r.held(s.key, s.ID) })[0]
}

// DoAll implements feature.Records. An error is as that of Do.
func (r *Records) DoAll(ctx context.Context, all []feature.Step) []error {
	return r.doAll(ctx, all, nil)
}

// A reading reads what a step finds held, a tombstone too; nil for nothing.
type reading func(s *step) (*feature.Record, error)

// doAll reads what is held with read; nil reads the heads alone.
func (r *Records) doAll(ctx context.Context, all []feature.Step, read reading) []error {
	errs := make([]error, len(all))
	err := ctx.Err()
	if err == nil {
		err = r.s.space.room()
	}
	if err != nil {
		for i := range errs {
			errs[i] = err
		}
		return errs
	}
	p := r.plan(all)
	defer r.forget(p)
	if read == nil {
		read = func(s *step) (*feature.Record, error) { return r.headInto(&p.head, s) }
	}
	c := r.decideAll(p, read)
	if c != nil {
		// It is in every latch, so what a step has read that writes nothing is durable with it.
		r.s.finish(c, p.latches...)
	}
	for i := range p.steps {
		if errs[i] = p.steps[i].err; c == nil {
			errs[i] = p.steps[i].latch.refused(ctx, errs[i])
		}
	}
	return errs
}

// decideAll reads, decides and applies. It returns nil for the commit if there is nothing to write.
func (r *Records) decideAll(p *plan, read reading) *commit {
	// The reads may go to the disk under the locks: a decision must not see an older state.
	for _, l := range p.latches {
		l.mu.Lock()
	}
	defer func() {
		for _, l := range p.latches {
			l.mu.Unlock()
		}
	}()
	var held *feature.Record
	var fault error
	entries := 0
	for i, s := range p.order {
		if i == 0 || !bytes.Equal(p.order[i-1].key, s.key) {
			held, fault = read(s)
		}
		if s.err = fault; fault != nil {
			continue
		}
		s.was = lapseOf(held)
		if s.err = r.decide(s, held); s.err != nil {
			continue
		}
		held = p.after(held, &s.decided)
		s.is = headOf(held)
		entries += s.entries()
	}
	if entries == 0 {
		return r.carryOut(p, 0)
	}
	first := r.s.clock.stamps(entries)
	defer r.s.clock.land(first) // after apply
	return r.carryOut(p, first)
}

// headInto reads into to who a record is of and when it holds. It returns nil if nothing is held.
func (r *Records) headInto(to *feature.Record, s *step) (*feature.Record, error) {
	if known := s.latch.heads.find(s.key); known != nil {
		return known.record(to, s.ID), nil
	}
	found, err := get(r.s.db, s.key, func(value []byte) error { return decodeHead(to, value, s.ID) })
	if err != nil {
		return nil, fmt.Errorf("record %q: %w", s.ID, err)
	}
	if !found {
		return nil, nil
	}
	return to, nil
}

// after returns what a later step of the same identifier is given.
func (p *plan) after(held *feature.Record, d *feature.Decision) *feature.Record {
	switch d.Outcome {
	case feature.OnlineWritten:
		p.head = feature.Record{ID: d.Record.ID, EventTime: d.Record.EventTime, Deleted: d.Record.Deleted, TTL: d.Record.TTL}
		return &p.head
	case feature.OnlineRemoved:
		return nil
	}
	return held
}

// decide asks for the decision of a step and checks it.
func (r *Records) decide(s *step, held *feature.Record) (err error) {
	if s.group = r.s.groups.live(s.Group.ID); s.group == nil {
		return errGroupDeleted()
	}
	if s.decided, err = s.Decide(held); err != nil {
		return err
	}
	if err = checkDecision(&s.decided); err != nil {
		return fmt.Errorf("record %q: %w", s.ID, err)
	}
	return nil
}

// entries is how many entries of the journal a decision has.
func (s *step) entries() (n int) {
	if s.decided.Expired != nil {
		n++
	}
	if s.decided.Journal {
		n++
	}
	return n
}

// carryOut applies decisions: the entries in the order of the steps, stamped from a position on, and then what is held,
// in the order of the keys, which a table in memory finds faster. It returns nil if that writes nothing. The caller
// holds the latches.
func (r *Records) carryOut(p *plan, next feature.Position) *commit {
	size := 0
	for i := range p.steps {
		if rec := p.steps[i].decided.Record; rec != nil {
			size += recordSize(rec) + 2*len(p.steps[i].key)
		}
	}
	w := stepWriter{b: r.s.db.NewBatchWithSize(2 * size), bytes: slices.Grow(p.bytes, 2*size), next: next}
	for i := range p.steps {
		if s := &p.steps[i]; s.err == nil {
			w.journal(s)
		}
	}
	for _, s := range p.order {
		if s.err == nil {
			w.hold(s)
		}
	}
	p.bytes = w.bytes
	if w.b.Empty() {
		discard(w.b)
		return nil
	}
	c := r.s.apply(w.b, p.latches...)
	for i := range p.steps {
		if s := &p.steps[i]; s.waits > 0 {
			s.group.waiting.Add(s.waits)
		}
	}
	for _, s := range p.order {
		if s.err == nil {
			s.latch.note(s.key, s.is)
		}
	}
	return c
}

// A stepWriter writes decisions to a batch.
type stepWriter struct {
	b     *pebble.Batch
	bytes []byte           // what is encoded is appended to them
	next  feature.Position // of the next entry
}

// journal writes the entries of a decision.
func (w *stepWriter) journal(s *step) {
	d, g := &s.decided, s.Group.ID
	if d.Expired != nil {
		s.waits += setEntry(w.b, g, &feature.Entry{Record: *d.Expired, Position: w.next, Accepted: d.Accepted, Outcome: feature.OnlineRemoved})
		w.next++
	}
	if !d.Journal {
		return
	}
	s.at = w.next
	w.next++
	from := len(w.bytes)
	w.bytes = appendEntryHead(w.bytes, d.Record, d.Accepted, d.Outcome)
	values := len(w.bytes)
	w.bytes = appendValues(w.bytes, d.Record)
	entry := w.bytes[from:]
	// They stay as they are when bytes grows.
	s.values = w.bytes[values:]
	set(w.b, journalKey(g, s.at), entry)
	s.waits += int64(len(entry)) + journalKeySize
}

// hold writes what is held after a decision.
func (w *stepWriter) hold(s *step) {
	d := &s.decided
	switch d.Outcome {
	case feature.OnlineWritten:
		if s.values == nil {
			set(w.b, s.key, encodeRecord(d.Record, 0))
		} else {
			from := len(w.bytes)
			w.bytes = append(appendHead(append(w.bytes, valueVersion), d.Record, s.at), s.values...)
			set(w.b, s.key, w.bytes[from:])
		}
		moveLapse(w.b, s.Group.ID, s.ID, s.was, lapseOf(d.Record))
	case feature.OnlineRemoved:
		remove(w.b, s.key)
		moveLapse(w.b, s.Group.ID, s.ID, s.was, lapse{})
	}
}
