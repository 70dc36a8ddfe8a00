package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// apply takes the newest record of each identifier into the online store, from where an earlier run
// of it came to.
func (s *Store) apply(ctx context.Context, w *work, i *Import) (err error) {
	g, err := s.groups.Group(ctx, feature.GroupRef(i.Group))
	if err != nil || g.ID != i.GroupID {
		if err == nil || feature.KindOf(err) == feature.NotFound {
			return s.done(ctx, i.ID) // the group is gone, and with it its online store
		}
		return err
	}
	ttl, err := g.RecordTTL(nil)
	if err != nil {
		return fmt.Errorf("time to live of group %s: %w", g.Name, err)
	}
	in, err := openOnline(s.options.FS, s.onlineName(i.ID), i.Mark)
	if err != nil {
		return err
	}
	defer in.in.Close() // it was only read
	w.begin(phaseApplying, i.Online-i.Applied)
	err = s.applyBlocks(ctx, w, i, applier{
		group: g, idAt: g.Ordinal(g.RecordIdentifier), ttl: ttl, positions: i.Stores&feature.OfflineStore != 0,
	}, in)
	if err != nil && feature.KindOf(err) != feature.NotFound {
		return err
	}
	return s.done(ctx, i.ID)
}

// flights is how many blocks are applied at a time: while one waits for the disk the next are made.
const flights = 4

// errTurn is why a block is not applied: one before it was not.
var errTurn = errors.New("a block before this one was not applied")

// applyBlocks applies what in has still, a block a commit, in their order.
func (s *Store) applyBlocks(ctx context.Context, w *work, i *Import, a applier, in *onlineReader) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var work sync.WaitGroup
	slots := make(chan struct{}, flights)
	turn := make(chan struct{}) // closed when the next block may be applied
	close(turn)
	from := i.Mark
	var err error
	for context.Cause(ctx) == nil {
		var rows []row
		if rows, err = in.next(); err != nil {
			break
		}
		before, to, mine, next := from, in.at, turn, make(chan struct{})
		slots <- struct{}{}
		work.Go(func() {
			defer func() { <-slots }()
			begun := sync.OnceFunc(func() { close(next) })
			defer begun()
			err := s.applyBlock(ctx, i.ID, a, rows, mine, func(i *Import) error {
				if i.Mark != before {
					return errTurn
				}
				i.Applied += int64(len(rows))
				i.Mark = to
				begun()
				return nil
			})
			if err == nil {
				w.rows.Add(int64(len(rows)))
			} else if !errors.Is(err, errTurn) { // the one before says why
				cancel(err)
			}
		})
		from, turn = to, next
	}
	work.Wait()
	if failed := context.Cause(ctx); failed != nil {
		return failed
	}
	if err == io.EOF {
		return nil
	}
	return err
}

// applyBlock applies rows when it is their turn.
func (s *Store) applyBlock(ctx context.Context, id string, a applier, rows []row, turn <-chan struct{}, change func(*Import) error) error {
	a.take(rows)
	<-turn
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	a.accepted = s.options.Now()
	if err := s.loader.Apply(ctx, id, a.group, a.records, a.decide, change); err != nil {
		return fmt.Errorf("apply records: %w", err)
	}
	return nil
}

// An applier decides what the records of a block do.
type applier struct {
	group     *feature.Group
	idAt      int
	ttl       int64
	positions bool // the records are in the offline store too
	accepted  time.Time
	records   []*feature.Record
}

func (a *applier) take(rows []row) {
	a.records = make([]*feature.Record, len(rows))
	var made recorder
	for i, r := range rows {
		a.records[i] = made.record(r, a.idAt, a.ttl)
		if !a.positions {
			a.records[i].Position = 0
		}
	}
}

// decide is feature.DecidePut for a put that was accepted when its row was read: one of the same event
// time that came after is held already, and stays.
func (a *applier) decide(held *feature.Record, i int) feature.Decision {
	r := a.records[i]
	if held != nil && held.EventTime == r.EventTime && held.Position > r.Position && r.Position != 0 && !held.Expired(a.accepted) {
		return feature.Decision{Outcome: feature.OnlineStale, Record: r, Accepted: a.accepted}
	}
	return feature.DecidePut(a.group, held, r, feature.OnlineStore, a.accepted)
}

func (s *Store) done(ctx context.Context, id string) error {
	_, err := s.imports.Update(ctx, id, func(i *Import) error {
		i.Status, i.Failure, i.Ended = Done, "", s.options.Now().UTC()
		return nil
	})
	if err != nil {
		return fmt.Errorf("note that it is done: %w", err)
	}
	s.removeScratch(id)
	return nil
}
