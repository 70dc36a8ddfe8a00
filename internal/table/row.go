package table

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// The columns after the features, in their order (contract §4.2).
const (
	writeTime         = "write_time"
	apiInvocationTime = "api_invocation_time"
	isDeleted         = "is_deleted"
	technical         = 3 // how many they are
)

// fillRow makes the row of an entry: one value for each definition of g, []any of a collection, then
// write_time, api_invocation_time and is_deleted. It is the one way from text to type, for files and for
// rows that are in none, so nobody can tell them apart. row is as long as fileColumns(g).
func fillRow(row []any, g *feature.Group, e *feature.Entry) error {
	clear(row)
	n := len(g.Definitions)
	for _, v := range e.Record.Values {
		if v.Ordinal < 0 || v.Ordinal >= n {
			return fmt.Errorf("entry %d of group %s has a value for feature %d of %d", e.Position, g.Name, v.Ordinal, n)
		}
		d := g.Definitions[v.Ordinal]
		var value any
		var err error
		if d.Collection == feature.Scalar {
			value, err = typed(d.Type, v.Text)
		} else {
			value, err = typedList(d.Type, v.List)
		}
		if err != nil {
			return fmt.Errorf("entry %d of group %s, feature %s: %w", e.Position, g.Name, d.Name, err)
		}
		row[v.Ordinal] = value
	}
	row[n] = e.Position.Time()
	// Floor, not round: an instant before 1970 goes down too.
	row[n+1] = time.UnixMicro(e.Accepted.UnixMicro()).UTC()
	row[n+2] = e.Record.Deleted
	return nil
}

// typed converts the text of a value, which feature.Check has let in, to its column's type
// (contract §3.3): exactly, or to the nearest double.
func typed(t feature.Type, text string) (any, error) {
	switch t {
	case feature.String:
		return text, nil
	case feature.Integral:
		return strconv.ParseInt(text, 10, 64)
	case feature.Fractional:
		return strconv.ParseFloat(text, 64)
	}
	return nil, fmt.Errorf("type %d is unknown", t)
}

// typedList converts each element of a collection.
func typedList(t feature.Type, texts []string) ([]any, error) {
	list := make([]any, len(texts))
	for i, text := range texts {
		var err error
		if list[i], err = typed(t, text); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// fileColumns are the columns of g's data files. Features keep their case there.
func fileColumns(g *feature.Group) []parquet.Column {
	columns := make([]parquet.Column, 0, len(g.Definitions)+technical)
	for _, d := range g.Definitions {
		c := parquet.Column{Name: string(d.Name), List: d.Collection != feature.Scalar}
		switch d.Type {
		case feature.String:
			c.Type = parquet.Text
		case feature.Integral:
			c.Type = parquet.Int64
		case feature.Fractional:
			c.Type = parquet.Float64
		}
		columns = append(columns, c)
	}
	return append(columns,
		parquet.Column{Name: writeTime, Type: parquet.Instant},
		parquet.Column{Name: apiInvocationTime, Type: parquet.Instant},
		parquet.Column{Name: isDeleted, Type: parquet.Boolean},
	)
}

// tableColumns are the columns of g's table. Names of columns are lower case there (contract §6.1).
func tableColumns(g *feature.Group) []Column {
	columns := make([]Column, 0, len(g.Definitions)+technical)
	for _, d := range g.Definitions {
		c := Column{Name: strings.ToLower(string(d.Name))}
		switch d.Type {
		case feature.String:
			c.Type = "string"
		case feature.Integral:
			c.Type = "bigint"
		case feature.Fractional:
			c.Type = "double"
		}
		if d.Collection != feature.Scalar {
			c.Type = "array<" + c.Type + ">"
		}
		columns = append(columns, c)
	}
	return append(columns, Column{Name: writeTime, Type: "timestamp"},
		Column{Name: apiInvocationTime, Type: "timestamp"}, Column{Name: isDeleted, Type: "boolean"})
}
