package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/process"
	"github.com/larder-dev/larder/test/bench/records"
	"github.com/larder-dev/larder/test/bench/results"
)

const (
	steady = 10_000 // GetRecord a second, as the paths of the page say
	// clients is how many connections an open loop has: more than it needs while all goes well.
	clients = 64
	ingest  = 1_000 // PutRecord a second beside the reads
	// longest is how long reads go on beside work that has an end.
	longest = 30 * time.Second
)

// beside measures GetRecord at a steady rate: alone, and while the server has other work.
func (b *bench) beside(ctx context.Context) (err error) {
	// Rows are flushed when this asks for it, and then only.
	l, err := b.serve(ctx, "beside", "--flush-age", "1h")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.remove()) }()
	if err := l.fill(ctx, "g50", 50, b.records); err != nil {
		return err
	}
	if err := l.flush(ctx); err != nil {
		return err
	}
	gets := l.gets("g50", 50, b.records)
	path := "GetRecord, 50 features, 10,000 a second (open loop)"
	if err := l.against(ctx, path+", alone", gets, clients, steady, bareVerifies); err != nil {
		return err
	}
	if err := b.fastest(ctx, l, gets); err != nil {
		return err
	}
	answer, err := l.one(ctx, gets.requests.get()[0])
	if err != nil {
		return err
	}
	limit, err := b.bareServer(ctx, l, bareVerifies, answer)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, limit.Stop()) }()
	w := &work{bench: b, larder: l, bare: limit, gets: gets}
	if err := w.each(ctx, path, []besides{
		{", during ingest", w.ingest}, {", during a flush as fast as it goes", w.flushing}, {", during compaction", w.compaction}, {", during a heavy query", w.query},
	}); err != nil {
		return err
	}
	return b.besideFlushes(ctx, path)
}

// besideFlushes measures beside what a server does all day: steady ingest, and a flush every ten seconds.
func (b *bench) besideFlushes(ctx context.Context, path string) (err error) {
	l, err := b.serve(ctx, "flushes")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.remove()) }()
	if err := l.fill(ctx, "g50", 50, b.records); err != nil {
		return err
	}
	if err := l.flush(ctx); err != nil {
		return err
	}
	w := &work{bench: b, larder: l, gets: l.gets("g50", 50, b.records)}
	return w.each(ctx, path, []besides{{", during ingest with a flush every 10 s", w.flushes}})
}

// A besides is a path with what the server does meanwhile.
type besides struct {
	what string
	run  func(ctx context.Context, path string, round int) error
}

// each measures each of them, in rounds.
func (w *work) each(ctx context.Context, path string, all []besides) error {
	b := w.bench
	for _, beside := range all {
		for round := 1; round <= b.rounds; round++ {
			if err := beside.run(ctx, path+beside.what, round); err != nil {
				return fmt.Errorf("%s: %w", path+beside.what, err)
			}
		}
	}
	return nil
}

// fastest measures the steady rate of 0.7 of what a closed loop reaches.
func (b *bench) fastest(ctx context.Context, l *larder, gets ask) error {
	got, _, err := b.load(ctx, "the ceiling", process.Group{l.Process}, load.Plan{Addr: l.addr, Conns: readers, Requests: gets.requests.get()})
	if err != nil {
		return err
	}
	rate := math.Floor(got.Rate()*0.7/500) * 500
	if rate <= 0 {
		return fmt.Errorf("a closed loop of reads reached %.0f a second; the first error: %s", got.Rate(), got.Error)
	}
	c := l.contender(gets, clients, rate)
	c.note = fmt.Sprintf("%.0f a second", rate)
	return b.compare(ctx, "GetRecord, 50 features, 0.7 of the ceiling (open loop), alone", c)
}

// A work is what the server does beside the reads.
type work struct {
	*bench
	larder *larder
	bare   *bare // beside the work that goes on for long enough
	gets   ask
	puts   *prepared
	made   int // groups
}

// reads are measured until ctx ends or at most so long; the row is added.
func (w *work) reads(ctx context.Context, path string, round int, most time.Duration, note func() string) error {
	plan := load.Plan{Addr: w.larder.addr, Conns: clients, Rate: steady, Requests: w.gets.requests.get(), Check: w.gets.check(), For: most}
	got, used, err := w.load(ctx, path, process.Group{w.larder.Process}, plan)
	if err != nil {
		return err
	}
	said := fmt.Sprintf("round %d: %s reads in %.1f s, %s", round, records.Thousands(got.Answered), got.Took.Seconds(), note())
	row := results.Row{Path: path, Contender: ours, Round: round, Note: said, CPU: used.Seconds(), RSS: w.larder.RSS()}
	return w.row(row.Loaded(&plan, got))
}

// limit measures the bare handler at the same rate, while the server does the same work.
func (w *work) limit(ctx context.Context, path string, round int, most time.Duration) error {
	plan := load.Plan{Addr: w.bare.addr, Conns: clients, Rate: steady, Requests: w.gets.requests.get(), For: most}
	got, used, err := w.load(ctx, path, process.Group{w.bare.Process}, plan)
	if err != nil {
		return err
	}
	row := results.Row{Path: path, Contender: bareVerifies, Round: round, Note: "while Larder does that work", CPU: used.Seconds(), RSS: w.bare.RSS()}
	return w.row(row.Loaded(&plan, got))
}

// ingest writes to another group meanwhile. Nothing is flushed.
func (w *work) ingest(ctx context.Context, path string, round int) error {
	return w.writing(ctx, path, round, 2*w.long, func() string { return "" })
}

// flushes does so for as long as some flushes of the server's own need, and says how many there were.
func (w *work) flushes(ctx context.Context, path string, round int) error {
	long := 2 * w.long
	if !w.small {
		long = max(long, 25*time.Second)
	}
	files := func() float64 {
		n, err := w.larder.counter(ctx, "larder_flush_files_total")
		if err != nil {
			return math.NaN() // the note says so
		}
		return n
	}
	before := files()
	return w.writing(ctx, path, round, long, func() string {
		return fmt.Sprintf("; %.0f files were flushed in these %v", files()-before, long)
	})
}

// writing measures while a group is written to.
func (w *work) writing(ctx context.Context, path string, round int, long time.Duration, more func() string) error {
	if w.puts == nil {
		if err := w.larder.fill(ctx, "ingest", 10, w.records); err != nil {
			return err
		}
		a := w.larder.puts("ingest", 10, w.records)
		w.puts = a.requests
	}
	plan := load.Plan{Addr: w.larder.addr, Conns: clients, Rate: ingest, For: long + time.Second, Requests: w.puts.get()}
	if round == 1 {
		w.say("  beside: %d PutRecord a second of 10 features", ingest)
	}
	var wrote load.Result
	err := w.during(ctx, func(ctx context.Context) (err error) {
		wrote, err = load.Run(ctx, plan)
		return err
	}, func(ctx context.Context) error {
		return w.reads(ctx, path, round, long, func() string { return fmt.Sprintf("%d PutRecord a second of 10 features beside", ingest) + more() })
	})
	if err != nil {
		return err
	}
	writes := results.Row{Path: path, Contender: "Larder, the writes beside", Round: round}
	return w.row(writes.Loaded(&plan, wrote))
}
