package table

import (
	"bytes"
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
	"github.com/larder-dev/larder/internal/parquet"
)

// A runPlace is where a run is, or could be.
type runPlace struct {
	group  feature.GroupID
	folder string
}

// A runMaker makes the runs of groups, and drops those that stand for nothing any more. The compactor
// calls it while it has its turn.
type runMaker struct {
	s *Store

	mu    sync.Mutex // guards what follows
	looks map[feature.GroupID]time.Time
	rests map[runPlace]visit // until when a folder is left alone
}

func newRunMaker(s *Store) *runMaker {
	return &runMaker{s: s, looks: map[feature.GroupID]time.Time{}, rests: map[runPlace]visit{}}
}

// stir has a group looked at, at that time or earlier.
func (m *runMaker) stir(g feature.GroupID, at time.Time) {
	if m.s.options.Runs.Off {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.looks[g] = earlier(m.looks[g], at)
}

// due looks at the groups whose time has come. Runs that could not be made are logged, and tried again.
func (m *runMaker) due(ctx context.Context) error {
	var errs []error
	for _, id := range m.dueGroups(m.s.options.Now()) {
		again, err := m.look(ctx, id)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("runs of group %d: %w", id, err))
			again = earlier(again, m.s.options.Now().Add(firstRest))
		}
		if !again.IsZero() {
			m.stir(id, again)
		}
	}
	return errors.Join(errs...)
}

// dueGroups returns the groups that are due, and forgets that they are.
func (m *runMaker) dueGroups(now time.Time) []feature.GroupID {
	m.mu.Lock()
	defer m.mu.Unlock()
	var due []feature.GroupID
	for g, at := range m.looks {
		if !at.After(now) {
			due = append(due, g)
			delete(m.looks, g)
		}
	}
	for place, v := range m.rests {
		if now.Sub(v.at) > 2*lastRest {
			delete(m.rests, place)
		}
	}
	slices.Sort(due)
	return due
}

// look drops the runs of a group that stand for nothing, makes those that are due, and returns when to
// look again; zero if only after another file came.
func (m *runMaker) look(ctx context.Context, id feature.GroupID) (time.Time, error) {
	a := &agenda{now: m.s.options.Now(), resting: func(folder string) time.Time {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.rests[runPlace{id, folder}].at
	}}
	stale, err := m.survey(ctx, id, a)
	if err != nil {
		return time.Time{}, err
	}
	if len(stale) > 0 {
		if err := m.s.offline.DropRuns(ctx, stale); err != nil {
			return time.Time{}, fmt.Errorf("drop runs that stand for nothing any more: %w", err)
		}
		m.s.count(func(n *Stats) { n.RunsDropped += int64(len(stale)) })
	}
	for _, folder := range a.folders {
		made, err := m.make(ctx, id, folder)
		if ctx.Err() != nil {
			return time.Time{}, ctx.Err()
		}
		if made || err != nil {
			a.again = earlier(a.again, m.rest(runPlace{id, folder}, err))
		}
	}
	return a.again, nil
}

// rest keeps how long a folder is left alone after a run of it was made, or could not be, and returns
// when to look again; zero if nothing asks for it.
func (m *runMaker) rest(place runPlace, err error) time.Time {
	now := m.s.options.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil {
		m.rests[place] = visit{at: now.Add(m.s.options.Runs.Rest)}
		return time.Time{}
	}
	rest := min(max(2*m.rests[place].rest, firstRest), lastRest)
	m.rests[place] = visit{at: now.Add(rest), rest: rest}
	m.s.options.Log.Warn("a sorted run could not be made; queries read the files of the hours, and this is tried again",
		"group_id", uint64(place.group), "folder", place.folder, "again_in", rest, "error", err)
	return now.Add(rest)
}

// survey fills an agenda for a group, and returns the runs that stand for nothing any more.
func (m *runMaker) survey(ctx context.Context, id feature.GroupID, a *agenda) (stale []*Run, err error) {
	g, err := m.s.offline.Group(ctx, id)
	if feature.KindOf(err) == feature.NotFound {
		return nil, nil // its runs went with it
	}
	if err != nil {
		return nil, fmt.Errorf("find group: %w", err)
	}
	snap, err := m.s.offline.Snapshot(ctx)
	if err != nil {
		return nil, fmt.Errorf("pin the store: %w", err)
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	held, err := runsOf(snap, id)
	if err != nil {
		return nil, err
	}
	serves, err := runsServe(snap, g)
	if err != nil {
		return nil, err
	}
	used := map[*Run]bool{}
	if serves {
		for month, err := range months(snap, g, "", held) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return nil, err
			}
			runs, _ := month.settle()
			for _, r := range runs {
				used[r] = true
			}
			m.s.options.Runs.plan(month, a)
		}
	}
	return slices.DeleteFunc(held, func(r *Run) bool { return used[r] }), nil
}

// runsOf returns the runs of a group.
func runsOf(snap Snapshot, g feature.GroupID) ([]*Run, error) {
	var all []*Run
	for r, err := range snap.Runs(g) {
		if err != nil {
			return nil, fmt.Errorf("list the runs: %w", err)
		}
		all = append(all, r)
	}
	return all, nil
}

// runsServe tells whether the group has a table that reads its runs.
func runsServe(snap Snapshot, g *feature.Group) (bool, error) {
	if g.Offline == nil || g.Offline.Table == nil {
		return false, nil
	}
	t, err := snap.Table(strings.ToLower(g.Offline.Table.Database), strings.ToLower(g.Offline.Table.Table))
	if feature.KindOf(err) == feature.NotFound {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find the table of group %s: %w", g.Name, err)
	}
	return readsRuns(t, g), nil
}

