package dataset

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"

	"github.com/larder-dev/larder/internal/dataset/asof"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/table"
)

// A production makes the rows of a dataset, once.
type production struct {
	engine *asof.Engine
	snap   table.Snapshot
	labels *labelFile // where times and identifiers are read
	kept   *labelFile // the same file, where what is kept of it is read
	shape  *shape
	file   []parquet.Column // of the rows
	// counted hashes the columns, and counts what is in them.
	counted bool
	groups  []Group
	asOf    feature.Position
	// keys is about how many bytes the times and identifiers of labels may take at a time.
	keys   int64
	report func(asof.Progress, int64) // with the number of labels that are done
	read   func(bytes int64)          // as asof.Request has it

	hashes []*columnHash
	counts []*statistician
	rows   int64
	out    *parquet.VectorWriter
}

// run writes the rows as Parquet to out.
func (p *production) run(ctx context.Context, out io.Writer) error {
	schema, err := parquet.NewSchema(p.file)
	if err != nil {
		return feature.Errorf(feature.Invalid, "the columns of the dataset: %v", err)
	}
	buffered := bufio.NewWriterSize(out, 256<<10)
	p.out = parquet.NewVectorWriter(buffered, schema, p.engine.Threads)
	for _, c := range p.shape.columns {
		p.hashes, p.counts = append(p.hashes, newColumnHash(c.List)), append(p.counts, &statistician{list: c.List})
	}
	whole := make([]int, p.shape.labels)
	for i := range whole {
		whole[i] = i
	}
	labels, stop := iter.Pull2(p.kept.blocks(ctx, whole))
	defer stop()
	keys, stopKeys := iter.Pull2(p.labels.blocks(ctx, p.keyColumns()))
	defer stopKeys()
	for {
		request, err := p.part(keys)
		if err != nil {
			return err
		}
		if len(request.Labels.Times) == 0 {
			break
		}
		if err := p.join(ctx, request, labels); err != nil {
			return err
		}
	}
	if err := p.out.Close(); err != nil {
		return err
	}
	return buffered.Flush()
}

// keyColumns are the label times, then the identifiers of each group.
func (p *production) keyColumns() []int { return append([]int{p.shape.time}, p.shape.ids...) }

// part reads the keys of the next labels, as many as may be in memory: whole blocks. None are left if it has none.
func (p *production) part(next func() (block, error, bool)) (*asof.Request, error) {
	r := &asof.Request{AsOf: p.asOf, Read: p.read}
	// Groups that are joined by the same column share its identifiers: the engine sorts them once.
	type join struct {
		column int
		typ    feature.Type
	}
	joins := make([]join, len(p.groups))
	shared := map[join]*parquet.Vector{}
	for i := range p.groups {
		g := &p.groups[i]
		joins[i] = join{p.shape.ids[i], g.definition(g.Identifier).Type}
		if shared[joins[i]] == nil {
			shared[joins[i]] = &parquet.Vector{Kind: parquet.OfText}
		}
		r.Groups = append(r.Groups, asof.Group{Group: g.noun(), IDs: shared[joins[i]], Features: g.Features, LookBack: g.LookBack, SkipDeletes: g.SkipDeletes})
	}
	first := p.rows
	for size := int64(0); size < p.keys; {
		b, err, ok := next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		before := first + int64(len(r.Labels.Times))
		r.Labels.Times, r.Labels.NoTime, err = readTimes(r.Labels.Times, r.Labels.NoTime, b.vectors[0], b.rows)
		if err != nil {
			return nil, labelError(b.vectors[0], err, before, p.shape.columns[p.shape.time].Name)
		}
		size += int64(b.rows) * 17
		for i := range r.Groups {
			ids, v := r.Groups[i].IDs, b.vectors[1+i]
			if len(ids.Null) == len(r.Labels.Times) {
				continue // a group before has read them
			}
			text := len(ids.Text)
			if err := readIDs(ids, v, joins[i].typ, b.rows); err != nil {
				return nil, labelError(v, err, before, p.shape.columns[p.shape.ids[i]].Name)
			}
			size += int64(b.rows)*9 + int64(len(ids.Text)-text)
		}
	}
	return r, nil
}

// errLabels is a bug of ours, or a file that changed while it was read.
var errLabels = errors.New("the labels have other rows when they are read again")

// join writes the rows of some labels, which begin where the one before ended.
func (p *production) join(ctx context.Context, r *asof.Request, labels func() (block, error, bool)) error {
	done := p.rows
	progress := func(at asof.Progress) { p.report(at, done) }
	// The engine's rows come in parts of its own; what is written comes in blocks.
	next, stop := iter.Pull2(labelsOf(labels, len(r.Labels.Times)))
	defer stop()
	var held block
	flush := func(features block) error {
		b, err, ok := next()
		if err == nil && (!ok || b.rows != features.rows) {
			err = errLabels
		}
		if err != nil {
			return err
		}
		return p.write(b, features)
	}
	_, err := p.engine.Join(ctx, p.snap, r, progress, func(_, rows int, columns []*parquet.Vector) error {
		for from := 0; from < rows; {
			if held.rows == 0 && from == 0 && rows == blockRows {
				return flush(block{rows, columns})
			}
			to := min(rows, from+blockRows-held.rows)
			held.add(block{rows, columns}, from, to)
			from = to
			if held.rows == blockRows {
				if err := flush(held); err != nil {
					return err
				}
				held.reset()
			}
		}
		return nil
	})
	if err == nil && held.rows > 0 {
		err = flush(held)
	}
	if err == nil && p.rows-done != int64(len(r.Labels.Times)) {
		err = fmt.Errorf("the join gave %d rows for %d labels", p.rows-done, len(r.Labels.Times))
	}
	return err
}

// labelsOf yields the next blocks, of so many rows.
func labelsOf(next func() (block, error, bool), rows int) iter.Seq2[block, error] {
	return func(yield func(block, error) bool) {
		for rows > 0 {
			b, err, ok := next()
			if !ok {
				return
			}
			rows -= b.rows
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

// write writes a block of rows, and counts and hashes it beside that.
func (p *production) write(labels, features block) error {
	vectors := append(labels.vectors[:len(labels.vectors):len(labels.vectors)], features.vectors...)
	if len(vectors) != len(p.shape.columns) {
		return fmt.Errorf("%d columns for %d", len(vectors), len(p.shape.columns))
	}
	var counting sync.WaitGroup
	counting.Go(func() {
		if !p.counted {
			return
		}
		for i, v := range vectors {
			p.hashes[i].add(labels.rows, v)
			p.counts[i].add(labels.rows, v)
		}
	})
	err := p.out.Write(labels.rows, vectors)
	counting.Wait()
	p.rows += int64(labels.rows)
	return err
}

// columns returns the columns with what was counted, and the hash of all.
func (p *production) columns() ([]Column, string) {
	columns := append([]Column(nil), p.shape.columns...)
	for i := range columns {
		columns[i].Hash, columns[i].Statistics = p.hashes[i].hash(), p.counts[i].statistics()
	}
	return columns, hashOf(p.rows, columns)
}
