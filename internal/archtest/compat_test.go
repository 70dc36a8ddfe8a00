package archtest

import (
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/compat.md anew")

// services are the folders of docs/compat.md, in its order.
var services = []struct{ dir, title string }{
	{"sagemaker", "SageMaker"},
	{"runtime", "Feature Store runtime"},
	{"athena", "Athena"},
	{"glue", "Glue"},
	{"s3", "S3"},
	{"sts", "STS and IAM"},
}

// made is the line of docs/compat.md below which everything is made from the headers of the operations.
const made = "<!-- Below: made from the headers of internal/aws/*/op_*.go by `go test ./internal/archtest -update`. -->\n"

// headed is the first line of an operation's header: what it is, its binding, its IAM actions.
var headed = regexp.MustCompile(`^[A-Z][A-Za-z0-9]+: `)

func TestCompatPageIsMadeFromTheOperations(t *testing.T) {
	path := filepath.Join(root, "docs/compat.md")
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	kept, _, found := strings.Cut(string(page), made)
	if !found {
		t.Fatalf("%s has lost the line %q", path, made)
	}
	want := kept + made + operations(t)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(page) {
		t.Error("docs/compat.md is not what the operations say: go test ./internal/archtest -update")
	}
}

func operations(t *testing.T) string {
	t.Helper()
	var out strings.Builder
	for _, s := range services {
		fmt.Fprintf(&out, "\n## %s\n\n", s.title)
		files, err := filepath.Glob(filepath.Join(root, "internal/aws", s.dir, "op_*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no operations of %s: %v", s.title, err)
		}
		for _, path := range files {
			if !strings.HasSuffix(path, "_test.go") {
				operation(t, &out, path)
			}
		}
	}
	return out.String()
}

// operation writes the header of one operation as a heading and a list.
func operation(t *testing.T, out *strings.Builder, path string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, comment := range file.Comments {
		text := comment.Text()
		if !headed.MatchString(text) {
			continue
		}
		head, rest, _ := strings.Cut(text, "\n\n")
		name, binding, _ := strings.Cut(strings.Join(strings.Fields(head), " "), ": ")
		fmt.Fprintf(out, "**%s** %s\n\n", name, binding)
		for line := range strings.Lines(rest) {
			label, text, labelled := strings.Cut(strings.TrimSpace(line), ":")
			switch {
			case labelled && !strings.Contains(label, " ") || label == "Without effect":
				fmt.Fprintf(out, "* %s: %s\n", label, strings.TrimSpace(text))
			case strings.TrimSpace(line) != "":
				fmt.Fprintf(out, "  %s\n", strings.TrimSpace(line))
			}
		}
		out.WriteString("\n")
		return
	}
	t.Errorf("%s has no header of the form `Name: binding, action`", path)
}
