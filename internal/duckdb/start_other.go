//go:build !linux

package duckdb

import (
	"os/exec"
	"runtime"
)

// startConfined starts a worker. Cores and priority of a process are set on Linux only; elsewhere
// the number of the engine's threads alone leaves the server a core.
func startConfined(cmd *exec.Cmd) error { return cmd.Start() }

// cores is how many cores a worker is to use.
func cores() int { return max(1, runtime.NumCPU()-1) }
