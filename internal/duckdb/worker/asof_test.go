package worker

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// historyOfCustomers is a world with a customer 1 who had spent 10, 20 and 30 in the first three months, and a table of
// labels of this one and another.
func historyOfCustomers(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	g := w.customers()
	if _, err := w.db.Groups().Update(t.Context(), g.Name, func(g *feature.Group) error { g.Status = feature.Created; return nil }); err != nil {
		t.Fatal(err)
	}
	for i, at := range []string{"2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"} {
		w.put(g, "1", at, string(rune('1'+i)), string(rune('1'+i))+"0")
	}
	w.write(`CREATE TABLE asked AS SELECT * FROM (VALUES ('1', DATE '2024-01-15', true), ('1', DATE '2024-02-15', false), ('2', DATE '2024-02-15', true)) AS t (customer_id, asked_at, stayed)`)
	return w
}

// noScratch says that nothing is left of calls of as_of.
func (w *world) noScratch() {
	w.t.Helper()
	if left, err := os.ReadDir(w.scratch); err == nil && len(left) > 0 {
		w.t.Errorf("scratch that is left: %v", left)
	}
}

const spentAsAsked = `TABLE(as_of(labels => TABLE(asked), label_time => DESCRIPTOR(asked_at), groups => ARRAY['customers features=spent']))`

