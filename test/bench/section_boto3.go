package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	_ "embed"

	"github.com/larder-dev/larder/test/bench/results"
)

// program is what a program that uses boto3 does.
//
//go:embed boto3_ceiling.py
var program []byte

// boto3 measures what one Python process gets out of boto3, whatever server answers, and what it can do about it: batches,
// threads, Arrow over HTTP.
func (b *bench) boto3(ctx context.Context) (err error) {
	if b.python == "" {
		return errors.New("no interpreter with boto3, pyarrow and requests was named")
	}
	l, err := b.serve(ctx, "boto3")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.remove()) }()
	if err := l.fill(ctx, "g50", 50, b.wide); err != nil {
		return err
	}
	if err := l.fill(ctx, "w10", 10, b.wide); err != nil {
		return err
	}
	file := filepath.Join(b.dir, "boto3_ceiling.py")
	if err := os.WriteFile(file, program, 0o600); err != nil {
		return err
	}
	for round := 1; round <= b.rounds; round++ {
		if err := b.boto3Round(ctx, l, file, round); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) boto3Round(ctx context.Context, l *larder, file string, round int) error {
	ctx, cancel := context.WithTimeout(ctx, 12*b.long+2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, b.python, file, fmt.Sprint(b.wide), fmt.Sprint(b.long.Seconds()))
	c.Env, c.Stderr = os.Environ(), os.Stderr
	for name, value := range l.env {
		c.Env = append(c.Env, name+"="+value)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	used := l.CPU()
	var failed error
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var said struct {
			results.Row
			Own float64 `json:"own_s"` // of a processor, by the program
		}
		if failed = json.Unmarshal(lines.Bytes(), &said); failed != nil {
			failed = fmt.Errorf("%q: %w", lines.Text(), failed)
			break
		}
		now := l.CPU()
		r := said.Row
		r.Round, r.CPU, r.Done, used = round, (now - used).Seconds(), int64(said.Rate*b.long.Seconds()), now
		r.Note = fmt.Sprintf("the program used %.1f s of a processor", said.Own)
		if failed = b.row(r); failed != nil {
			break
		}
	}
	if failed != nil {
		cancel()
	}
	return errors.Join(failed, c.Wait())
}
