package verify

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// The SQL here is the engine's. It names nothing but the three relations and their columns.

// lineColumns is how many columns linesSQL has; see judge.row.
const lineColumns = 9

// linesSQL gives, of one share of the identifiers, a line for each that is held and a line for each row
// of the table: sorted by identifier, what is held first, then rows by write time. A row is laid beside
// what is held of its write time, if anything is.
func (c *comparison) linesSQL(pass, passes int64) string {
	id, at := name(lower(c.g.RecordIdentifier)), name(lower(c.g.EventTime))
	share := ""
	if passes > 1 {
		share = fmt.Sprintf(" WHERE hash(%s) %% %d = %d", id, passes, pass)
	}
	columns := c.columnList()
	return fmt.Sprintf(`WITH r AS (SELECT %[1]s, 0 AS %[2]s, NULL AS %[3]s FROM files%[4]s UNION ALL SELECT %[1]s, %[2]s, %[3]s FROM journal%[4]s),
h AS (SELECT * FROM held%[4]s)
SELECT r.%[5]s AS c0, r.%[6]s AS c1, 1 AS c2, epoch_us(r.write_time) AS c3, r.is_deleted AS c4, r.%[2]s AS c5, r.%[3]s AS c6, %[7]s AS c7, %[8]s AS c8
FROM r LEFT JOIN h ON r.write_time = h.write_time
UNION ALL SELECT h.%[5]s, h.%[6]s, 0, epoch_us(h.write_time), h.is_deleted, 0, h.%[3]s, NULL, false FROM h
ORDER BY 1, 3, 4`, columns, name(outcomeColumn), name(exactColumn), share, id, at, c.differenceSQL(), c.malformedSQL())
}

func (c *comparison) columnList() string {
	names := make([]string, len(c.columns))
	for i, column := range c.columns {
		names[i] = name(column.Name)
	}
	return strings.Join(names, ", ")
}

// differenceSQL is the first column in which a row differs from what is held of its write time: ” if
// none does, NULL if nothing is. When the call came in, what is held does not know.
func (c *comparison) differenceSQL() string {
	var b strings.Builder
	b.WriteString("CASE WHEN h.write_time IS NULL THEN NULL")
	for _, column := range c.columns {
		if column.Name == "write_time" || column.Name == "api_invocation_time" {
			continue
		}
		fmt.Fprintf(&b, " WHEN r.%[1]s IS DISTINCT FROM h.%[1]s THEN %[2]s", name(column.Name), literal(column.Name))
	}
	b.WriteString(" ELSE '' END")
	return b.String()
}

// malformedSQL tells rows that no write leaves: without what every row has, or a delete marker with
// values.
func (c *comparison) malformedSQL() string {
	id, at := lower(c.g.RecordIdentifier), lower(c.g.EventTime)
	s := fmt.Sprintf("(r.%s IS NULL OR r.%s IS NULL OR r.write_time IS NULL OR r.api_invocation_time IS NULL OR r.is_deleted IS NULL OR r.is_deleted AND (false", name(id), name(at))
	for _, d := range c.g.Definitions {
		if n := lower(d.Name); n != id && n != at {
			s += " OR r." + name(n) + " IS NOT NULL"
		}
	}
	return s + "))"
}

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

// findTwice finds write times that are there more than once. Each is one difference, however often it
// is there.
func (c *comparison) findTwice(ctx context.Context) error {
	id, at := name(lower(c.g.RecordIdentifier)), name(lower(c.g.EventTime))
	sql := fmt.Sprintf(`WITH r AS (SELECT %[1]s AS id, %[2]s AS at, write_time FROM files UNION ALL SELECT %[1]s, %[2]s, write_time FROM journal),
t AS (SELECT write_time, count(*) AS n FROM r WHERE write_time IS NOT NULL GROUP BY write_time HAVING count(*) > 1)
SELECT epoch_us(t.write_time), min(t.n), min(r.id), min(r.at) FROM t JOIN r ON t.write_time = r.write_time GROUP BY t.write_time ORDER BY 1`, id, at)
	return c.plan(ctx, sql, 4, func(r []*string) error {
		at, err := number(r[0])
		if err != nil {
			return err
		}
		c.report.found(c.most, Difference{
			Kind: Twice, Identifier: text(r[2]), EventTime: text(r[3]), WriteTime: feature.Position(at), Detail: text(r[1]) + " rows have this write time",
		})
		return nil
	}, c.files(), c.journal())
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
