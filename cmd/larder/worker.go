package main

import (
	"github.com/larder-dev/larder/internal/duckdb/worker"
)

// workerCommand is what the server starts to run queries in. It is nothing for people.
type workerCommand struct{}

// Run answers plans until its input ends.
func (workerCommand) Run(c console) error { return worker.Main(c.in, c.out) }
