package worker

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/duckdb"
)

func TestResultPrintsAsAthenaDoes(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	tests := []struct{ name, sql, want string }{
		{"null", "NULL", "<null>"},
		{"empty text", "''", ""},
		{"text", "'it''s, \"x\"\n'", "it's, \"x\"\n"},
		{"long text", "repeat('é', 20)", "éééééééééééééééééééé"},
		{"true", "true", "true"},
		{"tinyint", "CAST(-128 AS TINYINT)", "-128"},
		{"smallint", "CAST(-32768 AS SMALLINT)", "-32768"},
		{"integer", "CAST(2147483647 AS INTEGER)", "2147483647"},
		{"bigint", "CAST('-9223372036854775808' AS BIGINT)", "-9223372036854775808"},
		{"hugeint", "CAST('-170141183460469231731687303715884105728' AS HUGEINT)", "-170141183460469231731687303715884105728"},
		{"hugeint, one word", "CAST(-5 AS HUGEINT)", "-5"},
		{"hugeint, two to the 63", "CAST('9223372036854775808' AS HUGEINT)", "9223372036854775808"},
		{"double", "CAST(1 AS DOUBLE)", "1.0"},
		{"double, large", "CAST(1e10 AS DOUBLE)", "1.0E10"},
		{"nan", "CAST('nan' AS DOUBLE)", "NaN"},
		{"infinity", "CAST('-inf' AS DOUBLE)", "-Infinity"},
		{"real", "CAST(0.1 AS FLOAT)", "0.1"},
		{"decimal, 2 bytes", "CAST(-1.5 AS DECIMAL(4,2))", "-1.50"},
		{"decimal, 4 bytes", "CAST(0.05 AS DECIMAL(9,2))", "0.05"},
		{"decimal, 8 bytes", "CAST(-0.0005 AS DECIMAL(18,4))", "-0.0005"},
		{"decimal, 16 bytes", "CAST('-12345678901234567890123456789012345.678' AS DECIMAL(38,3))", "-12345678901234567890123456789012345.678"},
		{"date", "DATE '2024-02-29'", "2024-02-29"},
		{"time", "TIME '01:02:03.456789'", "01:02:03.456"},
		{"timestamp", "TIMESTAMP '2024-01-02 03:04:05.999999'", "2024-01-02 03:04:05.999"},
		{"timestamp before 1970", "TIMESTAMP '1969-12-31 23:59:59.9999'", "1969-12-31 23:59:59.999"},
		{"timestamp in seconds", "CAST('2024-01-02 03:04:05' AS TIMESTAMP_S)", "2024-01-02 03:04:05.000"},
		{"timestamp in millis", "CAST('2024-01-02 03:04:05.678' AS TIMESTAMP_MS)", "2024-01-02 03:04:05.678"},
		{"timestamp in nanos", "CAST('2024-01-02 03:04:05.678901234' AS TIMESTAMP_NS)", "2024-01-02 03:04:05.678"},
		{"instant", "TIMESTAMPTZ '2024-01-02 03:04:05+02:00'", "2024-01-02 01:04:05.000 UTC"},
		{"interval", "INTERVAL '49' HOUR", "2 01:00:00.000"},
		{"binary", `'\x01\xABz'::BLOB`, "01 ab 7a"},
		{"uuid", "CAST('00112233-4455-6677-8899-aabbccddeeff' AS UUID)", "00112233-4455-6677-8899-aabbccddeeff"},
		{"array", "[1.0::DOUBLE, NULL, 2.5]", "[1.0, null, 2.5]"},
		{"empty array", "CAST([] AS INTEGER[])", "[]"},
		{"fixed array", "CAST([1, 2, 3] AS INTEGER[3])", "[1, 2, 3]"},
		{"array of arrays", "[['a', 'b'], [], NULL]", "[[a, b], [], null]"},
		{"map", "MAP {'k': 1, 'k2': NULL}", "{k=1, k2=null}"},
		{"row", "{'f': 1, 'g': 'x', 'h': [TIMESTAMP '2024-01-01']}", "{f=1, g=x, h=[2024-01-01 00:00:00.000]}"},
		{"null row", "CAST(NULL AS STRUCT(f INTEGER))", "<null>"},
		{"enum", "CAST('b' AS ENUM('a', 'b'))", "b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := run(t.Context(), p, selectPlan("SELECT "+test.sql, 1))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([][]string{{test.want}}, got); diff != "" {
				t.Errorf("SELECT %s (-want +got):\n%s", test.sql, diff)
			}
		})
	}
}

// A streamed chunk could hold vectors that are not flat, inside others too.
func TestNestedValuesOfManyRowsKeepTheirPlaces(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	got, err := run(t.Context(), p, selectPlan(
		"SELECT * FROM (SELECT range AS i, {'c': 'same', 'v': CASE WHEN range % 2 = 0 THEN range END, 'l': [range, 7]} FROM range(5000)) WHERE i % 1000 = 777", 2))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"777", "{c=same, v=null, l=[777, 7]}"}, {"1777", "{c=same, v=null, l=[1777, 7]}"},
		{"2777", "{c=same, v=null, l=[2777, 7]}"}, {"3777", "{c=same, v=null, l=[3777, 7]}"}, {"4777", "{c=same, v=null, l=[4777, 7]}"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}
