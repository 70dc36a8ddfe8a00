package worker

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/duckdb"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/query/trino"
)

// snapshotTable is the schema of one table of the offline store's form.
type snapshotTable struct{}

var snapshotColumns = [][3]string{{"id", "string", "VARCHAR"}, {"et", "string", "VARCHAR"}, {"n", "bigint", "BIGINT"}, {"x", "double", "DOUBLE"},
	{"list", "array<bigint>", "BIGINT[]"}, {"write_time", "timestamp", "TIMESTAMP"}, {"api_invocation_time", "timestamp", "TIMESTAMP"}, {"is_deleted", "boolean", "BOOLEAN"}}

func (snapshotTable) Table(_, _, name string) (*trino.Table, error) {
	t := &trino.Table{Name: name, Places: true}
	for _, c := range snapshotColumns {
		t.Columns = append(t.Columns, trino.TableColumn{Name: c[0], HiveType: c[1], EventTime: c[0] == "et"})
	}
	return t, nil
}

func (snapshotTable) AsOf(f *trino.AsOf) ([]trino.TableColumn, error) {
	return nil, f.Fail(trino.ArgumentLabels, "NOT_SUPPORTED", "there are no groups")
}

// history makes rows with few identifiers and event times, NULLs, and write times that are all different.
func history(r *rand.Rand, n int) [][]any {
	var rows [][]any
	for i := range n {
		moment := time.Date(2024, 1, 1, r.IntN(3), r.IntN(3), 0, 0, time.UTC)
		row := []any{"id-" + strconv.Itoa(r.IntN(n/3+1)), moment.Format("2006-01-02T15:04:05Z"), int64(r.IntN(3)),
			[]float64{math.Copysign(0, -1), 0, 1.5, math.NaN(), math.Inf(-1)}[r.IntN(5)], []any{int64(i), nil},
			time.UnixMicro(1_700_000_000_000_000 + int64(i)).UTC(), time.Date(2024, 1, 2, 0, r.IntN(2), 0, 0, time.UTC), r.IntN(5) == 0}
		for k := range row {
			if k != 5 && r.IntN(10) == 0 {
				row[k] = nil
			}
		}
		rows = append(rows, row)
	}
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

// engineValue writes a value of a row as DuckDB reads it.
func engineValue(v any, engineType string) string {
	text := "NULL"
	switch v := v.(type) {
	case string:
		text = literal(v)
	case time.Time:
		text = literal(v.Format("2006-01-02 15:04:05.000000"))
	case []any:
		text = fmt.Sprintf("[%d, NULL]", v[0])
	case float64:
		text = literal(strings.NewReplacer("+Inf", "inf", "NaN", "nan", "-Inf", "-inf").Replace(strconv.FormatFloat(v, 'g', -1, 64)))
	case nil:
	default:
		text = fmt.Sprint(v)
	}
	return "CAST(" + text + " AS " + engineType + ")"
}

// scatter makes a relation of rows, in some files and in none.
func scatter(t *testing.T, r *rand.Rand, rows [][]any) query.Relation {
	t.Helper()
	relation := query.Relation{Name: "r0"}
	for _, c := range snapshotColumns {
		relation.Columns = append(relation.Columns, query.RelationColumn{Name: c[0], Type: c[2]})
	}
	for len(rows) > 0 {
		n := 1 + r.IntN(len(rows))
		part := rows[:n]
		rows = rows[n:]
		if relation.Rows == nil && r.IntN(3) == 0 {
			relation.Rows = rowsOf(part...)
			continue
		}
		var lines []string
		for _, row := range part {
			var values []string
			for i, v := range row {
				values = append(values, engineValue(v, snapshotColumns[i][2])+" AS "+snapshotColumns[i][0])
			}
			lines = append(lines, "SELECT "+strings.Join(values, ", "))
		}
		relation.Files = append(relation.Files, parquet(t, strings.Join(lines, " UNION ALL ")))
	}
	return relation
}

// planOf translates a statement over a relation.
func planOf(t *testing.T, text string, relation query.Relation) *query.Plan {
	t.Helper()
	s, err := trino.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	translation, err := trino.Translate(s.(*trino.Query), trino.Session{Database: "db"}, snapshotTable{})
	if err != nil {
		t.Fatal(err)
	}
	if translation.Spare == "" {
		t.Fatalf("not seen to ask for the newest rows: %s", text)
	}
	relation.Placed = true
	plan := &query.Plan{SQL: translation.SQL, Spare: translation.Spare, Relations: []query.Relation{relation}}
	for _, c := range translation.Columns {
		plan.Columns = append(plan.Columns, query.Column{Name: c.Name})
		plan.Layouts = append(plan.Layouts, c.Type.Layout())
	}
	return plan
}

// The latest snapshot is read by places; what is given is what numbering all rows gives.
func TestNewestRowsByPlaceAreThoseOfTheWindow(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	const order = "ORDER BY et DESC, api_invocation_time DESC, write_time DESC"
	statements := []string{
		"SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id " + order + ") AS rn FROM t) WHERE rn = 1 AND NOT is_deleted",
		"SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id " + order + ") AS rn FROM t WHERE n > 0 OR et >= '2024-01-01T01') WHERE rn <= 1",
		"SELECT count(*), sum(n), max(et), count(x) FROM (SELECT id, n, et, x, is_deleted, row_number() OVER (PARTITION BY n " + order + ") AS rn FROM t) WHERE 2 > rn AND (is_deleted OR x > 0)",
		"WITH latest AS (SELECT list, x, id, row_number() OVER (PARTITION BY id ORDER BY et ASC NULLS FIRST, write_time) AS rn FROM t) SELECT a.id, a.list, a.rn, b.n FROM latest a JOIN t b ON a.id = b.id AND a.rn = 1",
		"SELECT b.id, a.x FROM (SELECT *, row_number() OVER (PARTITION BY api_invocation_time ORDER BY list, write_time DESC) AS rn FROM t) a LEFT JOIN t b ON b.id = a.id WHERE a.rn = 1",
		"SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY from_iso8601_timestamp(et) DESC, write_time DESC) AS rn FROM t WHERE from_iso8601_timestamp(et) > from_iso8601_timestamp('2024-01-01T00:01:00Z')) WHERE rn = 1",
		"SELECT id FROM t WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY n " + order + ") AS rn FROM t) WHERE rn = 1)",
	}
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	for round := range 6 {
		relation := scatter(t, r, history(r, 1+r.IntN(40)))
		for _, text := range statements {
			plan := planOf(t, text, relation)
			plain := *plan
			plain.SQL, plain.Spare = plan.Spare, ""
			want, err := run(t.Context(), p, &plain)
			if err != nil {
				t.Fatalf("seed %d, round %d: %s: %v", seed, round, text, err)
			}
			got, err := run(t.Context(), p, plan)
			if err != nil {
				t.Fatalf("seed %d, round %d: %s: %v\n%s", seed, round, text, err, plan.SQL)
			}
			slices.SortFunc(want, slices.Compare[[]string])
			slices.SortFunc(got, slices.Compare[[]string])
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("seed %d, round %d: %s (-window +places):\n%s", seed, round, text, diff)
			}
		}
	}
}

