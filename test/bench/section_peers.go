package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/peers"
	"github.com/larder-dev/larder/test/bench/process"
	"github.com/larder-dev/larder/test/bench/records"
	"github.com/larder-dev/larder/test/bench/results"
)

// peerTime is how long a peer may take to start, be loaded and answer what was loaded.
const peerTime = 10 * time.Minute

// mostSteady is the rate of an open loop beside peers at most.
const mostSteady = 10_000

// besidePeers measures Larder in turns with what others use for the same: all hold the same records, all run all the
// time, and each is asked while nobody asks the others.
func (b *bench) besidePeers(ctx context.Context) (err error) {
	if b.peers == nil {
		return b.row(results.Row{Path: "all of this section", Contender: ours, Note: "not measured: left out of this run (BENCH_PEERS=0)"})
	}
	l, err := b.serve(ctx, "peers")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.remove()) }()
	if err := l.fill(ctx, "g50", 50, b.records); err != nil {
		return err
	}
	if err := l.fill(ctx, "w10", 10, b.records); err != nil {
		return err
	}
	if err := l.flush(ctx); err != nil {
		return err
	}
	for _, paths := range [][]peers.Path{peers.Reads(), peers.Writes()} {
		if err := b.besideOn(ctx, l, paths); err != nil {
			return err
		}
	}
	return nil
}

// besideOn starts all peers that have these paths, and measures.
func (b *bench) besideOn(ctx context.Context, l *larder, paths []peers.Path) (err error) {
	all, err := b.startPeers(ctx, paths)
	defer func() {
		for _, p := range all {
			err = errors.Join(err, p.end())
		}
	}()
	if err != nil {
		return err
	}
	for _, path := range paths {
		if err := b.besideAt(ctx, l, path, all); err != nil {
			return err
		}
	}
	return nil
}

// startPeers starts all peers that have these paths, some at a time: most of it is one Python program that loads. Those
// that it returns are to be ended, with an error too.
func (b *bench) startPeers(ctx context.Context, paths []peers.Path) ([]*peer, error) {
	var wanted []peers.Peer
	for _, p := range peers.All() {
		if b.peers.MatchString(p.Name) && slices.Contains(p.Paths, paths[0]) {
			wanted = append(wanted, p)
		}
	}
	all, errs := make([]*peer, len(wanted)), make([]error, len(wanted))
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var group sync.WaitGroup
	for i, p := range wanted {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			all[i], errs[i] = b.startPeer(ctx, p)
		})
	}
	group.Wait()
	return slices.DeleteFunc(all, func(p *peer) bool { return p == nil }), errors.Join(errs...)
}

// A peer is one that runs, or the reason why it does not.
type peer struct {
	peers.Peer
	*peers.Running
	dir string
	why error
}

func (p *peer) end() (err error) {
	if p.Running != nil {
		err = p.Stop()
	}
	return errors.Join(err, os.RemoveAll(p.dir))
}

// startPeer starts a peer in a directory of its own. That it does not start is for the page to say.
func (b *bench) startPeer(ctx context.Context, p peers.Peer) (*peer, error) {
	dir, err := os.MkdirTemp(b.dir, "peer-")
	if err != nil {
		return nil, err
	}
	began := time.Now()
	limited, cancel := context.WithTimeoutCause(ctx, peerTime, fmt.Errorf("stopped after %v", peerTime))
	defer cancel()
	started := &peer{Peer: p, dir: dir}
	started.Running, started.why = p.Start(limited, &peers.Setup{Cache: b.cache, Sources: b.programs, Dir: dir, Records: b.records, Say: b.say})
	if ctx.Err() != nil {
		return nil, errors.Join(context.Cause(ctx), started.end())
	}
	if started.why != nil {
		b.say("  %s: %v", p.Name, started.why)
	} else {
		b.say("  %s is loaded and right in %.0f s", p.Name, time.Since(began).Seconds())
	}
	return started, nil
}

