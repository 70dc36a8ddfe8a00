package main

import (
	"flag"
	"os"

	"github.com/larder-dev/larder/test/bench/page"
	"github.com/larder-dev/larder/test/bench/results"
)

// factFlags are what the page says of a run besides its rows.
func factFlags(flags *flag.FlagSet) *page.Facts {
	f := &page.Facts{}
	flags.StringVar(&f.Date, "date", "", "when it was measured")
	flags.StringVar(&f.Commit, "commit", "", "what was measured")
	flags.StringVar(&f.Machine, "machine", "", "on what")
	flags.StringVar(&f.Took, "took", "", "how long it took")
	flags.BoolVar(&f.Small, "small", false, "the run was a small one, whose figures mean nothing")
	return f
}

// writePage makes the page of a file of rows.
func writePage(in, out string, facts *page.Facts) error {
	rows, err := results.Read(in)
	if err != nil {
		return err
	}
	return os.WriteFile(out, page.Render(rows, *facts), 0o644)
}
