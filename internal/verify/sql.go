package verify

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// The SQL here is the engine's. It names nothing but the relations of a comparison and their columns.

// count counts the rows.
func (c *comparison) count(ctx context.Context) error {
	t := &c.report.Table
	row := func(r []*string) (err error) {
		for i, n := range []*int64{&t.FileRows, &t.Unflushed} {
			if *n, err = number(r[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if err := c.plan(ctx, "SELECT (SELECT count(*) FROM files), (SELECT count(*) FROM journal)", 2, row, c.files(), c.journal()); err != nil {
		return err
	}
	if t.FileRows != c.written {
		c.report.found(c.most, Difference{Kind: Miscounted, Detail: fmt.Sprintf("%d rows were written into the %d files, and they have %d", c.written, len(c.ours), t.FileRows)})
	}
	if len(c.foreign) == 0 {
		return nil
	}
	foreign := c.files()
	foreign.Files = c.foreign
	return c.plan(ctx, "SELECT count(*) FROM files", 1, func(r []*string) (err error) {
		t.ForeignRows, err = number(r[0])
		return err
	}, foreign)
}

// findMalformed finds rows in files that no write leaves: without what every row has, or a delete
// marker with values.
func (c *comparison) findMalformed(ctx context.Context) error {
	id, at := lower(c.g.RecordIdentifier), lower(c.g.EventTime)
	var values strings.Builder
	for _, d := range c.g.Definitions {
		if n := lower(d.Name); n != id && n != at {
			values.WriteString(" OR " + name(n) + " IS NOT NULL")
		}
	}
	sql := fmt.Sprintf(`SELECT %[1]s, %[2]s, epoch_us(write_time) FROM files WHERE %[1]s IS NULL OR %[2]s IS NULL OR write_time IS NULL OR api_invocation_time IS NULL
OR is_deleted IS NULL OR is_deleted AND (false%[3]s)`, name(id), name(at), values.String())
	return c.plan(ctx, sql, 3, func(r []*string) error {
		d := Difference{Kind: Malformed, Identifier: text(r[0]), EventTime: text(r[1]), Detail: "the row lacks what every row has, or it is a delete marker with values"}
		if r[2] != nil {
			at, err := number(r[2])
			if err != nil {
				return err
			}
			d.WriteTime = feature.Position(at)
		}
		c.report.found(c.most, d)
		return nil
	}, c.files())
}

// findTwice finds write times that are there more than once. Each is one difference, however often it
// is there.
func (c *comparison) findTwice(ctx context.Context, passes int64) error {
	id, at := name(lower(c.g.RecordIdentifier)), name(lower(c.g.EventTime))
	for pass := range passes {
		sql := fmt.Sprintf(`WITH r AS (SELECT %[1]s AS id, %[2]s AS at, write_time FROM files UNION ALL SELECT %[1]s, %[2]s, write_time FROM journal),
t AS (SELECT write_time, count(*) AS n FROM r WHERE epoch_us(write_time) %% %[3]d = %[4]d GROUP BY write_time HAVING count(*) > 1)
SELECT epoch_us(t.write_time), min(t.n), min(r.id), min(r.at) FROM t JOIN r ON t.write_time = r.write_time GROUP BY t.write_time ORDER BY 1`, id, at, passes, pass)
		err := c.plan(ctx, sql, 4, func(r []*string) error {
			at, err := number(r[0])
			if err != nil {
				return err
			}
			c.report.found(c.most, Difference{
				Kind: Twice, Identifier: text(r[2]), EventTime: text(r[3]), WriteTime: feature.Position(at), Detail: text(r[1]) + " rows have this write time",
			})
			return nil
		}, c.files(), c.journal())
		if err != nil {
			return err
		}
	}
	return nil
}

// compareHeld lays what is held of the writes of a span beside the rows that they left.
func (c *comparison) compareHeld(ctx context.Context, s span) error {
	names := make([]string, len(c.columns))
	difference := "CASE WHEN r.write_time IS NULL THEN NULL"
	differs := ""
	for i, column := range c.columns {
		names[i] = name(column.Name)
		// When the call came in, what is held does not know.
		if column.Name == "write_time" || column.Name == "api_invocation_time" {
			continue
		}
		difference += fmt.Sprintf(" WHEN r.%[1]s IS DISTINCT FROM h.%[1]s THEN %[2]s", names[i], literal(column.Name))
		differs += fmt.Sprintf(" OR r.%[1]s IS DISTINCT FROM h.%[1]s", names[i])
	}
	at := fmt.Sprintf(" WHERE write_time >= make_timestamp(%d) AND write_time < make_timestamp(%d)", s.from, min(s.to, farthest))
	columns := strings.Join(names, ", ")
	sql := fmt.Sprintf(`SELECT h.%s, h.%s, epoch_us(h.write_time), %s END FROM held h
LEFT JOIN (SELECT %s FROM files%s UNION ALL SELECT %s FROM journal%s) r ON r.write_time = h.write_time
WHERE r.write_time IS NULL%s ORDER BY 3`, name(exactColumn), name(lower(c.g.EventTime)), difference, columns, at, columns, at, differs)
	return c.plan(ctx, sql, 4, func(r []*string) error {
		at, err := number(r[2])
		if err != nil {
			return err
		}
		d := Difference{Kind: Missing, Identifier: text(r[0]), EventTime: text(r[1]), WriteTime: feature.Position(at),
			Detail: "this is held and was written to both stores, and the table has no such row"}
		if r[3] != nil {
			d.Kind, d.Column, d.Detail = Different, *r[3], "the row is not what is held of this write"
		}
		c.report.found(c.most, d)
		return nil
	}, c.filesOf(s), c.journal(), c.held(s))
}

// farthest is a write time in the year 9999, after all others and within what the engine can hold.
const farthest feature.Position = 253_402_300_799_000_000

// lineColumns is how many columns linesSQL has; see judge.row.
const lineColumns = 7

// linesSQL gives, of one share of the identifiers, a line for each that is held and a line for each row
// of the table: sorted by identifier, what is held first, then rows by write time.
func (c *comparison) linesSQL(s share) string {
	id, at := name(lower(c.g.RecordIdentifier)), name(lower(c.g.EventTime))
	where := ""
	if s.of > 1 {
		where = fmt.Sprintf(" WHERE CAST('0x' || md5(CAST(%s AS VARCHAR))[1:8] AS BIGINT) %% %d = %d", id, s.of, s.rest)
	}
	line := func(kind int, outcome, exact, from string) string {
		return fmt.Sprintf("SELECT %s AS c0, %s AS c1, %d AS c2, epoch_us(write_time) AS c3, is_deleted AS c4, %s AS c5, %s AS c6 FROM %s%s", id, at, kind, outcome, exact, from, where)
	}
	return strings.Join([]string{
		line(1, "0", "NULL", "files"), line(1, name(outcomeColumn), name(exactColumn), "journal"), line(0, "0", name(exactColumn), "held"),
	}, " UNION ALL ") + " ORDER BY 1, 3, 4"
}

// number reads a whole number of a result.
func number(s *string) (int64, error) {
	if s == nil {
		return 0, fmt.Errorf("the engine gave NULL for a number")
	}
	return strconv.ParseInt(*s, 10, 64)
}

// text reads a text of a result; NULL is "".
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// name writes the name of a column so that it stands for itself.
func name(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