// besideAt measures a path: Larder and every peer, round by round.
func (b *bench) besideAt(ctx context.Context, l *larder, path peers.Path, all []*peer) error {
	name, steadily := b.besideNames(path)
	a := l.asked(path)
	own := l.contender(a, path.Conns(), 0)
	if path == peers.WriteBatch {
		own.unit, own.per = "records", entries
	}
	contenders := []contender{own}
	for _, p := range all {
		why := ""
		switch {
		case p.why != nil:
			why = "not measured: " + oneLine(p.why)
		case p.Refused[path] != "":
			why = "not measured: " + p.Refused[path]
		}
		if why != "" {
			if err := b.row(results.Row{Path: name, Contender: p.Name, Note: why}); err != nil {
				return err
			}
			continue
		}
		for i := range p.Asks {
			if p.Asks[i].Path == path {
				contenders = append(contenders, peerContender(p.Processes, &p.Asks[i], 0))
			}
		}
	}
	ceilings, err := b.tolerate(ctx, name, contenders)
	if err != nil || steadily == "" {
		return err
	}
	var slow []contender
	for _, c := range contenders {
		ceiling, measured := ceilings[c.name]
		if !measured {
			continue
		}
		plan, rate := c.plan, min(mostSteady, half(ceiling))
		c.plan = func(round int) load.Plan {
			p := plan(round)
			p.Rate = rate
			return p
		}
		c.note = join(c.note, fmt.Sprintf("%.0f a second", rate))
		slow = append(slow, c)
	}
	_, err = b.tolerate(ctx, steadily, slow)
	return err
}

// besideNames are the names of a path on the page, and of the same at a rate that each can bear.
func (b *bench) besideNames(path peers.Path) (ceiling, steadily string) {
	count := records.Count(b.records)
	switch path {
	case peers.GetOne:
		one := fmt.Sprintf("GetRecord, 50 features, %s records, beside peers", count)
		return one + ", ceiling", one + ", at half of each one's ceiling (open loop)"
	case peers.GetBatch:
		return fmt.Sprintf("BatchGetRecord, 100 records of 50 features, %s records, beside peers, ceiling", count), ""
	case peers.WriteBatch:
		return fmt.Sprintf("BatchWriteRecord, 25 records of 10 features, %d clients, beside peers, durable", path.Conns()), ""
	}
	return fmt.Sprintf("PutRecord, 10 features, %s, beside peers, durable", clientsOf(path.Conns())), ""
}

// asked is what Larder is asked on a path.
func (l *larder) asked(path peers.Path) ask {
	n := l.b.records
	switch path {
	case peers.GetOne:
		return l.gets("g50", 50, n)
	case peers.GetBatch:
		return l.batchGets([]string{"g50"}, 100, n)
	case peers.WriteBatch:
		return l.batchWrites("w10", 10, n)
	}
	return l.puts("w10", 10, n)
}

func peerContender(running process.Group, a *peers.Ask, rate float64) contender {
	return contender{name: a.Contender, note: a.Note, unit: a.Unit, per: a.Per, processes: running, plan: func(int) load.Plan { return a.Plan(rate) }}
}

// tolerate is compare, in which a contender other than the first may fail: that is a row then, and the others go on. It
// returns the worst rate of each, in requests.
func (b *bench) tolerate(ctx context.Context, path string, contenders []contender) (worst map[string]float64, err error) {
	worst = map[string]float64{}
	failed := map[string]bool{}
	for round := 1; round <= b.rounds; round++ {
		for i := range contenders {
			c := &contenders[i]
			if failed[c.name] {
				continue
			}
			rate, err := b.round(ctx, path, round, c)
			if err == nil && rate == 0 {
				err = errors.New("no good answer in a round")
			}
			switch {
			case ctx.Err() != nil:
				return nil, context.Cause(ctx)
			case err != nil && i == 0:
				return nil, fmt.Errorf("%s: %s: %w", path, c.name, err)
			case err != nil:
				failed[c.name] = true
				delete(worst, c.name)
				if err := b.row(results.Row{Path: path, Contender: c.name, Round: round, Note: "not measured to the end: " + oneLine(err)}); err != nil {
					return nil, err
				}
				continue
			}
			if before, measured := worst[c.name]; !measured || rate < before {
				worst[c.name] = rate
			}
		}
	}
	return worst, nil
}

// half of a ceiling, in two digits.
func half(ceiling float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(max(ceiling/2, 1)))-1)
	return max(1, math.Floor(ceiling/2/unit)*unit)
}
