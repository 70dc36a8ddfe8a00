// Package peers runs what Larder is measured beside: Redis, Feast's feature servers, moto. It starts them below .cache's
// set-up, loads them with the bench's records, compares what they answer with what was loaded, and says how they are
// asked. It measures nothing: the bench asks them in turns with Larder.
package peers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"time"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/process"
	"github.com/larder-dev/larder/test/bench/records"
)

// A Path is what all contenders are asked for.
type Path int

// The reads are of 50 features, the writes of 10.
const (
	GetOne     Path = iota // a record
	GetBatch               // 100 records
	Put1                   // a record, over one connection
	Put16                  // over 16
	Put64                  // over 64
	WriteBatch             // 25 records
)

const (
	readFeatures  = 50
	writeFeatures = 10
	batch         = 100 // records of a GetBatch
	entries       = 25  // records of a WriteBatch
	// mostRequests is how many records are asked for before they are asked for again.
	mostRequests = 20_000
)

// Conns is over how many connections a path is asked.
func (p Path) Conns() int {
	return map[Path]int{GetOne: 16, GetBatch: 16, Put1: 1, Put16: 16, Put64: 64, WriteBatch: 16}[p]
}

// records of a request.
func (p Path) records() int {
	return map[Path]int{GetBatch: batch, WriteBatch: entries}[p]
}

// Reads and Writes are the paths of each.
func Reads() []Path  { return []Path{GetOne, GetBatch} }
func Writes() []Path { return []Path{Put1, Put16, Put64, WriteBatch} }

// A Setup is where peers run, and with how much.
type Setup struct {
	Cache   string // where scripts/bench-peers has set them up
	Sources string // where the Python programs are
	Dir     string // for a peer's data: of its own, there, and removed by the caller
	Records int
	Say     func(format string, a ...any)
}

// A Peer is one that can be run. The error of Start says why it cannot be measured.
type Peer struct {
	Name  string
	Paths []Path
	start func(ctx context.Context, s *Setup) (*Running, error)
}

// Start starts a peer, loads it and compares some of its answers on every path, whole. When ctx ends it gives up.
func (p Peer) Start(ctx context.Context, s *Setup) (*Running, error) {
	r, err := p.start(ctx, s)
	if err == nil {
		if err = r.verify(ctx); err == nil {
			return r, nil
		}
		err = errors.Join(err, r.Stop())
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return nil, err
}

// All are the peers, in the order of the page.
func All() []Peer {
	all := []Peer{{"Redis, reads", Reads(), redisReads}, {"Redis, writes", Writes(), redisWrites}}
	for _, f := range feasts() {
		all = append(all, Peer{f.name, Reads(), f.start})
	}
	return append(all, Peer{"moto", append(Reads(), Writes()...), moto})
}

// A Running is a peer that answers what it was loaded with.
type Running struct {
	Processes process.Group // all that it needs to answer
	Asks      []Ask
	Refused   map[Path]string // what it does not answer, and how it says so
}

// Stop ends the peer.
func (r *Running) Stop() error {
	var errs []error
	for i := len(r.Processes) - 1; i >= 0; i-- {
		errs = append(errs, r.Processes[i].Stop())
	}
	return errors.Join(errs...)
}

// An Ask is one way of asking a peer on a path.
type Ask struct {
	Path      Path
	Contender string
	Note      string
	Addr      string
	Frame     load.Frame
	Requests  []load.Request
	// Whole says what is wrong with the answer to request n, every value of it.
	Whole func(n int, a load.Answer) error
	Unit  string  // what a rate counts; "": requests
	Per   float64 // of them in a request; 0: 1
}

// everyAnswer is of how many answers of a round one is compared whole, so that the client has time to measure.
const everyAnswer = 64

// Plan is a plan of the ask, at a rate (0: a closed loop). How long it takes is for the caller to say.
func (a *Ask) Plan(rate float64) load.Plan {
	asked := 0
	return load.Plan{Addr: a.Addr, Conns: a.Path.Conns(), Rate: rate, Requests: a.Requests, Frame: a.Frame, Check: func(n int, got load.Answer) error {
		if asked++; asked%everyAnswer != 1 {
			return nil
		}
		return a.Whole(n, got)
	}}
}

// verify asks some requests of each kind and compares every answer.
func (r *Running) verify(ctx context.Context) error {
	for _, a := range r.Asks {
		plan := a.Plan(0)
		plan.Check, plan.Count, plan.For = a.Whole, int64(4*plan.Conns), time.Minute
		err := carryOut(ctx, plan)
		for tries := 1; err != nil && ctx.Err() == nil && tries < answerTries; tries++ {
			// A server that listens may still be starting its workers. What is wrong then is wrong again.
			select {
			case <-ctx.Done():
			case <-time.After(answerPause):
				err = carryOut(ctx, plan)
			}
		}
		if err != nil {
			said := ""
			for _, p := range r.Processes {
				said = p.Said()
			}
			return fmt.Errorf("%s: what was loaded: %w; the last that it said: %s", a.Contender, err, said[max(0, len(said)-200):])
		}
	}
	return nil
}

// carryOut carries out a plan that measures nothing and of which nothing may fail.
func carryOut(ctx context.Context, plan load.Plan) error {
	got, err := load.Run(ctx, plan)
	switch {
	case err != nil:
		return err
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case got.Errors > 0:
		return fmt.Errorf("%d errors, the first: %s", got.Errors, got.Error)
	case got.Answered != plan.Count:
		return fmt.Errorf("%d answers to %d requests within %v", got.Answered, plan.Count, plan.For)
	}
	return nil
}

// asked are the records that each request of a path of reads asks for: those that Larder is asked for.
func (s *Setup) asked(p Path) [][]int {
	var all [][]int
	if p == GetOne {
		for _, id := range records.Drawn(mostRequests, s.Records) {
			all = append(all, []int{id})
		}
		return all
	}
	const calls = 1000
	ids := records.Drawn(calls*batch, s.Records)
	for i := range calls {
		all = append(all, ids[i*batch:(i+1)*batch])
	}
	return all
}

// A peer that does not answer right is asked again so often, so much later.
const (
	answerTries = 3
	answerPause = 5 * time.Second
)

// patience is how long a peer may take to start.
const patience = 2 * time.Minute

// listens starts a peer that listens on a port, and returns when it does.
func listens(ctx context.Context, name, dir string, env []string, argv func(port int) []string) (p *process.Process, addr string, err error) {
	port, err := process.FreePort()
	if err != nil {
		return nil, "", err
	}
	if p, err = process.Start(name, dir, env, argv(port)...); err != nil {
		return nil, "", err
	}
	addr = fmt.Sprintf("127.0.0.1:%d", port)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := p.AwaitPort(ctx, addr); err != nil {
		return nil, "", errors.Join(err, p.Stop())
	}
	return p, addr, nil
}

var versionNumber = regexp.MustCompile(`[0-9]+\.[0-9.]*[0-9]`)

// versionOf asks a program for its version.
func versionOf(ctx context.Context, name string, argv ...string) (string, error) {
	c := exec.CommandContext(ctx, argv[0], argv[1:]...)
	c.Env = append(os.Environ(), feastEnv...)
	out, err := c.Output()
	number := versionNumber.Find(out)
	if err != nil || number == nil {
		return "", fmt.Errorf("the version of %s: %w: %q", name, err, out)
	}
	return name + " " + string(number), nil
}
