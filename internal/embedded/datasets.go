package embedded

import (
	"context"
	"encoding/binary"
	"fmt"
	"iter"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/feature"
)

var _ dataset.Datasets = (*Datasets)(nil)

// Datasets is the catalog of datasets and their audit trail. Datasets name blobs as objects do, and so share
// the latch of the index and its garbage; they are in a range of their own, so that nothing that reads
// buckets can come upon them.
type Datasets struct {
	s     *Store
	latch latch // taken before the index's
}

// Datasets returns the datasets.
func (s *Store) Datasets() *Datasets { return &s.datasets }

// datasetPrefix begins the keys of all versions of a name.
func datasetPrefix(name dataset.Name) []byte { return key2(datasetKeys, string(name), "") }

// datasetKey sorts the newest version of a name first.
func datasetKey(name dataset.Name, version int64) []byte {
	return binary.BigEndian.AppendUint64(datasetPrefix(name), ^uint64(version))
}

// makingKey is the row of a dataset while it is Running.
func makingKey(name dataset.Name, version int64) []byte {
	k := datasetKey(name, version)
	k[0] = makingKeys
	return k
}

// readPrefix begins the keys of the audit trail of a version, or of all if it is 0.
func readPrefix(r dataset.Ref) []byte {
	if r.Name == "" {
		return []byte{datasetReadKeys}
	}
	k := key2(datasetReadKeys, string(r.Name), "")
	if r.Version == 0 {
		return k
	}
	return binary.BigEndian.AppendUint64(k, uint64(r.Version))
}

// Create implements dataset.Datasets.
func (x *Datasets) Create(ctx context.Context, d *dataset.Dataset) error {
	made := *d
	c, err := x.prepare(func(b *pebble.Batch, at feature.Position) error {
		newest, err := x.newest(b, d.Name)
		if err != nil {
			return err
		}
		made.Version = 1
		if newest != nil {
			made.Version = newest.Version + 1
		}
		if made.AsOf == 0 {
			made.AsOf = at
		}
		return setDataset(b, &made)
	})
	if err != nil {
		return x.latch.refused(ctx, err)
	}
	x.s.finish(c, &x.latch, &x.s.objects.latch)
	*d = made
	return nil
}

// prepare makes a batch visible whose stamp no later start gives out again.
func (x *Datasets) prepare(fill func(b *pebble.Batch, at feature.Position) error) (*commit, error) {
	x.latch.mu.Lock()
	defer x.latch.mu.Unlock()
	return x.s.objects.prepare(func(b *pebble.Batch, at feature.Position) error {
		setNumber(b, metaPosition, uint64(at))
		return fill(b, at)
	}, &x.latch)
}

func setDataset(b *pebble.Batch, d *dataset.Dataset) error {
	value, err := toJSON(d)
	set(b, datasetKey(d.Name, d.Version), value)
	if d.Status == dataset.Running {
		set(b, makingKey(d.Name, d.Version), nil)
	}
	return err
}

// newest returns the newest version of a name, nil if there is none.
func (x *Datasets) newest(r pebble.Reader, name dataset.Name) (*dataset.Dataset, error) {
	prefix := datasetPrefix(name)
	for row, err := range rows(r, prefix, after(datasetPrefix(name)), nil) {
		if err != nil {
			return nil, err
		}
		return fromJSON[dataset.Dataset](row.value)
	}
	return nil, nil
}

func (x *Datasets) find(r pebble.Reader, ref dataset.Ref) (d *dataset.Dataset, err error) {
	if ref.Version == 0 {
		d, err = x.newest(r, ref.Name)
	} else {
		d, err = getJSON[dataset.Dataset](r, datasetKey(ref.Name, ref.Version))
	}
	if err == nil && d == nil {
		err = feature.Errorf(feature.NotFound, "there is no dataset %s", ref)
	}
	return d, err
}

// Get implements dataset.Datasets.
func (x *Datasets) Get(ctx context.Context, r dataset.Ref) (*dataset.Dataset, error) {
	d, err := x.find(x.s.db, r)
	if settle := x.latch.settle(ctx); settle != nil {
		return nil, settle
	}
	return d, err
}

