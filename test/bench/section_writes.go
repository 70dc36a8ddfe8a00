package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/process"
	"github.com/larder-dev/larder/test/bench/records"
	"github.com/larder-dev/larder/test/bench/requests"
	"github.com/larder-dev/larder/test/bench/results"
)

const rawAppends = "raw appends, synced in groups"

// writes measures PutRecord and BatchWriteRecord, on the disk before they are acknowledged, while rows are flushed as
// in any server.
func (b *bench) writes(ctx context.Context) (err error) {
	l, err := b.serve(ctx, "writes")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.remove()) }()
	if err := l.fill(ctx, "w10", 10, b.records); err != nil {
		return err
	}
	for _, conns := range []int{1, 16, 64} {
		if err := b.appends(ctx, l, fmt.Sprintf("PutRecord, 10 features, %s, durable", clientsOf(conns)), l.puts("w10", 10, b.records), conns, "", 1); err != nil {
			return err
		}
	}
	if err := b.appends(ctx, l, "BatchWriteRecord, 25 records of 10 features, 16 clients, durable", l.batchWrites("w10", 10, b.records), 16, "records", entries); err != nil {
		return err
	}
	for _, share := range []int{10, 50} {
		if err := b.mixed(ctx, l, share); err != nil {
			return err
		}
	}
	return nil
}

func clientsOf(n int) string {
	if n == 1 {
		return "1 client"
	}
	return fmt.Sprintf("%d clients", n)
}

// versions of records are drawn from so many hours, later than what was loaded.
const versions = 3

// puts are PutRecord of newer versions of records. A record comes again with an event time that is held or later or
// older, as events do.
func (l *larder) puts(group string, features, n int) ask {
	f, ids := records.Features(features), records.Drawn(mostRequests, n)
	a := ask{check: func() func(int, load.Answer) error { return nil }}
	a.requests = &prepared{make: func() []load.Request {
		all := make([]load.Request, len(ids))
		for i, id := range ids {
			all[i] = l.signer.Put(group, f, id, 1+i%versions)
		}
		return all
	}}
	a.of = len(a.requests.get()[0].Bytes)
	return a
}

// batchWrites are BatchWriteRecord of 25 records.
func (l *larder) batchWrites(group string, features, n int) ask {
	const calls = 2000
	f, ids := records.Features(features), records.Drawn(calls*entries, n)
	a := ask{check: func() func(int, load.Answer) error { return requests.CheckBatchWrite }}
	a.requests = &prepared{make: func() []load.Request {
		all := make([]load.Request, calls)
		for i := range all {
			all[i] = l.signer.BatchWrite(group, f, ids[i*entries:(i+1)*entries], 1+i%versions)
		}
		return all
	}}
	a.of = len(a.requests.get()[0].Bytes)
	return a
}

// appends measures a path beside a bare handler that appends as much and syncs, and beside the disk alone.
func (b *bench) appends(ctx context.Context, l *larder, path string, a ask, conns int, unit string, per float64) (err error) {
	all, stop, err := l.beside(ctx, a, conns, 0, bareAppends)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	all = append(all, contender{name: rawAppends, note: fmt.Sprintf("%d bytes each by %d writers, no HTTP", a.of, conns), run: func(ctx context.Context, _ int) (results.Row, error) {
		return b.raw(ctx, a.of, conns)
	}})
	for i := range all {
		all[i].unit, all[i].per = unit, per
	}
	raw := all[len(all)-1].run
	all[len(all)-1].run = func(ctx context.Context, round int) (results.Row, error) {
		r, err := raw(ctx, round)
		r.Rate *= per
		return r, err
	}
	return b.compare(ctx, path, all...)
}

// raw appends so many bytes from so many goroutines for a round, each waiting for its sync.
func (b *bench) raw(ctx context.Context, size, writers int) (_ results.Row, err error) {
	name := filepath.Join(b.dir, "raw-journal")
	j, err := openJournal(name)
	if err != nil {
		return results.Row{}, err
	}
	defer func() { err = errors.Join(err, j.close(), os.Remove(name)) }()
	ctx, cancel := context.WithTimeout(ctx, b.long)
	defer cancel()
	var done atomic.Int64
	var failed atomic.Pointer[error]
	var group sync.WaitGroup
	began := time.Now()
	for range writers {
		group.Go(func() {
			bytes := make([]byte, size)
			for ctx.Err() == nil {
				if err := j.append(bytes); err != nil {
					failed.Store(&err)
					return
				}
				done.Add(1)
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		return results.Row{}, *err
	}
	return results.Row{Rate: float64(done.Load()) / time.Since(began).Seconds(), Conns: writers}, nil
}

// mixed measures reads with so many writes in a hundred among them.
func (b *bench) mixed(ctx context.Context, l *larder, share int) error {
	gets, puts := l.gets("w10", 10, b.records), l.puts("w10", 10, b.records)
	mix := &prepared{make: func() []load.Request {
		all := make([]load.Request, mostRequests)
		reads, writes := gets.requests.make(), puts.requests.make()
		for i := range all {
			// The writes are spread evenly.
			if (i*share)%100 < share {
				all[i] = writes[i]
			} else {
				all[i] = reads[i]
			}
		}
		return all
	}}
	path := fmt.Sprintf("%d GetRecord to %d PutRecord, 10 features, 32 clients, ceiling", 100-share, share)
	for round := 1; round <= b.rounds; round++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		plan := load.Plan{Addr: l.addr, Conns: 32, Requests: mix.get()}
		got, used, err := b.load(ctx, path, process.Group{l.Process}, plan)
		if err != nil {
			return err
		}
		row := results.Row{Path: path, Contender: ours, Round: round, CPU: used.Seconds(), RSS: l.RSS()}.Loaded(&plan, got)
		if err := b.row(row); err != nil {
			return err
		}
		for class, name := range []string{"its reads", "its writes"} {
			part := got
			part.Classes, part.Answered = got.Classes[class:class+1], int64(len(got.Classes[class]))
			part.Errors, part.Error, part.All = 0, "", 0
			if err := b.row(results.Row{Path: path, Contender: ours + ", " + name, Round: round}.Loaded(&plan, part)); err != nil {
				return err
			}
		}
	}
	return nil
}
