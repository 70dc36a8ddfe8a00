package main

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/test/bench/peers"
	"github.com/larder-dev/larder/test/bench/results"
)

func TestHalfOfACeilingHasTwoDigits(t *testing.T) {
	for ceiling, want := range map[float64]float64{23_162: 11_000, 349: 170, 18: 9, 1.5: 1} {
		if got := half(ceiling); got != want {
			t.Errorf("half(%v) = %v, want %v", ceiling, got, want)
		}
	}
}

// rates is a contender that reaches these rates in its rounds; 0 fails.
func rates(name string, all ...float64) contender {
	return contender{name: name, run: func(_ context.Context, round int) (results.Row, error) {
		if all[round-1] == 0 {
			return results.Row{}, errors.New("it broke")
		}
		return results.Row{Rate: all[round-1]}, nil
	}}
}

func TestAPeerThatFailsIsARowAndTheOthersGoOn(t *testing.T) {
	b := &bench{config: config{rounds: 3, out: filepath.Join(t.TempDir(), "rows")}, section: "s"}
	worst, err := b.tolerate(t.Context(), "p", []contender{rates("Larder", 30, 10, 20), rates("a", 5, 0, 5), rates("b", 7, 8, 9)})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]float64{"Larder": 10, "b": 7}, worst); diff != "" {
		t.Errorf("the worst rates (-want +got):\n%s", diff)
	}
	rows, err := results.Read(b.out)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, r := range rows {
		said = append(said, r.Contender+r.Note)
	}
	want := []string{"Larder", "a", "b", "Larder", "anot measured to the end: it broke", "b", "Larder", "b"}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestThatLarderFailsIsNoRow(t *testing.T) {
	b := &bench{config: config{rounds: 1, out: filepath.Join(t.TempDir(), "rows")}, section: "s"}
	if _, err := b.tolerate(t.Context(), "p", []contender{rates("Larder", 0), rates("a", 5)}); err == nil {
		t.Error("it is no error")
	}
}

func TestAPeerThatDoesNotStartIsKeptWithItsReason(t *testing.T) {
	b := &bench{config: config{dir: t.TempDir(), cache: t.TempDir()}}
	p, err := b.startPeer(t.Context(), peers.All()[0])
	if err != nil || p.why == nil || p.Running != nil {
		t.Fatalf("%+v, %v", p, err)
	}
	if err := p.end(); err != nil {
		t.Error(err)
	}
}
