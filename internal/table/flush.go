package table

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// How long a group that could not be flushed is left alone: doubling between these.
const (
	firstDelay = time.Second
	lastDelay  = time.Minute
)

// Run flushes and compacts what is due until ctx ends, and then returns at once: the journal is
// durable, what waits there is in every query, and the next start flushes it. A flush or a merge that
// ctx interrupts leaves nothing but files that nobody names. An error keeps the journal, or the files,
// as they were; it is logged and tried again later.
func (s *Store) Run(ctx context.Context) error {
	var compaction sync.WaitGroup
	defer compaction.Wait()
	if !s.options.Compaction.Off || !s.options.Runs.Off {
		compaction.Go(func() { s.compactor.run(ctx) })
	}
	tick := time.NewTicker(min(max(s.options.FlushAge/4, 50*time.Millisecond), time.Second))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			s.flushDue(ctx)
		}
	}
}

// FlushNow flushes what was acknowledged before the call, whatever its age. It returns the errors
// of all groups that could not be flushed.
func (s *Store) FlushNow(ctx context.Context) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.giveBack()
	pending, err := s.offline.Pending(ctx)
	if err != nil {
		return fmt.Errorf("ask what waits: %w", err)
	}
	var errs []error
	for _, p := range pending {
		errs = append(errs, s.flushHeld(ctx, p.Group))
	}
	return errors.Join(errs...)
}

// FlushGroupNow flushes what was acknowledged of one group before the call, whatever its age.
func (s *Store) FlushGroupNow(ctx context.Context, id feature.GroupID) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.giveBack()
	return s.flushHeld(ctx, id)
}

// flushHeld flushes every entry that a group has in the journal now. The caller is the flusher.
func (s *Store) flushHeld(ctx context.Context, id feature.GroupID) error {
	last, err := s.newest(ctx, id)
	for through := feature.Position(0); err == nil && through < last; {
		var settled feature.Position
		through, settled, err = s.flushSome(ctx, id)
		if err == nil && through == settled && through < last {
			// A write that began before the last one has not landed: in a moment it has.
			err = pause(ctx, time.Millisecond)
		}
	}
	if err != nil {
		return fmt.Errorf("flush group %d: %w", id, err)
	}
	s.note(ctx, id, nil)
	return nil
}

// newest returns the position of the last entry that a group has in the journal, settled or not; 0 if
// it has none.
func (s *Store) newest(ctx context.Context, id feature.GroupID) (last feature.Position, err error) {
	snap, err := s.offline.Snapshot(ctx)
	if err != nil {
		return 0, fmt.Errorf("pin the store: %w", err)
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	step := s.options.Pace()
	for e, err := range snap.Entries(id) {
		if err != nil {
			return 0, fmt.Errorf("read the journal: %w", err)
		}
		step()
		last = e.Position
	}
	return last, nil
}

// pause waits, but not longer than ctx.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// take waits until nobody else flushes.
func (s *Store) take(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.flusher:
		return nil
	}
}

func (s *Store) giveBack() { s.flusher <- struct{}{} }

func (s *Store) flushDue(ctx context.Context) {
	if s.take(ctx) != nil {
		return // ctx ended
	}
	defer s.giveBack()
	pending, err := s.offline.Pending(ctx)
	s.note(ctx, noGroup, err)
	for _, p := range pending {
		if ctx.Err() != nil {
			return
		}
		if s.due(p) {
			s.note(ctx, p.Group, s.flushGroup(ctx, p.Group))
		}
	}
}

// noGroup stands for the question what waits, which can fail too.
const noGroup feature.GroupID = 0

