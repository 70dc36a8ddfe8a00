package bulk

import (
	"regexp"
	"strings"
)

// A statement is asked of Larder through Athena's API and of plain DuckDB over the same files. events is the large
// group, customers_now a small one. Where the dialects differ, duckdb is how DuckDB has it.
type statement struct {
	name, sql, duckdb string
}

// reserved is a name that DuckDB wants in quotes.
var reserved = regexp.MustCompile(`\bat\b`)

// latest is AWS's pattern for the newest record of each identifier (the one that the SageMaker SDK and the service's
// own documentation send), over one table. $c are the columns outside.
const latest = `SELECT $c FROM (SELECT *, row_number() OVER (PARTITION BY customer ORDER BY at DESC, api_invocation_time DESC, write_time DESC) AS row_number FROM events) WHERE row_number = 1 AND NOT is_deleted`

// snapshot is what the SDK's DatasetBuilder sends for a base group: duplicates of an event time are dropped, records
// that were deleted and did not come back are left out, and the newest row of each is taken.
const snapshot = `WITH fg_base AS (WITH table_base AS (
 SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY origin_base.customer, origin_base.at ORDER BY origin_base.api_invocation_time DESC, origin_base.write_time DESC) AS dedup_row_base FROM events origin_base) WHERE dedup_row_base = 1
), deleted_base AS (
 SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY origin_base.customer ORDER BY origin_base.at DESC, origin_base.api_invocation_time DESC, origin_base.write_time DESC) AS deleted_row_base FROM events origin_base WHERE is_deleted) WHERE deleted_row_base = 1
)
SELECT table_base.customer, table_base.at, table_base.n0, table_base.x0, table_base.segment FROM (
 SELECT table_base.customer, table_base.at, table_base.n0, table_base.x0, table_base.segment FROM table_base LEFT JOIN deleted_base ON table_base.customer = deleted_base.customer WHERE deleted_base.customer IS NULL
 UNION ALL
 SELECT table_base.customer, table_base.at, table_base.n0, table_base.x0, table_base.segment FROM deleted_base JOIN table_base ON table_base.customer = deleted_base.customer AND (table_base.at > deleted_base.at
  OR (table_base.at = deleted_base.at AND table_base.api_invocation_time > deleted_base.api_invocation_time)
  OR (table_base.at = deleted_base.at AND table_base.api_invocation_time = deleted_base.api_invocation_time AND table_base.write_time > deleted_base.write_time))
) AS table_base
) SELECT count(*) AS n, sum(n0) AS s, sum(x0) AS x FROM (
 SELECT fg_base.customer, fg_base.at, fg_base.n0, fg_base.x0, fg_base.segment, row_number() OVER (PARTITION BY fg_base.customer ORDER BY fg_base.at DESC) AS row_recent FROM fg_base) WHERE row_recent <= 1`

// statementsOf are the statements over a history of some days, whose hour of the middle is $h and the one after it $i.
func statementsOf(hour, next string) []statement {
	list := []statement{
		{name: "count(*)", sql: `SELECT count(*) AS n FROM events`},
		{name: "filter, one identifier", sql: `SELECT customer, at, n0, x0, segment FROM events WHERE customer = 'customer-0123456' ORDER BY at`},
		{name: "filter, one hour of event time", sql: `SELECT count(*) AS n, sum(x0) AS s FROM events WHERE at >= '$h' AND at < '$i'`},
		{name: "filter, one hour as instants",
			sql:    `SELECT count(*) AS n, sum(x0) AS s FROM events WHERE from_iso8601_timestamp(at) >= from_iso8601_timestamp('$h:00:00Z') AND from_iso8601_timestamp(at) < from_iso8601_timestamp('$i:00:00Z')`,
			duckdb: `SELECT count(*) AS n, sum(x0) AS s FROM events WHERE CAST(at AS TIMESTAMPTZ) >= TIMESTAMPTZ '$h:00:00Z' AND CAST(at AS TIMESTAMPTZ) < TIMESTAMPTZ '$i:00:00Z'`},
		{name: "filter, a feature, 1 in 1,000", sql: `SELECT count(*) AS n, sum(x0) AS s, min(at) AS a FROM events WHERE n1 BETWEEN 5000 AND 5009`},
		{name: "sums of all rows", sql: `SELECT sum(n0) AS a, sum(n1 + n2) AS b, avg(x0) AS c, max(x1 * x2) AS d FROM events`},
		{name: "group by, 16 groups", sql: `SELECT segment, count(*) AS n, sum(n0) AS s, avg(x0) AS a, max(at) AS m FROM events GROUP BY segment ORDER BY segment`},
		{name: "group by, a million groups", sql: `SELECT count(*) AS n, max(c) AS m, sum(s) AS s FROM (SELECT customer, count(*) AS c, sum(n0 + n1) AS s, max(x0) AS x FROM events GROUP BY customer) t`},
		{name: "group by, 160,000 groups of two keys", sql: `SELECT count(*) AS n, max(c) AS m FROM (SELECT segment, n0, count(*) AS c, avg(x1) AS a FROM events GROUP BY segment, n0) t`},
		{name: "top 100 of three columns", sql: `SELECT customer, at, x0 FROM events ORDER BY x0 DESC, customer, at LIMIT 100`},
		{name: "top 100 of all columns", sql: `SELECT * FROM events ORDER BY x0 DESC, customer, at LIMIT 100`},
		{name: "count(DISTINCT customer)", sql: `SELECT count(DISTINCT customer) AS n FROM events`},
		{name: "distinct pairs", sql: `SELECT count(*) AS n FROM (SELECT DISTINCT segment, n2 FROM events) t`},
		{name: "join of two groups", sql: `SELECT e.segment, count(*) AS n, sum(e.n0 + c.n0) AS s, avg(e.x0 - c.x0) AS a FROM events e JOIN customers_now c ON e.customer = c.customer GROUP BY e.segment ORDER BY e.segment`},
		{name: "window, change since the row before", sql: `SELECT segment, count(d) AS n, sum(d) AS s FROM (SELECT segment, n0 - lag(n0) OVER (PARTITION BY customer ORDER BY at, write_time) AS d FROM events) t GROUP BY segment ORDER BY segment`},
		{name: "latest snapshot, totals", sql: strings.ReplaceAll(latest, "$c", "count(*) AS n, sum(n0) AS a, sum(n1) AS b, sum(x0) AS c, max(at) AS d")},
		{name: "latest snapshot, all columns of a million rows", sql: strings.ReplaceAll(latest, "$c", "*")},
		{name: "latest snapshot of one segment", sql: strings.ReplaceAll(latest, "$c", "count(*) AS n, sum(n0) AS a, sum(x0) AS c") + ` AND segment = 'segment-7'`},
		{name: "the SDK's snapshot of a group", sql: snapshot},
		{name: "a million rows to CSV", sql: `SELECT customer, at, n0, n1, n2, x0, x1, x2, x3, segment, write_time, api_invocation_time, is_deleted FROM customers_now`},
	}
	for i := range list {
		s := &list[i]
		if s.duckdb == "" {
			s.duckdb = s.sql
		}
		s.duckdb = reserved.ReplaceAllString(s.duckdb, `"at"`)
		for _, text := range []*string{&s.sql, &s.duckdb} {
			*text = strings.ReplaceAll(strings.ReplaceAll(*text, "$h", hour), "$i", next)
		}
	}
	return list
}
