package verify

import (
	"fmt"
	"slices"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

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
	r := query.Relation{Name: "journal", Columns: slices.Concat(c.columns, []query.RelationColumn{
		{Name: outcomeColumn, Type: "BIGINT"}, {Name: exactColumn, Type: "VARCHAR"}})}
	r.Rows = func(yield func([]any, error) bool) {
		row := make([]any, len(r.Columns))
		extra := row[len(c.columns):]
		for e, err := range c.snap.Entries(c.g.ID) {
			if err == nil {
				err = table.FillRow(row[:len(c.columns)], c.g, e)
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

// held is the relation of what is held of the writes of a span, as the rows that they must have left.
func (c *comparison) held(s span) query.Relation {
	r := query.Relation{Name: "held", Columns: slices.Concat(c.columns, []query.RelationColumn{{Name: exactColumn, Type: "VARCHAR"}})}
	r.Rows = func(yield func([]any, error) bool) {
		row := make([]any, len(r.Columns))
		for record, err := range c.snap.Records(c.g.ID) {
			if err == nil {
				if record.Position == 0 || record.Position < s.from || record.Position >= s.to {
					continue
				}
				err = c.fillHeld(row, record, record.Values)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
	return r
}

// heldKeys is the relation of what is held of a share: identifier, event time and what the row of its
// write has in its technical columns.
func (c *comparison) heldKeys(s share) query.Relation {
	keys := c.keyColumns()
	r := query.Relation{Name: "held"}
	for _, at := range keys {
		r.Columns = append(r.Columns, c.columns[at])
	}
	r.Columns = append(r.Columns, query.RelationColumn{Name: exactColumn, Type: "VARCHAR"})
	r.Rows = func(yield func([]any, error) bool) {
		whole := make([]any, len(c.columns)+1)
		row := make([]any, len(r.Columns))
		places := append(slices.Clone(keys), len(c.columns))
		var values []feature.Value
		for record, err := range c.snap.Records(c.g.ID) {
			if err == nil {
				if !s.has(record.ID) {
					continue
				}
				values = values[:0]
				for _, v := range record.Values {
					if slices.Contains(keys, v.Ordinal) {
						values = append(values, v)
					}
				}
				err = c.fillHeld(whole, record, values)
			}
			for i, at := range places {
				row[i] = whole[at]
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
	return r
}

// fillHeld makes the row that the write of a record left, of some of its values; and behind it the
// identifier as it was written. Without a row there is no write time.
func (c *comparison) fillHeld(row []any, record *feature.Record, values []feature.Value) error {
	e := feature.Entry{Record: *record, Position: record.Position}
	e.Record.Values = values
	if err := table.FillRow(row[:len(c.columns)], c.g, &e); err != nil {
		return fmt.Errorf("read what is held: %w", err)
	}
	if record.Position == 0 {
		row[len(c.g.Definitions)] = nil
	}
	row[len(c.columns)] = record.ID
	return nil
}

// keyColumns are the places of the identifier, the event time, the write time and is_deleted among the
// columns. The first two may be one.
func (c *comparison) keyColumns() []int {
	places := []int{c.g.Ordinal(c.g.RecordIdentifier), c.g.Ordinal(c.g.EventTime), len(c.g.Definitions), len(c.g.Definitions) + 2}
	if places[0] == places[1] {
		places = places[1:]
	}
	return places
}

// filesOf is the relation of the rows in those of our files that have write times of a span.
func (c *comparison) filesOf(s span) query.Relation {
	r := query.Relation{Name: "files", Columns: c.columns}
	for _, f := range c.ours {
		if has, known := c.writeTimes[f.URI]; !known || has.from < s.to && s.from < has.to {
			r.Files = append(r.Files, f)
		}
	}
	return r
}
