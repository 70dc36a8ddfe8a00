package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/larder-dev/larder/test/bench/page"
	"github.com/larder-dev/larder/test/bench/results"
)

// A pageJob is a page to make.
type pageJob struct {
	in, out, notes, readme string
	facts                  page.Facts
}

// flags are what the page says of a run besides its rows, and the files.
func (j *pageJob) flags(flags *flag.FlagSet) {
	flags.StringVar(&j.in, "in", "", "file of rows")
	flags.StringVar(&j.out, "out", "", "page to write, and beside it the rows")
	flags.StringVar(&j.notes, "notes", "", "file of what somebody wrote of goals that are not met; it need not be there")
	flags.StringVar(&j.readme, "readme", "", "file whose figures are written anew; none: none")
	flags.StringVar(&j.facts.Date, "date", "", "when it was measured")
	flags.StringVar(&j.facts.Commit, "commit", "", "what was measured")
	flags.StringVar(&j.facts.Machine, "machine", "", "on what")
	flags.StringVar(&j.facts.Took, "took", "", "how long it took")
	flags.StringVar(&j.facts.Load, "load", "", "the load average before it")
	flags.BoolVar(&j.facts.Small, "small", false, "the run was a small one, whose figures mean nothing")
}

// write makes the page of a file of rows, keeps the rows beside it, and writes the figures of a README. Without facts
// the rows have theirs already.
func (j *pageJob) write() error {
	rows, err := results.Read(j.in)
	if err != nil {
		return err
	}
	if j.facts != (page.Facts{}) {
		rows = append([]results.Row{j.facts.Row()}, rows...)
	}
	var notes []byte
	if j.notes != "" {
		if notes, err = os.ReadFile(j.notes); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if kept := strings.TrimSuffix(j.out, ".md") + ".jsonl"; kept != j.in {
		if err := results.Write(kept, rows); err != nil {
			return err
		}
	}
	if err := os.WriteFile(j.out, page.Render(rows, page.Text(notes)), 0o644); err != nil {
		return err
	}
	if j.readme == "" {
		return nil
	}
	text, err := os.ReadFile(j.readme)
	if err != nil {
		return err
	}
	if text, err = page.Readme(text, rows); err != nil {
		return fmt.Errorf("%s: %w", j.readme, err)
	}
	return os.WriteFile(j.readme, text, 0o644)
}
