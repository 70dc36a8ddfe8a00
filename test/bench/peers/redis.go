package peers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/process"
	"github.com/larder-dev/larder/test/bench/records"
)

func (s *Setup) redisServer() string { return filepath.Join(s.Cache, "redis", "redis-server") }

// startRedis starts a Redis of the bench's own, whose files are in the peer's directory.
func (s *Setup) startRedis(ctx context.Context, options ...string) (p *process.Process, addr string, err error) {
	program := s.redisServer()
	if _, err := os.Stat(program); err != nil {
		return nil, "", errors.New("there is no Redis: scripts/redis sets it up")
	}
	return listens(ctx, "Redis", s.Dir, nil, func(port int) []string {
		return append([]string{program, "--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--dir", s.Dir, "--save", ""}, options...)
	})
}

// appendCommand appends words as RESP's array of texts: a command, or a reply that is a list.
func appendCommand(b []byte, words ...string) []byte {
	b = fmt.Appendf(b, "*%d\r\n", len(words))
	for _, w := range words {
		b = appendBulk(b, w)
	}
	return b
}

func appendBulk(b []byte, s string) []byte { return fmt.Appendf(b, "$%d\r\n%s\r\n", len(s), s) }

// fill gives Redis a hash for each record: field by field what a program puts into the Feature Store.
func fill(ctx context.Context, addr string, n int, features []records.Feature) error {
	for from := 0; from < n; from += mostRequests {
		plan := load.Plan{Addr: addr, Conns: 8, For: 5 * time.Minute, Frame: load.RESP}
		for record := from; record < min(n, from+mostRequests); record++ {
			words := []string{"HSET", records.ID(record)}
			for i, f := range features {
				words = append(words, f.Name, records.String(record, i, 0))
			}
			plan.Requests = append(plan.Requests, load.Request{Bytes: appendCommand(nil, words...)})
		}
		plan.Count = int64(len(plan.Requests))
		if err := carryOut(ctx, plan); err != nil {
			return fmt.Errorf("load: %w", err)
		}
	}
	return nil
}

// A hashCommand reads all fields of a record's hash: HMGET those that it names, HGETALL those that there are.
type hashCommand struct {
	name  string
	names bool // the reply has the fields' names too, as that to GetRecord has
}

// request reads records, with a command for each.
func (h hashCommand) request(ids []int, features []records.Feature) load.Request {
	var b []byte
	for _, id := range ids {
		words := []string{h.name, records.ID(id)}
		if !h.names {
			for _, f := range features {
				words = append(words, f.Name)
			}
		}
		b = appendCommand(b, words...)
	}
	return load.Request{Bytes: b}
}

// check compares replies byte by byte.
func (h hashCommand) check(asked [][]int, features []records.Feature) func(int, load.Answer) error {
	return func(n int, a load.Answer) error {
		var want []byte
		for _, id := range asked[n] {
			var words []string
			for i, f := range features {
				if h.names {
					words = append(words, f.Name)
				}
				words = append(words, records.String(id, i, 0))
			}
			want = appendCommand(want, words...)
		}
		if !bytes.Equal(want, a.Body) {
			return fmt.Errorf("%d records are not what was loaded: %.200q, want %.200q", len(asked[n]), a.Body, want)
		}
		return nil
	}
}

// redisReads is Redis without a log: reads do not need one.
func redisReads(ctx context.Context, s *Setup) (_ *Running, err error) {
	features := records.Features(readFeatures)
	p, addr, err := s.startRedis(ctx, "--appendonly", "no")
	if err != nil {
		return nil, err
	}
	r := &Running{Processes: process.Group{p}}
	defer r.stopIf(&err)
	version, err := versionOf(ctx, "Redis", s.redisServer(), "--version")
	if err != nil {
		return nil, err
	}
	if err := fill(ctx, addr, s.Records, features); err != nil {
		return nil, err
	}
	for _, command := range []hashCommand{{name: "HMGET"}, {name: "HGETALL", names: true}} {
		for _, path := range Reads() {
			a := Ask{Path: path, Contender: "Redis, " + command.name, Note: version + ", no signatures", Addr: addr, Frame: load.Pipeline(max(1, path.records()))}
			if path == GetBatch {
				a.Contender = "Redis, pipeline of " + command.name
			}
			asked := s.asked(path)
			for _, ids := range asked {
				a.Requests = append(a.Requests, command.request(ids, features))
			}
			a.Whole = command.check(asked, features)
			r.Asks = append(r.Asks, a)
		}
	}
	return r, nil
}

// stopIf stops what was started for something that failed.
func (r *Running) stopIf(err *error) {
	if *err != nil {
		*err = errors.Join(*err, r.Stop())
	}
}

// redisWrites is Redis that answers a write when its log is on the disk.
func redisWrites(ctx context.Context, s *Setup) (_ *Running, err error) {
	features := records.Features(writeFeatures)
	// A log that is written anew while it is measured would be slower.
	p, addr, err := s.startRedis(ctx, "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", "0")
	if err != nil {
		return nil, err
	}
	r := &Running{Processes: process.Group{p}}
	defer r.stopIf(&err)
	version, err := versionOf(ctx, "Redis", s.redisServer(), "--version")
	if err != nil {
		return nil, err
	}
	ids := records.Drawn(mostRequests, s.Records)
	for _, path := range Writes() {
		each := max(1, path.records())
		a := Ask{Path: path, Contender: "Redis, SET, fsync always", Addr: addr, Frame: load.Pipeline(each),
			Note: version + ", no signatures, no rule on event times, nothing kept for later analysis"}
		if each > 1 {
			a.Contender, a.Unit, a.Per = "Redis, pipeline of SET, fsync always", "records", float64(each)
		}
		for n := 0; n+each <= len(ids); n += each {
			a.Requests = append(a.Requests, sets(ids[n:n+each], features))
		}
		want := bytes.Repeat([]byte("+OK\r\n"), each)
		a.Whole = func(_ int, got load.Answer) error {
			if !bytes.Equal(got.Body, want) {
				return fmt.Errorf("a SET was not taken: %.100q", got.Body)
			}
			return nil
		}
		r.Asks = append(r.Asks, a)
	}
	if err := carryOut(ctx, load.Plan{Addr: addr, Conns: 1, Count: 1, For: time.Minute, Frame: load.RESP, Requests: []load.Request{sets(ids[:1], features)}}); err != nil {
		return nil, err
	}
	return r, kept(ctx, addr, ids[0], features)
}

// sets writes records, each as a program would that keeps it as JSON.
func sets(ids []int, features []records.Feature) load.Request {
	r := load.Request{Class: 1}
	for _, id := range ids {
		r.Bytes = appendCommand(r.Bytes, "SET", records.ID(id), document(id, features))
	}
	return r
}

// document is a record as JSON: names and values, as texts.
func document(record int, features []records.Feature) string {
	b := []byte{'{'}
	for i, f := range features {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, "%q:%q", f.Name, records.String(record, i, 0))
	}
	return string(append(b, '}'))
}

// kept reads back a record that was written.
func kept(ctx context.Context, addr string, record int, features []records.Feature) error {
	plan := load.Plan{Addr: addr, Conns: 1, Count: 1, For: time.Minute, Frame: load.RESP, Requests: []load.Request{{Bytes: appendCommand(nil, "GET", records.ID(record))}}}
	plan.Check = func(_ int, a load.Answer) error {
		if want := appendBulk(nil, document(record, features)); !bytes.Equal(a.Body, want) {
			return fmt.Errorf("record %d is %.200q, want %.200q", record, a.Body, want)
		}
		return nil
	}
	return carryOut(ctx, plan)
}
