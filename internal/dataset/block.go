package dataset

import (
	"iter"

	"github.com/larder-dev/larder/internal/parquet"
)

// blockRows is how many rows are worked on at a time: few, because rows may have thousands of columns, or long texts.
// It is a multiple of parquet.BatchRows.
const blockRows = 8 << 10

// A block is the values of some columns in blockRows rows, or in fewer at the end. It is good until the next one
// is asked for.
type block struct {
	rows    int
	vectors []*parquet.Vector
}

// A batch is like a block, of any number of rows.
type batch = block

// blocks deals batches out anew, as blocks.
func blocks(batches iter.Seq2[batch, error]) iter.Seq2[block, error] {
	return func(yield func(block, error) bool) {
		var held block
		for b, err := range batches {
			if err != nil {
				yield(block{}, err)
				return
			}
			if held.rows == 0 && b.rows == blockRows {
				if !yield(b, nil) {
					return
				}
				continue
			}
			for from := 0; from < b.rows; {
				to := min(b.rows, from+blockRows-held.rows)
				held.add(b, from, to)
				from = to
				if held.rows == blockRows {
					if !yield(held, nil) {
						return
					}
					held.reset()
				}
			}
		}
		if held.rows > 0 {
			yield(held, nil)
		}
	}
}

// add appends copies of rows of another block.
func (b *block) add(of block, from, to int) {
	if b.vectors == nil {
		for _, v := range of.vectors {
			b.vectors = append(b.vectors, &parquet.Vector{Kind: v.Kind})
		}
	}
	for i, v := range of.vectors {
		b.vectors[i].Append(v, from, to)
	}
	b.rows += to - from
}

func (b *block) reset() {
	b.rows = 0
	for _, v := range b.vectors {
		v.Reset()
	}
}
