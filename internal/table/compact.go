package table

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

const (
	// compactBeat is how often the compactor looks whether an hour is due.
	compactBeat = time.Second
	// compactAll is how often it looks through all hours of all groups, for what it was not told of.
	compactAll = time.Hour
	// How long an hour whose merge failed is left alone: doubling between these.
	firstRest = time.Minute
	lastRest  = 6 * time.Hour
)

// An eventHour is the folder of one event hour of a group.
type eventHour struct {
	group  feature.GroupID
	folder string // of keys: <prefix>/year=…/month=…/day=…/hour=…/
}

// A visit is when an hour is to be looked at next.
type visit struct {
	at   time.Time
	rest time.Duration // after the last failure; 0 if there was none
}

// A compactor merges the files of event hours, one hour at a time.
type compactor struct {
	s    *Store
	turn chan struct{} // holds one token: whoever has it merges

	mu     sync.Mutex // guards visits, all
	visits map[eventHour]visit
	all    time.Time // when to look through everything; zero: at once
}

func newCompactor(s *Store) *compactor {
	c := &compactor{s: s, turn: make(chan struct{}, 1), visits: map[eventHour]visit{}}
	c.turn <- struct{}{}
	return c
}

// run merges what is due until ctx ends.
func (c *compactor) run(ctx context.Context) {
	tick := time.NewTicker(compactBeat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := c.due(ctx); err != nil && ctx.Err() == nil {
				c.s.options.Log.Warn("the files of the tables could not be looked through; this is tried again", "error", err)
			}
		}
	}
}

// CompactNow merges what is due now: tiers that are full, hours that are cold. It returns the errors of
// all hours that could not be merged; they are left as they were.
func (s *Store) CompactNow(ctx context.Context) error {
	if err := s.compactor.everything(ctx); err != nil {
		return err
	}
	return s.compactor.due(ctx)
}

// touched tells the compactor, and who makes runs, where files came in. Whoever commits files in another
// way than by a flush need not: the compactor finds them within the hour.
func (c *compactor) touched(g feature.GroupID, objects []*bucket.Object) {
	now := c.s.options.Now()
	c.s.runs.stir(g, now.Add(c.s.options.Runs.Quiet))
	if c.s.options.Compaction.Off {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, o := range objects {
		h := eventHour{group: g, folder: folderOf(o.Key)}
		if v, held := c.visits[h]; !held || v.rest == 0 && v.at.After(now) {
			c.visits[h] = visit{at: now}
		}
	}
}

// folderOf returns the key up to and with its last slash.
func folderOf(key string) string { return key[:strings.LastIndexByte(key, '/')+1] }

// CompactDue is one beat of what Run does for data files: merges and runs that are due by Options.Now.
func (s *Store) CompactDue(ctx context.Context) error { return s.compactor.due(ctx) }

// due merges the hours whose time has come, the longest due first.
func (c *compactor) due(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-c.turn:
	}
	defer func() { c.turn <- struct{}{} }()
	c.mu.Lock()
	all := !c.s.options.Now().Before(c.all)
	c.mu.Unlock()
	if all {
		if err := c.everything(ctx); err != nil {
			return err
		}
	}
	var errs []error
	for _, h := range c.dueHours(c.s.options.Now()) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		// Out of visits first, so that what comes into the hour from here on brings it back.
		v := c.leave(h)
		again, err := c.hour(ctx, h)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			errs = append(errs, err)
		}
		c.visited(h, v, again, err)
	}
	return errors.Join(append(errs, c.s.runs.due(ctx))...)
}

// dueHours returns the hours that are due, the longest due first.
func (c *compactor) dueHours(now time.Time) []eventHour {
	type dueHour struct {
		eventHour
		visit
	}
	var due []dueHour
	c.mu.Lock()
	for h, v := range c.visits {
		if !v.at.After(now) {
			due = append(due, dueHour{h, v})
		}
	}
	c.mu.Unlock()
	slices.SortFunc(due, func(a, b dueHour) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.group, b.group), strings.Compare(a.folder, b.folder))
	})
	hours := make([]eventHour, len(due))
	for i, d := range due {
		hours[i] = d.eventHour
	}
	return hours
}

func (c *compactor) leave(h eventHour) visit {
	c.mu.Lock()
	defer c.mu.Unlock()
	v := c.visits[h]
	delete(c.visits, h)
	return v
}

// visited keeps when to look at an hour again, after a visit that v had asked for.
func (c *compactor) visited(h eventHour, v visit, again time.Time, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		rest := min(max(2*v.rest, firstRest), lastRest)
		c.visits[h] = visit{at: c.s.options.Now().Add(rest), rest: rest}
		c.s.options.Log.Warn("the files of an event hour could not be merged; they stay as they are, and this is tried again",
			"group_id", uint64(h.group), "folder", h.folder, "again_in", rest, "error", err)
		return
	}
	if _, held := c.visits[h]; !held && !again.IsZero() {
		c.visits[h] = visit{at: again}
	}
}