func TestAsOfStandsWhereATableMay(t *testing.T) {
	w := historyOfCustomers(t)
	three := `"customer_id","asked_at","stayed","spent"
"1","2024-01-15","true","10.0"
"1","2024-02-15","false","20.0"
"2","2024-02-15","true",
`
	for _, c := range []struct{ name, sql, want string }{
		{"alone, in the order of the labels", "SELECT * FROM " + spentAsAsked, three},
		{"by places", "SELECT * FROM TABLE(as_of(TABLE(asked), DESCRIPTOR(asked_at), ARRAY['customers features=spent']))", three},
		{"with names of WITH, which read others", `WITH a AS (SELECT * FROM asked), b AS (SELECT * FROM a WHERE stayed), c AS (SELECT * FROM b) SELECT customer_id, spent
			FROM TABLE(as_of(TABLE(SELECT * FROM c), DESCRIPTOR(asked_at), ARRAY['customers features=spent'])) WHERE spent > 0`, "\"customer_id\",\"spent\"\n\"1\",\"10.0\"\n"},
		{"with a recursive name", `WITH RECURSIVE n (i) AS (VALUES 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3), l (customer_id, at) AS (SELECT '1', date_add('month', i, DATE '2023-12-15') FROM n)
			SELECT at, spent FROM TABLE(as_of(TABLE(l), DESCRIPTOR(at), ARRAY['customers features=spent'])) ORDER BY 1 DESC`,
			"\"at\",\"spent\"\n\"2024-03-15\",\"30.0\"\n\"2024-02-15\",\"20.0\"\n\"2024-01-15\",\"10.0\"\n"},
		{"with an alias and names of columns", "SELECT x.a, x.d FROM " + spentAsAsked + " AS x (a, b, c, d) WHERE x.c ORDER BY d", "\"a\",\"d\"\n\"1\",\"10.0\"\n\"2\",\n"},
		{"with names of label columns", `SELECT l.who, spent FROM TABLE(as_of(TABLE(SELECT customer_id, asked_at FROM asked LIMIT 1) AS l (who, at), DESCRIPTOR(at), ARRAY['customers on=who features=spent']))`,
			"\"who\",\"spent\"\n\"1\",\"10.0\"\n"},
		{"the table's name qualifies label columns", "SELECT asked.customer_id FROM " + spentAsAsked + " WHERE asked.asked_at = DATE '2024-01-15'", "\"customer_id\"\n\"1\"\n"},
		{"in a join, with a feature's time", `SELECT a.asked_at, f.event_time, f.spent FROM asked a JOIN TABLE(as_of(TABLE(asked), DESCRIPTOR(asked_at), ARRAY['customers features=event_time,spent'])) f
			ON a.customer_id = f.customer_id AND a.asked_at = f.asked_at WHERE f.event_time <= f.asked_at ORDER BY 1`,
			"\"asked_at\",\"event_time\",\"spent\"\n\"2024-01-15\",\"2024-01-01T00:00:00Z\",\"10.0\"\n\"2024-02-15\",\"2024-02-01T00:00:00Z\",\"20.0\"\n"},
		{"in subqueries and grouped", "SELECT stayed, (SELECT max(spent) FROM " + spentAsAsked + ") AS most, count(*) FROM (SELECT * FROM " + spentAsAsked + ") GROUP BY stayed ORDER BY 1",
			"\"stayed\",\"most\",\"_col2\"\n\"false\",\"20.0\",\"1\"\n\"true\",\"20.0\",\"2\"\n"},
		{"of another's result", `SELECT * FROM TABLE(as_of(TABLE(SELECT customer_id, date_add('month', 1, asked_at) AS later, spent AS before FROM ` + spentAsAsked + `), DESCRIPTOR(later), ARRAY['customers features=spent']))`,
			"\"customer_id\",\"later\",\"before\",\"spent\"\n\"1\",\"2024-02-15\",\"10.0\",\"20.0\"\n\"1\",\"2024-03-15\",\"20.0\",\"30.0\"\n\"2\",\"2024-03-15\",,\n"},
		{"a name used twice, and in labels", `WITH one AS (SELECT * FROM ` + spentAsAsked + `), two AS (SELECT customer_id, asked_at FROM one WHERE spent = 20)
			SELECT two.spent, (SELECT count(*) FROM one) AS n FROM TABLE(as_of(TABLE(two), DESCRIPTOR(asked_at), ARRAY['customers features=spent'])) AS two`, "\"spent\",\"n\"\n\"20.0\",\"3\"\n"},
		{"of no labels", "SELECT count(*) FROM TABLE(as_of(TABLE(SELECT * FROM asked WHERE false), DESCRIPTOR(asked_at), ARRAY['customers']))", "\"_col0\"\n\"0\"\n"},
		{"the same group twice", `SELECT * FROM TABLE(as_of(TABLE(SELECT '1' AS a, '2' AS b, TIMESTAMP '2024-02-15 00:00:00 UTC' AS at), DESCRIPTOR(AT), ARRAY['customers on=a features=spent prefix=from_', 'customers on=b features=spent prefix=to_ skip-deletes']))`,
			"\"a\",\"b\",\"at\",\"from_spent\",\"to_spent\"\n\"1\",\"2\",\"2024-02-15 00:00:00.000 UTC\",\"20.0\",\n"},
		{"look-back", "SELECT spent FROM TABLE(as_of(TABLE(asked), DESCRIPTOR(asked_at), ARRAY['customers features=spent look-back=2w'])) WHERE customer_id = '1'", "\"spent\"\n\"10.0\"\n\"20.0\"\n"},
		{"what was written by then", "SELECT spent FROM TABLE(as_of(TABLE(asked), DESCRIPTOR(asked_at), ARRAY['customers features=spent'], TIMESTAMP '2020-01-01 00:00:00')) WHERE customer_id = '1'", "\"spent\"\n\n\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, w.sql(c.sql)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.sql, diff)
			}
			w.noScratch()
		})
	}
}

