package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/larder-dev/larder/test/bench/process"
)

// profileEnv has a server that was built for it write profiles.
func (b *bench) profileEnv() []string {
	if b.profiles == "" {
		return nil
	}
	return []string{"LARDER_PROFILES=" + b.profiles}
}

var notOfAName = regexp.MustCompile(`[^a-zA-Z0-9^]+`)

// profiled does something, and leaves profiles of Larder of that time in a directory that is named for the path. Those
// of a later round take the place of an earlier one's.
func (b *bench) profiled(ctx context.Context, path string, p process.Group, do func() error) error {
	if b.profiles == "" || len(p) == 0 || p[0].Name != ours {
		return do()
	}
	done := filepath.Join(b.profiles, "done")
	if err := os.Remove(done); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := p[0].Signal(syscall.SIGUSR1); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	if err := p[0].Signal(syscall.SIGUSR2); err != nil {
		return err
	}
	for tries := 0; ; tries++ {
		if _, err := os.Stat(done); err == nil {
			break
		}
		if tries == 100 || p[0].Ended() != nil {
			return fmt.Errorf("the server wrote no profiles to %s: build it with -tags profile", b.profiles)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	to := filepath.Join(b.profiles, strings.Trim(notOfAName.ReplaceAllString(path, "-"), "-"))
	if err := errors.Join(os.RemoveAll(to), os.Mkdir(to, 0o755)); err != nil {
		return err
	}
	for _, name := range []string{"cpu", "allocs", "allocs-before", "block", "block-before", "mutex", "mutex-before"} {
		if err := os.Rename(filepath.Join(b.profiles, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return nil
}
