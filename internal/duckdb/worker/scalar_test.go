package worker

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/duckdb"
)

// Several chunks, with NULLs among the arguments and the results, texts short and long, and lists.
func TestScalarsSeeEveryRow(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	got, err := run(context.Background(), p, selectPlan(`
		SELECT count(*), count(s), sum(length(s)), count(part), sum(len(larder_split(s, 'x')))
		FROM (SELECT larder_reverse(text) AS s, larder_split_part(text, 'x', 2) AS part FROM (
			SELECT CASE WHEN i % 3 <> 0 THEN repeat('x', CAST(i % 40 AS INTEGER)) END AS text FROM range(10000) r(i)))`, 5))
	if err != nil {
		t.Fatal(err)
	}
	count, length, parts, pieces := 0, 0, 0, 0
	for i := range 10000 {
		if i%3 == 0 {
			continue
		}
		count++
		length += i % 40
		if i%40 > 0 {
			parts++
		}
		pieces += i%40 + 1
	}
	want := [][]string{{"10000", strconv.Itoa(count), strconv.Itoa(length), strconv.Itoa(parts), strconv.Itoa(pieces)}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestScalarErrorsEndThePlan(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	_, err := run(context.Background(), p, selectPlan("SELECT larder_chr(i - 5000) FROM range(10000) r(i)", 1))
	if err == nil || !strings.HasPrefix(err.Error(), "INVALID_FUNCTION_ARGUMENT: Not a valid Unicode code point: -") {
		t.Errorf("got %v", err)
	}
}
