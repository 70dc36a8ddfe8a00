package page

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/test/bench/results"
)

// The page, its rows and the README's figures are written together: by `make bench`, or by scripts/bench-page from rows
// that are kept. Before the first run there are neither rows nor a page.
func TestThePageAndTheReadmesFiguresAreThoseOfTheRowsThatAreKept(t *testing.T) {
	if err := committed(filepath.Join("..", "..", "..")); err != nil {
		t.Error(err)
	}
}

// committed compares what a repository has with what its rows say.
func committed(root string) error {
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			panic(err) // a test that cannot read its repository
		}
		return text
	}
	page, readme := read("docs/benchmarks.md"), read("README.md")
	rows, err := results.Read(filepath.Join(root, "docs", "benchmarks.jsonl"))
	if errors.Is(err, fs.ErrNotExist) && page == nil {
		return nil
	}
	if err != nil {
		return err
	}
	figures, err := Readme(readme, rows)
	if err != nil {
		return err
	}
	want := []string{string(Render(rows, Text(read("docs/benchmarks-notes.md")))), string(figures)}
	if diff := cmp.Diff(want, []string{string(page), string(readme)}); diff != "" {
		return errors.New("docs/benchmarks.md or README.md is not what docs/benchmarks.jsonl says: run scripts/bench-page (-want +got):\n" + diff)
	}
	return nil
}

func TestAFigureThatSomebodyWroteIntoAPageOrAReadmeIsFound(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	rows := append(rounds("GetRecord, 50 features, 10^5 records, ceiling", "Larder", 30_000), Facts{Date: "2026-01-01"}.Row())
	readme, err := Readme([]byte(readmeBegin+readmeEnd), rows)
	if err != nil {
		t.Fatal(err)
	}
	page := string(Render(rows, []byte("A note.")))
	write("README.md", string(readme))
	if err := committed(root); err != nil {
		t.Errorf("before the first run: %v", err)
	}
	write("docs/benchmarks.md", page)
	if committed(root) == nil {
		t.Error("a page without rows is taken")
	}
	if err := results.Write(filepath.Join(root, "docs", "benchmarks.jsonl"), rows); err != nil {
		t.Fatal(err)
	}
	write("docs/benchmarks-notes.md", "# Notes\n\nA note.\n")
	if err := committed(root); err != nil {
		t.Error(err)
	}
	write("README.md", string(readme)+"\n| GetRecord | 40,000 |\n")
	if err := committed(root); err != nil {
		t.Errorf("what is not between the lines is nobody's figure: %v", err)
	}
	write("README.md", string(readme[:len(readme)-len(readmeEnd)])+"| more | 40,000 |\n"+readmeEnd)
	if committed(root) == nil {
		t.Error("a figure of the README that no row has is taken")
	}
	write("README.md", string(readme))
	write("docs/benchmarks.md", page+"And 40,000 more.\n")
	if committed(root) == nil {
		t.Error("a line of the page that no row has is taken")
	}
}
