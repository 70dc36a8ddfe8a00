package worker

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	duck "github.com/duckdb/duckdb-go-bindings"

	"github.com/larder-dev/larder/internal/duckdb/frame"
)

// fileBytes is about how long a file gets that a plan writes.
const fileBytes = "256MB"

// singleFile is the name of the one file of a plan that makes one.
const singleFile = "rows.parquet"

// folderColumn is the name of the column that says in which folder a row goes.
const folderColumn = "larder folder"

// write writes the result of the statement, which has been found to be one SELECT, into files of p.out.
func (p *plan) write(r frame.Run, done *frame.Done) error {
	if p.out == "" {
		return errors.New("a plan writes that was not prepared for it")
	}
	out := p.out
	options := []string{"FORMAT " + r.Write.Format, "COMPRESSION " + literal(r.Write.Compression)}
	if r.Write.Format != "parquet" {
		return fmt.Errorf("files of the format %q", r.Write.Format)
	}
	switch {
	case r.Write.Folders:
		options = append(options, "PARTITION_BY ("+identifier(folderColumn)+")")
	case r.Write.Single:
		out = filepath.Join(out, singleFile) // in which the engine keeps the order of the rows
	default:
		options = append(options, "FILE_SIZE_BYTES "+literal(fileBytes))
	}
	// The parenthesis is on a line of its own: the statement is whole without it.
	sql := "COPY (" + r.SQL + "\n) TO " + literal(out) + " (" + strings.Join(options, ", ") + ")"
	var result duck.Result
	defer duck.DestroyResult(&result)
	if duck.Query(p.db.conn, sql, &result) == duck.StateError {
		return errors.New(duck.ResultError(&result))
	}
	done.Rows = int64(duck.RowsChanged(&result))
	if done.Rows == 0 {
		return nil // a file of no rows says nothing
	}
	return p.list(done)
}

// list names the files that a plan has written, those of a folder in the order in which they were begun: their names
// end in numbers without zeros in front.
func (p *plan) list(done *frame.Done) error {
	err := filepath.WalkDir(p.out, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if name, err = filepath.Rel(p.out, name); err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		done.Files = append(done.Files, frame.File{Path: filepath.ToSlash(name), Size: info.Size()})
		return nil
	})
	slices.SortFunc(done.Files, func(a, b frame.File) int {
		return cmp.Or(strings.Compare(path.Dir(a.Path), path.Dir(b.Path)), cmp.Compare(len(a.Path), len(b.Path)), strings.Compare(a.Path, b.Path))
	})
	return err
}
