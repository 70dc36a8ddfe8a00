// Package worker is the process that runs plans with DuckDB, one at a time. It is the only
// importer of DuckDB. It trusts its parent, and opens nothing but the files that a plan names.
package worker

import (
	"errors"
	"io"
)

// Main serves plans from in until in ends, and answers on out.
func Main(in io.Reader, out io.Writer) error { return errors.New("not written yet") }
