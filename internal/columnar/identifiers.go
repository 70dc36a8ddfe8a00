package columnar

import (
	"strconv"

	"github.com/larder-dev/larder/internal/arrow"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// Identifiers reads a stream of one column, of texts or whole numbers: the identifiers of records, in its order.
// Invalid.
func Identifiers(stream []byte) ([]string, error) {
	r, err := arrow.NewReader(stream)
	if err != nil {
		return nil, told(err)
	}
	if len(r.Columns) != 1 {
		return nil, feature.Errorf(feature.Invalid, "the stream of identifiers has %d columns; send one, of the identifiers alone", len(r.Columns))
	}
	c := &r.Columns[0]
	if c.List || c.Kind != parquet.OfText && c.Kind != parquet.OfInt && c.Kind != parquet.OfUnsigned {
		return nil, feature.Errorf(feature.Invalid, "the column %q of identifiers is %s; write it as text or whole numbers, whose digits are the identifier", c.Name, c.Type)
	}
	if err := r.Load(MaxRows); err != nil {
		return nil, told(err)
	}
	ids := make([]string, 0, r.Rows)
	var texts arena
	var scratch []byte
	for _, b := range r.Batches {
		for row := range b.Rows {
			if b.Null(0, row) {
				return nil, feature.Errorf(feature.Invalid, "row %d of the column %q is null; every row is an identifier", len(ids)+1, c.Name)
			}
			switch e := b.Value(0, row); e.Kind {
			case parquet.OfInt:
				scratch = strconv.AppendInt(scratch[:0], e.Int, 10)
			case parquet.OfUnsigned:
				scratch = strconv.AppendUint(scratch[:0], uint64(e.Int), 10)
			default:
				if len(e.Text) > feature.MaxIdentifierBytes {
					return nil, feature.Errorf(feature.Invalid, "row %d of the column %q has %d bytes; an identifier has at most %d", len(ids)+1, c.Name, len(e.Text), feature.MaxIdentifierBytes)
				}
				scratch = append(scratch[:0], e.Text...)
			}
			ids = append(ids, texts.keep(scratch))
		}
	}
	return ids, nil
}
