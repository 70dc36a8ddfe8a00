package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"time"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/process"
	"github.com/larder-dev/larder/test/bench/results"
)

// A drive is one way of asking a running peer.
type drive struct {
	place
	contender string
	note      string
	plan      load.Plan
	// check says what is wrong with the answer to request n, whole.
	check  func(n int, a load.Answer) error
	steady string  // as in readPath
	unit   string  // what the rate counts; "": requests
	per    float64 // of them in a request; 0: 1
}

// everyAnswer is of how many answers of a round one is compared whole, so that the client has time to measure.
const everyAnswer = 64

// mostSteady is the rate of an open loop at most: the one that Larder is asked at.
const mostSteady = 10_000

// processes are what a peer's use of the machine is read from: all that it needs to answer.
type processes []*process.Process

func (all processes) cpu() (used time.Duration) {
	for _, p := range all {
		used += p.CPU()
	}
	return used
}

func (all processes) rss() (mib float64) {
	for _, p := range all {
		mib += p.RSS()
	}
	return mib
}

// measure drives a peer: at first with some requests of which every answer is compared, then in rounds.
func (s *setting) measure(ctx context.Context, p processes, d drive) error {
	first := d.plan
	first.Check, first.Count, first.For = d.check, int64(4*d.plan.Conns), time.Minute
	if err := carryOut(ctx, first); err != nil {
		return fmt.Errorf("what was loaded: %w", err)
	}
	asked := 0
	d.plan.Check = func(n int, a load.Answer) error {
		if asked++; asked%everyAnswer != 1 {
			return nil
		}
		return d.check(n, a)
	}
	d.plan.Warm, d.plan.For = s.warm, s.long
	var rates []float64
	for round := 1; round <= s.rounds; round++ {
		rate, err := s.round(ctx, p, d, d.path, round)
		if err != nil {
			return err
		}
		rates = append(rates, rate)
	}
	if d.steady == "" {
		return nil
	}
	d.plan.Rate = min(mostSteady, half(slices.Min(rates)))
	for round := 1; round <= s.rounds; round++ {
		if _, err := s.round(ctx, p, d, d.steady, round); err != nil {
			return err
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

// half of a ceiling, in two digits.
func half(ceiling float64) float64 {
	unit := 1.0
	for ceiling/2 >= 100*unit {
		unit *= 10
	}
	return max(1, float64(int(ceiling/2/unit))*unit)
}

// round carries a plan out and returns its rate.
func (s *setting) round(ctx context.Context, p processes, d drive, path string, round int) (float64, error) {
	before := p.cpu()
	got, err := load.Run(ctx, d.plan)
	if err != nil {
		return 0, err
	}
	switch {
	case ctx.Err() != nil:
		return 0, context.Cause(ctx)
	case got.Answered == 0:
		return 0, fmt.Errorf("no good answer within %v: %s", d.plan.For, got.Error)
	}
	row := results.Row{Section: d.section, Path: path, Contender: d.contender, Round: round, Unit: d.unit, Note: d.note}.Loaded(&d.plan, got)
	row.CPU, row.RSS = (p.cpu() - before).Seconds(), p.rss()
	rate := row.Rate
	if d.per > 0 {
		row.Rate *= d.per
	}
	return rate, s.row(row)
}

// patience is how long a peer may take to start.
const patience = 2 * time.Minute

// start starts a peer that listens on a port, and returns when it does.
func start(ctx context.Context, name, dir string, env []string, argv func(port int) []string) (p *process.Process, addr string, err error) {
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
func versionOf(name string, argv ...string) (string, error) {
	c := exec.Command(argv[0], argv[1:]...)
	c.Env = append(os.Environ(), feastEnv...)
	out, err := c.Output()
	number := versionNumber.Find(out)
	if err != nil || number == nil {
		return "", fmt.Errorf("the version of %s: %w: %q", name, err, out)
	}
	return name + " " + string(number), nil
}