func TestAsOfInStatementsThatWrite(t *testing.T) {
	w := historyOfCustomers(t)
	w.write("CREATE TABLE trained AS SELECT * FROM " + spentAsAsked)
	w.write("INSERT INTO trained SELECT customer_id, asked_at, NOT stayed, spent FROM " + spentAsAsked)
	e, _ := w.write("UNLOAD (SELECT * FROM " + spentAsAsked + ") TO 's3://lake/unloaded/' WITH (format = 'JSON')")
	if e.Rows != 3 {
		t.Errorf("UNLOAD wrote %d rows", e.Rows)
	}
	if diff := cmp.Diff("\"n\",\"s\"\n\"6\",\"60.0\"\n", w.sql("SELECT count(*) AS n, sum(spent) AS s FROM trained")); diff != "" {
		t.Errorf("CREATE TABLE AS and INSERT (-want +got):\n%s", diff)
	}
	w.sql("CREATE VIEW training AS SELECT * FROM " + spentAsAsked)
	if diff := cmp.Diff("\"spent\"\n\"10.0\"\n", w.sql("SELECT spent FROM training WHERE spent < 20")); diff != "" {
		t.Errorf("CREATE VIEW (-want +got):\n%s", diff)
	}
	w.sql("PREPARE p FROM SELECT spent FROM TABLE(as_of(TABLE(SELECT * FROM asked WHERE stayed = ?), DESCRIPTOR(asked_at), ARRAY[?], ?)) ORDER BY 1 LIMIT ?")
	if diff := cmp.Diff("\"spent\"\n\"20.0\"\n", w.sql("EXECUTE p USING false, 'customers features=spent', NULL, 5")); diff != "" {
		t.Errorf("EXECUTE (-want +got):\n%s", diff)
	}
	w.noScratch()
}

// Values of labels go through the join in the types that they have.
func TestAsOfKeepsTheTypesOfLabels(t *testing.T) {
	w := historyOfCustomers(t)
	for _, c := range []struct{ typ, values string }{
		{"boolean", "true, false"}, {"tinyint", "tinyint '-128', tinyint '127'"}, {"smallint", "smallint '-32768'"}, {"integer", "2147483647, -2147483648"},
		{"bigint", "9223372036854775807, bigint '-9223372036854775808'"}, {"real", "real '16777216', real '1e-40', real '-0'"}, {"double", "5e-324, 1.7976931348623157e308, nan(), -0e0"},
		{"decimal(10,2)", "DECIMAL '12345678.90', DECIMAL '-0.01'"}, {"decimal(38,38)", "DECIMAL '0.12345678901234567890123456789012345678'"}, {"decimal(38,0)", "DECIMAL '99999999999999999999999999999999999999'"},
		{"varchar", "'', 'é \"x\"', ' y '"}, {"char(3)", "CAST('a' AS char(3)), CAST('' AS char(3))"}, {"varbinary", "X'00ff', X''"}, {"date", "DATE '0001-01-01', DATE '9999-12-31', DATE '1969-12-31'"},
		{"time(6)", "TIME '23:59:59.999999'"}, {"timestamp(6)", "TIMESTAMP '2024-02-29 12:34:56.789012', TIMESTAMP '0001-01-01 00:00:00.000001'"}, {"timestamp(3) with time zone", "TIMESTAMP '2024-02-29 12:34:56.789 UTC'"},
		{"json", `JSON '{"a": [1, null]}', JSON '"x"'`}, {"uuid", "UUID '12345678-1234-1234-1234-123456789abc'"},
		{"array(decimal(5,1))", "ARRAY[DECIMAL '1.5', NULL], ARRAY[]"}, {"array(date)", "ARRAY[DATE '2024-02-29', NULL]"}, {"array(varbinary)", "ARRAY[X'00', NULL]"}, {"array(varchar)", "ARRAY['a', '', NULL]"}, {"array(time(3))", "ARRAY[TIME '01:02:03.004']"},
		{"array(real)", "ARRAY[real '1.5']"}, {"array(timestamp(3))", "ARRAY[TIMESTAMP '2024-02-29 12:34:56.789']"}, {"array(boolean)", "ARRAY[true, NULL]"}, {"array(smallint)", "ARRAY[smallint '-5']"},
	} {
		labels := "SELECT i, CAST(v AS " + c.typ + ") AS v, '1' AS customer_id, DATE '2024-02-15' AS at FROM (SELECT i, v FROM UNNEST(ARRAY[" + c.values + ", NULL]) WITH ORDINALITY AS t (v, i))"
		columns := "i, v, typeof(v) AS t, v IS NULL AS n"
		if strings.HasPrefix(c.typ, "array") {
			labels = "SELECT i, CAST(v AS " + c.typ + ") AS v, '1' AS customer_id, DATE '2024-02-15' AS at FROM (VALUES " + lists(c.values) + ") AS t (i, v)"
		}
		want := w.sql("SELECT " + columns + " FROM (" + labels + ") ORDER BY i")
		got := w.sql("SELECT " + columns + " FROM TABLE(as_of(TABLE(" + labels + "), DESCRIPTOR(at), ARRAY['customers features=spent'])) ORDER BY i")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.typ, diff)
		}
	}
}

