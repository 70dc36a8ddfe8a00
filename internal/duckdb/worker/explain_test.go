package worker

import (
	"strings"
	"testing"
)

func TestExplainAnalyzeMeasuresTheEngine(t *testing.T) {
	w := newWorld(t)
	w.write("CREATE TABLE many WITH (format = 'PARQUET') AS SELECT a * 1000 + b AS n, 'x' AS v FROM UNNEST(sequence(0, 299)) AS t (a) CROSS JOIN UNNEST(sequence(0, 999)) AS u (b)")
	text := w.sql("EXPLAIN ANALYZE SELECT v, count(*) FROM many AS a JOIN (VALUES 5, 7, 500) AS b (m) ON a.n = b.m WHERE a.n < 100 GROUP BY v ORDER BY 2 LIMIT 1")
	for _, want := range []string{
		"Output: 1 rows\n",
		"constraint = a.n < 100]",
		"Input: {files: 1 (",
		"TopN: Output: 1 rows, CPU: ",
		"HashAggregate: Output: 1 rows, CPU: ",
		"HashJoin: Output: 2 rows, CPU: ",
		"Scan[table = awsdatacatalog:sagemaker_featurestore:many]: Output: ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("nothing says %q:\n%s", want, text)
		}
	}
	// Nothing of the engine's own words, names and paths.
	for _, strange := range []string{"READ_PARQUET", "HASH_", "#", "r0", "c0", "/blobs", "Other"} {
		if strings.Contains(text, strange) {
			t.Errorf("something says %q:\n%s", strange, text)
		}
	}
}

// Each statement has operators that no other has: none may be without a name here.
func TestOperatorsHaveNames(t *testing.T) {
	w := newWorld(t)
	w.write("CREATE TABLE many WITH (format = 'PARQUET') AS SELECT n, n % 3 AS m FROM UNNEST(sequence(1, 100)) AS t (n)")
	for _, sql := range []string{
		"SELECT 1", "SELECT * FROM many", "SELECT DISTINCT m FROM many", "SELECT count(*), count(DISTINCT m) FROM many", "SELECT * FROM many ORDER BY n", "SELECT * FROM many LIMIT 3", "SELECT * FROM many OFFSET 3",
		"SELECT * FROM many ORDER BY n OFFSET 3 LIMIT 2", "SELECT rank() OVER (PARTITION BY m ORDER BY n) FROM many", "SELECT row_number() OVER () FROM many", "SELECT * FROM many, UNNEST(array[n, m]) AS u (x)",
		"SELECT * FROM many UNION SELECT * FROM many", "SELECT * FROM many INTERSECT SELECT * FROM many", "SELECT * FROM many EXCEPT ALL SELECT * FROM many", "SELECT * FROM many AS a JOIN many AS b ON a.n < b.n", "SELECT * FROM many AS a FULL JOIN many AS b ON a.n < b.n OR a.m = b.m",
		"SELECT * FROM many AS a CROSS JOIN many", "SELECT * FROM many AS a LEFT JOIN many AS b ON a.n < b.n AND a.m > b.m AND a.n <> b.m", "SELECT (SELECT max(n) FROM many AS b WHERE b.m = a.m) FROM many AS a", "SELECT * FROM many AS a WHERE EXISTS (SELECT 1 FROM many AS b WHERE b.n = a.m AND b.m < a.n)",
		"SELECT * FROM many WHERE n IN (SELECT m FROM many)", "SELECT * FROM many WHERE n = ALL (SELECT m FROM many)", "WITH a AS (SELECT m, count(*) AS c FROM many GROUP BY 1) SELECT * FROM a JOIN a AS b ON a.c = b.m", "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT * FROM t",
		"SELECT * FROM many TABLESAMPLE BERNOULLI (50)", "SELECT * FROM many TABLESAMPLE SYSTEM (50)", "SELECT m, grouping(m) FROM many GROUP BY ROLLUP (m)", "SELECT * FROM many WHERE false", "SELECT max(n) FROM many WHERE n > 1000", "SELECT * FROM many AS a CROSS JOIN LATERAL (SELECT count(*) FROM many AS b WHERE b.n < a.n) AS c",
		"SELECT n FROM many ORDER BY n FETCH FIRST 2 ROWS WITH TIES", "SELECT array_agg(n ORDER BY m) FROM many", "SELECT * FROM many WHERE n IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)",
	} {
		text := w.sql("EXPLAIN ANALYZE " + sql)
		_, operators, ok := strings.Cut(text, "Operators, as they ran:\n")
		if !ok || strings.Contains(operators, "Other") {
			t.Errorf("%s:\n%s", sql, text)
		}
	}
}
