package trino

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sqlPage = "../../../docs/sql.md"

// TestSQLPage holds docs/sql.md to the tables that the emitter uses. Rewrite it with -update.
func TestSQLPage(t *testing.T) {
	old, err := os.ReadFile(sqlPage)
	if err != nil && !*update {
		t.Fatal(err)
	}
	const mark = "<!-- made from the tables of internal/query/trino; rewrite with go test ./internal/query/trino -update -->\n"
	before, _, ok := strings.Cut(string(old), mark)
	if !ok {
		t.Fatalf("%s has no line %q", sqlPage, mark)
	}
	want := before + mark + functionPages()
	if *update {
		if err := os.WriteFile(sqlPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(old)); diff != "" {
		t.Errorf("%s is stale, rewrite with -update (-want +got):\n%s", sqlPage, diff)
	}
}

func functionPages() string {
	var b strings.Builder
	b.WriteString("\n## Operators and special forms\n\n| form | |\n|---|---|\n")
	for _, o := range operators {
		fmt.Fprintf(&b, "| `%s` | %s |\n", strings.ReplaceAll(o.name, "|", `\|`), o.doc)
	}
	for _, table := range functionTables() {
		fmt.Fprintf(&b, "\n## %s\n\n| function | result | |\n|---|---|---|\n", table.title)
		for _, f := range table.functions {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.signature(), resultWords(f), f.doc)
		}
	}
	b.WriteString("\n## Functions of Trino that are not here\n\nCalling one fails with NOT_SUPPORTED.\n\n| chapter | functions |\n|---|---|\n")
	for _, c := range unsupportedFunctions {
		fmt.Fprintf(&b, "| %s | `%s` |\n", c.chapter, strings.Join(c.names, "`, `"))
	}
	return b.String()
}
