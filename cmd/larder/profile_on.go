//go:build profile

package main

import (
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"syscall"
)

// profiles writes what the server did between a SIGUSR1 and the next SIGUSR2 into the directory that LARDER_PROFILES
// names: cpu, and allocs, block and mutex, which count from the start of the server, so that each has a second file,
// as-of SIGUSR1, to be taken off (go tool pprof -base). The file done is the last that is written. stop ends it.
func profiles(log *slog.Logger) (stop func()) {
	dir := os.Getenv("LARDER_PROFILES")
	if dir == "" {
		return func() {}
	}
	signals, ended := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, syscall.SIGUSR1, syscall.SIGUSR2)
	go func() {
		defer close(ended)
		var cpu *os.File
		for s := range signals {
			var err error
			if s == syscall.SIGUSR1 {
				cpu, err = beginProfiles(dir)
			} else {
				err = endProfiles(dir, cpu)
			}
			if err != nil {
				log.Error("profiles cannot be written", "error", err)
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(signals)
		<-ended
	}
}

func beginProfiles(dir string) (*os.File, error) {
	// Each wait of 10 µs or more is in the profile of blocking, of shorter ones a share.
	runtime.SetBlockProfileRate(10_000)
	runtime.SetMutexProfileFraction(10)
	if err := snapshots(dir, "-before"); err != nil {
		return nil, err
	}
	cpu, err := os.Create(filepath.Join(dir, "cpu"))
	if err != nil {
		return nil, err
	}
	return cpu, pprof.StartCPUProfile(cpu)
}

func endProfiles(dir string, cpu *os.File) error {
	pprof.StopCPUProfile()
	err := errors.Join(cpu.Close(), snapshots(dir, ""))
	runtime.SetBlockProfileRate(0)
	runtime.SetMutexProfileFraction(0)
	return errors.Join(err, os.WriteFile(filepath.Join(dir, "done"), nil, 0o600))
}

// snapshots writes the profiles that count from the start.
func snapshots(dir, suffix string) error {
	for _, name := range []string{"allocs", "block", "mutex"} {
		f, err := os.Create(filepath.Join(dir, name+suffix))
		if err != nil {
			return err
		}
		if err := errors.Join(pprof.Lookup(name).WriteTo(f, 0), f.Close()); err != nil {
			return err
		}
	}
	return nil
}
