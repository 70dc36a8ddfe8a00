// Command bench measures Larder and the physical limits beside it, on this machine, and makes docs/benchmarks.md of
// what it and the peers measured. scripts/bench runs it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := command(ctx, os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

// command is what the program is asked for.
func command(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say run, page or bare")
	}
	flags := flag.NewFlagSet("bench "+args[0], flag.ContinueOnError)
	switch args[0] {
	case "run":
		cfg, err := configOf(os.Getenv)
		if err != nil {
			return err
		}
		flags.StringVar(&cfg.out, "out", "", "file that the rows are added to")
		flags.StringVar(&cfg.dir, "dir", "", "directory for servers' data, which is there and empty")
		flags.StringVar(&cfg.binary, "larder", "bin/larder", "binary that is measured")
		flags.StringVar(&cfg.python, "python", "", "interpreter with boto3; none: its section is left out")
		flags.StringVar(&cfg.profiles, "profiles", "", "directory for profiles of a server that was built with the tag profile; none: none")
		flags.StringVar(&cfg.cache, "cache", ".cache", "where peers are set up")
		flags.StringVar(&cfg.programs, "sources", "test/bench/peers", "where the peers' Python programs are")
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		return run(ctx, cfg)
	case "page":
		var j pageJob
		j.flags(flags)
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		return j.write()
	case "bare":
		var c bareConfig
		flags.StringVar(&c.answer, "answer", "", "file that every request is answered with")
		flags.BoolVar(&c.verify, "verify", false, "verify signatures of the key in the environment")
		flags.StringVar(&c.journal, "journal", "", "file that bodies are appended to and synced, before the answer")
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		return c.serve(ctx, os.Stdout)
	}
	return fmt.Errorf("%q is none of run, page, bare", args[0])
}
