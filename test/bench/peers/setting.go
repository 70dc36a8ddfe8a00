package main

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"

	"github.com/larder-dev/larder/test/bench/results"
)

// A setting is how much is done, and where.
type setting struct {
	out     string         // file of results
	dir     string         // for the peers' data
	cache   string         // where the scripts set peers up
	sources string         // where the Python programs are
	only    *regexp.Regexp // of peers' names
	records int            // that each peer holds
	rounds  int
	warm    time.Duration
	long    time.Duration // a round
	most    time.Duration // for one peer, with its loading
}

// settingOf reads what the whole bench reads, BENCH_SMALL, BENCH_ROUNDS, BENCH_SECONDS and BENCH_RECORDS, and for the
// peers alone BENCH_PEERS, a pattern of their names, and BENCH_PEER_MINUTES, the time of each.
func settingOf(getenv func(string) string) (*setting, error) {
	s := &setting{rounds: 3, warm: time.Second, long: 5 * time.Second, records: 100_000}
	if v := getenv("BENCH_SMALL"); v != "" && v != "0" {
		s.rounds, s.warm, s.long, s.records = 1, 200*time.Millisecond, time.Second, 10_000
	}
	seconds, minutes := 0, 10
	for name, into := range map[string]*int{"BENCH_ROUNDS": &s.rounds, "BENCH_SECONDS": &seconds, "BENCH_RECORDS": &s.records, "BENCH_PEER_MINUTES": &minutes} {
		if text := getenv(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 {
				return nil, fmt.Errorf("%s=%s: give a whole number, 1 or more", name, text)
			}
			*into = n
		}
	}
	if seconds > 0 {
		s.long = time.Duration(seconds) * time.Second
	}
	s.most = time.Duration(minutes) * time.Minute
	only, err := regexp.Compile("(?i)" + getenv("BENCH_PEERS"))
	if err != nil {
		return nil, fmt.Errorf("BENCH_PEERS: %w", err)
	}
	s.only = only
	return s, nil
}

// say prints progress.
func (s *setting) say(format string, args ...any) {
	fmt.Fprintf(os.Stdout, format+"\n", args...)
}

// row adds a row to the results and prints it.
func (s *setting) row(r results.Row) error {
	r.Round = max(r.Round, 1)
	if r.Rate > 0 {
		s.say("  %s: %s: %.0f/s, p50 %.3f ms, p99 %.3f ms, %d errors, %.1f s of processor, %.0f MiB", r.Path, r.Contender, r.Rate, r.P50, r.P99, r.Errors, r.CPU, r.RSS)
	} else {
		s.say("  %s: %s: %s", r.Path, r.Contender, r.Note)
	}
	return results.Append(s.out, r)
}