// lists numbers the arrays of a list.
func lists(values string) string {
	var rows []string
	for i, v := range strings.Split(values, ", ARRAY") {
		if i > 0 {
			v = "ARRAY" + v
		}
		rows = append(rows, "("+string(rune('1'+i))+", "+v+")")
	}
	return strings.Join(append(rows, "(9, NULL)"), ", ")
}

func TestAsOfSaysWhatIsWrongAndWhere(t *testing.T) {
	w := historyOfCustomers(t)
	call := func(labels, time, groups string) string {
		return "SELECT 1 FROM TABLE(as_of(\nlabels => TABLE(" + labels + "),\nlabel_time => DESCRIPTOR(" + time + "),\ngroups => ARRAY[" + groups + "]))"
	}
	for _, c := range []struct{ sql, want string }{
		{call("asked", "asked_at", "'customers', 'shops'"), "INVALID_FUNCTION_ARGUMENT: line 4:30: Invalid argument GROUPS: "},
		{call("asked", "asked_at", "'customers features=spent,lost'"), `INVALID_FUNCTION_ARGUMENT: line 4:17: Invalid argument GROUPS: the feature group customers has no feature "lost"; it has customer_id, event_time, Purchases, spent`},
		{call("asked", "asked_at", "'customers look-back=soon'"), "INVALID_FUNCTION_ARGUMENT: line 4:17: Invalid argument GROUPS: look-back=soon is no time in whole seconds: say 12h, 30d or 2w"},
		{call("asked", "asked_at", "'customers from=x'"), `INVALID_FUNCTION_ARGUMENT: line 4:17: Invalid argument GROUPS: "from=x" is not understood: `},
		{call("asked", "asked_at", "'customers on=who'"), `INVALID_FUNCTION_ARGUMENT: line 4:17: Invalid argument GROUPS: the labels have no column "who" for the identifiers of customers; they have customer_id, asked_at, stayed`},
		{call("asked", "asked_at", "'customers on=stayed'"), `INVALID_FUNCTION_ARGUMENT: line 4:17: Invalid argument GROUPS: the label column "stayed" is boolean, and the record identifier "customer_id" of customers is String: they cannot be equal; cast the one`},
		{call("asked", "asked_at", "'customers prefix=a_', 'customers prefix=a_'"), `INVALID_FUNCTION_ARGUMENT: line 4:40: Invalid argument GROUPS: two columns of the dataset would be named "a_event_time"`},
		{call("asked", "nothing", "'customers'"), `INVALID_FUNCTION_ARGUMENT: line 3:26: Invalid argument LABEL_TIME: the labels have no column "nothing" for the label time; they have customer_id, asked_at, stayed`},
		{call("asked", "stayed", "'customers'"), `INVALID_FUNCTION_ARGUMENT: line 3:26: Invalid argument LABEL_TIME: the label time "stayed" is boolean, which is no time`},
		{call("SELECT customer_id, TIME '01:00:00' AS at FROM asked", "at", "'customers'"), `INVALID_FUNCTION_ARGUMENT: line 3:26: Invalid argument LABEL_TIME: the label time "at" is time, which is no time`},
		{call("SELECT customer_id, if(stayed, '2024-01-01', 'soon') AS at FROM asked ORDER BY asked_at, stayed", "at", "'customers'"), `INVALID_FUNCTION_ARGUMENT: line 2:11: Invalid argument LABELS: row 2 of the labels, column "at": `},
		{call("SELECT 1 / 0 AS customer_id, asked_at FROM asked", "asked_at", "'customers'"), "DIVISION_BY_ZERO: Division by zero"},
		{"SELECT * FROM TABLE(as_of(TABLE(asked), DESCRIPTOR(asked_at), ARRAY['customers'], TIMESTAMP '2999-01-01 00:00:00'))", "INVALID_FUNCTION_ARGUMENT: line 1:83: Invalid argument WRITTEN_UNTIL: as of 2999-01-01T00:00:00Z is in the future"},
		{"CREATE VIEW v AS SELECT * FROM TABLE(as_of(TABLE(asked), DESCRIPTOR(asked_at), ARRAY['shops']))", "INVALID_FUNCTION_ARGUMENT: line 1:86: Invalid argument GROUPS: "},
	} {
		e := w.execute(c.sql)
		if e.State != query.Failed || !strings.HasPrefix(e.Failure.Reason, c.want) {
			t.Errorf("%s:\n got %s %+v\nwant %s", c.sql, e.State, e.Failure, c.want)
		}
		w.noScratch()
	}
	w.sql("CREATE VIEW asked_wrongly AS SELECT * FROM TABLE(as_of(TABLE(SELECT customer_id, if(stayed, '2024-01-01', 'soon') AS at FROM asked), DESCRIPTOR(at), ARRAY['customers features=spent']))")
	if e := w.execute("SELECT *\nFROM asked_wrongly"); e.State != query.Failed || !strings.HasPrefix(e.Failure.Reason, "INVALID_FUNCTION_ARGUMENT: line 2:6: Invalid argument LABELS: row 2 of the labels") {
		t.Errorf("a view: %s %+v", e.State, e.Failure)
	}
}

