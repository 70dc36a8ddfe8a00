package dataset

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/parquet"
)

// normalise makes the values of a vector those of a type of a dataset, in place: of every kind of file the same.
func normalise(v *parquet.Vector, t Type) error {
	switch v.Kind {
	case parquet.OfText:
		return checkTexts(v)
	case parquet.OfUnsigned:
		for i, n := range v.Ints {
			if n < 0 {
				return &cellError{i, fmt.Sprintf("%d is larger than a whole number of 64 bits", uint64(n))}
			}
		}
		v.Kind = parquet.OfInt
	case parquet.OfSingle:
		v.Kind = parquet.OfDouble
	case parquet.OfDecimal:
		return readDecimals(v)
	case parquet.OfDay:
		v.Nanos = append(v.Nanos[:0], make([]int32, len(v.Ints))...)
		for i := range v.Ints {
			v.Ints[i] *= 86400
		}
		v.Kind = parquet.OfInstant
	}
	if v.Kind == parquet.OfInstant {
		return checkInstants(v, t)
	}
	return nil
}

func checkTexts(v *parquet.Vector) error {
	if utf8.Valid(v.Text) && len(v.Offsets) > 0 {
		// Valid together, and each begins where a character does.
		begins := true
		for _, at := range v.Offsets[:len(v.Offsets)-1] {
			begins = begins && (at == len(v.Text) || utf8.RuneStart(v.Text[at]))
		}
		if begins {
			return nil
		}
	}
	for i := range v.Offsets {
		if text := v.TextOf(i); !utf8.Valid(text) {
			return &cellError{i, fmt.Sprintf("%.64q is not UTF-8", text)}
		}
	}
	return nil
}

// readDecimals makes doubles of decimals, the nearest ones.
func readDecimals(v *parquet.Vector) error {
	v.Floats = v.Floats[:0]
	for i := range v.Offsets {
		x := 0.0
		if !v.Null[i] {
			var err error
			if x, err = strconv.ParseFloat(string(v.TextOf(i)), 64); err != nil {
				return &cellError{i, fmt.Sprintf("%s is no double", v.TextOf(i))}
			}
		}
		v.Floats = append(v.Floats, x)
	}
	v.Kind, v.Text, v.Offsets = parquet.OfDouble, v.Text[:0], v.Offsets[:0]
	return nil
}

// checkInstants holds instants to what 64 bits can count.
func checkInstants(v *parquet.Vector, t Type) error {
	unit, name := int64(1e6), "micro"
	if t == Nanos {
		unit, name = 1e9, "nano"
	}
	most := math.MaxInt64/unit - 1
	for i, sec := range v.Ints {
		if sec > most || sec < -most {
			return &cellError{i, fmt.Sprintf("an instant %d seconds from 1970 cannot be counted in %sseconds", sec, name)}
		}
	}
	return nil
}

// columnType is how a file has the values of a type.
func (t Type) columnType() parquet.Type {
	return map[Type]parquet.Type{
		Text: parquet.Text, Integer: parquet.Int64, Double: parquet.Float64, Boolean: parquet.Boolean,
		Micros: parquet.Instant, Nanos: parquet.InstantNanos,
	}[t]
}

// fileColumns are the columns of the file of a dataset.
func fileColumns(columns []Column) []parquet.Column {
	out := make([]parquet.Column, len(columns))
	for i, c := range columns {
		out[i] = parquet.Column{Name: c.Name, Type: c.Type.columnType(), List: c.List}
	}
	return out
}
