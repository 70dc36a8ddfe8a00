package main

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// A config is how large a run is.
type config struct {
	out, dir, binary, python string
	cache, programs          string // of peers: where they are set up, and their programs

	profiles string // directory for profiles of the server; "": none are made

	small   bool
	only    *regexp.Regexp // of sections' names
	peers   *regexp.Regexp // of peers' names; nil: none
	rounds  int
	warm    time.Duration // of a round
	long    time.Duration // a round
	records int           // of the groups that are read
	wide    int           // records of the group with 250 features
	large   int           // records of the large group
	columns int           // features of the large group
	rows    int           // of an import
	most    time.Duration // for everything
}

// configOf reads the size of a run from BENCH_SMALL, BENCH_ONLY, BENCH_ROUNDS, BENCH_SECONDS, BENCH_RECORDS,
// BENCH_LARGE, BENCH_LARGE_FEATURES, BENCH_ROWS, BENCH_MINUTES, BENCH_PEERS.
func configOf(getenv func(string) string) (config, error) {
	c := config{rounds: 3, warm: time.Second, long: 5 * time.Second, records: 100_000, wide: 20_000, large: 10_000_000, columns: 50, rows: 2_000_000, most: 55 * time.Minute}
	if v := getenv("BENCH_SMALL"); v != "" && v != "0" {
		c = config{small: true, rounds: 1, warm: 200 * time.Millisecond, long: time.Second, records: 10_000, wide: 2_000, large: 100_000, columns: 50, rows: 100_000, most: 10 * time.Minute}
	}
	for name, into := range map[string]*int{"BENCH_ROUNDS": &c.rounds, "BENCH_RECORDS": &c.records, "BENCH_LARGE": &c.large, "BENCH_LARGE_FEATURES": &c.columns, "BENCH_ROWS": &c.rows} {
		if err := number(getenv, name, into); err != nil {
			return c, err
		}
	}
	seconds, minutes := 0, 0
	if err := number(getenv, "BENCH_SECONDS", &seconds); err != nil {
		return c, err
	}
	if err := number(getenv, "BENCH_MINUTES", &minutes); err != nil {
		return c, err
	}
	if seconds > 0 {
		c.long = time.Duration(seconds) * time.Second
	}
	if minutes > 0 {
		c.most = time.Duration(minutes) * time.Minute
	}
	only, err := regexp.Compile("(?i)" + getenv("BENCH_ONLY"))
	if err != nil {
		return c, fmt.Errorf("BENCH_ONLY: %w", err)
	}
	c.only, c.wide = only, min(c.wide, c.records)
	if names := getenv("BENCH_PEERS"); names != "0" {
		if c.peers, err = regexp.Compile("(?i)" + names); err != nil {
			return c, fmt.Errorf("BENCH_PEERS: %w", err)
		}
	}
	if c.columns < 3 || c.records < 1000 {
		return c, fmt.Errorf("BENCH_LARGE_FEATURES=%d, BENCH_RECORDS=%d: say 3 or more, 1000 or more", c.columns, c.records)
	}
	return c, nil
}

func number(getenv func(string) string, name string, into *int) error {
	text := getenv(name)
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return fmt.Errorf("%s=%s: give a whole number, 1 or more", name, text)
	}
	*into = n
	return nil
}
