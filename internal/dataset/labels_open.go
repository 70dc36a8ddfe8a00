package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

const category = vfs.DiskWriteCategory("larder-dataset")

// A scratch is the directory of one dataset or call of as_of that is being made. It is for one goroutine.
type scratch struct {
	fs   vfs.FS
	dir  string
	made bool
	most int64 // bytes that were in it
}

// scratchOf is the directory of a version; nothing is made yet.
func (j *Joiner) scratchOf(r Ref) *scratch {
	return j.scratch(fmt.Sprintf("%s-%d", r.Name, r.Version))
}

func (j *Joiner) scratch(name string) *scratch {
	return &scratch{fs: j.options.FS, dir: j.options.FS.PathJoin(j.options.Dir, name)}
}

// file makes a file of what write writes, and opens it.
func (c *scratch) file(name string, write func(io.Writer) error) (_ vfs.File, size int64, err error) {
	if !c.made {
		if err := c.fs.MkdirAll(c.dir, 0o700); err != nil {
			return nil, 0, fmt.Errorf("make a directory for labels: %w", err)
		}
		c.made = true
	}
	path := c.fs.PathJoin(c.dir, name)
	out, err := c.fs.Create(path, category)
	if err != nil {
		return nil, 0, fmt.Errorf("make a file for labels: %w", err)
	}
	if err := errors.Join(write(out), out.Close()); err != nil {
		return nil, 0, err
	}
	in, err := c.fs.Open(path)
	if err != nil {
		return nil, 0, err
	}
	info, err := in.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, in.Close())
	}
	c.most += info.Size()
	return in, info.Size(), nil
}

func (c *scratch) remove() error {
	if !c.made {
		return nil
	}
	return c.fs.RemoveAll(c.dir)
}

// openLabels opens the labels that a dataset is to be made of. The caller closes them. Invalid; NotFound: the source.
func (s *Store) openLabels(ctx context.Context, d *Dataset, c *scratch) (*labelFile, error) {
	l := &d.Spec.Labels
	if l.Source != "" {
		return s.openSource(ctx, d, c)
	}
	sql, database := l.SQL, l.Database
	if database == "" {
		database = table.FeatureStoreDatabase
	}
	if l.Table != "" {
		sql = "SELECT * FROM " + l.table()
	}
	var in vfs.File
	var size int64
	err := s.queries.Select(ctx, sql, database, func(rows io.Reader) (err error) {
		in, size, err = c.file("labels.parquet", func(w io.Writer) error {
			_, err := io.Copy(w, rows)
			return err
		})
		return err
	})
	if err != nil && in != nil {
		err = errors.Join(err, in.Close())
	}
	if err != nil {
		return nil, err
	}
	if in == nil {
		return nil, feature.Errorf(feature.Invalid, "the labels have no rows, so there is nothing to make a dataset of")
	}
	return closing(in, size, in.Close)
}

// table is the name of the table, as SQL has it.
func (l *Labels) table() string {
	parts := strings.Split(l.Table, ".")
	for i, p := range parts {
		parts[i] = `"` + strings.ReplaceAll(strings.Trim(p, `"`), `"`, `""`) + `"`
	}
	return strings.Join(parts, ".")
}

// closing opens a file of labels, and closes it if it is none.
func closing(in io.ReaderAt, size int64, closeFile func() error) (*labelFile, error) {
	l, err := openLabelFile(in, size, -1)
	if err != nil {
		return nil, errors.Join(err, closeFile())
	}
	l.close = closeFile
	return l, nil
}

func (s *Store) openSource(ctx context.Context, d *Dataset, c *scratch) (_ *labelFile, err error) {
	format, err := sourceFormat(&d.Spec.Labels)
	if err != nil {
		return nil, err
	}
	in, err := s.imports.Open(ctx, d.Spec.Labels.Source)
	if err != nil {
		return nil, err
	}
	if format == Parquet {
		l, err := closing(in, in.Size, in.Close)
		if err == nil {
			l.changed = in.Changed
		}
		return l, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	open := func() io.Reader { return io.NewSectionReader(in, 0, in.Size) }
	file, size, err := c.file("labels.parquet", func(w io.Writer) error { return convertCSV(ctx, open, d.textColumns(), w) })
	if err != nil {
		return nil, err
	}
	if changed, err := in.Changed(); changed || err != nil {
		return nil, errors.Join(err, file.Close(), feature.Errorf(feature.Conflict, "the labels %s changed while they were read; ask for the dataset again", d.Spec.Labels.Source))
	}
	return closing(file, size, file.Close)
}

// textColumns are the columns of CSV labels that are text whatever is in them: the identifiers of groups whose
// identifiers are Strings, which might begin with zeros, and the label times.
func (d *Dataset) textColumns() map[string]bool {
	texts := map[string]bool{strings.ToLower(d.Spec.Labels.Time): true}
	for i := range d.Groups {
		if g := &d.Groups[i]; g.definition(g.Identifier).Type == feature.String {
			texts[strings.ToLower(g.Column)] = true
		}
	}
	return texts
}
