package archtest

import (
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/aws/glue"
	"github.com/larder-dev/larder/internal/aws/runtime"
	"github.com/larder-dev/larder/internal/aws/s3"
	"github.com/larder-dev/larder/internal/aws/sagemaker"
	"github.com/larder-dev/larder/internal/bucket"
)

var update = flag.Bool("update", false, "write docs/compat.md and docs/conformance.md anew")

// services are the folders of docs/compat.md, in its order. Those with a table say of every member what
// is done about it; nothing is called, so they need no store.
var services = []struct {
	dir, title string
	table      *awshttp.Service
}{
	{"sagemaker", "SageMaker", sagemaker.New(nil)},
	{"runtime", "Feature Store runtime", runtime.New(nil)},
	{"athena", "Athena", nil},
	{"glue", "Glue", glue.New(nil)},
	{"s3", "S3", s3.New(bucket.New(nil, nil, bucket.Options{}))},
	{"sts", "STS and IAM", nil},
}

// made is the line of docs/compat.md below which everything is made from the operations.
const made = "<!-- Below: made from the tables and headers of internal/aws/*/op*.go by `go test ./internal/archtest -update`. -->\n"

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
		shown := map[string]bool{}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			name, binding, rest := header(t, path)
			shown[name] = true
			fmt.Fprintf(&out, "**%s** %s\n\n", name, binding)
			writeList(&out, rest)
			if s.table != nil {
				writeMembers(t, &out, s.table, name, binding)
			}
			out.WriteString("\n")
		}
		if s.table == nil {
			continue
		}
		for _, o := range s.table.Operations {
			if !shown[o.Name] {
				t.Errorf("%s of %s has no file op_….go with a header", o.Name, s.title)
			}
		}
	}
	return out.String()
}

// header reads the header of one operation: its name, its binding with its actions, and its list.
func header(t *testing.T, path string) (name, binding, list string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, comment := range file.Comments {
		text := comment.Text()
		if headed.MatchString(text) {
			head, rest, _ := strings.Cut(text, "\n\n")
			name, binding, _ = strings.Cut(strings.Join(strings.Fields(head), " "), ": ")
			return name, binding, rest
		}
	}
	t.Fatalf("%s has no header of the form `Name: binding, action`", path)
	return "", "", ""
}

// labels begin the points of a header's list.
var labels = []string{"Supported", "Without effect", "Refused", "Differs"}

func writeList(out *strings.Builder, list string) {
	for line := range strings.Lines(list) {
		label, text, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch {
		case slices.Contains(labels, label):
			fmt.Fprintf(out, "* %s: %s\n", label, strings.TrimSpace(text))
		case strings.TrimSpace(line) != "":
			fmt.Fprintf(out, "  %s\n", strings.TrimSpace(line))
		}
	}
}

// writeMembers says what is done about each member of an operation, and holds its header to the table.
func writeMembers(t *testing.T, out *strings.Builder, s *awshttp.Service, name, binding string) {
	t.Helper()
	at := slices.IndexFunc(s.Operations, func(o awshttp.Operation) bool { return o.Name == name })
	if at < 0 {
		t.Errorf("%s has a header and is no operation of %s", name, s.Name)
		return
	}
	op := &s.Operations[at]
	way := op.Method + " " + op.Path
	if s.Protocol == awshttp.JSON11 {
		way = s.TargetPrefix + "." + op.Name
	}
	// A header may name further actions, which the operation asks for itself.
	if want := way + ", " + op.Action; binding != want && !strings.HasPrefix(binding, want+" and ") {
		t.Errorf("the header of %s says %q; the table says %q", name, binding, want)
	}
	if len(op.Members) == 0 {
		t.Errorf("%s has no Members", name)
	}
	var plain []string
	for _, m := range op.Members {
		if m.Support == awshttp.Supported && m.Note == "" && !hasMembers(op.Members, m.Path) {
			plain = append(plain, "`"+m.Path+"`")
		}
	}
	if len(plain) > 0 {
		fmt.Fprintf(out, "* Members: %s.\n", strings.Join(plain, ", "))
	}
	for i, m := range op.Members {
		if m.Support != awshttp.Supported && m.Note == "" {
			t.Errorf("the member %s of %s is not supported and does not say why", m.Path, name)
		}
		same := func(o awshttp.Member) bool { return o.Support == m.Support && o.Note == m.Note }
		if m.Note == "" || slices.ContainsFunc(op.Members[:i], same) {
			continue // it needs no line, or stands in that of another
		}
		var paths []string
		for _, o := range op.Members[i:] {
			if same(o) {
				paths = append(paths, "`"+o.Path+"`")
			}
		}
		support := map[awshttp.Support]string{awshttp.WithoutEffect: " **without effect**", awshttp.Refused: " **refused**"}[m.Support]
		fmt.Fprintf(out, "* %s%s: %s.\n", strings.Join(paths, ", "), support, m.Note)
	}
}

// hasMembers tells whether the member at path is a structure, whose own members are listed.
func hasMembers(members []awshttp.Member, path string) bool {
	return slices.ContainsFunc(members, func(m awshttp.Member) bool { return strings.HasPrefix(m.Path, path+".") })
}
