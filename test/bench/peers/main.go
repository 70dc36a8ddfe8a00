// Command peers measures what others do with the records and the load that Larder is measured with: Redis, Feast's
// feature servers, moto. It appends its rounds to the bench's file of results; scripts/bench-peers runs it.
//
// A peer is set up by scripts below .cache, started on the loopback interface, loaded, asked whether what it answers is
// what was loaded, and only then driven. One that takes longer than its time is stopped, and its rows say so.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/larder-dev/larder/test/bench/results"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx); err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context) (err error) {
	s, err := settingOf(os.Getenv)
	if err != nil {
		return err
	}
	flag.StringVar(&s.out, "out", "", "file that the rows are added to")
	flag.StringVar(&s.dir, "dir", "", "directory for the peers' data, which is there; none: a temporary one")
	flag.StringVar(&s.cache, "cache", ".cache", "where the scripts set peers up")
	flag.StringVar(&s.sources, "sources", "test/bench/peers", "where the Python programs are")
	flag.Parse()
	if s.out == "" {
		return errors.New("say -out")
	}
	for _, path := range []*string{&s.cache, &s.sources, &s.out} {
		if *path, err = filepath.Abs(*path); err != nil {
			return err
		}
	}
	for _, p := range s.peers() {
		if !s.only.MatchString(p.name) {
			continue
		}
		if err := s.measurePeer(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// A peer is measured by run, which starts it, loads it and ends it. Where it cannot be, the places say why.
type peer struct {
	name   string
	places []place
	run    func(s *setting, ctx context.Context) error
}

// peers are all in the order in which they are measured.
func (s *setting) peers() []peer {
	var reads, writes []place
	for _, r := range s.readPaths() {
		reads = append(reads, r.place)
	}
	for _, w := range writePaths() {
		writes = append(writes, w.place)
	}
	all := []peer{{"Redis, reads", reads, (*setting).redisReads}, {"Redis, writes", writes, (*setting).redisWrites}}
	for _, f := range feasts() {
		all = append(all, peer{f.name, reads, f.measure})
	}
	return append(all, peer{"moto", append(reads, writes...), (*setting).moto})
}

// measurePeer measures a peer in a directory of its own and for its time at most. That it fails is for the page to say;
// an error is that the bench cannot go on.
func (s *setting) measurePeer(ctx context.Context, p peer) (err error) {
	began := time.Now()
	s.say("%s", p.name)
	mine := *s
	if mine.dir, err = os.MkdirTemp(s.dir, "peer-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(mine.dir)) }()
	limited, cancel := context.WithTimeoutCause(ctx, s.most, fmt.Errorf("stopped after %v", s.most))
	defer cancel()
	failed := p.run(&mine, limited)
	s.say("  %.0f s", time.Since(began).Seconds())
	switch {
	case ctx.Err() != nil:
		return errors.Join(ctx.Err(), failed)
	case failed == nil:
		return nil
	case limited.Err() != nil:
		failed = context.Cause(limited)
	}
	for _, at := range p.places {
		if err := s.row(results.Row{Section: at.section, Path: at.path, Contender: p.name, Note: "not measured to the end: " + oneLine(failed)}); err != nil {
			return err
		}
	}
	return nil
}

// oneLine is an error for a cell of a table.
func oneLine(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	return text[:min(len(text), 300)]
}
