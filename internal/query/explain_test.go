package query_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/query"
)

func newExplained(t *testing.T) *world {
	w := newWorld(t, vfs.NewMem())
	w.succeed("CREATE EXTERNAL TABLE sales (id STRING, n INT, shop STRING) STORED AS PARQUET LOCATION 's3://results/sales/'")
	w.succeed("CREATE EXTERNAL TABLE shops (shop STRING, town STRING) STORED AS PARQUET LOCATION 's3://results/shops/'")
	w.put("sales/1", strings.Repeat("x", 1500))
	w.put("sales/2", strings.Repeat("x", 36))
	return w
}

func TestExplainShowsStepsFilesAndConstraints(t *testing.T) {
	w := newExplained(t)
	defer w.close()
	got := w.lines(`EXPLAIN WITH big AS (SELECT * FROM sales WHERE n > 2 AND upper(id) = 'A' AND shop IN ('a', 'b'))
		SELECT town, count(*) AS c, rank() OVER (ORDER BY count(*)) FROM big JOIN shops USING (shop)
		WHERE n IN (SELECT max(n) FROM sales) GROUP BY town HAVING count(*) > 1 ORDER BY c DESC LIMIT 3`)
	want := []string{
		"Fragment 0 [SINGLE]",
		"    Output[columnNames = [town, c, _col2]]",
		"    │   Layout: [town:varchar, c:bigint, _col2:bigint]",
		"    └─ With[]",
		"       │   Layout: [town:varchar, c:bigint, _col2:bigint]",
		"       ├─ NamedQuery[name = big]",
		"       │  │   Layout: [id:varchar, n:integer, shop:varchar]",
		"       │  └─ Project[]",
		"       │     │   Layout: [id:varchar, n:integer, shop:varchar]",
		"       │     └─ Filter[filterPredicate = n > 2 AND upper(id) = 'A' AND shop IN ('a', 'b')]",
		"       │        └─ TableScan[table = awsdatacatalog:sagemaker_featurestore:sales, constraint = n > 2 AND shop IN ('a', 'b')]",
		"       │               Layout: [id:varchar, n:integer, shop:varchar]",
		"       │               Input: {files: 2 (1.50kB), rows: not counted}",
		"       └─ TopN[count = 3, orderBy = [c DESC NULLS LAST]]",
		"          │   Layout: [town:varchar, c:bigint, _col2:bigint]",
		"          └─ Project[]",
		"             │   Layout: [town:varchar, c:bigint, _col2:bigint]",
		"             └─ Window[]",
		"                │   rank() OVER (ORDER BY count(*))",
		"                └─ Filter[filterPredicate = count(*) > 1]",
		"                   └─ Aggregate[keys = [town]]",
		"                      │   count(*)",
		"                      └─ Filter[filterPredicate = n IN (SELECT max(n) FROM sales)]",
		"                         ├─ InnerJoin[criteria = USING (shop)]",
		"                         │  │   Layout: [id:varchar, n:integer, shop:varchar, shop:varchar, town:varchar]",
		"                         │  ├─ NamedQueryScan[name = big]",
		"                         │  │      Layout: [id:varchar, n:integer, shop:varchar]",
		"                         │  └─ TableScan[table = awsdatacatalog:sagemaker_featurestore:shops]",
		"                         │         Layout: [shop:varchar, town:varchar]",
		"                         │         Input: {files: 0 (0B), rows: 0}",
		"                         └─ Subquery[]",
		"                            │   Layout: [_col0:integer]",
		"                            └─ Project[]",
		"                               │   Layout: [_col0:integer]",
		"                               └─ Aggregate[keys = []]",
		"                                  │   max(n)",
		"                                  └─ TableScan[table = awsdatacatalog:sagemaker_featurestore:sales]",
		"                                         Layout: [n:integer]",
		"                                         Input: {files: 2 (1.50kB), rows: not counted}",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(w.engine.plans) != 0 {
		t.Errorf("EXPLAIN ran %d plans", len(w.engine.plans))
	}
}

func TestConstraintsAreThoseThatStatisticsCanAnswer(t *testing.T) {
	w := newExplained(t)
	defer w.close()
	for condition, want := range map[string]string{
		"a.n = 1":                           "a.n = 1",
		"3 <= a.n AND a.n < 5":              "3 <= a.n AND a.n < 5",
		"a.n = 1 OR a.n = 2":                "",
		"a.n + 1 = 2":                       "",
		"a.n = b.n":                         "",
		"a.n <> 1":                          "",
		"a.n NOT IN (1, 2)":                 "",
		"(a.n > 1 AND a.id > 'x') AND true": "a.n > 1 AND a.id > 'x'",
		"a.n IS DISTINCT FROM 1":            "",
		"a.n = NULL":                        "",
	} {
		text := strings.Join(w.lines("EXPLAIN SELECT count(*) FROM sales AS a LEFT JOIN sales AS b ON a.n = b.n WHERE "+condition), "\n")
		if got := strings.Count(text, "constraint = "+want+"]"); want != "" && got != 1 || want == "" && strings.Contains(text, "constraint") {
			t.Errorf("%s:\n%s", condition, text)
		}
	}
	text := strings.Join(w.lines("EXPLAIN SELECT count(*) FROM sales AS a LEFT JOIN sales AS b ON a.n = b.n WHERE b.n = 1"), "\n")
	if strings.Contains(text, "constraint") {
		t.Errorf("the inner side of an outer join is not cut:\n%s", text)
	}
}

func TestExplainAnalyzeShowsWhatWasMeasured(t *testing.T) {
	w := newExplained(t)
	defer w.close()
	give := gives([]string{"1"}, []string{"2"})
	w.engine.run = func(ctx context.Context, p *query.Plan, started func(), rows func([][]*string) error) error {
		p.Read = 1536
		p.Measure(&query.Operator{Kind: "HashAggregate", Relation: -1, Rows: 2, Time: 1500 * time.Microsecond, Inputs: []*query.Operator{{Kind: "Scan", Relation: 0, Rows: 7, Read: 40, Time: time.Second}}})
		return give(ctx, p, started, rows)
	}
	got := w.lines("EXPLAIN ANALYZE SELECT DISTINCT n FROM sales")
	if !strings.HasPrefix(got[0], "Queued: ") || !strings.Contains(got[0], ", Execution: ") || got[1] != "Output: 2 rows" {
		t.Errorf("begins with %q", got[:2])
	}
	want := []string{"Operators, as they ran:", "    HashAggregate: Output: 2 rows, CPU: 1.50ms", "    └─ Scan[table = awsdatacatalog:sagemaker_featurestore:sales]: Output: 7 rows, CPU: 1.00s, Input: 40 rows"}
	if diff := cmp.Diff(want, got[len(got)-3:]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	e := w.succeed("EXPLAIN ANALYZE (FORMAT JSON) SELECT DISTINCT n FROM sales")
	if e.Scanned != 1536 || e.Statement != "UTILITY" || e.Substatement != "EXPLAIN" {
		t.Errorf("%+v", e)
	}
	var all struct {
		Root      struct{ Name string } `json:"0"`
		Execution struct {
			OutputRows int
			Operators  struct {
				Name     string
				Children []struct {
					Table     string
					InputRows int
				}
			}
		}
	}
	text, _ := w.object(e.Output)
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	if x := all.Execution; all.Root.Name != "Output" || x.OutputRows != 2 || x.Operators.Name != "HashAggregate" || x.Operators.Children[0].InputRows != 40 || x.Operators.Children[0].Table != "awsdatacatalog:sagemaker_featurestore:sales" {
		t.Errorf("%s", text)
	}
}

func TestExplainInOtherTypesAndFormats(t *testing.T) {
	w := newExplained(t)
	defer w.close()
	if got := w.lines("EXPLAIN (TYPE VALIDATE) SELECT 1"); !cmp.Equal(got, []string{"true"}) {
		t.Errorf("valid: %q", got)
	}
	if f := w.fail("EXPLAIN (TYPE VALIDATE) SELECT nothing FROM sales"); !strings.HasPrefix(f.Reason, "COLUMN_NOT_FOUND: line 1:32") {
		t.Errorf("invalid: %+v", f)
	}
	e := w.succeed("EXPLAIN (TYPE LOGICAL, FORMAT JSON) SELECT n FROM sales WHERE id < '\"<x>\"'")
	text, _ := w.object(e.Output)
	var root struct {
		Name     string
		Outputs  []struct{ Symbol, Type string }
		Children []struct {
			Children []struct {
				Descriptor map[string]string
				Children   []struct {
					Estimates []struct{ OutputRowCount, OutputSizeInBytes any }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &root); err != nil {
		t.Fatal(err)
	}
	filter := root.Children[0].Children[0]
	if root.Name != "Output" || root.Outputs[0].Type != "integer" || filter.Descriptor["filterPredicate"] != `id < '"<x>"'` || filter.Children[0].Estimates[0].OutputRowCount != "NaN" || filter.Children[0].Estimates[0].OutputSizeInBytes != 1536.0 || e.Scanned != 0 {
		t.Errorf("%s", text)
	}
	io := strings.Join(w.lines("EXPLAIN (TYPE IO) SELECT n FROM sales"), "")
	if !strings.Contains(io, `"table": "sales"`) || !strings.Contains(io, `"outputSizeInBytes": 1536`) || !json.Valid([]byte(io)) {
		t.Errorf("%s", io)
	}
	graph := w.lines("EXPLAIN (FORMAT GRAPHVIZ) SELECT n FROM sales WHERE id < '\"'")
	if graph[0] != "digraph logical_plan {" || !strings.Contains(strings.Join(graph, "\n"), `Filter[filterPredicate = id \< '\"']`) || graph[len(graph)-2] != "plannode_1 -> plannode_2;" {
		t.Errorf("%s", strings.Join(graph, "\n"))
	}
}
