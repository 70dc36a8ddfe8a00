package worker

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/duckdb"
	"github.com/larder-dev/larder/internal/query"
)

// FuzzReadLayout: whatever the text, reading ends with a layout or an error.
func FuzzReadLayout(f *testing.F) {
	for _, s := range []string{"varchar", "decimal(5,2)", `row("a" char(3), "b ""x""" array(timestamp(6)))`, `map(varchar, timestamp(3) with time zone "+02:00")`,
		`timestamp(0) with time zone "Europe/Paris"`, "interval year to month"} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = readLayout(text) // neither panics nor hangs
	})
}

func TestLayoutsSayHowValuesPrint(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	for _, c := range []struct{ layout, sql, want string }{
		{"char(4)", "'é'", "é   "},
		{"time(0)", "TIME '01:02:03.5'", "01:02:03.500"},
		{"time(9)", "TIME '01:02:03.5'", "01:02:03.500000000"},
		{"timestamp(6)", "TIMESTAMP '2024-01-02 03:04:05.678901'", "2024-01-02 03:04:05.678901"},
		{"timestamp(0)", "TIMESTAMP '2024-01-02 03:04:05'", "2024-01-02 03:04:05.000"},
		{"timestamp(3) with time zone", "TIMESTAMP '2024-01-02 03:04:05'", "2024-01-02 03:04:05.000 UTC"},
		{`timestamp(3) with time zone "America/New_York"`, "TIMESTAMP '2024-07-02 03:04:05'", "2024-07-01 23:04:05.000 America/New_York"},
		{`timestamp(3) with time zone "-03:30"`, "TIMESTAMP '2024-07-02 03:04:05'", "2024-07-01 23:34:05.000 -03:30"},
		{"interval year to month", "INTERVAL 14 MONTH", "1-2"},
		{"interval day to second", "to_seconds(-90)", "-0 00:01:30.000"},
		{`row("A b" integer, "field1" char(2))`, "{'f1': 1, 'f2': 'x'}", "{A b=1, field1=x }"},
		{`array(row("a""b" timestamp(6)))`, "[{'f1': TIMESTAMP '2024-01-01'}]", `[{a"b=2024-01-01 00:00:00.000000}]`},
		{`map(varchar, array(timestamp(3) with time zone))`, "MAP {'k': [TIMESTAMP '2024-01-01', NULL]}", "{k=[2024-01-01 00:00:00.000 UTC, null]}"},
	} {
		t.Run(c.layout, func(t *testing.T) {
			got, err := run(t.Context(), p, &query.Plan{SQL: "SELECT " + c.sql, Columns: make([]query.Column, 1), Layouts: []string{c.layout}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([][]string{{c.want}}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
