package dataset

import (
	"bufio"
	"context"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/parquet"
)

// CSV says nothing of types, so the labels are read twice: once to see which type each column can have, and once
// to write them as Parquet.

// convertCSV writes CSV labels as Parquet. Columns whose names, in lower case, are in texts stay text. open begins
// at the first byte. Invalid; Conflict: they changed meanwhile.
func convertCSV(ctx context.Context, open func() io.Reader, texts map[string]bool, out io.Writer) error {
	columns, err := csvColumns(ctx, open(), texts)
	if err != nil {
		return err
	}
	schema, err := parquet.NewSchema(fileColumns(columns))
	if err != nil {
		return feature.Errorf(feature.Invalid, "the first line of the labels cannot name columns: %v", err)
	}
	buffered := bufio.NewWriterSize(out, 64<<10)
	w := parquet.NewVectorWriter(buffered, schema, nil)
	rows := block{}
	for _, c := range columns {
		rows.vectors = append(rows.vectors, &parquet.Vector{Kind: c.Type.columnType().KindOf()})
	}
	r, err := ingest.NewCSVReader(open())
	if err != nil {
		return err
	}
	if len(r.Names) != len(columns) {
		return feature.Errorf(feature.Conflict, "the labels changed while they were read; ask for the dataset again")
	}
	err = eachRecord(ctx, r, func(_ int64, record []string) error {
		for i, c := range columns {
			appendField(rows.vectors[i], c.Type, record[i])
		}
		if rows.rows++; rows.rows < blockRows {
			return nil
		}
		defer rows.reset()
		return w.Write(rows.rows, rows.vectors)
	})
	if err == nil {
		err = w.Write(rows.rows, rows.vectors)
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		err = buffered.Flush()
	}
	return err
}

// eachRecord calls use with each record of a CSV source and its number, from 1. A record is good for the call.
func eachRecord(ctx context.Context, r *ingest.CSVReader, use func(row int64, record []string) error) error {
	for row := int64(1); ; row++ {
		if row%blockRows == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		record, err := r.Next(row)
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = use(row, record)
		}
		if err != nil {
			return err
		}
	}
}

// csvColumns finds the type of each column: integer if all that is in it are whole numbers as one writes them,
// double if all are numbers, boolean if all are true or false, else text.
func csvColumns(ctx context.Context, in io.Reader, texts map[string]bool) ([]Column, error) {
	r, err := ingest.NewCSVReader(in)
	if err != nil {
		return nil, err
	}
	names := r.Names
	if len(names) > maxColumns {
		return nil, feature.Errorf(feature.Invalid, "the labels have %d columns; the most is %d", len(names), maxColumns)
	}
	can := make([]guess, len(names))
	for i := range can {
		can[i] = guess{integer: true, double: true, boolean: true}
	}
	err = eachRecord(ctx, r, func(row int64, record []string) error {
		for i, text := range record {
			if !utf8.ValidString(text) {
				return feature.Errorf(feature.Invalid, "row %d of the labels, column %q: %.64q is not UTF-8", row, names[i], text)
			}
			can[i].see(text)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	columns := make([]Column, len(names))
	for i, name := range names {
		columns[i] = Column{Name: name, Type: can[i].best()}
		if texts[strings.ToLower(name)] {
			columns[i].Type = Text
		}
	}
	return columns, nil
}

// A guess is what a column can be.
type guess struct{ integer, double, boolean, some bool }

func (g *guess) see(text string) {
	if text == "" {
		return // no value
	}
	g.some = true
	if g.integer {
		n, err := strconv.ParseInt(text, 10, 64)
		g.integer = err == nil && strconv.FormatInt(n, 10) == text
	}
	g.double = g.double && isNumber(text)
	g.boolean = g.boolean && (strings.EqualFold(text, "true") || strings.EqualFold(text, "false"))
}

func (g *guess) best() Type {
	switch {
	case !g.some:
		return Text
	case g.integer:
		return Integer
	case g.double:
		return Double
	case g.boolean:
		return Boolean
	}
	return Text
}

// isNumber tells whether a text is a number as programs write them: no zeros before it, no words, no spaces.
func isNumber(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || digits[0] < '0' || digits[0] > '9' || len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9' {
		return false
	}
	if strings.Trim(digits, "0123456789.eE+-") != "" {
		return false
	}
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

// appendField appends a text that csvColumns has seen.
func appendField(v *parquet.Vector, t Type, text string) {
	null := text == ""
	v.Null = append(v.Null, null)
	switch t {
	case Integer:
		n := int64(0)
		if !null {
			n, _ = strconv.ParseInt(text, 10, 64) // csvColumns has seen that it is one; openSource, that it still is
		}
		v.Ints = append(v.Ints, n)
	case Double:
		x := 0.0
		if !null {
			x, _ = strconv.ParseFloat(text, 64) // so here
		}
		v.Floats = append(v.Floats, x)
	case Boolean:
		n := int64(0)
		if strings.EqualFold(text, "true") {
			n = 1
		}
		v.Ints = append(v.Ints, n)
	default:
		v.Text = append(v.Text, text...)
		v.Offsets = append(v.Offsets, len(v.Text))
	}
}
