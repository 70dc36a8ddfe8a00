package ingest

import (
	"context"
	"fmt"
	"io"
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
	a := applier{group: g, idAt: g.Ordinal(g.RecordIdentifier), ttl: ttl, positions: i.Stores&feature.OfflineStore != 0}
	w.begin(phaseApplying, i.Online-i.Applied)
	for {
		rows, err := in.next()
		if err == io.EOF {
			return s.done(ctx, i.ID)
		}
		if err != nil {
			return err
		}
		if err := context.Cause(ctx); err != nil {
			return err
		}
		a.take(rows)
		a.accepted = s.options.Now()
		err = s.loader.Apply(ctx, i.ID, g, a.records, a.decide, func(i *Import) error {
			i.Applied += int64(len(rows))
			i.Mark = in.at
			return nil
		})
		switch {
		case feature.KindOf(err) == feature.NotFound:
			return s.done(ctx, i.ID)
		case err != nil:
			return fmt.Errorf("apply records: %w", err)
		}
		w.rows.Add(int64(len(rows)))
	}
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
	a.records = a.records[:0]
	for _, r := range rows {
		rec := recordOf(r, a.idAt, a.ttl)
		if !a.positions {
			rec.Position = 0
		}
		a.records = append(a.records, rec)
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
