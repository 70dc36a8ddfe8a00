package embedded

import (
	"context"
	"encoding/binary"
	"iter"
	"slices"
	"strings"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// Runs name blobs as objects do, and so share the latch of the index and its garbage. They have a range
// of their own: nothing that reads buckets can come upon them.

func runKey(g feature.GroupID, folder string) []byte { return numberKey(runKeys, uint64(g), folder) }

// encodeRun returns the stored form of r.
func encodeRun(r *table.Run) []byte {
	b := binary.AppendUvarint(append(make([]byte, 0, 256), valueVersion), uint64(r.Through))
	b = appendText(binary.AppendUvarint(b, uint64(r.Files)), string(r.Digest[:]))
	return append(b, encodeObject(r.File, 0)[1:]...) // without its version byte
}

// decodeRun is the inverse of encodeRun.
func decodeRun(key, value []byte) (*table.Run, error) {
	g, folder, err := splitNumberKey(key)
	if err != nil {
		return nil, err
	}
	r := &table.Run{Group: feature.GroupID(g), Folder: string(folder)}
	d := decode(value)
	r.Through, r.Files = feature.Position(d.uvarint()), int64(d.uvarint())
	if n := copy(r.Digest[:], d.text()); n != len(r.Digest) {
		d.fail()
	}
	r.File, _ = d.object(bucket.ObjectRef{})
	if err := d.end(); err != nil {
		return nil, err
	}
	return r, nil
}

// listRuns yields the runs of a group whose folder has the prefix.
func listRuns(r pebble.Reader, g feature.GroupID, prefix string) iter.Seq2[*table.Run, error] {
	return func(yield func(*table.Run, error) bool) {
		for row, err := range rows(r, runKey(g, prefix), after(runKey(g, prefix)), nil) {
			var run *table.Run
			if err == nil {
				run, err = decodeRun(row.key, row.value)
			}
			if !yield(run, err) || err != nil {
				return
			}
		}
	}
}

// Runs implements table.Snapshot.
func (s *Snapshot) Runs(g feature.GroupID) iter.Seq2[*table.Run, error] {
	return listRuns(s.snap, g, "")
}

// CommitRun implements table.Offline. Unavailable if the disk is full.
func (o *Offline) CommitRun(ctx context.Context, r *table.Run) error {
	if err := o.s.space.room(); err != nil {
		return err
	}
	c, err := o.prepareRun(r)
	if err != nil {
		return o.s.objects.latch.refused(ctx, err)
	}
	o.s.finish(c, &o.s.objects.latch)
	return nil
}

func (o *Offline) prepareRun(r *table.Run) (*commit, error) {
	// The group is deleted before or after.
	groups := &o.s.groups
	groups.writing.Lock()
	defer groups.writing.Unlock()
	if groups.live(r.Group) == nil {
		return nil, errGroupDeleted()
	}
	return o.s.objects.prepare(func(b *pebble.Batch, at feature.Position) error {
		if err := nameBlobs(b, r.File.Blobs); err != nil {
			return err
		}
		err := dropRuns(b, r.Group, at, func(held *table.Run) bool {
			return strings.HasPrefix(held.Folder, r.Folder) || strings.HasPrefix(r.Folder, held.Folder)
		})
		set(b, runKey(r.Group, r.Folder), encodeRun(r))
		return err
	})
}

// DropRuns implements table.Offline.
func (o *Offline) DropRuns(ctx context.Context, runs []*table.Run) error {
	return o.s.objects.write(ctx, func(b *pebble.Batch, at feature.Position) error {
		for _, r := range runs {
			same := func(held *table.Run) bool {
				return held.Folder == r.Folder && slices.Equal(held.File.Blobs, r.File.Blobs)
			}
			if err := dropRuns(b, r.Group, at, same); err != nil {
				return err
			}
		}
		return nil
	})
}

// dropRuns removes runs of a group, all if which is nil. b is an indexed batch, and the caller holds the
// latch of the index.
func dropRuns(b *pebble.Batch, g feature.GroupID, at feature.Position, which func(*table.Run) bool) error {
	var gone []*table.Run
	for r, err := range listRuns(b, g, "") {
		if err != nil {
			return err
		}
		if which == nil || which(r) {
			gone = append(gone, r)
		}
	}
	for _, r := range gone {
		remove(b, runKey(g, r.Folder))
		if err := unnameBlobs(b, r.File.Blobs, at); err != nil {
			return err
		}
	}
	return nil
}

// dropRunsOf removes the runs that a table of a group has.
func dropRunsOf(b *pebble.Batch, t *table.Table, at feature.Position) error {
	if t.Group == 0 {
		return nil
	}
	return dropRuns(b, t.Group, at, nil)
}
