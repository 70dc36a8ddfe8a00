package verify

import (
	"context"
	"fmt"
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
	written       int64 // rows that were written into ours
}

// countHeld counts what is held.
func (c *comparison) countHeld() error {
	h := &c.report.Held
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
		if r.Position == 0 {
			h.OnlineOnly++
		}
	}
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

// run runs the plans. In each pass the engine sees the identifiers of one share.
func (c *comparison) run(ctx context.Context, passRows int64) error {
	if err := c.count(ctx); err != nil {
		return err
	}
	if err := c.findTwice(ctx); err != nil {
		return err
	}
	t := &c.report.Table
	all := c.report.Held.Records + c.report.Held.Tombstones + t.FileRows + t.Unflushed
	passes := max(1, (all+passRows-1)/passRows)
	for pass := range passes {
		j := &judge{comparison: c, fractional: c.eventTimeType() == feature.Fractional}
		if err := c.plan(ctx, c.linesSQL(pass, passes), lineColumns, j.row, c.files(), c.journal(), c.held()); err != nil {
			return err
		}
		j.end()
	}
	return nil
}

func (c *comparison) eventTimeType() feature.Type {
	return c.g.Definitions[c.g.Ordinal(c.g.EventTime)].Type
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

// files is the relation of the rows in our files.
func (c *comparison) files() query.Relation {
	return query.Relation{Name: "files", Columns: c.columns, Files: c.ours}
}

// The columns that relations have beside those of the table. No feature has a space in its name.
const (
	outcomeColumn = " outcome" // feature.Outcome
	exactColumn   = " exact"   // the identifier as it was written
)

// journal is the relation of the rows that are in no file.
func (c *comparison) journal() query.Relation {
	r := query.Relation{Name: "journal", Columns: append(c.columns[:len(c.columns):len(c.columns)],
		query.RelationColumn{Name: outcomeColumn, Type: "BIGINT"}, query.RelationColumn{Name: exactColumn, Type: "VARCHAR"})}
	r.Rows = func(yield func([]any, error) bool) {
		row := make([]any, len(r.Columns))
		table, extra := row[:len(c.columns)], row[len(c.columns):]
		for e, err := range c.snap.Entries(c.g.ID) {
			if err == nil {
				err = fillRow(table, c.g, e)
			}
			if err != nil {
				yield(nil, fmt.Errorf("read the journal: %w", err))
				return
			}
			extra[0], extra[1] = int64(e.Outcome), e.Record.ID
			if !yield(row, nil) {
				return
			}
		}
	}
	return r
}

// held is the relation of what is held online, as the rows that its writes must have left.
func (c *comparison) held() query.Relation {
	r := query.Relation{Name: "held", Columns: append(c.columns[:len(c.columns):len(c.columns)], query.RelationColumn{Name: exactColumn, Type: "VARCHAR"})}
	r.Rows = func(yield func([]any, error) bool) {
		row := make([]any, len(r.Columns))
		table := row[:len(c.columns)]
		at := len(c.g.Definitions) // of write_time
		for record, err := range c.snap.Records(c.g.ID) {
			if err == nil {
				err = fillRow(table, c.g, &feature.Entry{Record: *record, Position: record.Position})
			}
			if err != nil {
				yield(nil, fmt.Errorf("read what is held: %w", err))
				return
			}
			if record.Position == 0 {
				table[at] = nil
			}
			row[len(c.columns)] = record.ID
			if !yield(row, nil) {
				return
			}
		}
	}
	return r
}

func fillRow(row []any, g *feature.Group, e *feature.Entry) error { return table.FillRow(row, g, e) }

// lower is the name of a feature's column.
func lower(n feature.Name) string { return strings.ToLower(string(n)) }
