package page

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/test/bench/results"
)

// rounds are rows of one contender with these rates.
func rounds(path, contender string, rates ...float64) []results.Row {
	var all []results.Row
	for i, r := range rates {
		all = append(all, results.Row{Section: "Online reads", Path: path, Contender: contender, Round: i + 1, Rate: r, P50: r / 1000, Worst: r / 10})
	}
	return all
}

func TestATableHasEveryRoundTheMedianAndTheWorst(t *testing.T) {
	rows := rounds("p", "Larder", 3000, 1000, 2000)
	rows = append(rows, rounds("p", "bare handler", 5000, 4000)...)
	rows[1].Errors, rows[1].Note = 2, "first error: status 500"
	page := string(Render(rows, Facts{Date: "2026-01-01", Commit: "abc", Machine: "2 cores", Took: "1 minute"}))
	for _, want := range []string{
		"2026-01-01, commit abc, 2 cores; 1 minute.",
		"## Online reads\n\n### p\n",
		"| Larder | 3,000 · 1,000 · 2,000 | **2,000** | 1,000 | 2.00 |  |  | 300 | 2 |  |  |\n",
		"| bare handler | 5,000 · 4,000 | **4,000** | 4,000 | 4.00 |  |  | 500 | 0 |  |  |\n",
		"- Larder: first error: status 500.\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "mean nothing") {
		t.Error("it says that it is a small run")
	}
}

func TestASmallRunSaysSo(t *testing.T) {
	if page := string(Render(rounds("p", "Larder", 1), Facts{Small: true})); !strings.Contains(page, "Its figures mean nothing") {
		t.Error(page)
	}
}

func TestWhatWasNotMeasuredIsSaid(t *testing.T) {
	rows := append(rounds("p", "Larder", 10), results.Row{Section: "Online reads", Path: "p", Contender: "peer", Round: 1, Note: "it does not start"})
	page := string(Render(rows, Facts{}))
	for _, want := range []string{"| peer | not measured", "- peer: it does not start.\n"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

func TestFiguresOfOneValueHaveTheLargestAsTheWorst(t *testing.T) {
	var rows []results.Row
	for i, v := range []float64{0.2, 0.5, 0.3} {
		rows = append(rows, results.Row{Section: "s", Path: "start", Contender: "Larder", Round: i + 1, Value: v, Unit: "s"})
	}
	if page := string(Render(rows, Facts{})); !strings.Contains(page, "| | s: rounds | median | worst |\n|---|---|---|---|\n| Larder | 0.200 · 0.500 · 0.300 | **0.300** | 0.500 |\n") {
		t.Error(page)
	}
}

func TestAGoalIsMetOnlyWhenAllOfItIsMeasuredAndReached(t *testing.T) {
	const path = "GetRecord, 50 features, 10^5 records, ceiling"
	reads := func(ours, verifies, bare, python, golang float64) *tree {
		var rows []results.Row
		for name, rate := range map[string]float64{"Larder": ours, "bare handler that verifies": verifies, "bare handler": bare, "Feast, Python server on Redis": python, "Feast, Go server on Redis": golang} {
			if rate > 0 {
				rows = append(rows, rounds(path, name, rate)...)
			}
		}
		return group(rows)
	}
	for _, c := range []struct {
		name              string
		tree              *tree
		measured, verdict string
	}{
		{"all", reads(21_000, 30_000, 42_000, 1000, 10_000), "0.700 of the one that verifies; 0.500 of the one that does not; 21.0× Feast Python; 2.10× Feast Go", "met"},
		{"one part is not", reads(20_000, 30_000, 40_000, 500, 500), "0.667 of the one that verifies; 0.500 of the one that does not; 40.0× Feast Python; 40.0× Feast Go", "**not met**"},
		{"no peers", reads(30_000, 30_000, 30_000, 0, 0), "1.00 of the one that verifies; 1.00 of the one that does not; Feast Python not measured; Feast Go not measured", "not measured to the end"},
		{"nothing", group(nil), "of the one that verifies not measured; of the one that does not not measured; Feast Python not measured; Feast Go not measured", "not measured to the end"},
	} {
		t.Run(c.name, func(t *testing.T) {
			measured, verdict := goals()[0].judge(c.tree)
			if diff := cmp.Diff([]string{c.measured, c.verdict}, []string{measured, verdict}); diff != "" {
				t.Errorf("goal (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNumbersAreShort(t *testing.T) {
	for v, want := range map[float64]string{0: "", 0.0123: "0.012", 1.234: "1.23", 12.34: "12.3", 123.4: "123", 1234.5: "1,234", 1234567: "1,234,567"} {
		if got := number(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
}
