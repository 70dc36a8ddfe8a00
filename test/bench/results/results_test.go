package results

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/test/bench/load"
)

func TestRowsComeBackAsTheyWereAppended(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rows")
	want := []Row{
		{Section: "s", Path: "p", Contender: "c", Round: 1, Rate: 1.5, Asked: 10, Conns: 2, P50: 0.1, P99: 0.2, P999: 0.3, Worst: 4, Errors: 1, CPU: 0.5, Done: 7, RSS: 64, Note: "n"},
		{Section: "s", Path: "p", Contender: "c", Round: 2, Value: 7, Unit: "MiB"},
	}
	for _, r := range want {
		if err := Append(file, r); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestFilesOfAnotherFormAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":          "rate 5\n",
		"unknown member":   `{"section":"s","path":"p","contender":"c","round":1,"errors":0,"qps":1}` + "\n",
		"no contender":     `{"section":"s","path":"p","round":1,"errors":0}` + "\n",
		"no round":         `{"section":"s","path":"p","contender":"c","errors":0}` + "\n",
		"a line is broken": `{"section":"s","path":"p","contender":"c","round":1,"errors":0}` + "\n{\n",
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "rows")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if rows, err := Read(file); err == nil || !strings.Contains(err.Error(), "line ") {
				t.Errorf("%v, %v", rows, err)
			}
		})
	}
}

func TestARowHasWhatTheLoadSaid(t *testing.T) {
	got := Row{Section: "s", Path: "p", Contender: "c", Round: 1, Note: "of two workers"}.Loaded(&load.Plan{Rate: 10, Conns: 3}, load.Result{
		Answered: 4, All: 6, Errors: 1, Error: "status 500", Took: 2 * time.Second,
		Classes: []load.Times{{time.Millisecond, 4 * time.Millisecond}, {2 * time.Millisecond, 3 * time.Millisecond}},
	})
	want := Row{Section: "s", Path: "p", Contender: "c", Round: 1, Rate: 2, Asked: 10, Conns: 3, P50: 2, P99: 4, P999: 4, Worst: 4, Errors: 1, Done: 6, Note: "of two workers; first error: status 500"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
}
