package worker

import (
	"errors"
	"fmt"

	duck "github.com/duckdb/duckdb-go-bindings"

	"github.com/larder-dev/larder/internal/duckdb/frame"
)

// batchBytes is about how long a Batch gets; a chunk of DuckDB's has up to 2,048 rows.
const batchBytes = 256 << 10

// send prints a streaming result and sends it in batches.
func send(result *duck.Result, types []string, out *frame.Writer) error {
	columns, err := printers(result, types)
	if err != nil {
		return err
	}
	b := batch{columns: len(columns), out: out}
	for {
		chunk := duck.FetchChunk(*result)
		if chunk.Ptr == nil {
			break
		}
		err := b.add(chunk, columns)
		duck.DestroyDataChunk(&chunk)
		if err != nil {
			return err
		}
	}
	if text := duck.ResultError(result); text != "" {
		return errors.New(text)
	}
	return b.flush()
}

// printers returns a printer for each column of a result.
func printers(result *duck.Result, types []string) ([]*printer, error) {
	n := int(duck.ColumnCount(result))
	if n != len(types) {
		return nil, fmt.Errorf("the result has %d columns, the plan %d", n, len(types))
	}
	columns := make([]*printer, n)
	for i := range columns {
		t := duck.ColumnLogicalType(result, duck.IdxT(i))
		l, err := readLayout(types[i])
		var p *printer
		if err == nil {
			p, err = newPrinter(t, l)
		}
		duck.DestroyLogicalType(&t)
		if err != nil {
			return nil, err
		}
		columns[i] = p
	}
	return columns, nil
}

// A batch collects printed rows until it is worth a frame.
type batch struct {
	columns int
	out     *frame.Writer
	rows    int
	values  []byte
	text    []byte // of one value
	payload []byte
}

func (b *batch) add(chunk duck.DataChunk, columns []*printer) error {
	for i, c := range columns {
		c.bind(duck.DataChunkGetVector(chunk, duck.IdxT(i)))
	}
	for row := range int(duck.DataChunkGetSize(chunk)) {
		for _, c := range columns {
			if c.null(row) {
				b.values = frame.AppendNull(b.values)
				continue
			}
			b.text = c.append(b.text[:0], row)
			b.values = frame.AppendText(b.values, b.text)
		}
		b.rows++
		if len(b.values) >= batchBytes {
			if err := b.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush sends what was collected.
func (b *batch) flush() error {
	if b.rows == 0 {
		return nil
	}
	b.payload = append(frame.AppendBatch(b.payload[:0], b.rows, b.columns), b.values...)
	b.rows, b.values = 0, b.values[:0]
	return b.out.Send(frame.KindBatch, b.payload)
}
