package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/dataset/asof"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// A call is one of as_of in SQL. Its rows are those of a dataset, but nothing of them is kept or counted, and label
// columns keep the types that they have in SQL.
type call struct {
	joiner *Joiner
	labels []Column // as a dataset has them
	shape  *shape
	groups []Group
	asOf   feature.Position
}

// AsOf finds what a call of as_of gives: it is query.Options.AsOf.
func (j *Joiner) AsOf(ctx context.Context, r query.AsOfRequest) (*query.AsOfJoin, error) {
	c := &call{joiner: j}
	for _, l := range r.Labels {
		c.labels = append(c.labels, Column{Name: l.Name, Type: labelType(l.Type), List: l.List})
	}
	if err := checkAsOf(r.Until, j.options.Now()); err != nil {
		return nil, &query.AsOfError{Argument: "WRITTEN_UNTIL", Err: err}
	}
	if !r.Until.IsZero() {
		c.asOf = feature.Position(r.Until.UnixMicro())
	}
	spec := &Spec{Labels: Labels{Time: r.Time}}
	for i, text := range r.Groups {
		if i == maxGroups {
			return nil, &query.AsOfError{Argument: "GROUPS", Group: i, Err: feature.Errorf(feature.Invalid, "there are %d groups, and the most is %d", len(r.Groups), maxGroups)}
		}
		g, err := ParseGroup(text)
		if err != nil {
			return nil, &query.AsOfError{Argument: "GROUPS", Group: i, Err: err}
		}
		group, err := j.checkGroup(ctx, g)
		if err != nil {
			return nil, &query.AsOfError{Argument: "GROUPS", Group: i, Err: err}
		}
		spec.Groups, c.groups = append(spec.Groups, *g), append(c.groups, *group)
	}
	var err error
	if c.shape, err = shapeOf(spec, &labelFile{columns: c.labels}, c.groups); err != nil {
		return nil, argumentOf(err)
	}
	join := &query.AsOfJoin{Make: c.make}
	for _, column := range c.shape.columns[c.shape.labels:] {
		join.Columns = append(join.Columns, c.column(&column))
	}
	return join, nil
}

// argumentOf says of which argument the error of a shape is.
func argumentOf(err error) error {
	var wrong *partError
	switch {
	case !errors.As(err, &wrong):
		return err
	case wrong.group == ofTime:
		return &query.AsOfError{Argument: "LABEL_TIME", Err: wrong.err}
	}
	return &query.AsOfError{Argument: "GROUPS", Group: wrong.group, Err: wrong.err}
}

// column is a column of features as SQL has it.
func (c *call) column(of *Column) query.AsOfColumn {
	out := query.AsOfColumn{Name: of.Name, HiveType: map[Type]string{Text: "string", Integer: "bigint", Double: "double"}[of.Type]}
	if of.List {
		out.HiveType = "array<" + out.HiveType + ">"
	}
	for i := range c.groups {
		if g := &c.groups[i]; g.Name == of.Group {
			out.EventTime = of.Feature == g.EventTime && of.Type == Text
		}
	}
	return out
}

// labelType is what a dataset makes of a type of Athena's. Those that it has not are neither times nor identifiers.
func labelType(name string) Type {
	switch name {
	case "boolean":
		return Boolean
	case "tinyint", "smallint", "integer", "bigint":
		return Integer
	case "float", "double", "decimal":
		return Double
	case "varchar", "char", "json", "uuid", "unknown":
		return Text
	case "date", "timestamp", "timestamp with time zone":
		return Micros
	}
	return Type(name)
}

