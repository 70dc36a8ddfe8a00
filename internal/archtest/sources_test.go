package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is the module's folder, seen from this package.
const root = "../.."

// The build fails above these. Think well before them.
const (
	maxFileLines = 800
	maxFuncLines = 120
)

// forbidden words of package names: a function without a home stays beside its only caller.
var forbidden = regexp.MustCompile(`^(util|utils|common|helper|helpers|base|types|models|manager|misc)$`)

// packageDirs returns every folder below cmd and internal, with slashes, relative to root.
func packageDirs(t *testing.T) []string {
	t.Helper()
	var dirs []string
	for _, top := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if !d.IsDir() {
				return nil
			}
			if d.Name() == "testdata" {
				return filepath.SkipDir
			}
			rel, err := filepath.Rel(root, path)
			dirs = append(dirs, filepath.ToSlash(rel))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return dirs
}

func TestPackageNames(t *testing.T) {
	for _, dir := range packageDirs(t) {
		if forbidden.MatchString(filepath.Base(dir)) {
			t.Errorf("%s: the name says nothing of what is in it", dir)
		}
	}
}

func TestSources(t *testing.T) {
	headings := todoHeadings(t)
	for _, dir := range packageDirs(t) {
		files, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			checkSource(t, path, headings)
		}
	}
}

func checkSource(t *testing.T, path string, todo map[string]bool) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n > maxFileLines && !strings.HasSuffix(path, "_gen.go") {
		t.Errorf("%s has %d lines; the limit is %d", path, n, maxFileLines)
	}
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		lines := fset.Position(f.End()).Line - fset.Position(f.Pos()).Line + 1
		if lines > maxFuncLines {
			t.Errorf("%s: %s has %d lines; the limit is %d", path, f.Name.Name, lines, maxFuncLines)
		}
		if f.Name.Name == "init" && f.Recv == nil {
			t.Errorf("%s has an init; what a binary does at start is readable in app", path)
		}
	}
	for _, group := range file.Comments {
		for _, m := range regexp.MustCompile(`\bTODO\b(?:\(([^)]*)\))?`).FindAllStringSubmatch(group.Text(), -1) {
			if !todo[m[1]] {
				t.Errorf("%s: %q names no heading of docs/todo.md", path, m[0])
			}
		}
	}
}

// todoHeadings returns the headings of docs/todo.md, none if there is no such page.
func todoHeadings(t *testing.T) map[string]bool {
	t.Helper()
	headings := map[string]bool{}
	text, err := os.ReadFile(filepath.Join(root, "docs/todo.md"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "## "); ok {
			headings[strings.TrimSpace(name)] = true
		}
	}
	return headings
}
