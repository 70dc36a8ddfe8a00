package usage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// measureFiles adds every file of the data directory to its part of the report.
func (m *Meter) measureFiles(ctx context.Context, r *Report, o *owners) error {
	err := fs.WalkDir(m.options.Root, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		}
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		r.Total += info.Size()
		m.addFile(r, o, name, info.Size())
		return nil
	})
	if err != nil {
		return fmt.Errorf("measure the data directory: %w", err)
	}
	return nil
}

func (m *Meter) addFile(r *Report, o *owners, name string, size int64) {
	top, _, inside := strings.Cut(name, "/")
	switch {
	case inside && top == m.options.Database:
		r.Database.Bytes += size
		if path.Ext(name) == ".log" {
			r.Database.Log += size
		}
	case inside && top == m.options.Blobs:
		r.Blobs.add(o.of(path.Base(name)), size)
	case inside && top == m.options.Imports:
		r.Imports += size
	case inside && (top == m.options.Scratch || top == m.options.Labels):
		r.Scratch += size
	default:
		r.Other += size
	}
}

func (b *Blobs) add(c claim, size int64) {
	b.Files++
	b.Bytes += size
	switch c {
	case byObject:
		b.Objects += size
	case byRun:
		b.Runs += size
	case byDataset:
		b.Datasets += size
	case byReplaced:
		b.Replaced += size
	case byUpload:
		b.Uploads += size
	case byNobody:
		b.Nobody += size
	}
}
