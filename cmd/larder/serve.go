package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/larder-dev/larder/internal/app"
)

type serveCommand struct {
	dataFlag
	Listen       string        `placeholder:"HOST:PORT" default:"127.0.0.1:9444" help:"Address to listen on; port 0 picks one (default ${default})."`
	Region       string        `help:"Region of a new data directory (default us-east-1)."`
	Account      string        `help:"Account of a new data directory, 12 digits (default 123456789012)."`
	FlushAge     time.Duration `placeholder:"TIME" help:"How long a row may wait before it is in a Parquet file (default 10s). SQL sees it at once."`
	Retention    time.Duration `placeholder:"TIME" help:"How long files that a merge replaced, and bytes that were deleted, are kept (default 1h)."`
	UploadAge    time.Duration `placeholder:"TIME" default:"168h" help:"When an upload in parts that nobody completes is removed; 0: never (default ${default})."`
	KeepQueries  time.Duration `placeholder:"TIME" help:"How long Athena's executions, and the tables that the SageMaker SDK leaves, are remembered (default 1080h, which is 45 days)."`
	Cache        size          `placeholder:"SIZE" help:"Memory for what was read of the database, as 1GiB; it fills as records are read (default an eighth of the machine's, 4GiB at most)."`
	QueryMemory  size          `placeholder:"SIZE" help:"Memory for all queries together, as 2GiB (default a third of the machine's)."`
	TLSCert      string        `name:"tls-cert" placeholder:"FILE" help:"Certificate for other machines, PEM."`
	TLSKey       string        `name:"tls-key" placeholder:"FILE" help:"Its key, PEM."`
	Extensions   bool          `help:"Offer what AWS does not: InMemory groups with an offline store, UpdateRecord on every storage type."`
	Throttle     bool          `help:"Hold feature groups to their ThroughputConfig."`
	ImportFiles  bool          `help:"Let imports read files of this machine although other machines may call (without them: always)."`
	InsecureHTTP bool          `name:"insecure-http" help:"Let other machines in without TLS."`
}

// Run serves until SIGTERM or SIGINT. A second signal ends the process at once.
func (s *serveCommand) Run(c console) error {
	uploadAge, err := s.uploadAge()
	if err != nil {
		return err
	}
	dir, err := s.dir()
	if err != nil {
		return err
	}
	worker, err := workerArgs()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	log := slog.New(slog.NewTextHandler(c.err, nil))
	defer profiles(log)()
	a, err := app.Open(ctx, app.Config{
		Dir: dir, Listen: s.Listen, Region: s.Region, Account: s.Account,
		FlushAge: s.FlushAge, Retention: s.Retention, UploadAge: uploadAge, Extensions: s.Extensions, Throttle: s.Throttle, KeepQueries: s.KeepQueries,
		Cache: int64(s.Cache), QueryMemory: int64(s.QueryMemory),
		TLSCert: s.TLSCert, TLSKey: s.TLSKey, InsecureHTTP: s.InsecureHTTP, ImportFiles: s.ImportFiles,
		Worker: worker, Release: release(), Log: log,
	})
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		stop()
		log.Info("stopping")
	case err := <-a.Failed():
		a.Close() // the failure is what is told
		return err
	}
	return a.Close()
}

// uploadAge is UploadAge as app.Config has it: there 0 is the default.
func (s *serveCommand) uploadAge() (time.Duration, error) {
	switch {
	case s.UploadAge < 0:
		return 0, fmt.Errorf("--upload-age %s: a time to wait cannot be negative; say 24h, or 0 for ever", s.UploadAge)
	case s.UploadAge == 0:
		return -1, nil
	}
	return s.UploadAge, nil
}

// workerArgs is the command line of a query worker: this binary's hidden verb.
func workerArgs() ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this binary, to start query workers from: %w", err)
	}
	return []string{self, "worker"}, nil
}
