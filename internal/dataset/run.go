package dataset

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/dataset/asof"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// Start checks a request, keeps it as the next version of its name and returns that; it is made in the background.
// Its rows are of what was acknowledged before the call. Invalid: the request; NotFound: a group; Conflict: a group
// is not Created. What is wrong with the labels makes it Failed.
func (s *Store) Start(ctx context.Context, name Name, spec Spec, by string) (*Dataset, error) {
	groups, err := s.checkSpec(ctx, name, &spec)
	if err != nil {
		return nil, err
	}
	working, cancel, err := s.begin(context.WithoutCancel(ctx))
	if err != nil {
		return nil, err
	}
	d := &Dataset{Name: name, Spec: spec, By: by, Status: Running, Started: s.now(), Groups: groups, Release: s.options.Release}
	if !spec.AsOf.IsZero() {
		d.AsOf = feature.Position(spec.AsOf.UnixMicro())
	}
	if err := s.datasets.Create(ctx, d); err != nil {
		cancel(nil)
		s.running.Done()
		return nil, err
	}
	w := &work{cancel: cancel, done: make(chan struct{}), phase: phaseWaiting}
	s.mu.Lock()
	s.works[d.Ref()] = w
	s.mu.Unlock()
	copied := *d
	go func() {
		defer s.running.Done()
		defer cancel(nil)
		s.carryOut(working, w, &copied)
		s.mu.Lock()
		delete(s.works, d.Ref())
		s.mu.Unlock()
		close(w.done)
	}()
	return d, nil
}

// carryOut makes a dataset, and notes how it ended.
func (s *Store) carryOut(ctx context.Context, w *work, d *Dataset) {
	err := s.make(ctx, w, d)
	if err == nil {
		return
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx) // whatever it was that noticed
	}
	if errors.Is(err, errCancelled) {
		return // it is Cancelled
	}
	text, told := failure(err)
	if !told {
		s.options.Log.Error("a dataset could not be made", "dataset", d.Name, "version", d.Version, "error", err)
	}
	if err := s.over(context.WithoutCancel(ctx), d.Ref(), Failed, text); err != nil {
		s.options.Log.Error("it cannot be noted that a dataset failed", "dataset", d.Name, "version", d.Version, "error", err)
	}
}

// failure says for a caller why a dataset could not be made. told is false for a fault of ours.
func failure(err error) (text string, told bool) {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return "the disk of the server is full; nothing was kept: make room, and ask for it again", true
	case feature.KindOf(err) != feature.Fault:
		return err.Error(), true
	}
	return "the server could not make it; its log says why", false
}

// await waits for the turn of a dataset, and returns what ends it.
func (s *Store) await(ctx context.Context, w *work) (func(), error) {
	w.begin(phaseWaiting, "another dataset is being made")
	return s.joiner.take(ctx)
}

// patience is how long a snapshot is waited for that has what was stamped before it.
const patience = 5 * time.Millisecond

