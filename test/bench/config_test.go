package main

import (
	"strings"
	"testing"
	"time"
)

func TestSizesComeFromTheEnvironment(t *testing.T) {
	env := map[string]string{"BENCH_SMALL": "1", "BENCH_ROUNDS": "2", "BENCH_SECONDS": "7", "BENCH_RECORDS": "5000", "BENCH_LARGE": "9", "BENCH_MINUTES": "3", "BENCH_ONLY": "reads$", "BENCH_PEERS": "redis"}
	c, err := configOf(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	if !c.small || c.rounds != 2 || c.long != 7*time.Second || c.records != 5000 || c.large != 9 || c.most != 3*time.Minute || !c.only.MatchString("Online reads") || c.only.MatchString("Bulk") ||
		!c.peers.MatchString("Redis, reads") || c.peers.MatchString("moto") {
		t.Errorf("%+v", c)
	}
	if c, err := configOf(func(string) string { return "" }); err != nil || c.small || c.large != 10_000_000 || !c.only.MatchString("Bulk") || c.peers == nil {
		t.Errorf("%+v %v", c, err)
	}
	if c, err := configOf(func(name string) string { return map[string]string{"BENCH_PEERS": "0"}[name] }); err != nil || c.peers != nil {
		t.Errorf("peers that were to be left out: %v %v", c.peers, err)
	}
}

func TestSizesThatMakeNoSenseAreRefused(t *testing.T) {
	for name, value := range map[string]string{"BENCH_ROUNDS": "0", "BENCH_SECONDS": "five", "BENCH_LARGE_FEATURES": "2", "BENCH_RECORDS": "-1", "BENCH_ONLY": "(", "BENCH_PEERS": "("} {
		t.Run(name, func(t *testing.T) {
			_, err := configOf(func(asked string) string {
				if asked == name {
					return value
				}
				return ""
			})
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%v", err)
			}
		})
	}
}