// everything has every hour that has two files looked at, and every group for its runs.
func (c *compactor) everything(ctx context.Context) (err error) {
	now := c.s.options.Now()
	if c.s.options.Groups != nil {
		snap, err := c.s.offline.Snapshot(ctx)
		if err != nil {
			return fmt.Errorf("pin the store: %w", err)
		}
		defer func() { err = errors.Join(err, snap.Close()) }()
		for g, err := range c.s.options.Groups(ctx) {
			if err != nil {
				return fmt.Errorf("list the groups: %w", err)
			}
			if g.Offline == nil {
				continue
			}
			if err := c.group(ctx, snap, g, now); err != nil {
				return err
			}
		}
	}
	c.mu.Lock()
	c.all = now.Add(compactAll)
	c.mu.Unlock()
	return nil
}

// group has g looked at for its runs, and every hour of it that has two files.
func (c *compactor) group(ctx context.Context, snap Snapshot, g *feature.Group, now time.Time) error {
	c.s.runs.stir(g.ID, now)
	if c.s.options.Compaction.Off {
		return nil
	}
	name, prefix := g.Offline.Location()
	folder, n := "", 0
	for o, err := range snap.Objects(name, prefix+"/") {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("list the files of group %s: %w", g.Name, err)
		}
		if !isOurs(o, prefix) {
			continue
		}
		if f := folderOf(o.Key); f != folder {
			folder, n = f, 0
		}
		if n++; n == 2 {
			c.mu.Lock()
			h := eventHour{group: g.ID, folder: folder}
			if _, held := c.visits[h]; !held {
				c.visits[h] = visit{at: now}
			}
			c.mu.Unlock()
		}
	}
	return nil
}

// isOurs tells the data files that this server wrote under a location from those of others, and from
// its own objects of another kind: they have their Rows, and the key of fileKey.
func isOurs(o *bucket.Object, prefix string) bool {
	if o.Rows == nil || o.Rows.Count <= 0 || len(o.Blobs) != 1 {
		return false
	}
	want := prefix + "/" + fileKey(o.Rows.LastEventTime, strings.Repeat("x", 16))
	return len(o.Key) == len(want) && folderOf(o.Key) == folderOf(want) && strings.HasSuffix(o.Key, ".parquet")
}

// hour merges files of an hour until there is nothing to merge, and returns when to look again.
func (c *compactor) hour(ctx context.Context, h eventHour) (time.Time, error) {
	for {
		if err := ctx.Err(); err != nil {
			return time.Time{}, err
		}
		m, again, err := c.next(ctx, h)
		if err != nil || m == nil {
			return again, err
		}
		err = c.s.merge(ctx, m)
		if feature.KindOf(err) == feature.Conflict || feature.KindOf(err) == feature.NotFound {
			// Somebody replaced or deleted one of the files, or the bucket, meanwhile.
			c.s.count(func(n *Stats) { n.Conflicts++ })
			c.s.options.Log.Debug("files of an event hour changed while they were merged", "folder", h.folder, "error", err)
			return c.s.options.Now().Add(compactBeat), nil
		}
		if err != nil {
			return time.Time{}, err
		}
		c.s.runs.stir(h.group, c.s.options.Now().Add(c.s.options.Runs.Quiet))
	}
}

// next opens the files that are to be merged. It returns nil if none are, and when to look again.
func (c *compactor) next(ctx context.Context, h eventHour) (m *merge, again time.Time, err error) {
	g, err := c.s.offline.Group(ctx, h.group)
	if feature.KindOf(err) == feature.NotFound {
		return nil, time.Time{}, nil // deleted: its files stay as they are
	}
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("find group: %w", err)
	}
	if g.Offline == nil {
		return nil, time.Time{}, nil
	}
	snap, err := c.s.offline.Snapshot(ctx)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("pin the store: %w", err)
	}
	// The blobs of the files stay until they are open, and then until they are closed.
	defer func() { err = errors.Join(err, snap.Close()) }()
	name, prefix := g.Offline.Location()
	var files []*bucket.Object
	for o, err := range snap.Objects(name, h.folder) {
		if err != nil {
			return nil, time.Time{}, fmt.Errorf("list %s: %w", h.folder, err)
		}
		if isOurs(o, prefix) {
			files = append(files, o)
		}
	}
	columns := len(g.Definitions) + technical
	chosen, again := c.s.options.Compaction.choose(files, columns, c.s.options.Now())
	if chosen == nil {
		return nil, again, nil
	}
	m = &merge{group: g, files: chosen}
	if err := m.open(ctx, c.s.buckets); err != nil {
		return nil, time.Time{}, err
	}
	return m, time.Time{}, nil
}