// readsRuns tells whether runs of g have rows of t: it is the table of the group, and reads what the
// group writes, where it writes it. Clients may change a table.
func readsRuns(t *Table, g *feature.Group) bool {
	if g.Offline == nil || t.Group != g.ID || len(t.PartitionKeys) > 0 || Readable(t) != nil {
		return false
	}
	format, err := formatOf(t)
	at, locationErr := parseLocation(t.Location)
	name, prefix := g.Offline.Location()
	return err == nil && format == nil && locationErr == nil && at.bucket == name && strings.TrimSuffix(at.prefix, "/") == prefix
}

// make makes a run of a folder, as the folder stands now. It makes none of a folder that is not what it
// was a moment ago, nor of a group that was deleted meanwhile.
func (m *runMaker) make(ctx context.Context, id feature.GroupID, folder string) (made bool, err error) {
	g, files, sources, err := m.read(ctx, id, folder)
	if err != nil || len(files) == 0 {
		return false, err
	}
	r := newRun(id, folder, files)
	if r.File, err = m.stage(ctx, g, files, sources); err != nil {
		return false, fmt.Errorf("make a run of %d files of %s: %w", len(files), folder, err)
	}
	if err := m.s.offline.CommitRun(ctx, r); err != nil {
		if feature.KindOf(err) != feature.Fault {
			m.s.buckets.Discard(context.WithoutCancel(ctx), r.File)
		}
		if feature.KindOf(err) == feature.NotFound {
			return false, nil
		}
		return false, fmt.Errorf("commit the run of %s: %w", folder, err)
	}
	m.s.count(func(n *Stats) {
		n.RunsMade++
		n.BytesOfRuns += r.File.Size
		n.RowsOfRuns += r.File.Rows.Count
	})
	m.s.options.Log.Debug("a sorted run was made", "group", g.Name, "folder", folder, "files", r.Files, "rows", r.File.Rows.Count, "bytes", r.File.Size)
	return true, nil
}

// read reads the files of a folder into memory, where many small ones cost less than open ones do. There
// are none if there is nothing to make a run of any more.
func (m *runMaker) read(ctx context.Context, id feature.GroupID, folder string) (g *feature.Group, files []*bucket.Object, sources []parquet.Source, err error) {
	snap, err := m.s.offline.Snapshot(ctx)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("pin the store: %w", err)
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	// After the snapshot, so that the group has every feature that a file has a column for.
	g, err = m.s.offline.Group(ctx, id)
	if feature.KindOf(err) == feature.NotFound {
		return nil, nil, nil, nil
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("find group: %w", err)
	}
	for month, err := range months(snap, g, folder, nil) {
		if err != nil {
			return nil, nil, nil, err
		}
		files = append(files, month.files...)
	}
	if len(files) < m.s.options.Runs.Files || bytesOf(files) > 2*m.s.options.Runs.Most {
		return nil, nil, nil, nil
	}
	for _, o := range files {
		data, err := m.content(ctx, o)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("read %s: %w", o.Key, err)
		}
		sources = append(sources, parquet.Source{Name: o.Key, Reader: bytes.NewReader(data), Size: o.Size})
	}
	return g, files, sources, nil
}

func (m *runMaker) content(ctx context.Context, o *bucket.Object) ([]byte, error) {
	r, err := m.s.buckets.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	data := make([]byte, o.Size)
	_, err = io.ReadFull(r, data)
	return data, errors.Join(err, r.Close())
}

// stage writes the file of a run, and returns it when it is durable.
func (m *runMaker) stage(ctx context.Context, g *feature.Group, files []*bucket.Object, sources []parquet.Source) (*bucket.Object, error) {
	schema, err := parquet.NewSchema(fileColumns(g))
	if err != nil {
		return nil, fmt.Errorf("schema of the data files: %w", err)
	}
	rows := together(files)
	body, out := io.Pipe()
	merging, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		m.s.options.Gently(func() {
			n, err := mergeAll(merging, out, schema, sources, sortKeys(g), m.s.options.Pace())
			if err == nil && n != rows.Count {
				err = fmt.Errorf("%d rows are in the files, the index says %d", n, rows.Count)
			}
			out.CloseWithError(err) // nil is the end of the file
		})
	}()
	made, err := m.s.buckets.StageNameless(ctx, body, &rows)
	cancel()
	body.CloseWithError(errMerged)
	<-ended
	return made, err
}

// mergeAll merges sources of any number, in memory as many at a time as one merge may have until they
// are few enough for the last.
func mergeAll(ctx context.Context, out io.Writer, s *parquet.Schema, sources []parquet.Source, keys []parquet.SortKey, step func()) (int64, error) {
	for {
		n := mergeable(sources, s.Width())
		if n == len(sources) {
			return parquet.Merge(ctx, out, s, sources, keys, step)
		}
		var merged []parquet.Source
		for len(sources) > 0 {
			n := mergeable(sources, s.Width())
			var part bytes.Buffer
			if _, err := parquet.Merge(ctx, &part, s, sources[:n], keys, step); err != nil {
				return 0, err
			}
			name := sources[0].Name + " and those after it"
			clear(sources[:n]) // their bytes are not needed any more
			sources = sources[n:]
			merged = append(merged, parquet.Source{Name: name, Reader: bytes.NewReader(part.Bytes()), Size: int64(part.Len())})
		}
		sources = merged
	}
}

// mergeable returns how many of the sources, from the first on, one merge may have: two at least, if
// there are so many.
func mergeable(sources []parquet.Source, columns int) int {
	var memory int64
	for i, source := range sources[:min(len(sources), mergeFiles)] {
		memory += memoryOf(source.Size, columns)
		if memory > mergeMemory && i >= 2 {
			return i
		}
	}
	return min(len(sources), mergeFiles)
}
