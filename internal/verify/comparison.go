package verify

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// A comparison is one run over one group.
type comparison struct {
	g      *feature.Group
	snap   table.Snapshot
	engine query.Engine
	most   int
	report *Report

	columns       []query.RelationColumn // of the table
	ours, foreign []query.File
	written       int64           // rows that were written into ours
	writeTimes    map[string]span // of each of ours, by URI
	holding       holding
}

// A holding is what was learnt by looking through all that is held.
type holding struct {
	rows   int64 // with a position
	bytes  int64 // about, that they take in the engine
	keys   int64 // bytes of all identifiers
	sample []feature.Position
}

// sampleSize is how many positions are remembered, to part all of them into ranges of one size.
const sampleSize = 16 << 10

// look counts what is held.
func (c *comparison) look() error {
	h, l := &c.report.Held, &c.holding
	// Which positions are remembered decides nothing but how large the ranges are.
	rng := rand.New(rand.NewPCG(uint64(c.g.ID), 1))
	for r, err := range c.snap.Records(c.g.ID) {
		if err != nil {
			return fmt.Errorf("read what is held: %w", err)
		}
		switch {
		case r.Deleted:
			h.Tombstones++
		case r.Expired(c.report.At):
			h.Expired++
			h.Records++
		default:
			h.Records++
		}
		l.keys += int64(len(r.ID))
		if r.Position == 0 {
			h.OnlineOnly++
			continue
		}
		l.rows++
		l.bytes += int64(16 * len(c.g.Definitions))
		for _, v := range r.Values {
			l.bytes += int64(v.Size() + 16*len(v.List))
		}
		if len(l.sample) < sampleSize {
			l.sample = append(l.sample, r.Position)
		} else if at := rng.Int64N(l.rows); at < sampleSize {
			l.sample[at] = r.Position
		}
	}
	slices.Sort(l.sample)
	return nil
}

// use takes the columns and the files of a view. A file of ours has been counted.
func (c *comparison) use(v *table.View) {
	for _, column := range v.Columns {
		c.columns = append(c.columns, query.RelationColumn(column))
	}
	for _, f := range v.Files {
		if f.Rows > 0 {
			c.ours = append(c.ours, query.File(f))
			c.written += f.Rows
		} else {
			c.foreign = append(c.foreign, query.File(f))
		}
	}
	c.report.Table.Files = int64(len(c.ours))
	c.report.Table.ForeignFiles = int64(len(c.foreign))
}

// learnWriteTimes asks the index which write times each file has.
func (c *comparison) learnWriteTimes() error {
	c.writeTimes = map[string]span{}
	name, prefix := c.g.Offline.Location()
	for o, err := range c.snap.Objects(name, prefix+"/") {
		if err != nil {
			return fmt.Errorf("list %s: %w", c.g.Offline.Resolved, err)
		}
		if o.Rows != nil {
			c.writeTimes["s3://"+o.Bucket+"/"+o.Key] = span{feature.Position(o.Rows.FirstPosition), feature.Position(o.Rows.LastPosition + 1)}
		}
	}
	return nil
}

// run runs the plans, each in as many passes as keep it to about passBytes.
func (c *comparison) run(ctx context.Context, passBytes int64) error {
	if err := c.count(ctx); err != nil {
		return fmt.Errorf("count rows: %w", err)
	}
	if err := c.findMalformed(ctx); err != nil {
		return fmt.Errorf("look for malformed rows: %w", err)
	}
	h, t := &c.report.Held, &c.report.Table
	rows := t.FileRows + t.Unflushed
	if err := c.findTwice(ctx, 1+rows*24/passBytes); err != nil {
		return fmt.Errorf("look for write times that are there twice: %w", err)
	}
	if err := c.learnWriteTimes(); err != nil {
		return err
	}
	for _, s := range c.spans(1 + c.holding.bytes/passBytes) {
		if err := c.compareHeld(ctx, s); err != nil {
			return fmt.Errorf("lay what is held beside its rows: %w", err)
		}
	}
	held := h.Records + h.Tombstones
	line := 96 + 2*c.holding.keys/max(held, 1) // bytes of one, about
	if err := c.judgeAll(ctx, 1+(held+rows)*line/passBytes); err != nil {
		return fmt.Errorf("look for the newest rows: %w", err)
	}
	return nil
}

// A span is a range of write times.
type span struct{ from, to feature.Position } // to is not in it

// spans parts all write times, so that about as much is held of each.
func (c *comparison) spans(n int64) []span {
	if c.holding.rows == 0 {
		return nil
	}
	var all []span
	from := feature.Position(0)
	for i := int64(1); i < n; i++ {
		if at := c.holding.sample[int64(len(c.holding.sample))*i/n]; at > from {
			all = append(all, span{from, at})
			from = at
		}
	}
	return append(all, span{from, math.MaxInt64})
}

// A share is the part of the identifiers whose digest leaves a rest. All is one share of one.
type share struct {
	rest, of int64
	text     bool // the identifier is text, and its digest can be had without the engine
}

func (s share) has(id string) bool {
	if s.of == 1 || !s.text {
		return true
	}
	sum := md5.Sum([]byte(id))
	n, err := strconv.ParseInt(hex.EncodeToString(sum[:4]), 16, 64)
	return err == nil && n%s.of == s.rest
}

func (c *comparison) judgeAll(ctx context.Context, passes int64) error {
	byText := c.g.Definitions[c.g.Ordinal(c.g.RecordIdentifier)].Type == feature.String
	for pass := range passes {
		j := &judge{comparison: c, fractional: c.g.Definitions[c.g.Ordinal(c.g.EventTime)].Type == feature.Fractional}
		s := share{rest: pass, of: passes, text: byText}
		if err := c.plan(ctx, c.linesSQL(s), lineColumns, j.row, c.files(), c.journal(), c.heldKeys(s)); err != nil {
			return err
		}
		j.end()
	}
	return nil
}

// plan runs SQL over relations, and hands each row of its result on.
func (c *comparison) plan(ctx context.Context, sql string, columns int, row func([]*string) error, relations ...query.Relation) error {
	p := &query.Plan{SQL: sql, Relations: relations}
	for range columns {
		p.Columns = append(p.Columns, query.Column{Type: "varchar"})
	}
	return c.engine.Run(ctx, p, func() {}, func(batch [][]*string) error {
		for _, r := range batch {
			if err := row(r); err != nil {
				return err
			}
		}
		return nil
	})
}

// lower is the name of a feature's column.
func lower(n feature.Name) string { return strings.ToLower(string(n)) }