// Of rows that are equal in all sort keys, and without any, one is given.
func TestNewestOfEqualRowsIsOneOfThem(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 2))
	rows := history(r, 60)
	relation := scatter(t, r, rows)
	for _, order := range []string{"", "ORDER BY n DESC"} {
		plan := planOf(t, "SELECT id, n, write_time FROM (SELECT *, row_number() OVER (PARTITION BY id "+order+") AS rn FROM t) WHERE rn = 1", relation)
		got, err := run(t.Context(), p, plan)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, g := range got {
			if seen[g[0]] {
				t.Errorf("seed %d, %q: %s twice", seed, order, g[0])
			}
			seen[g[0]] = true
			// NULLs come last, so one that has an n is given one.
			best, there := "<null>", false
			for _, row := range rows {
				if fmt.Sprint(row[0]) != g[0] && (row[0] != nil || g[0] != "<null>") {
					continue
				}
				there = true
				if row[2] != nil && (best == "<null>" || fmt.Sprint(row[2]) > best) {
					best = fmt.Sprint(row[2])
				}
			}
			if !there || order != "" && g[1] != best {
				t.Errorf("seed %d, %q: %v, and the greatest n is %s", seed, order, g, best)
			}
		}
	}
}

// A plan that runs out of memory is run as its spare.
func TestPlanThatRunsOutOfMemoryRunsInAnotherWay(t *testing.T) {
	p := openPool(t, duckdb.Options{Slots: 1, Memory: 128 << 20})
	plan := selectPlan("SELECT length(string_agg(repeat('x', 1000), ',')) FROM range(500000)", 1)
	plan.Spare = "SELECT 7"
	got, err := run(t.Context(), p, plan)
	if err != nil || len(got) != 1 || got[0][0] != "7" {
		t.Errorf("%v, %v", got, err)
	}
	plan.Spare = plan.SQL + " "
	if _, err := run(t.Context(), p, plan); err == nil {
		t.Error("both run out of memory, and the query does not fail")
	}
}
