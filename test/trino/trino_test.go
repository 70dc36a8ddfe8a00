// Package trino holds Larder's SQL against Trino's: the statements of statements/, what a Trino 435 server
// answered to each over the same tables (golden/), and what Larder answers. Without arguments the answers are
// replayed; `make trino` asks a real server anew, through Larder's own Glue and S3.
package trino

import (
	"bufio"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	distribution = flag.String("trino", "", "directory of a Trino server's lib, classes and plugin: ask it, and write golden/ anew")
	only         = flag.String("only", "", "part of a statement's text: carry out those alone")
)

// TestAnswersAreTrinos compares, of every statement, the names and types of the columns, the rows, and the code
// of a failure. Rows are compared in order where the statement ends in an ORDER BY. A statement of
// differences.txt must differ: else its line is to go.
func TestAnswersAreTrinos(t *testing.T) {
	w := newWorld(t)
	w.fill(t)
	if *distribution != "" {
		w.record(t, startTrino(t, w, *distribution))
	}
	differences := readDifferences(t)
	var mu sync.Mutex // guards the counts
	asked, agreed, explained := 0, 0, 0
	for _, chapter := range chapters(t) {
		statements := readStatements(t, chapter)
		golden := readGolden(t, chapter)
		t.Run(chapter, func(t *testing.T) {
			each(statements, func(s string) {
				want, ok := golden[s]
				if !ok {
					t.Errorf("%s\n\thas no answer in golden/%s.jsonl: run make trino", s, chapter)
					return
				}
				difference := compare(s, want, w.ask(t, s))
				reason, known := differences[s]
				mu.Lock()
				defer mu.Unlock()
				asked++
				switch {
				case difference == "" && known:
					t.Errorf("%s\n\tagrees now: take it out of differences.txt (%s)", s, reason)
				case difference == "":
					agreed++
				case known:
					explained++
				default:
					t.Errorf("%s\n%s", s, difference)
				}
			})
		})
	}
	t.Logf("%d statements, %d answers as Trino's, %d otherwise and explained in differences.txt", asked, agreed, explained)
	if *only == "" && asked < 1000 {
		t.Errorf("%d statements are less than the thousand that this suite is to have", asked)
	}
}

// each calls f with every statement that -only lets through, a few at a time.
func each(statements []string, f func(s string)) {
	work := make(chan string)
	var running sync.WaitGroup
	for range 4 {
		running.Go(func() {
			for s := range work {
				f(s)
			}
		})
	}
	for _, s := range statements {
		if strings.Contains(s, *only) {
			work <- s
		}
	}
	close(work)
	running.Wait()
}

// chapters are the names of the files of statements.
func chapters(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("statements/*.sql")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no statements: %v", err)
	}
	for i, p := range paths {
		paths[i] = strings.TrimSuffix(filepath.Base(p), ".sql")
	}
	return paths
}

// readStatements reads a chapter: a statement a line; lines that are empty or begin with -- are none.
func readStatements(t *testing.T, chapter string) []string {
	t.Helper()
	var statements []string
	seen := map[string]bool{}
	for line := range lines(t, "statements/"+chapter+".sql") {
		if line == "" || strings.HasPrefix(line, "--") {
			continue
		}
		if seen[line] {
			t.Errorf("statements/%s.sql has twice: %s", chapter, line)
		}
		seen[line] = true
		statements = append(statements, line)
	}
	return statements
}

// readDifferences reads why statements are answered otherwise: a line that begins with # is the reason of the
// statements below it.
func readDifferences(t *testing.T) map[string]string {
	t.Helper()
	reasons := map[string]string{}
	reason := ""
	for line := range lines(t, "differences.txt") {
		switch {
		case line == "":
		case strings.HasPrefix(line, "# "):
			reason = line[2:]
		case reason == "":
			t.Fatalf("differences.txt: no reason stands above %s", line)
		default:
			reasons[line] = reason
		}
	}
	known := map[string]bool{}
	for _, chapter := range chapters(t) {
		for _, s := range readStatements(t, chapter) {
			known[s] = true
		}
	}
	for _, s := range slices.Sorted(maps.Keys(reasons)) {
		if !known[s] {
			t.Errorf("differences.txt has what is no statement: %s", s)
		}
	}
	return reasons
}

// lines yields the lines of a file.
func lines(t *testing.T, path string) func(yield func(string) bool) {
	t.Helper()
	return func(yield func(string) bool) {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		s := bufio.NewScanner(f)
		s.Buffer(nil, 16<<20)
		for s.Scan() {
			if !yield(strings.TrimSpace(s.Text())) {
				return
			}
		}
		if err := s.Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// compare says what is other than Trino's, "" if nothing is.
func compare(statement string, want, got *answer) string {
	if want.Error != nil || got.Error != nil {
		if want.Error != nil && got.Error != nil && want.Error.Name == got.Error.Name {
			return ""
		}
		return fmt.Sprintf("\ttrino:  %v\n\tlarder: %v", want.summary(), got.summary())
	}
	if d := cmp.Diff(want.athenaColumns(), got.lowerColumns()); d != "" {
		return "\tcolumns (-trino +larder):\n" + d
	}
	a, b := want.texts(), got.texts()
	if !ordered(statement) {
		slices.Sort(a)
		slices.Sort(b)
	}
	if d := cmp.Diff(a, b); d != "" {
		return "\trows (-trino +larder):\n" + d
	}
	return ""
}

// ordered tells whether a statement says how all of its rows are ordered: its last clause does.
func ordered(statement string) bool {
	s := strings.ToLower(statement)
	at := strings.LastIndex(s, "order by")
	return at >= 0 && !strings.Contains(s[at:], ")")
}
