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
	page := string(Render(append(rows, Facts{Date: "2026-01-01", Commit: "abc", Machine: "2 cores", Took: "1 minute", Load: "0.1"}.Row()), nil))
	for _, want := range []string{
		"2026-01-01, commit abc, 2 cores; it took 1 minute; load average before it: 0.1.",
		"## Online reads\n\nHow many reads a second",
		"| Larder | 3,000 · 1,000 · 2,000 | **2,000** | 1.00 | 1,000 | 2.00 |  |  | 300 | 2 |  |  |\n",
		"| bare handler | 5,000 · 4,000 | **4,000** | 0.500 | 4,000 | 4.00 |  |  | 500 | 0 |  |  |\n",
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
	if page := string(Render(append(rounds("p", "Larder", 1), Facts{Small: true}.Row()), nil)); !strings.Contains(page, "Its figures mean nothing") {
		t.Error(page)
	}
}

func TestWhatWasNotMeasuredIsSaidAfterWhatWas(t *testing.T) {
	rows := []results.Row{{Section: "Online reads", Path: "p", Contender: "peer", Round: 1, Note: "it does not start"}}
	rows = append(append(rows, rounds("p", "Larder", 10)...), rounds("p", "bare handler", 20)...)
	page := string(Render(rows, nil))
	for _, want := range []string{"| Larder | 10.0 | **10.0** | 1.00 | 10.0 |", "| **20.0** | 0.500 | 20.0 | 0.020 |  |  | 2.00 | 0 |  |  |\n| peer | not measured |", "- peer: it does not start.\n"} {
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
	if page := string(Render(rows, nil)); !strings.Contains(page, "|  | s: rounds | median | worst |\n|---|---|---|---|\n| Larder | 0.200 · 0.500 · 0.300 | **0.300** | 0.500 |\n") {
		t.Error(page)
	}
}

func TestWhatSomebodyWroteOfGoalsIsOnThePage(t *testing.T) {
	page := string(Render(rounds("p", "Larder", 1), []byte("Reads wait for signatures.\n")))
	if !strings.Contains(page, "\n## What holds back what is not met\n\nReads wait for signatures.\n\n## Method\n") {
		t.Error(page)
	}
	if page := string(Render(rounds("p", "Larder", 1), nil)); strings.Contains(page, "holds back") {
		t.Error("there is a heading of nothing")
	}
}

func TestRatesThatWereAskedForAndPartsOfARowHaveNoRatio(t *testing.T) {
	open := append(rounds("p", "Larder", 1000), rounds("p", "bare handler", 1000)...)
	for i := range open {
		open[i].Asked = 1000
	}
	if page := string(Render(open, nil)); strings.Contains(page, "| ratio |") {
		t.Error(page)
	}
	parts := append(rounds("p", "Larder", 1000), rounds("p", "Larder, its reads", 900)...)
	if page := string(Render(parts, nil)); !strings.Contains(page, "| Larder, its reads | 900 | **900** |  | 900 |") {
		t.Error(page)
	}
}

func TestAGoalIsMetOnlyWhenAllOfItIsMeasuredAndReached(t *testing.T) {
	const (
		path   = "GetRecord, 50 features, 10^5 records, ceiling"
		beside = "GetRecord, 50 features, 10^5 records, beside peers, ceiling"
		batch  = "BatchGetRecord, 100 records of 50 features, 10^5 records, beside peers, ceiling"
	)
	reads := func(ours, verifies, bare, python, golang float64) *tree {
		rows := rounds(path, "Larder", ours)
		rows = append(rows, rounds(path, "bare handler that verifies", verifies)...)
		rows = append(rows, rounds(path, "bare handler", bare)...)
		// In turns with peers it is half as fast, and Feast's batches count for nothing.
		rows = append(rows, rounds(beside, "Larder", ours/2)...)
		rows = append(rows, rounds(batch, "Feast, Python server on Redis", 1e6)...)
		for name, rate := range map[string]float64{"Feast, Python server on Redis": python, "Feast, Python server on SQLite": python / 2, "Feast, Go server on Redis": golang} {
			row := rounds(beside, name, rate)
			if rate == 0 {
				row[0].Note = "it does not start"
			}
			rows = append(rows, row...)
		}
		return group(rows)
	}
	for _, c := range []struct {
		name              string
		tree              *tree
		measured, verdict string
	}{
		{"all", reads(42_000, 60_000, 84_000, 1000, 10_000), "0.700 of the one that verifies; 0.500 of the one that does not; 21.0× Feast Python; 2.10× Feast Go", "met"},
		{"one part is not", reads(20_000, 30_000, 40_000, 250, 250), "0.667 of the one that verifies; 0.500 of the one that does not; 40.0× Feast Python; 40.0× Feast Go", "**not met**"},
		{"no peers", reads(30_000, 30_000, 30_000, 0, 0), "1.00 of the one that verifies; 1.00 of the one that does not; Feast Python: it does not start; Feast Go: it does not start", "not measured to the end"},
		{"nothing", group(nil), "of the one that verifies: not measured; of the one that does not: not measured; Feast Python: not measured; Feast Go: not measured", "not measured to the end"},
	} {
		t.Run(c.name, func(t *testing.T) {
			measured, verdict := goals()[0].judge(c.tree)
			if diff := cmp.Diff([]string{c.measured, c.verdict}, []string{measured, verdict}); diff != "" {
				t.Errorf("goal (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAGoalIsNotMetByGoodAnswersAlone(t *testing.T) {
	rows := []results.Row{{Section: "s", Path: "GetRecord, 50 features, 10,000 a second (open loop), alone", Contender: "Larder", Round: 1, Rate: 9000, P50: 0.1, P99: 0.5, Errors: 1234}}
	measured, verdict := goalOf(t, "GetRecord at 10 k/s, open loop").judge(group(rows))
	if diff := cmp.Diff([]string{"p50 0.100 ms, with 1,234 errors; p99 0.500 ms, with 1,234 errors", "**not met**"}, []string{measured, verdict}); diff != "" {
		t.Errorf("goal (-want +got):\n%s", diff)
	}
}

// goalOf finds a goal by its path.
func goalOf(t *testing.T, path string) goal {
	t.Helper()
	for _, g := range goals() {
		if g.path == path {
			return g
		}
	}
	t.Fatalf("there is no goal of %q", path)
	return goal{}
}

func TestGoalsSayHowLargeWhatWasMeasuredIs(t *testing.T) {
	rows := []results.Row{
		{Section: "s", Path: "start with 2.5 GB of data, until it is ready", Contender: "Larder, after it was stopped", Round: 1, Value: 0.5, Unit: "s"},
		{Section: "s", Path: "start with 2.5 GB of data, until it is ready", Contender: "Larder, after kill -9", Round: 1, Value: 4, Unit: "s"},
		{Section: "s", Path: "memory with 10^6 records, after a start", Contender: "Larder", Round: 1, Value: 200, Unit: "MiB"},
		{Section: "s", Path: "memory with 10^6 records, after reads at random", Contender: "Larder", Round: 1, Value: 300, Unit: "MiB"},
	}
	groups := "GetRecord, 50 features, a small and a large group, each request for another record, files in the system's cache, ceiling"
	rows = append(rows, rounds(groups, "Larder, 10^4 records", 1200)...)
	rows = append(rows, rounds(groups, "Larder, 10^6 records", 1000)...)
	for path, want := range map[string][]string{
		"start with 10 GB of data":               {"0.500 s (2.5 GB); after kill -9 4.00 s (2.5 GB)", "**not met**"},
		"memory with 10^7 records":               {"after a start 200 MiB (10^6 records); after reads at random 300 MiB (10^6 records)", "stated"},
		"GetRecord at 10^7 records against 10^5": {"1.20× (10^6 records against 10^4 records); few records over and over: not measured", "not measured to the end"},
	} {
		measured, verdict := goalOf(t, path).judge(group(rows))
		if diff := cmp.Diff(want, []string{measured, verdict}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestNumbersAreShort(t *testing.T) {
	for v, want := range map[float64]string{0: "", 0.0123: "0.012", 1.234: "1.23", 12.34: "12.3", 123.4: "123", 1234.5: "1,234", 1234567: "1,234,567"} {
		if got := number(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
}

func TestTheFiguresOfAReadmeAreThoseOfTheRowsAndNothingElseChanges(t *testing.T) {
	rows := append(rounds("GetRecord, 50 features, 10^5 records, ceiling", "Larder", 30_000), rounds("GetRecord, 50 features, 10^5 records, ceiling", "bare handler", 60_000)...)
	rows = append(rows, Facts{Date: "2026-01-01", Commit: "abc"}.Row())
	text := "# A\n\n" + readmeBegin + "old\n" + readmeEnd + "\nmore\n"
	got, err := Readme([]byte(text), rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# A\n\n" + readmeBegin + "Measured by", "2026-01-01, commit abc", "| GetRecord of 50 features, at most | 30,000 a second; 0.500 of one that does nothing |\n", readmeEnd + "\nmore\n"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("it lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(string(got), "old") {
		t.Error("the old figures are still there")
	}
	again, err := Readme(got, rows)
	if err != nil || string(again) != string(got) {
		t.Errorf("a second time it is another: %v\n%s", err, again)
	}
	if _, err := Readme([]byte("# A\n"), rows); err == nil {
		t.Error("a README without a place for figures is taken")
	}
}