func TestExplainOfAsOfTellsTheLabelsAndRunsNothing(t *testing.T) {
	w := historyOfCustomers(t)
	plain := w.sql("EXPLAIN SELECT spent FROM " + spentAsAsked + " WHERE stayed")
	for _, want := range []string{
		"TableFunction[name = as_of, labelTime = asked_at, groups = [customers features=spent]]\n", "Layout: [customer_id:varchar(1), asked_at:date, stayed:boolean, spent:double]",
		"TableScan[table = awsdatacatalog:sagemaker_featurestore:asked]", "Input: {files: 1 (",
	} {
		if !strings.Contains(plain, want) {
			t.Errorf("EXPLAIN does not say %q:\n%s", want, plain)
		}
	}
	if strings.Contains(plain, "labels and join") {
		t.Errorf("EXPLAIN has run the join:\n%s", plain)
	}
	ran := w.sql("EXPLAIN ANALYZE SELECT spent FROM " + spentAsAsked + " WHERE stayed")
	for _, want := range []string{"Output: 2 rows\n", "Output: 3 rows, labels and join: ", "Scan[table = as_of]: Output: "} {
		if !strings.Contains(ran, want) {
			t.Errorf("EXPLAIN ANALYZE does not say %q:\n%s", want, ran)
		}
	}
	if io := w.sql("EXPLAIN (TYPE IO) SELECT spent FROM " + spentAsAsked); !strings.Contains(io, `"table": "asked"`) || strings.Contains(io, "as_of") {
		t.Errorf("TYPE IO:\n%s", io)
	}
	w.noScratch()
}

// Another's dataset may take its labels of a statement with as_of: both need a turn.
func TestSelectHasAsOf(t *testing.T) {
	w := historyOfCustomers(t)
	rows := ""
	err := w.Select(t.Context(), "SELECT customer_id, spent FROM "+spentAsAsked, table.FeatureStoreDatabase, readsAll(&rows))
	if err != nil || !strings.Contains(rows, "PAR1") {
		t.Errorf("%d bytes, %v", len(rows), err)
	}
	w.noScratch()
}

func readsAll(into *string) func(io.Reader) error {
	return func(in io.Reader) error {
		b, err := io.ReadAll(in)
		*into = string(b)
		return err
	}
}
