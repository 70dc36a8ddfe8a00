// Package archtest holds the house rules that a machine can check: who may import whom, how big
// a file and a function may be, and what no source may say.
package archtest

import (
	"go/build"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/larder-dev/larder/"

// imports is the whole picture: which of our packages a package may import. A package that is
// not here, or imports what is not in its row, fails the test; so does a row nobody needs.
//
// Wire → verbs → nouns ← backends; app joins them; nothing else may.
var imports = map[string][]string{
	// nouns
	"internal/feature": {},
	"internal/access":  {},
	// languages
	"internal/jsonpath": {},
	// verbs
	"internal/bucket":       {"internal/feature"},
	"internal/parquet":      {"internal/feature"},
	"internal/arrow":        {"internal/parquet"},
	"internal/serde":        {"internal/feature"},
	"internal/table":        {"internal/bucket", "internal/feature", "internal/parquet", "internal/serde"},
	"internal/featurestore": {"internal/bucket", "internal/feature", "internal/table"},
	"internal/ingest":       {"internal/bucket", "internal/feature", "internal/featurestore", "internal/parquet", "internal/table"},
	"internal/export":       {"internal/bucket", "internal/feature", "internal/featurestore", "internal/parquet", "internal/table"},
	"internal/columnar":     {"internal/arrow", "internal/feature", "internal/featurestore", "internal/ingest", "internal/parquet"},
	"internal/query":        {"internal/bucket", "internal/feature", "internal/query/trino", "internal/serde", "internal/table"},
	"internal/query/trino":  {"internal/jsonpath"},
	"internal/dataset/asof": {"internal/bucket", "internal/feature", "internal/parquet", "internal/table"},
	"internal/dataset": {
		"internal/arrow", "internal/bucket", "internal/dataset/asof", "internal/feature", "internal/featurestore", "internal/ingest", "internal/parquet", "internal/query", "internal/table",
	},
	"internal/usage":  {"internal/bucket", "internal/feature", "internal/table"},
	"internal/verify": {"internal/feature", "internal/query", "internal/table"},
	// backends
	"internal/blob":          {"internal/bucket", "internal/feature"},
	"internal/embedded":      {"internal/bucket", "internal/dataset", "internal/feature", "internal/ingest", "internal/query", "internal/table"},
	"internal/duckdb":        {"internal/duckdb/frame", "internal/query", "internal/serde"},
	"internal/duckdb/frame":  {"internal/serde"},
	"internal/duckdb/scalar": {"internal/jsonpath"},
	"internal/duckdb/worker": {"internal/duckdb/frame", "internal/duckdb/scalar", "internal/serde"},
	// wire
	"internal/aws/awshttp":         {"internal/access", "internal/feature"},
	"internal/aws/awshttp/awstest": {"internal/access", "internal/aws/awshttp"},
	"internal/aws/athena":          {"internal/aws/awshttp", "internal/feature", "internal/query", "internal/table"},
	"internal/aws/glue":            {"internal/aws/awshttp", "internal/feature", "internal/table"},
	"internal/aws/runtime":         {"internal/aws/awshttp", "internal/feature", "internal/featurestore"},
	"internal/aws/larder":          {"internal/aws/awshttp", "internal/columnar", "internal/dataset", "internal/export", "internal/feature", "internal/featurestore", "internal/ingest", "internal/table", "internal/usage", "internal/verify"},
	"internal/aws/s3":              {"internal/aws/awshttp", "internal/bucket", "internal/feature"},
	"internal/aws/sagemaker":       {"internal/aws/awshttp", "internal/feature", "internal/featurestore"},
	"internal/aws/sts":             {"internal/access", "internal/aws/awshttp"},
	"internal/proxy":               {},
	// joins
	"internal/app": {
		"internal/access", "internal/aws/athena", "internal/aws/awshttp", "internal/aws/glue", "internal/aws/larder",
		"internal/aws/runtime", "internal/aws/s3", "internal/aws/sagemaker", "internal/aws/sts",
		"internal/blob", "internal/bucket", "internal/columnar", "internal/dataset", "internal/dataset/asof", "internal/duckdb", "internal/embedded", "internal/export",
		"internal/featurestore", "internal/ingest", "internal/proxy", "internal/query", "internal/table", "internal/usage", "internal/verify",
	},
	"cmd/larder": {"internal/app", "internal/dataset", "internal/duckdb/worker", "internal/proxy"},
	// tests
	"internal/parquet/parquettest":    {},
	"internal/backendtest":            {"internal/bucket", "internal/dataset", "internal/feature", "internal/ingest", "internal/query", "internal/table"},
	"internal/query/trino/duckdbtest": {"internal/duckdb", "internal/duckdb/worker", "internal/query", "internal/query/trino"},
	"internal/verify/duckdbtest":      {},
}

// libraries names the packages that alone may import a library: one library, one job, one place.
var libraries = map[string][]string{
	"github.com/duckdb/duckdb-go":          {"internal/duckdb/worker", "internal/query/trino/duckdbtest"},
	"github.com/cockroachdb/pebble/v2/vfs": {"internal/embedded", "internal/blob", "internal/dataset", "internal/ingest", "internal/app"},
	"github.com/cockroachdb/pebble":        {"internal/embedded"},
	"github.com/bytebase/parser":           {"internal/query/trino"},
	"github.com/antlr4-go/antlr":           {"internal/query/trino"},
	"github.com/parquet-go/parquet-go":     {"internal/parquet", "internal/parquet/parquettest"},
	"github.com/go-json-experiment/json":   {"internal/aws/awshttp"},
	"golang.org/x/text":                    {"internal/duckdb/scalar"},
	"golang.org/x/time":                    {"internal/featurestore"},
	"github.com/prometheus/client_golang":  {"internal/aws/awshttp", "internal/app"},
	"github.com/aws/aws-sdk-go-v2":         {"cmd/larder", "internal/aws/awshttp/awstest"},
	// Only tests: each process would have their tables in memory (docs/decisions/small-libraries.md).
	"github.com/aws/aws-sdk-go-v2/service/sagemaker":                    {},
	"github.com/aws/aws-sdk-go-v2/service/s3":                           {},
	"github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime": {"cmd/larder"},
	"github.com/apache/arrow-go":                                        {"internal/arrow"},
	"github.com/alecthomas/kong":                                        {"cmd/larder"},
	"github.com/schollz/progressbar":                                    {"cmd/larder"},
}

func TestImports(t *testing.T) {
	seen := map[string]bool{}
	for _, dir := range packageDirs(t) {
		p, err := build.ImportDir(filepath.Join(root, dir), 0)
		if err != nil {
			if _, none := err.(*build.NoGoError); none {
				continue
			}
			t.Fatal(err)
		}
		if len(p.GoFiles)+len(p.CgoFiles) == 0 {
			continue // tests alone may import what they test
		}
		seen[dir] = true
		allowed, known := imports[dir]
		if !known {
			t.Errorf("%s is not in the picture: give it a row in imports, and say in docs/decisions why it is a package", dir)
			continue
		}
		for _, path := range p.Imports {
			if ours, ok := strings.CutPrefix(path, module); ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s; it may import %v", dir, ours, allowed)
			}
			if lib, where := owner(path); lib != "" && !slices.Contains(where, dir) {
				t.Errorf("%s imports %s; only %v may import %s", dir, path, where, lib)
			}
		}
	}
	for dir := range imports {
		if !seen[dir] {
			t.Errorf("%s has a row in imports and no source", dir)
		}
	}
}

// owner returns the longest library prefix of path that has owners.
func owner(path string) (lib string, where []string) {
	for l, w := range libraries {
		if strings.HasPrefix(path, l) && len(l) > len(lib) {
			lib, where = l, w
		}
	}
	return lib, where
}