// settled returns a snapshot that has every row of the groups of d that will ever have a write time up to and with
// its AsOf, but for what other programs put into buckets. The caller closes it.
func (s *Store) settled(ctx context.Context, w *work, d *Dataset) (table.Snapshot, error) {
	var groups []feature.GroupID
	for _, g := range d.Groups {
		groups = append(groups, g.ID)
	}
	tick := time.NewTicker(patience)
	defer tick.Stop()
	for {
		i, err := s.imports.Unsettled(ctx, d.AsOf, groups)
		if err != nil {
			return nil, fmt.Errorf("imports under way: %w", err)
		}
		if i == nil {
			snap, err := s.offline.Snapshot(ctx)
			if err != nil {
				return nil, fmt.Errorf("pin the store: %w", err)
			}
			if snap.Settled() >= d.AsOf {
				return snap, nil
			}
			if err := snap.Close(); err != nil {
				return nil, err
			}
		} else {
			w.begin(phaseWaiting, "the import "+i.ID+" into "+string(i.Group)+" began before")
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// make makes the rows of a dataset, and keeps them.
func (s *Store) make(ctx context.Context, w *work, d *Dataset) (err error) {
	// The statement of labels may have a call of as_of, which needs a turn too: its turn comes first.
	query := d.Spec.Labels.Source == ""
	if !query {
		done, err := s.await(ctx, w)
		if err != nil {
			return err
		}
		defer done()
	}
	if err := s.note(ctx, &Read{Name: d.Name, Version: d.Version, By: d.By, What: Create, Groups: groupNames(d.Groups), Labels: d.Spec.Labels.words(), AsOf: d.AsOf}); err != nil {
		return err
	}
	w.begin(phaseLabels, "")
	scratch := s.joiner.scratchOf(d.Ref())
	defer func() { err = errors.Join(err, scratch.remove()) }()
	labels, err := s.openLabels(ctx, d, scratch)
	if err != nil {
		return err
	}
	defer func() { err = labels.done(err) }()
	if labels.rows == 0 {
		return feature.Errorf(feature.Invalid, "the labels have no rows, so there is nothing to make a dataset of")
	}
	shape, err := shapeOf(&d.Spec, labels, d.Groups)
	if err != nil {
		return err
	}
	if query {
		done, err := s.await(ctx, w)
		if err != nil {
			return err
		}
		defer done()
	}
	snap, err := s.settled(ctx, w, d)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	for i := range d.Groups {
		if d.Groups[i].Rows, err = s.rowsUpTo(ctx, snap, &d.Groups[i], d.AsOf); err != nil {
			return err
		}
	}
	w.joining(labels.rows, s.options.Now())
	p := s.production(d, labels, shape, snap, w.join)
	file, sum, err := s.stage(ctx, p)
	if err != nil {
		return err
	}
	if changed, err := labels.changed(); changed || err != nil {
		s.buckets.Discard(context.WithoutCancel(ctx), file)
		return errors.Join(err, feature.Errorf(feature.Conflict, "the labels %s changed while they were read; ask for the dataset again", d.Spec.Labels.Source))
	}
	return s.keep(ctx, d, p, file, sum, scratch.most)
}

func (s *Store) production(d *Dataset, labels *labelFile, shape *shape, snap table.Snapshot, report func(asof.Progress, int64)) *production {
	return &production{
		engine: s.joiner.engine, snap: snap, labels: labels, kept: labels, shape: shape, file: fileColumns(shape.columns), counted: true,
		groups: d.Groups, asOf: d.AsOf, keys: s.options.Memory, report: report,
	}
}

// stage runs a production into a file that nobody sees yet, and returns that and the SHA-256 of its bytes.
func (s *Store) stage(ctx context.Context, p *production) (*bucket.Object, string, error) {
	out, in := io.Pipe()
	sum := sha256.New()
	produced := make(chan error, 1)
	go func() { // received below
		err := p.run(ctx, io.MultiWriter(in, sum))
		in.CloseWithError(err) // nil is the end of the file
		produced <- err
	}()
	file, err := s.buckets.StageNameless(ctx, out, nil)
	out.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // who writes must not wait for a reader that has given up
	if made := <-produced; made != nil && (err == nil || !errors.Is(made, io.ErrClosedPipe)) {
		err = made
	}
	if err != nil && file != nil {
		s.buckets.Discard(context.WithoutCancel(ctx), file)
	}
	return file, hex.EncodeToString(sum.Sum(nil)), err
}

// keep makes a dataset Ready, with its file, in one commit.
func (s *Store) keep(ctx context.Context, d *Dataset, p *production, file *bucket.Object, sum string, scratch int64) error {
	columns, hash := p.columns()
	_, err := s.datasets.Update(context.WithoutCancel(ctx), d.Ref(), func(held *Dataset) error {
		if held.Status != Running {
			return errOver // it was cancelled
		}
		held.Status, held.Ended, held.Groups = Ready, s.now(), d.Groups
		held.Rows, held.Columns, held.Hash = p.rows, columns, hash
		held.File, held.FileHash, held.Scratch = file, sum, scratch
		return nil
	})
	if err == nil {
		return nil
	}
	if errors.Is(err, errOver) || feature.KindOf(err) != feature.Fault {
		// Certainly not committed. After a fault nobody knows, and the next start removes what is not named.
		s.buckets.Discard(context.WithoutCancel(ctx), file)
	}
	if errors.Is(err, errOver) {
		return errCancelled
	}
	return fmt.Errorf("keep the dataset: %w", err)
}

func groupNames(groups []Group) []feature.GroupName {
	var names []feature.GroupName
	for _, g := range groups {
		names = append(names, g.Name)
	}
	return names
}

// words says where labels come from.
func (l *Labels) words() string {
	switch {
	case l.Source != "":
		return l.Source
	case l.Table != "":
		return "table " + l.table()
	}
	return strings.TrimSpace(l.SQL)
}
