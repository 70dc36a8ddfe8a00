package table

import (
	"context"
	"iter"
)

// A View is what an engine needs to read a table as it stands in a snapshot. It is good until
// the snapshot or the view is closed.
type View struct {
	Columns []ViewColumn
	Format  Format
	Files   []File
	// Rows yields the rows that are in no file yet: nil, bool, int64, float64, string or
	// time.Time (UTC, microseconds), one a column; nil if there can be none. A row that it
	// yields is used up before the next one.
	Rows iter.Seq2[[]any, error]

	close func() error
}

// A ViewColumn is a column: its name in the data files, matched without case, and its type in
// the engine's words.
type ViewColumn struct{ Name, Type string }

// A File is a data file on the local disk.
type File struct {
	Path string
	Size int64
	URI  string // s3://bucket/key, what SQL calls "$path"
}

// Format says how data files are read. The zero value is Parquet.
type Format struct {
	CSV *CSV
}

// CSV is text with a separator. Every field is text, converted to the column's type after.
type CSV struct {
	Separator, Quote, Escape string // one character each; Quote and Escape may be ""
	SkipHeaderLines          int
	// Null is the text of a field that is NULL; "" if no text is.
	Null string
}

// Close gives up what the view made for its reader.
func (v *View) Close() error {
	if v.close == nil {
		return nil
	}
	return v.close()
}

// View returns what an engine needs to read t as it stands in snap. The caller closes it before
// the snapshot. Unsupported: a format or a column type that cannot be read.
func (s *Store) View(ctx context.Context, snap Snapshot, t *Table) (*View, error) {
	panic("not written yet")
}
