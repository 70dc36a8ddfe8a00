package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/larder-dev/larder/internal/app"
)

type demoCommand struct{}

// Run shows the whole of a feature store on a directory that is thrown away. It checks every result
// that it prints, and fails if one is not what it must be.
func (demoCommand) Run(c console) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	dir, err := os.MkdirTemp("", "larder-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) // it is in the temporary directory
	worker, err := workerArgs()
	if err != nil {
		return err
	}
	began := time.Now()
	a, err := app.Open(ctx, app.Config{
		Dir: filepath.Join(dir, "data"), Listen: "127.0.0.1:0", Worker: worker,
		Log: slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		return err
	}
	s := newScreen(c)
	s.print("A feature store at %s, ready in %s. Every step goes over the wire, as AWS SDKs send it.", a.Server().Endpoint, shortly(time.Since(began)))
	err = newDemo(a, s).run(ctx)
	err = errors.Join(err, a.Close())
	if ctx.Err() != nil {
		return status(130)
	}
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	self := os.Args[0] // as it was typed, so that it can be typed again
	s.print("\nAll results are as they must be, in %s. What to do next:\n", shortly(time.Since(began)))
	s.table([][]string{
		{self + " serve", "keep a server, with its data in ~/.larder"},
		{`eval "$(` + self + ` env)"`, "point a second shell at it: boto3, the SageMaker SDK, the AWS CLI, awswrangler"},
		{self + " exec -- python program.py", "or one program alone"},
	}, false)
	return nil
}
