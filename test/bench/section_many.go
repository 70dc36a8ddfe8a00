package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/process"
	"github.com/larder-dev/larder/test/bench/records"
	"github.com/larder-dev/larder/test/bench/results"
)

const (
	perFile = 500_000 // rows of a source
	// manyRequests are about as many as a round answers: nearly every one asks for another record.
	manyRequests = 200_000
)

// many measures a server with a large group: how it is loaded, read cold and warm beside a small group, and started.
func (b *bench) many(ctx context.Context) (err error) {
	if err := b.room(int64(b.large) * int64(b.columns) * 45); err != nil {
		return err
	}
	l, err := b.serve(ctx, "many")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.remove()) }()
	if err := b.loadMany(ctx, l); err != nil {
		return err
	}
	if err := l.fill(ctx, "small", b.columns, b.records); err != nil {
		return err
	}
	if err := l.flush(ctx); err != nil {
		return err
	}
	if l, err = b.startFull(ctx, l); err != nil {
		return err
	}
	if err := recall(l.data); err != nil {
		return err
	}
	for _, asked := range []struct {
		what  string
		draws int
	}{{"each request for another record, files in the system's cache", manyRequests}, {fmt.Sprintf("the same %s records over and over", records.Thousands(mostRequests)), mostRequests}} {
		path := fmt.Sprintf("GetRecord, %d features, a small and a large group, %s, ceiling", b.columns, asked.what)
		if err := b.compare(ctx, path, l.drawn("small", b.columns, b.records, asked.draws), l.drawn("large", b.columns, b.large, asked.draws)); err != nil {
			return err
		}
	}
	return b.figure(fmt.Sprintf("memory with %s records, after reads at random", records.Count(b.large)), ours, 1, l.Own(), "MiB", "the server alone")
}

// drawn is the server asked for so many random records of a group, from other ones on in each round.
func (l *larder) drawn(group string, features, n, draws int) contender {
	c := l.contender(l.getsOf(group, features, n, draws), readers, 0)
	c.name = ours + ", " + records.Count(n) + " records"
	plan := c.plan
	c.plan = func(round int) load.Plan {
		p := plan(round)
		p.First = (round - 1) * draws / l.b.rounds
		return p
	}
	return c
}

// loadMany imports the large group.
func (b *bench) loadMany(ctx context.Context, l *larder) error {
	features := records.Features(b.columns)
	if err := l.createGroup(ctx, "large", features); err != nil {
		return err
	}
	began := time.Now()
	sources, bytes, err := b.sources(ctx, features, b.large)
	if err != nil {
		return err
	}
	b.say("  %s rows of %d features written as Parquet, %d MiB, in %.0f s", records.Count(b.large), b.columns, bytes>>20, time.Since(began).Seconds())
	l.ResetPeak()
	began, used := time.Now(), l.CPU()
	err = b.profiled(ctx, "import of a large group", process.Group{l.Process}, func() error {
		_, err := l.command(ctx, append([]string{"import", "--group", "large"}, sources...)...)
		return err
	})
	took := time.Since(began)
	for _, s := range sources {
		err = errors.Join(err, os.Remove(s))
	}
	if err != nil {
		return err
	}
	return b.row(results.Row{
		Path: fmt.Sprintf("import of %s rows of %d features (Parquet) into both stores", records.Count(b.large), b.columns), Contender: ours,
		Rate: float64(b.large) / took.Seconds(), Unit: "rows", CPU: (l.CPU() - used).Seconds(), Done: int64(b.large), RSS: l.Peak(),
		Note: fmt.Sprintf("%.0f s; memory is the most that the server had", took.Seconds()),
	})
}

// sources writes version 0 of n records as Parquet files, as many at a time as there are processors.
func (b *bench) sources(ctx context.Context, features []records.Feature, n int) (names []string, bytes int64, err error) {
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var group sync.WaitGroup
	var mu sync.Mutex // guards err, bytes
	for from := 0; from < n; from += perFile {
		name := filepath.Join(b.dir, fmt.Sprintf("rows-%d.parquet", from))
		names = append(names, name)
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			size, failed := writeRows(ctx, name, features, from, min(from+perFile, n))
			mu.Lock()
			defer mu.Unlock()
			bytes, err = bytes+size, errors.Join(err, failed)
		})
	}
	group.Wait()
	return names, bytes, err
}

