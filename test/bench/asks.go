package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/process"
	"github.com/larder-dev/larder/test/bench/records"
	"github.com/larder-dev/larder/test/bench/requests"
)

// What the sections ask. Which records, is drawn by the same numbers in each run.

// mostRequests is how many requests are prepared for a round; they are sent over again.
const mostRequests = 20_000

// fresh is how old prepared requests may get: a round later they must still be valid.
const fresh = requests.Valid / 2

// prepared are requests that are made again when their signatures are old.
type prepared struct {
	make func() []load.Request
	made time.Time
	all  []load.Request
}

func (p *prepared) get() []load.Request {
	if time.Since(p.made) > fresh {
		p.all, p.made = p.make(), time.Now()
	}
	return p.all
}

// An ask is what is asked of a server and what must be answered.
type ask struct {
	requests *prepared
	check    func() func(int, load.Answer) error
	of       int // bytes of what one request brings or fetches
}

// gets are GetRecord of random records of the first n of a group: of mostRequests of them, over and over.
func (l *larder) gets(group string, features, n int) ask {
	return l.getsOf(group, features, n, mostRequests)
}

// getsOf are GetRecord of so many random records.
func (l *larder) getsOf(group string, features, n, draws int) ask {
	f, ids := records.Features(features), records.Drawn(draws, n)
	return ask{
		requests: &prepared{make: func() []load.Request {
			all := make([]load.Request, len(ids))
			for i, id := range ids {
				all[i] = l.signer.Get(group, id)
			}
			return all
		}},
		check: func() func(int, load.Answer) error { return requests.CheckGet(f, ids, 0) },
	}
}

// batchGets are BatchGetRecord of so many records of each group.
func (l *larder) batchGets(groups []string, each, n int) ask {
	const calls = 1000
	ids := records.Drawn(calls*each, n)
	return ask{
		requests: &prepared{make: func() []load.Request {
			all := make([]load.Request, calls)
			for i := range all {
				all[i] = l.signer.BatchGet(groups, ids[i*each:(i+1)*each])
			}
			return all
		}},
		check: func() func(int, load.Answer) error { return requests.CheckBatchGet(each * len(groups)) },
	}
}

// contender is the server, asked over so many connections at so many requests a second (0: a closed loop).
func (l *larder) contender(a ask, conns int, rate float64) contender {
	return contender{name: ours, processes: process.Group{l.Process}, plan: func(int) load.Plan {
		return load.Plan{Addr: l.addr, Conns: conns, Rate: rate, Requests: a.requests.get(), Check: a.check()}
	}}
}

// beside are the contenders of a path with the bare servers that answer what the server answers to the first request.
// stop ends them.
func (l *larder) beside(ctx context.Context, a ask, conns int, rate float64, names ...string) (all []contender, stop func() error, err error) {
	answer, err := l.one(ctx, a.requests.get()[0])
	if err != nil {
		return nil, nil, err
	}
	all = append(all, l.contender(a, conns, rate))
	var servers []*bare
	stop = func() error {
		var errs []error
		for _, s := range servers {
			errs = append(errs, s.Stop())
		}
		return errors.Join(errs...)
	}
	for _, name := range names {
		s, err := l.b.bareServer(ctx, l, name, answer)
		if err != nil {
			return nil, nil, errors.Join(err, stop())
		}
		servers = append(servers, s)
		all = append(all, contender{name: name, processes: process.Group{s.Process}, plan: func(int) load.Plan {
			return load.Plan{Addr: s.addr, Conns: conns, Rate: rate, Requests: a.requests.get()}
		}})
	}
	return all, stop, nil
}

// against measures a path with the bare servers beside it.
func (l *larder) against(ctx context.Context, path string, a ask, conns int, rate float64, names ...string) (err error) {
	all, stop, err := l.beside(ctx, a, conns, rate, names...)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer func() { err = errors.Join(err, stop()) }()
	return l.b.compare(ctx, path, all...)
}
