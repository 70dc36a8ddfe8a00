package ingest

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// An Input is the bytes of a source. The caller closes it.
type Input struct {
	io.ReaderAt
	io.Closer
	Size    int64
	Version string // as Source.Version
	// Changed tells whether the source is no longer what it was when it was opened.
	Changed func() (bool, error)
}

// Open opens what a URI of a Source names. Invalid: it names none; NotFound; Forbidden: a file of the machine,
// which Options.LocalFiles does not allow.
func (s *Store) Open(ctx context.Context, uri string) (*Input, error) {
	if rest, ok := strings.CutPrefix(uri, "s3://"); ok {
		name, key, ok := strings.Cut(rest, "/")
		if !ok || name == "" || key == "" {
			return nil, feature.Errorf(feature.Invalid, "the source %q names no object; its form is s3://BUCKET/KEY", uri)
		}
		return s.openObject(ctx, bucket.ObjectRef{Bucket: name, Key: key}, uri)
	}
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Host != "" || !path.IsAbs(u.Path) || u.RawQuery != "" || u.Fragment != "" {
		return nil, feature.Errorf(feature.Invalid, "the source %q is not of the form s3://BUCKET/KEY or file:///PATH, with %%23 and %%3F for # and ? in PATH", uri)
	}
	if !s.options.LocalFiles {
		return nil, feature.Errorf(feature.Forbidden, "the source %q is a file of the server, which this server does not read; put it into a bucket", uri)
	}
	return s.openFile(u.Path, uri)
}

func (s *Store) openObject(ctx context.Context, ref bucket.ObjectRef, uri string) (*Input, error) {
	o, err := s.buckets.Get(ctx, ref)
	if feature.KindOf(err) == feature.NotFound {
		return nil, feature.Errorf(feature.NotFound, "the source %s is not there: %v", uri, err)
	}
	if err != nil {
		return nil, err
	}
	r, err := s.buckets.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	// An object's bytes never change, and stay while they are open.
	unchanged := func() (bool, error) { return false, nil }
	return &Input{ReaderAt: r, Closer: r, Size: o.Size, Version: o.ETag, Changed: unchanged}, nil
}

func (s *Store) openFile(name, uri string) (*Input, error) {
	// Before it is opened: to open a pipe may take for ever.
	info, err := s.options.FS.Stat(name)
	if err == nil {
		err = checkRegular(info)
	}
	var f vfs.File
	if err == nil {
		f, err = s.options.FS.Open(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, feature.Errorf(feature.NotFound, "the source %s is not there, on the machine of the server", uri)
	}
	if err != nil {
		return nil, feature.Errorf(feature.Invalid, "the source %s cannot be read: %v", uri, err)
	}
	if info, err = f.Stat(); err == nil {
		err = checkRegular(info)
	}
	if err != nil {
		return nil, errors.Join(feature.Errorf(feature.Invalid, "the source %s cannot be read: %v", uri, err), f.Close())
	}
	version := strconv.FormatInt(info.ModTime().UnixNano(), 10)
	changed := func() (bool, error) {
		now, err := s.options.FS.Stat(name)
		if err != nil {
			return true, nil
		}
		return now.Size() != info.Size() || !now.ModTime().Equal(info.ModTime()), nil
	}
	return &Input{ReaderAt: f, Closer: f, Size: info.Size(), Version: version, Changed: changed}, nil
}

// checkRegular refuses what has no size, and no end that stays where it is.
func checkRegular(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return errors.New("it is a directory; name the files in it")
	case !info.Mode().IsRegular():
		return errors.New("it is no regular file; copy what it gives into one")
	}
	return nil
}

func errChanged(uri string) error {
	return feature.Errorf(feature.Conflict, "the source %s changed after the import began; start another", uri)
}

// formatOf tells the format of a source by the end of its name.
func formatOf(asked Format, uri string) (Format, error) {
	switch asked {
	case CSV, JSONL, Parquet:
		return asked, nil
	case "":
	default:
		return "", feature.Errorf(feature.Invalid, "the format %q is not one of parquet, csv, jsonl", asked)
	}
	switch strings.ToLower(path.Ext(strings.TrimSuffix(strings.ToLower(uri), gzipEnd))) {
	case ".parquet", ".pq":
		if zipped(uri) {
			return "", feature.Errorf(feature.Invalid, "the source %s is Parquet in gzip, which is not read; Parquet compresses its pages itself", uri)
		}
		return Parquet, nil
	case ".csv":
		return CSV, nil
	case ".jsonl", ".ndjson":
		return JSONL, nil
	}
	return "", feature.Errorf(feature.Invalid, "the format of the source %s cannot be told by its name; say parquet, csv or jsonl", uri)
}
