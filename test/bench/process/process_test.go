//go:build linux

package process

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

func TestAProcessIsHeardMeasuredAndEndedWithWhatItStarted(t *testing.T) {
	p, err := Start("shell", t.TempDir(), []string{"WORD=ready"}, "sh", "-c", `sleep 1000 & echo no; echo "$WORD $!"; while :; do :; done`)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Kill() //nolint:errcheck // it is ended below if all goes well
	got, err := p.Await(t.Context(), func(line string) string { return strings.TrimPrefix(line, "no") })
	if err != nil {
		t.Fatal(err)
	}
	var child int
	if _, err := fmt.Sscanf(got, "ready %d", &child); err != nil {
		t.Fatalf("%q: %v", got, err)
	}
	if all := descendants(p.Pid()); len(all) != 1 || all[0] != child {
		t.Errorf("it started %v, not %d", all, child)
	}
	for began := p.CPU(); p.CPU() == began; { // it computes until it has used a hundredth of a second
	}
	if p.RSS() <= 0 || p.Own() <= 0 || p.Peak() < p.Own()/2 {
		t.Errorf("memory: %v MiB, alone %v, at most %v", p.RSS(), p.Own(), p.Peak())
	}
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	for _, pid := range []int{p.Pid(), child} {
		for { // the child is somebody else's to bury
			fields, err := stat(pid)
			if err != nil || fields[0] == "Z" {
				break
			}
		}
	}
	if err := p.Stop(); err != nil {
		t.Errorf("again: %v", err)
	}
}

func TestAProcessThatEndsEarlySaysWhy(t *testing.T) {
	p, err := Start("shell", t.TempDir(), nil, "sh", "-c", "echo port taken >&2; exit 3")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Await(t.Context(), func(string) string { return "" }); err == nil || !strings.Contains(err.Error(), "port taken") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("%v", err)
	}
	if err := p.AwaitPort(t.Context(), "127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "ended") {
		t.Errorf("%v", err)
	}
}

func TestAProcessThatSaysNothingIsNotAwaitedForEver(t *testing.T) {
	p, err := Start("sleep", t.TempDir(), nil, "sleep", "1000")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Kill() //nolint:errcheck // nothing is left to say about it
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := p.Await(ctx, func(string) string { return "" }); err == nil || !strings.Contains(err.Error(), "does not get ready") {
		t.Errorf("%v", err)
	}
}

func TestFreePortIsFree(t *testing.T) {
	port, err := FreePort()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
}
