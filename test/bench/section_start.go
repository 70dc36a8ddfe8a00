package main

import (
	"context"
	"errors"
	"os"
	"time"
)

// start measures a server on an empty directory: how soon it is ready, and what it has when nobody has asked it anything.
func (b *bench) start(ctx context.Context) error {
	info, err := os.Stat(b.binary)
	if err != nil {
		return err
	}
	if err := b.figure("size of the binary", ours, 1, float64(info.Size())/(1<<20), "MiB", ""); err != nil {
		return err
	}
	for round := 1; round <= b.rounds; round++ {
		if err := b.startEmpty(ctx, round); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) startEmpty(ctx context.Context, round int) (err error) {
	l, err := b.serve(ctx, "empty")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.remove()) }()
	if err := b.figure("start on an empty directory, until it is ready", ours, round, l.startup.Seconds(), "s", ""); err != nil {
		return err
	}
	// What a start leaves to be collected and given back is.
	if err := pause(ctx, 3*time.Second); err != nil {
		return err
	}
	if err := b.figure("memory when idle", ours, round, l.Own(), "MiB", "the server alone"); err != nil {
		return err
	}
	// Pages of the program file are counted above as far as the kernel has mapped them, in pieces of up to 2 MiB, which
	// depends on how the file came into memory; it has them once for all processes.
	if err := b.figure("memory when idle", "Larder, without pages of files", round, l.Anonymous(), "MiB", "the server alone"); err != nil {
		return err
	}
	return b.figure("memory when idle", "Larder with its query workers", round, l.RSS(), "MiB", "what they share counts once")
}

// pause waits, unless ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