func (s *Store) due(p Pending) bool {
	now := s.options.Now()
	if p.Bytes < s.options.FlushBytes && now.Sub(p.Since.Time()) < s.options.FlushAge {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.troubles[p.Group]
	return t == nil || !now.Before(t.until)
}

// note keeps whether a group can be flushed, and logs when that changes.
func (s *Store) note(ctx context.Context, id feature.GroupID, err error) {
	if ctx.Err() != nil {
		return // the error, if any, says only that we were told to stop
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.troubles[id]
	if err == nil {
		if t != nil {
			delete(s.troubles, id)
			s.options.Log.Info("rows are flushed again", "group_id", uint64(id))
		}
		return
	}
	kind := feature.KindOf(err)
	if t == nil || t.kind != kind {
		s.options.Log.Error("rows cannot be flushed; they stay in the journal, in every query, and are tried again",
			"group_id", uint64(id), "error", err)
	}
	if t == nil {
		t = &trouble{delay: firstDelay}
		s.troubles[id] = t
	} else {
		t.delay = min(2*t.delay, lastDelay)
	}
	t.kind = kind
	t.until = s.options.Now().Add(t.delay)
}

// trouble is a group that could not be flushed.
type trouble struct {
	kind  feature.Kind // of the error that was logged
	delay time.Duration
	until time.Time // not before
}

// flushGroup flushes what a group has waiting now, in as many commits as memory asks for.
func (s *Store) flushGroup(ctx context.Context, id feature.GroupID) error {
	var last feature.Position
	for {
		through, settled, err := s.flushSome(ctx, id)
		if err != nil {
			return err
		}
		if last == 0 {
			last = settled // what comes after may wait for its own time
		}
		if through >= last {
			return nil
		}
	}
}

// flushSome flushes entries from the oldest on, as many as FlushBytes hold, in one commit.
func (s *Store) flushSome(ctx context.Context, id feature.GroupID) (through, settled feature.Position, err error) {
	g, entries, through, settled, err := s.read(ctx, id)
	if err != nil {
		return 0, 0, err
	}
	if len(entries) == 0 {
		return settled, settled, nil
	}
	if g.Offline == nil {
		return 0, 0, fmt.Errorf("group %s has entries in the journal and no offline store", g.Name)
	}
	files, err := s.plan(g, entries)
	if err != nil {
		return 0, 0, fmt.Errorf("group %s: %w", g.Name, err)
	}
	pace := s.options.Pace
	if through < settled {
		// There is more than one flush takes: it must not fall behind what is written.
		pace = func() func() { return unpaced }
	}
	objects, err := s.stageAll(ctx, g, files, pace)
	if err != nil {
		return 0, 0, fmt.Errorf("group %s: %w", g.Name, err)
	}
	if err := s.offline.CommitFlush(ctx, g.ID, through, objects); err != nil {
		if feature.KindOf(err) != feature.Fault {
			// Certainly not committed. After a fault nobody knows, and the files are left alone.
			s.buckets.Discard(context.WithoutCancel(ctx), objects...)
		}
		return 0, 0, fmt.Errorf("group %s: commit flush: %w", g.Name, err)
	}
	s.count(func(n *Stats) {
		for _, o := range objects {
			n.FilesFlushed++
			n.BytesFlushed += o.Size
			n.RowsFlushed += o.Rows.Count
		}
	})
	s.compactor.touched(g.ID, objects)
	s.options.Log.Debug("rows flushed", "group", g.Name, "rows", len(entries), "files", len(objects), "through", through)
	return through, settled, nil
}

// read reads the oldest entries of a group, and the group; it is nil if there are none.
func (s *Store) read(ctx context.Context, id feature.GroupID) (g *feature.Group, entries []*feature.Entry, through, settled feature.Position, err error) {
	snap, err := s.offline.Snapshot(ctx)
	if err != nil {
		return nil, nil, 0, 0, fmt.Errorf("pin the store: %w", err)
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	settled = snap.Settled()
	entries, through, err = s.oldest(snap, id)
	if err != nil {
		return nil, nil, 0, 0, fmt.Errorf("read the journal: %w", err)
	}
	if len(entries) > 0 {
		// After the snapshot, so that the group has every feature that an entry has a value for.
		if g, err = s.offline.Group(ctx, id); err != nil {
			return nil, nil, 0, 0, fmt.Errorf("find group: %w", err)
		}
	}
	return g, entries, through, settled, nil
}

// oldest reads entries up to the settled position, as many as FlushBytes hold, and returns the
// position up to which there are no others.
func (s *Store) oldest(snap Snapshot, id feature.GroupID) ([]*feature.Entry, feature.Position, error) {
	var entries []*feature.Entry
	var size int64
	settled := snap.Settled()
	step := s.options.Pace()
	for e, err := range snap.Entries(id) {
		if err != nil {
			return nil, 0, err
		}
		step()
		if e.Position > settled {
			break
		}
		entries = append(entries, e)
		if size += sizeOf(e); size >= s.options.FlushBytes {
			return entries, e.Position, nil
		}
	}
	return entries, settled, nil
}

// sizeOf estimates the memory of an entry.
func sizeOf(e *feature.Entry) int64 {
	n := int64(200 + len(e.Record.ID))
	for i := range e.Record.Values {
		v := &e.Record.Values[i]
		n += int64(48 + 16*len(v.List) + v.Size())
	}
	return n
}

// A dataFile is a file to be: the rows of one event hour, sorted by identifier, event time and
// write time, so that what is read together lies together.
type dataFile struct {
	object  bucket.ObjectRef
	rows    bucket.Rows
	entries []*feature.Entry
}

// plan sorts entries and parts them by event hour (contract §4.1).
func (s *Store) plan(g *feature.Group, entries []*feature.Entry) ([]dataFile, error) {
	step, compared := s.options.Pace(), 0
	slices.SortFunc(entries, func(a, b *feature.Entry) int {
		if compared++; compared%(16*stepRows) == 0 {
			step()
		}
		return cmp.Or(
			cmp.Compare(hourOf(a), hourOf(b)),
			strings.Compare(a.Record.ID, b.Record.ID),
			a.Record.EventTime.Compare(b.Record.EventTime),
			cmp.Compare(a.Position, b.Position),
		)
	})
	name, prefix := g.Offline.Location()
	var files []dataFile
	for len(entries) > 0 {
		n := 1
		for n < len(entries) && hourOf(entries[n]) == hourOf(entries[0]) {
			n++
		}
		f := dataFile{entries: entries[:n], rows: rowsOf(entries[:n])}
		suffix, err := s.suffix()
		if err != nil {
			return nil, err
		}
		f.object = bucket.ObjectRef{Bucket: name, Key: prefix + "/" + fileKey(f.rows.LastEventTime, suffix)}
		files = append(files, f)
		entries = entries[n:]
	}
	return files, nil
}

func hourOf(e *feature.Entry) int64 {
	h := e.Record.EventTime.Sec / 3600
	if e.Record.EventTime.Sec%3600 < 0 {
		h--
	}
	return h
}

func rowsOf(entries []*feature.Entry) bucket.Rows {
	first, last := entries[0].Record.EventTime, entries[0].Record.EventTime
	r := bucket.Rows{Count: int64(len(entries)), FirstPosition: int64(entries[0].Position), LastPosition: int64(entries[0].Position)}
	for _, e := range entries[1:] {
		if t := e.Record.EventTime; t.Compare(first) < 0 {
			first = t
		} else if t.Compare(last) > 0 {
			last = t
		}
		r.FirstPosition = min(r.FirstPosition, int64(e.Position))
		r.LastPosition = max(r.LastPosition, int64(e.Position))
	}
	r.FirstEventTime, r.LastEventTime = first.Time(), last.Time()
	return r
}

// fileKey names a data file below its table's location, by the latest event time in it.
func fileKey(last time.Time, suffix string) string {
	return last.UTC().Format("year=2006/month=01/day=02/hour=15/20060102T150405Z") + "_" + suffix + ".parquet"
}

const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// suffix makes a file name unique: 16 letters and digits.
func (s *Store) suffix() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(s.options.Rand, b[:]); err != nil {
		return "", fmt.Errorf("make a file name: %w", err)
	}
	for i := range b {
		b[i] = alphanumeric[int(b[i])%len(alphanumeric)]
	}
	return string(b[:]), nil
}
