package table

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/serde"
)

// addFiles finds the data files of t: the objects under its location that Athena would read.
func (s *Store) addFiles(ctx context.Context, snap Snapshot, t *Table, v *View) error {
	at, err := parseLocation(t.Location)
	if err != nil {
		return err
	}
	format, err := formatOf(t)
	if err != nil {
		return err
	}
	for o, err := range under(snap, at) {
		if err != nil {
			return fmt.Errorf("list %s: %w", t.Location, err)
		}
		if !isTableData(o, at, t) {
			continue
		}
		if err := s.addFile(ctx, o, uriOf(o), format, v); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) addFile(ctx context.Context, o *bucket.Object, uri string, format *serde.Format, v *View) error {
	local, err := s.path(ctx, o, v)
	if err != nil {
		return err
	}
	f := File{Path: local, Size: o.Size, URI: uri, Text: format}
	if format != nil {
		if f.Compression, err = compression(o.Key); err != nil {
			return err
		}
	}
	if o.Rows != nil {
		f.Rows = o.Rows.Count
	}
	v.Files = append(v.Files, f)
	return nil
}

// addGroup is addFiles for the table of a group: in the place of files that a run stands for it adds
// the run.
func (s *Store) addGroup(ctx context.Context, snap Snapshot, t *Table, v *View) error {
	runs, err := runsOf(snap, t.Group)
	if err != nil {
		return err
	}
	if len(runs) == 0 {
		return s.addFiles(ctx, snap, t, v)
	}
	g, err := s.offline.Group(ctx, t.Group)
	if err == nil && readsRuns(t, g) {
		return s.addRuns(ctx, snap, g, v, runs)
	}
	if err != nil && feature.KindOf(err) != feature.NotFound {
		return fmt.Errorf("find group of table %s: %w", t.Name, err)
	}
	return s.addFiles(ctx, snap, t, v)
}

// addRuns adds the files of g, or runs in their place.
func (s *Store) addRuns(ctx context.Context, snap Snapshot, g *feature.Group, v *View, runs []*Run) error {
	for f, err := range groupData(snap, g, runs) {
		if err != nil {
			return fmt.Errorf("list the files of group %s: %w", g.Name, err)
		}
		if err := s.addFile(ctx, f.Object, f.uri, nil, v); err != nil {
			return err
		}
	}
	return nil
}

// compression is how a file of text is compressed, by the end of its name, as Hive has it. Unsupported.
func compression(key string) (string, error) {
	switch end := strings.ToLower(path.Ext(key)); end {
	case ".gz", ".gzip":
		return "gzip", nil
	case ".zst":
		return "zstd", nil
	case ".bz2", ".snappy", ".lz4", ".lzo", ".deflate", ".sz":
		return "", feature.Errorf(feature.Unsupported, "the file %s is compressed as %s, which is not supported; use .gz or .zst", key, end)
	}
	return "", nil
}

// under yields the objects of a location: the one that it names, and those in the folder that it
// names. s3://b/x holds x and x/…, never xy.
func under(snap Snapshot, at location) iter.Seq2[*bucket.Object, error] {
	return func(yield func(*bucket.Object, error) bool) {
		folder := at.prefix
		if folder != "" && !strings.HasSuffix(folder, "/") {
			folder += "/"
			for o, err := range snap.Objects(at.bucket, at.prefix) {
				if err == nil && o.Key != at.prefix {
					break // it would have been the first
				}
				if !yield(o, err) || err != nil {
					return
				}
				break
			}
		}
		for o, err := range snap.Objects(at.bucket, folder) {
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}

// isData tells data from markers and from what writers hide: an object or a folder whose name
// begins with '_' or '.', such as _SUCCESS and _temporary/….
func isData(o *bucket.Object, at location) bool {
	if o.Size == 0 {
		return false
	}
	name := strings.TrimPrefix(strings.TrimPrefix(o.Key, at.prefix), "/")
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, "_") || strings.HasPrefix(part, ".") {
			return false
		}
	}
	return true
}

// path returns the one local file that holds an object. An object that was uploaded in parts is
// joined for the view, in a blob that nobody names and the view's Close removes.
func (s *Store) path(ctx context.Context, o *bucket.Object, v *View) (string, error) {
	if paths := s.buckets.Paths(o); len(paths) == 1 {
		return paths[0], nil
	}
	r, err := s.buckets.Open(ctx, o)
	if err != nil {
		return "", err
	}
	ref := bucket.ObjectRef{Bucket: o.Bucket, Key: o.Key}
	joined, err := s.buckets.Stage(ctx, ref, r, bucket.Content{}, nil)
	if err = errors.Join(err, r.Close()); err != nil {
		return "", fmt.Errorf("join the parts of %s: %w", o.Key, err)
	}
	v.joined = append(v.joined, joined)
	return s.buckets.Paths(joined)[0], nil
}
