// Package parquet turns rows into Parquet files, and nothing else: it knows no table, no journal
// and no file system. docs/formats/offline-table.md is the form of the files.
package parquet

import (
	"fmt"
	"reflect"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"
)

// Type is the type of a column.
type Type uint8

// The types, and the Go type of their values in a row. nil is null in all of them.
const (
	Text         Type = iota + 1 // string: BYTE_ARRAY, UTF8
	Int64                        // int64: INT64
	Float64                      // float64: DOUBLE
	Boolean                      // bool: BOOLEAN
	Instant                      // time.Time: INT64, TIMESTAMP_MICROS
	InstantNanos                 // of vectors alone: INT64, TIMESTAMP of nanoseconds, from 1678 to 2261
)

// A Column is a column of a file. Every column is OPTIONAL.
type Column struct {
	Name string
	Type Type
	// List makes it a column of lists of values of the Type: []any in a row. It has the three
	// levels of Parquet's LIST, with elements that are OPTIONAL too.
	List bool
	// Plain writes a Text column without a dictionary, which takes long to make and saves nothing if
	// its values are mostly different.
	Plain bool
}

// A Schema is the columns of a file, in their order. It is safe for concurrent use.
type Schema struct {
	columns []Column
	schema  *parquet.Schema
}

// NewSchema makes a schema. The names are to be different.
func NewSchema(columns []Column) (*Schema, error) {
	root := ordered{}
	seen := map[string]bool{}
	for _, c := range columns {
		node, err := nodeOf(c)
		if err != nil {
			return nil, err
		}
		if c.Name == "" || seen[c.Name] {
			return nil, fmt.Errorf("column name %q is empty or there twice", c.Name)
		}
		seen[c.Name] = true
		if c.List {
			node = parquet.List(parquet.Optional(node))
		}
		root.fields = append(root.fields, &field{Node: parquet.Optional(node), name: c.Name})
	}
	if len(root.fields) == 0 {
		return nil, fmt.Errorf("a schema needs a column")
	}
	return &Schema{columns: columns, schema: parquet.NewSchema("record", root)}, nil
}

// Width is the number of columns.
func (s *Schema) Width() int { return len(s.columns) }

func nodeOf(c Column) (parquet.Node, error) {
	switch c.Type {
	case Text:
		if c.Plain {
			return parquet.Encoded(parquet.String(), &parquet.Plain), nil
		}
		return parquet.Encoded(parquet.String(), &parquet.RLEDictionary), nil
	case Int64:
		return parquet.Leaf(parquet.Int64Type), nil
	case Float64:
		return parquet.Leaf(parquet.DoubleType), nil
	case Boolean:
		return parquet.Leaf(parquet.BooleanType), nil
	case InstantNanos:
		return parquet.Timestamp(parquet.Nanosecond), nil
	case Instant:
		return parquet.Leaf(micros{parquet.Timestamp(parquet.Microsecond).Type()}), nil
	}
	return nil, fmt.Errorf("column %q has no type", c.Name)
}

// micros is TIMESTAMP_MICROS in the older of Parquet's two annotations alone: every reader takes
// it for an instant in UTC, and the engine reads it without a conversion for each value. See
// docs/formats/offline-table.md.
type micros struct{ parquet.Type }

func (micros) LogicalType() *format.LogicalType { return nil }

// ordered is a group whose fields keep their order; parquet.Group sorts them by name.
type ordered struct{ fields []parquet.Field }

func (o ordered) ID() int                     { return 0 }
func (o ordered) String() string              { return "record" }
func (o ordered) Type() parquet.Type          { return parquet.Group{}.Type() }
func (o ordered) Optional() bool              { return false }
func (o ordered) Repeated() bool              { return false }
func (o ordered) Required() bool              { return true }
func (o ordered) Leaf() bool                  { return false }
func (o ordered) Fields() []parquet.Field     { return o.fields }
func (o ordered) Encoding() encoding.Encoding { return nil }
func (o ordered) Compression() compress.Codec { return nil }

// GoType is asked only to convert Go structures, which nobody does here.
func (o ordered) GoType() reflect.Type { return reflect.TypeFor[map[string]any]() }

// field is a named node.
type field struct {
	parquet.Node
	name string
}

func (f *field) Name() string { return f.name }

// Value is asked only to convert Go structures.
func (f *field) Value(base reflect.Value) reflect.Value {
	return base.MapIndex(reflect.ValueOf(f.name))
}