// make makes the rows of the call; query.AsOfJoin.Make.
func (c *call) make(ctx context.Context, snap table.Snapshot, labels func(context.Context, func(io.Reader) error) error, read func(int64)) (_ *query.AsOfRows, err error) {
	scratch := c.joiner.scratch(fmt.Sprintf("_call-%d", c.joiner.calls.Add(1))) // no dataset has such a name
	defer func() {
		if err != nil {
			err = errors.Join(err, scratch.remove())
		}
	}()
	var in vfs.File
	var size int64
	err = labels(ctx, func(rows io.Reader) (err error) {
		in, size, err = scratch.file("labels.parquet", func(w io.Writer) error {
			_, err := io.Copy(w, rows)
			return err
		})
		return err
	})
	if in == nil || err != nil {
		if in != nil {
			err = errors.Join(err, in.Close())
		}
		return &query.AsOfRows{Close: scratch.remove}, err
	}
	rows, size, err := c.join(ctx, snap, scratch, in, size, read)
	if err := errors.Join(err, in.Close()); err != nil {
		return nil, err
	}
	if err := scratch.fs.Remove(scratch.fs.PathJoin(scratch.dir, "labels.parquet")); err != nil {
		return nil, fmt.Errorf("remove the labels of as_of: %w", err)
	}
	return &query.AsOfRows{Path: scratch.fs.PathJoin(scratch.dir, rowsName), Size: size, Rows: rows, Close: scratch.remove}, nil
}

const rowsName = "rows.parquet"

// join joins a file of labels when it is the call's turn.
func (c *call) join(ctx context.Context, snap table.Snapshot, scratch *scratch, in io.ReaderAt, size int64, read func(int64)) (rows, bytes int64, err error) {
	keys, kept, err := c.open(in, size)
	if err != nil {
		return 0, 0, err
	}
	done, err := c.joiner.take(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer done()
	p := &production{
		engine: c.joiner.engine, snap: snap, labels: keys, kept: kept, shape: c.shape, groups: c.groups, asOf: c.asOf, keys: c.joiner.options.Memory,
		report: func(asof.Progress, int64) {}, read: read,
	}
	columns := append(append([]Column(nil), kept.columns...), c.shape.columns[c.shape.labels:]...)
	p.file = fileColumns(columns)
	for i := range p.file {
		p.file[i].Name = fmt.Sprintf("c%d", i)
	}
	out, bytes, err := scratch.file(rowsName, func(w io.Writer) error { return p.run(ctx, w) })
	if err != nil {
		return 0, 0, err
	}
	return p.rows, bytes, out.Close()
}

// open opens the file of the labels as a dataset has them, and as they are kept.
func (c *call) open(in io.ReaderAt, size int64) (keys, kept *labelFile, err error) {
	if keys, err = openLabelFile(in, size, -1); err != nil {
		return nil, nil, fmt.Errorf("the labels of as_of: %v", err) // the engine has written them
	}
	if len(keys.columns) != len(c.labels) {
		return nil, nil, fmt.Errorf("the labels of as_of have %d columns, and %d were told", len(keys.columns), len(c.labels))
	}
	kept = &labelFile{in: in, size: size, rows: keys.rows, fields: keys.fields, carry: true}
	r, err := parquet.OpenReader(in, size)
	if err != nil {
		return nil, nil, fmt.Errorf("the labels of as_of: %w", err)
	}
	for i, told := range c.labels {
		has := keys.columns[i]
		if known := told.Type.known(); has.List != told.List || known && has.Type != told.Type || !known && has.Type != Text {
			return nil, nil, fmt.Errorf("the labels of as_of have the column %q of %s, and it was told to be %s", told.Name, has.words(), told.words())
		}
		keys.columns[i].Name = told.Name
		kept.columns = append(kept.columns, Column{Name: told.Name, Type: kindType(carriedKind(r.Fields[i].Kind)), List: told.List})
	}
	return keys, kept, nil
}

func (t Type) known() bool {
	switch t {
	case Text, Integer, Double, Boolean, Micros, Nanos:
		return true
	}
	return false
}

// carriedKind is the kind in which the result of as_of has values of a kind. The values stay as they are: of decimals
// their text, of days their number since 1970.
func carriedKind(k parquet.Kind) parquet.Kind {
	switch k {
	case parquet.OfDay, parquet.OfUnsigned:
		return parquet.OfInt
	case parquet.OfSingle:
		return parquet.OfDouble
	case parquet.OfDecimal:
		return parquet.OfText
	}
	return k
}

// kindType is the type of values of a carriedKind.
func kindType(k parquet.Kind) Type {
	switch k {
	case parquet.OfBoolean:
		return Boolean
	case parquet.OfInt:
		return Integer
	case parquet.OfDouble:
		return Double
	case parquet.OfInstant:
		return Micros
	}
	return Text
}