// writeRows writes records from ≤ i < to and returns how large the file is.
func writeRows(ctx context.Context, name string, features []records.Feature, from, to int) (size int64, err error) {
	var columns []parquet.Column
	for _, f := range features {
		columns = append(columns, parquet.Column{Name: f.Name, Type: map[records.Kind]parquet.Type{records.Text: parquet.Text, records.Whole: parquet.Int64, records.Decimal: parquet.Float64}[f.Kind]})
	}
	schema, err := parquet.NewSchema(columns)
	if err != nil {
		return 0, err
	}
	f, err := os.Create(name)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 1<<20)
	w := parquet.NewWriter(out, schema)
	for i := from; i < to && ctx.Err() == nil; i++ {
		row := w.BeginRow()
		for k := range features {
			switch v := records.Value(i, k, 0).(type) {
			case string:
				row.Text([]byte(v))
			case int64:
				row.Int64(v)
			case float64:
				row.Float64(v)
			}
		}
		if err := row.End(); err != nil {
			return 0, err
		}
	}
	if err := errors.Join(context.Cause(ctx), w.Close(), out.Flush()); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// startFull starts the server again on what it has, after it was stopped and after it was killed, each time with
// nothing of it in the memory of the system, and reads cold. The server that it returns runs.
func (b *bench) startFull(ctx context.Context, l *larder) (*larder, error) {
	bytes, online, err := l.bytes(ctx)
	if err != nil {
		return l, err
	}
	size := fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
	note := fmt.Sprintf("%s of data, of them %.1f GB online", size, float64(online)/1e9)
	for round := 1; round <= b.rounds; round++ {
		for _, end := range []struct {
			how  string
			stop func(*process.Process) error
		}{{"after it was stopped", (*process.Process).Stop}, {"after kill -9", (*process.Process).Kill}} {
			if err := end.stop(l.Process); err != nil {
				return l, err
			}
			dropped, err := forget(l.data)
			if err != nil {
				return l, err
			}
			next, err := b.serve(ctx, "many")
			if err != nil {
				return l, err
			}
			l = next
			if err := b.figure("start with "+size+" of data, until it is ready", ours+", "+end.how, round, l.startup.Seconds(), "s", note+dropped); err != nil {
				return l, err
			}
			if end.how == "after it was stopped" {
				continue
			}
			if err := b.figure(fmt.Sprintf("memory with %s records, after a start", records.Count(b.large)), ours, round, l.Own(), "MiB", "the server alone"); err != nil {
				return l, err
			}
			cold := l.drawn("large", b.columns, b.large, mostRequests)
			cold.note = "just started, its files in no cache; not warmed"
			plan := cold.plan
			cold.plan = func(round int) load.Plan {
				p := plan(round)
				p.For = b.long // with no warming
				return p
			}
			if _, err := b.round(ctx, fmt.Sprintf("GetRecord, %d features, a large group, cold, ceiling", b.columns), round, &cold); err != nil {
				return l, err
			}
		}
	}
	return l, nil
}

// forget has the system forget what it holds of the files below a directory, and says if it could not.
func forget(dir string) (note string, err error) {
	err = filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		// What is not on the disk yet cannot be forgotten.
		if f.Sync() != nil || forgetFile(f) != nil {
			note = "; the system may still have had the files in memory"
		}
		return f.Close()
	})
	return note, err
}

// recall has the system read all files below a directory, and so hold what it has room for.
func recall(dir string) error {
	return filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		f, err := os.Open(name)
		if errors.Is(err, os.ErrNotExist) {
			return nil // the server has removed it meanwhile
		}
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, f)
		return errors.Join(err, f.Close())
	})
}

// room refuses to begin what the disk has no room for.
func (b *bench) room(bytes int64) error {
	free, err := diskFree(b.dir)
	if err != nil {
		return err
	}
	if free < bytes {
		return fmt.Errorf("%s has %d MiB free and this may need %d MiB: name another BENCH_DIR, or a smaller BENCH_LARGE or BENCH_LARGE_FEATURES", b.dir, free>>20, bytes>>20)
	}
	return nil
}
