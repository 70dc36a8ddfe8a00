package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/process"
	"github.com/larder-dev/larder/test/bench/results"
)

// ours is what rows call the server that all this is about.
const ours = "Larder"

// A section is a part of the page: it starts what it measures and ends it.
type section struct {
	name string
	run  func(*bench, context.Context) error
}

// sections in the order of the page.
func sections() []section {
	return []section{
		{"Start and memory", (*bench).start},
		{"Online reads", (*bench).reads},
		{"Reads beside other work", (*bench).beside},
		{"Online writes", (*bench).writes},
		{"In turns with other stores", (*bench).besidePeers},
		{"A large group", (*bench).many},
		{"Bulk", (*bench).bulk},
		{"Programs that use boto3", (*bench).boto3},
	}
}

// A bench is one run.
type bench struct {
	config
	began   time.Time
	section string // that runs
}

// run measures all sections. One that fails is a row that says so, and does not keep the others from being measured.
func run(ctx context.Context, cfg config) (err error) {
	b := &bench{config: cfg, began: time.Now()}
	if b.out == "" || b.dir == "" {
		return errors.New("say -out and -dir")
	}
	for _, path := range []*string{&b.binary, &b.dir, &b.out, &b.cache, &b.programs} {
		if *path, err = filepath.Abs(*path); err != nil {
			return err
		}
	}
	if _, err := os.Stat(b.binary); err != nil {
		return fmt.Errorf("%w: run `make build` first", err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, b.most, fmt.Errorf("the run has taken its %v", b.most))
	defer cancel()
	var failed []string
	for _, s := range sections() {
		if !b.only.MatchString(s.name) {
			continue
		}
		b.section = s.name
		b.say("%s", s.name)
		err := context.Cause(ctx)
		began := time.Now()
		if err == nil {
			err = s.run(b, ctx)
		}
		b.say("%s: %.0f s", s.name, time.Since(began).Seconds())
		if err != nil {
			b.say("%s: %v", s.name, err)
			failed = append(failed, s.name)
			if err := b.row(results.Row{Path: "the rest of this section", Contender: ours, Note: "not measured: " + oneLine(err)}); err != nil {
				return err
			}
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("not measured to the end: %s", strings.Join(failed, ", "))
	}
	return nil
}

// oneLine is an error for a cell of a table.
func oneLine(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	return text[:min(len(text), 300)]
}

// say prints progress.
func (b *bench) say(format string, args ...any) {
	fmt.Printf("%5.0f s  %s\n", time.Since(b.began).Seconds(), fmt.Sprintf(format, args...))
}

// row adds a row to the results, in the section that runs, and prints it.
func (b *bench) row(r results.Row) error {
	r.Section, r.Round = b.section, max(r.Round, 1)
	unit := r.Unit
	if unit == "" {
		unit = "requests"
	}
	switch {
	case r.Rate > 0:
		b.say("  %s: %s: %.0f %s/s, p50 %.3f ms, p99 %.3f ms, worst %.1f ms, %d errors, %.1f s of processor (%.1f µs each), %.0f MiB %s",
			r.Path, r.Contender, r.Rate, unit, r.P50, r.P99, r.Worst, r.Errors, r.CPU, r.Each(), r.RSS, r.Note)
	default:
		b.say("  %s: %s: %.6g %s %s", r.Path, r.Contender, r.Value, r.Unit, r.Note)
	}
	return results.Append(b.out, r)
}

// figure adds a row of one figure.
func (b *bench) figure(path, contender string, round int, value float64, unit, note string) error {
	return b.row(results.Row{Path: path, Contender: contender, Round: round, Value: value, Unit: unit, Note: note})
}

// A contender is asked on a path, and is measured by its process.
type contender struct {
	name      string
	processes process.Group // none: the bench itself does it
	// plan makes what is asked. It is called before each round, so that no signature is old.
	plan func(round int) load.Plan
	unit string  // what the rate counts; "": requests
	per  float64 // of them in a request; 0: 1
	note string
	// Or run does it all by itself.
	run func(ctx context.Context, round int) (results.Row, error)
}

// compare measures contenders in turn, round by round, so that what the machine does meanwhile strikes all.
func (b *bench) compare(ctx context.Context, path string, contenders ...contender) error {
	for round := 1; round <= b.rounds; round++ {
		for i := range contenders {
			if _, err := b.round(ctx, path, round, &contenders[i]); err != nil {
				return fmt.Errorf("%s: %s: %w", path, contenders[i].name, err)
			}
		}
	}
	return nil
}

// round measures a contender once and returns its rate in requests.
func (b *bench) round(ctx context.Context, path string, round int, c *contender) (float64, error) {
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	row := results.Row{Path: path, Contender: c.name, Round: round, Unit: c.unit, Note: c.note}
	if c.run != nil {
		var got results.Row
		err := b.profiled(ctx, path, c.processes, func() (err error) {
			got, err = c.run(ctx, round)
			return err
		})
		if err != nil {
			return 0, err
		}
		got.Path, got.Contender, got.Round, got.Unit, got.Note = path, c.name, round, c.unit, join(c.note, got.Note)
		return got.Rate, b.row(got)
	}
	plan := c.plan(round)
	got, used, err := b.load(ctx, path, c.processes, plan)
	if err != nil {
		return 0, err
	}
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	row = row.Loaded(&plan, got)
	row.CPU, row.RSS = used.Seconds(), c.processes.RSS()
	rate := row.Rate
	if c.per > 0 {
		row.Rate *= c.per
		row.Done *= int64(c.per)
	}
	return rate, b.row(row)
}

// load carries a plan out, for as long as a round is unless it says so itself, and says how much of a processor the
// server used, the warming included.
func (b *bench) load(ctx context.Context, path string, p process.Group, plan load.Plan) (got load.Result, used time.Duration, err error) {
	if plan.For == 0 {
		plan.For, plan.Warm = b.long, b.warm
	}
	err = b.profiled(ctx, path, p, func() (err error) {
		before := p.CPU()
		got, err = load.Run(ctx, plan)
		used = p.CPU() - before
		return err
	})
	return got, used, err
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}
