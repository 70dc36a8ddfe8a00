package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"

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
	w := &work{bench: b, larder: l, gets: gets}
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

// during runs work and measures meanwhile, until the work is done. Both have ended when it returns.
func (w *work) during(ctx context.Context, work, measure func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		err := work(ctx)
		cancel()
		ended <- err
	}()
	err := measure(ctx)
	cancel()
	worked := <-ended
	if errors.Is(worked, context.Canceled) {
		worked = nil // there was more of it than was measured
	}
	return errors.Join(err, worked)
}

// rows that are written to a group before it is flushed.
func (w *work) flushRows() int { return max(20_000, 2*w.records) }

// group writes rows to a new group.
func (w *work) group(ctx context.Context, rows int) (string, error) {
	w.made++
	name := fmt.Sprintf("beside-%d", w.made)
	return name, w.larder.fill(ctx, name, 10, rows)
}

// flushing flushes four groups, one after the other, and measures until that is done.
func (w *work) flushing(ctx context.Context, path string, round int) error {
	const groups = 4
	var names []string
	for range groups {
		name, err := w.group(ctx, w.flushRows()/2)
		if err != nil {
			return err
		}
		names = append(names, name)
	}
	return w.during(ctx, func(ctx context.Context) error { return w.larder.flush(ctx, names...) }, func(ctx context.Context) error {
		return w.reads(ctx, path, round, longest, func() string {
			return fmt.Sprintf("until %s rows of 10 features in %d groups were in files", records.Thousands(int64(groups*(w.flushRows()/2))), groups)
		})
	})
}

// fanout is how many files of about the same size a merge begins with.
const fanout = 8

// compaction merges eight files of an hour and measures until that is done. The last file is the smallest that counts
// with the others, so that its flush is the smallest part of what is measured.
func (w *work) compaction(ctx context.Context, path string, round int) error {
	each := w.flushRows() / 2
	last := 1
	for last*fanout <= each { // tiers of files are powers of the fanout
		last *= fanout
	}
	last = max(last, (each+3)/4) // a larger one would not be merged with it
	features := records.Features(10)
	w.made++
	name := fmt.Sprintf("beside-%d", w.made)
	if err := w.larder.createGroup(ctx, name, features); err != nil {
		return err
	}
	rows := 0
	for i := range fanout {
		n := each
		if i == fanout-1 {
			n = last
		}
		// All of one event hour.
		if err := w.larder.write(ctx, name, features, rows, rows+n, 0); err != nil {
			return err
		}
		rows += n
		if i == fanout-1 {
			break
		}
		if err := w.larder.flush(ctx, name); err != nil {
			return err
		}
	}
	const merged = "larder_compaction_rows_total"
	before, err := w.larder.counter(ctx, merged)
	if err != nil {
		return err
	}
	return w.during(ctx, func(ctx context.Context) error {
		if err := w.larder.flush(ctx, name); err != nil {
			return err
		}
		for {
			now, err := w.larder.counter(ctx, merged)
			if err != nil || now > before {
				return err
			}
			if err := pause(ctx, 50*time.Millisecond); err != nil {
				return err
			}
		}
	}, func(ctx context.Context) error {
		return w.reads(ctx, path, round, longest, func() string {
			return fmt.Sprintf("until %d files of %s rows were one, the flush of the last, of %s rows, and up to a second until the server looks included", fanout, records.Thousands(int64(rows)), records.Thousands(int64(last)))
		})
	})
}

// query has a statement run that has work for minutes.
func (w *work) query(ctx context.Context, path string, round int) (err error) {
	group, err := w.larder.clients.SageMaker.DescribeFeatureGroup(ctx, &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: aws.String("g50")})
	if err != nil {
		return err
	}
	table := aws.ToString(group.OfflineStoreConfig.DataCatalogConfig.TableName)
	text := fmt.Sprintf(`SELECT sum(a.f002 * b.f004 + c.f006) FROM "%[1]s" a CROSS JOIN "%[1]s" b CROSS JOIN "%[1]s" c WHERE a.f002 + b.f004 < c.f008 * 2`, table)
	started, err := w.larder.clients.Athena.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{
		QueryString:           &text,
		QueryExecutionContext: &athenatypes.QueryExecutionContext{Database: aws.String("sagemaker_featurestore")},
		ResultConfiguration:   &athenatypes.ResultConfiguration{OutputLocation: aws.String("s3://" + lake + "/r")},
	})
	if err != nil {
		return err
	}
	id := started.QueryExecutionId
	defer func() {
		_, stop := w.larder.clients.Athena.StopQueryExecution(context.WithoutCancel(ctx), &athena.StopQueryExecutionInput{QueryExecutionId: id})
		err = errors.Join(err, stop)
	}()
	// It plans and opens its files first.
	if err := pause(ctx, time.Second); err != nil {
		return err
	}
	if err := w.reads(ctx, path, round, 2*w.long, func() string { return "a cross join of three tables of 50 features beside" }); err != nil {
		return err
	}
	state, err := w.larder.clients.Athena.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: id})
	if err != nil {
		return err
	}
	if s := state.QueryExecution.Status; s.State != athenatypes.QueryExecutionStateRunning {
		return fmt.Errorf("the heavy query is %s: %s", s.State, aws.ToString(s.StateChangeReason))
	}
	return nil
}
