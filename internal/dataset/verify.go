package dataset

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// Verify makes a dataset again, of its own labels and of the offline stores as they are now, and compares. What it
// found is kept with the dataset, and returned. It reads the groups by what the dataset remembers of them, so that
// it also works when they have more features, or are deleted. NotFound; Conflict: the dataset is not Ready, or a data
// file cannot be read.
func (s *Store) Verify(ctx context.Context, r Ref, by string) (*Dataset, error) {
	ctx, cancel, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer s.running.Done()
	defer cancel(nil)
	d, err := s.ready(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := s.note(ctx, &Read{Name: d.Name, Version: d.Version, By: by, What: Verify, Groups: groupNames(d.Groups), AsOf: d.AsOf}); err != nil {
		return nil, err
	}
	v, err := s.again(ctx, d)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, err
	}
	v.By = by
	return s.datasets.Update(ctx, d.Ref(), func(d *Dataset) error {
		d.Verified = v
		return nil
	})
}

// ready returns a dataset that has rows.
func (s *Store) ready(ctx context.Context, r Ref) (*Dataset, error) {
	d, err := s.datasets.Get(ctx, r)
	if err != nil {
		return nil, err
	}
	switch {
	case d.Status == Ready:
		return d, nil
	case d.Status == Running:
		return nil, feature.Errorf(feature.Conflict, "the dataset %s is still being made; ask again when it is %s", d.Ref(), Ready)
	case r.Version == 0 && d.Version > 1:
		return nil, feature.Errorf(feature.Conflict, "the dataset %s, the newest, is %s and has no rows; name another version", d.Ref(), d.Status)
	}
	return nil, feature.Errorf(feature.Conflict, "the dataset %s is %s and has no rows", d.Ref(), d.Status)
}

// again makes the rows of d once more.
func (s *Store) again(ctx context.Context, d *Dataset) (_ *Verification, err error) {
	w := &work{phase: phaseWaiting}
	defer s.checking(d.Ref(), w)()
	done, err := s.await(ctx, w)
	if err != nil {
		return nil, err
	}
	defer done()
	began := s.now()
	w.begin(phaseLabels, "")
	labels, err := s.ownLabels(ctx, d)
	if err != nil {
		return nil, err
	}
	defer func() { err = labels.done(err) }()
	snap, err := s.settled(ctx, w, d)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	shape, err := ownShape(d, labels)
	if err != nil {
		return nil, err
	}
	w.joining(labels.rows, s.options.Now())
	p := s.production(d, labels, shape, snap, w.join)
	sum := sha256.New()
	if err := p.run(ctx, sum); err != nil {
		return nil, err
	}
	columns, hash := p.columns()
	v := &Verification{Outcome: Same, Rows: p.rows, Hash: hash}
	if d.Release == s.options.Release {
		same := hex.EncodeToString(sum.Sum(nil)) == d.FileHash
		v.SameFile = &same
	}
	if hash != d.Hash {
		var changed []string
		forgotten := false
		for i := range d.Groups {
			g := &d.Groups[i]
			rows, err := s.rowsUpTo(ctx, snap, g, d.AsOf)
			if err != nil {
				return nil, err
			}
			if rows != g.Rows {
				changed = append(changed, fmt.Sprintf("the offline store of %s has %d rows that were written up to then, and had %d", g.Name, rows, g.Rows))
			}
			forgotten = forgotten || rows < g.Rows
		}
		v.Outcome, v.Reason = Differs, strings.Join(append([]string{differing(d.Columns, columns)}, changed...), "; ")
		if forgotten {
			v.Outcome = Forgotten
		}
	}
	v.At = s.now()
	v.Took = v.At.Sub(began)
	return v, nil
}

// checking lets Get tell of a verification, until what it returns is called.
func (s *Store) checking(r Ref, w *work) (ended func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checks[r] = w
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.checks[r] == w {
			delete(s.checks, r)
		}
	}
}

// ownLabels are the labels of a dataset as they are kept in it: the first columns of its rows.
func (s *Store) ownLabels(ctx context.Context, d *Dataset) (*labelFile, error) {
	in, err := s.buckets.Open(ctx, d.File)
	if err != nil {
		return nil, fmt.Errorf("open the rows of dataset %s: %w", d.Ref(), err)
	}
	most := slices.IndexFunc(d.Columns, func(c Column) bool { return c.Group != "" })
	l, err := openLabelFile(in, d.File.Size, most)
	if err != nil {
		// It is our own file: that it cannot be read is no fault of the caller.
		return nil, errors.Join(fmt.Errorf("the rows of dataset %s: %v", d.Ref(), err), in.Close())
	}
	l.close = in.Close
	return l, nil
}

// ownShape is the shape of a dataset that was made.
func ownShape(d *Dataset, labels *labelFile) (*shape, error) {
	out := &shape{labels: len(labels.columns)}
	for i, c := range d.Columns {
		c.Hash, c.Statistics = "", Statistics{}
		if l := labels.columns; i < len(l) && (l[i].Name != c.Name || l[i].Type != c.Type || l[i].List != c.List) {
			return nil, fmt.Errorf("the file of dataset %s has the column %q of %s, and %q of %s was written", d.Ref(), l[i].Name, l[i].words(), c.Name, c.words())
		}
		out.columns = append(out.columns, c)
	}
	column := func(name string) int {
		at, ok := labels.column(name)
		if !ok {
			at = 0 // shapeOf has found it, so it is there
		}
		return at
	}
	out.time = column(d.Spec.Labels.Time)
	for _, g := range d.Groups {
		out.ids = append(out.ids, column(g.Column))
	}
	return out, nil
}

// differing names the columns whose values are others.
func differing(was, is []Column) string {
	var names []string
	for i := range is {
		if was[i].Hash != is[i].Hash {
			names = append(names, is[i].Name)
		}
	}
	if len(names) == 0 {
		return "the number of rows differs"
	}
	const most = 10
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("and %d more", more))
	}
	return "the values of " + strings.Join(names, ", ") + " differ"
}
