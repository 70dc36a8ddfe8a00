package trino

import (
	"strings"
	"testing"
)

// placed is the schema of the tests with tables whose rows have places.
type placed struct{ Schema }

func (p placed) Table(catalog, database, name string) (*Table, error) {
	t, err := p.Schema.Table(catalog, database, name)
	if t != nil {
		t.Places = name != "labels"
	}
	return t, err
}

func TestOnlyTheNewestRowOfEachPartIsReadByItsPlace(t *testing.T) {
	const numbered = "(SELECT *, row_number() OVER (PARTITION BY id ORDER BY et DESC) AS rn FROM g)"
	for _, c := range []struct {
		name, sql string
		want      bool
	}{
		{"equal", "SELECT * FROM " + numbered + " WHERE rn = 1", true},
		{"among others", "SELECT * FROM " + numbered + " WHERE x > 1 AND (rn <= 1 AND x < 9)", true},
		{"the other way round", "SELECT * FROM " + numbered + " WHERE 2 > rn", true},
		{"named", "WITH n AS " + numbered + " SELECT * FROM n WHERE rn = 1", true},
		{"inner join", "SELECT n.x FROM " + numbered + " n JOIN t ON t.id = n.id AND n.rn = 1", true},
		{"in a subquery", "SELECT 1 FROM t WHERE id IN (SELECT id FROM " + numbered + " WHERE rn = 1)", true},
		{"in a set", "SELECT id FROM t UNION ALL SELECT id FROM " + numbered + " WHERE rn = 1", true},
		{"the first two", "SELECT * FROM " + numbered + " WHERE rn <= 2", false},
		{"the second", "SELECT * FROM " + numbered + " WHERE rn = 2", false},
		{"all but the first", "SELECT * FROM " + numbered + " WHERE rn > 1", false},
		{"or", "SELECT * FROM " + numbered + " WHERE rn = 1 OR x > 1", false},
		{"not", "SELECT * FROM " + numbered + " WHERE NOT rn = 1", false},
		{"no condition", "SELECT * FROM " + numbered, false},
		{"named and read twice", "WITH n AS " + numbered + " SELECT * FROM n WHERE rn = 1 UNION ALL SELECT * FROM n", false},
		{"an outer join's right", "SELECT n.x FROM t LEFT JOIN " + numbered + " n ON t.id = n.id AND n.rn = 1", false},
		{"a condition on an outer join's left", "SELECT n.x FROM " + numbered + " n LEFT JOIN t ON t.id = n.id AND n.rn = 1", false},
		{"duplicates", "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id, et ORDER BY x) AS rn FROM g) WHERE rn = 1", false},
		{"by event time", "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY et ORDER BY x) AS rn FROM g) WHERE rn = 1", false},
		{"rank", "SELECT * FROM (SELECT *, rank() OVER (PARTITION BY id ORDER BY et) AS rn FROM g) WHERE rn = 1", false},
		{"two windows", "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY et) AS rn, count(*) OVER () AS n FROM g) WHERE rn = 1", false},
		{"an expression that may fail", "SELECT * FROM (SELECT 1 / n, row_number() OVER (PARTITION BY id ORDER BY n) AS rn FROM t) WHERE rn = 1", false},
		{"a limit inside", "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY et) AS rn FROM g LIMIT 5) WHERE rn = 1", false},
		{"distinct inside", "SELECT * FROM (SELECT DISTINCT id, row_number() OVER (PARTITION BY id ORDER BY et) AS rn FROM g) WHERE rn = 1", false},
		{"a sample", "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY et) AS rn FROM g TABLESAMPLE BERNOULLI (10)) WHERE rn = 1", false},
		{"a subquery inside", "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY et) AS rn FROM g WHERE x > (SELECT 1)) WHERE rn = 1", false},
		{"of a join", "SELECT * FROM (SELECT g.x, row_number() OVER (PARTITION BY g.id ORDER BY et) AS rn FROM g JOIN t ON g.id = t.id) WHERE rn = 1", false},
		{"no parts", "SELECT * FROM (SELECT *, row_number() OVER (ORDER BY et) AS rn FROM g) WHERE rn = 1", false},
		{"text", "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY at) AS rn FROM labels) WHERE rn = 1", false},
	} {
		s, err := Parse(c.sql)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		got, err := Translate(s.(*Query), Session{Database: "db"}, placed{testTables})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		byPlace := strings.Contains(got.SQL, " placed\"")
		if byPlace != c.want || (got.Spare != "") != c.want || strings.Contains(got.Spare, " placed\"") {
			t.Errorf("%s: by place %v, want %v: %s\nspare %s", c.name, byPlace, c.want, got.SQL, got.Spare)
		}
	}
}
