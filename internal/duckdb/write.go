package duckdb

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/larder-dev/larder/internal/duckdb/frame"
	"github.com/larder-dev/larder/internal/query"
)

// engineCompression is the engine's word for a compression.
var engineCompression = map[string]string{"NONE": "uncompressed", "SNAPPY": "snappy", "GZIP": "gzip", "ZSTD": "zstd", "LZ4": "lz4"}

// writeOf is what the worker is told of a plan that writes; nil if it does not.
func writeOf(w *query.Write) *frame.Write {
	if w == nil {
		return nil
	}
	return &frame.Write{Format: w.Format, Text: w.Text, Columns: w.Columns, Compression: engineCompression[w.Compression], Folders: w.Keys > 0, Single: w.Single}
}

// written hands the files that a worker has written to the plan, and removes them.
func (x *exchange) written(ctx context.Context, done frame.Done) error {
	dir := filepath.Join(x.w.scratch, frame.WriteFolder)
	defer func() { _ = os.RemoveAll(dir) }() // the next plan of the worker removes what stays
	for _, f := range done.Files {
		keys, err := folderKeys(path.Dir(f.Path), x.plan.Write.Keys)
		if err != nil {
			return fmt.Errorf("file %s of a worker: %w", f.Path, err)
		}
		if err := x.hand(ctx, filepath.Join(dir, filepath.FromSlash(f.Path)), keys); err != nil {
			return err
		}
	}
	x.plan.Write.Rows = done.Rows
	return nil
}

func (x *exchange) hand(ctx context.Context, name string, keys []*string) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("read what a worker has written: %w", err)
	}
	err = x.plan.Write.File(keys, &cancelled{ctx, file})
	return errors.Join(err, file.Close())
}

// A cancelled is a reader that ends when its context does.
type cancelled struct {
	ctx context.Context
	in  io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.in.Read(p)
}

// folderKeys reads the keys that are the name of a folder, as query.Write says.
func folderKeys(folder string, n int) ([]*string, error) {
	if n == 0 {
		return nil, nil
	}
	_, value, _ := strings.Cut(folder, "=")
	parts := strings.Split(value, ".")
	if len(parts) != n {
		return nil, fmt.Errorf("the folder %q is not of %d keys", folder, n)
	}
	keys := make([]*string, n)
	for i, p := range parts {
		text, given := strings.CutPrefix(p, "v")
		raw, err := hex.DecodeString(text)
		switch {
		case p == "n":
		case given && err == nil:
			s := string(raw)
			keys[i] = &s
		default:
			return nil, fmt.Errorf("the folder %q has the key %q", folder, p)
		}
	}
	return keys, nil
}