// Update implements dataset.Datasets. It runs change once.
func (x *Datasets) Update(ctx context.Context, r dataset.Ref, change func(*dataset.Dataset) error) (d *dataset.Dataset, err error) {
	c, err := x.prepare(func(b *pebble.Batch, at feature.Position) error {
		if d, err = x.find(b, r); err != nil {
			return err
		}
		was := *d
		if err := change(d); err != nil {
			return err
		}
		d.Name, d.Version, d.Spec, d.By, d.Started, d.AsOf = was.Name, was.Version, was.Spec, was.By, was.Started, was.AsOf
		if err := moveFile(b, was.File, d.File, at); err != nil {
			return err
		}
		if was.Status == dataset.Running && d.Status != dataset.Running {
			remove(b, makingKey(d.Name, d.Version))
		}
		return setDataset(b, d)
	})
	if err != nil {
		return nil, x.latch.refused(ctx, x.s.objects.latch.refused(ctx, err))
	}
	x.s.finish(c, &x.latch, &x.s.objects.latch)
	return d, nil
}

// moveFile counts the names of the blobs of a file that comes in the place of another; both may be nil.
func moveFile(b *pebble.Batch, was, is *bucket.Object, at feature.Position) error {
	if is != nil {
		if err := nameBlobs(b, is.Blobs); err != nil {
			return err
		}
	}
	if was != nil {
		return unnameBlobs(b, was.Blobs, at)
	}
	return nil
}

// List implements dataset.Datasets, as the datasets stand when ranging begins.
func (x *Datasets) List(ctx context.Context, name dataset.Name) iter.Seq2[*dataset.Dataset, error] {
	prefix := []byte{datasetKeys}
	if name != "" {
		prefix = datasetPrefix(name)
	}
	return listJSON[dataset.Dataset](ctx, x, prefix)
}

// Unfinished implements dataset.Datasets.
func (x *Datasets) Unfinished(ctx context.Context) ([]dataset.Ref, error) {
	var refs []dataset.Ref
	ready := func() error { return x.latch.settle(ctx) }
	for row, err := range rows(x.s.db, []byte{makingKeys}, []byte{makingKeys + 1}, ready) {
		if err != nil {
			return nil, err
		}
		r, err := splitDatasetKey(row.key)
		if err != nil {
			return nil, err
		}
		refs = append(refs, r)
	}
	return refs, nil
}

// indexDatasets adds what format 7 has for each dataset that is Running.
func (s *Store) indexDatasets(b *pebble.Batch) error {
	for row, err := range rows(s.db, []byte{datasetKeys}, []byte{datasetKeys + 1}, nil) {
		if err != nil {
			return err
		}
		d, err := fromJSON[dataset.Dataset](row.value)
		if err != nil {
			return err
		}
		if d.Status == dataset.Running {
			set(b, makingKey(d.Name, d.Version), nil)
		}
	}
	return nil
}

// Note implements dataset.Datasets.
func (x *Datasets) Note(ctx context.Context, r *dataset.Read) error {
	c, err := x.prepare(func(b *pebble.Batch, at feature.Position) error {
		value, err := toJSON(r)
		set(b, binary.BigEndian.AppendUint64(readPrefix(dataset.Ref{Name: r.Name, Version: r.Version}), uint64(at)), value)
		return err
	})
	if err != nil {
		return fmt.Errorf("note what is read: %w", x.latch.refused(ctx, err))
	}
	x.s.finish(c, &x.latch, &x.s.objects.latch)
	return nil
}

// Reads implements dataset.Datasets, as the trail stands when ranging begins.
func (x *Datasets) Reads(ctx context.Context, r dataset.Ref) iter.Seq2[*dataset.Read, error] {
	return listJSON[dataset.Read](ctx, x, readPrefix(r))
}

func listJSON[T any](ctx context.Context, x *Datasets, prefix []byte) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		ready := func() error { return x.latch.settle(ctx) }
		for row, err := range rows(x.s.db, prefix, after(append([]byte(nil), prefix...)), ready) {
			var v *T
			if err == nil {
				v, err = fromJSON[T](row.value)
			}
			if err == nil {
				err = ctx.Err()
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}
