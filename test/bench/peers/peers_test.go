package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/records"
	"github.com/larder-dev/larder/test/bench/results"
)

func TestRepliesToHashCommandsAreComparedByteByByte(t *testing.T) {
	features := records.Features(3)
	values := func(id int) string {
		id0, at, f2 := records.String(id, 0, 0), records.String(id, 1, 0), records.String(id, 2, 0)
		return fmt.Sprintf("*3\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n", len(id0), id0, len(at), at, len(f2), f2)
	}
	get, all := hashCommand{name: "HMGET"}, hashCommand{name: "HGETALL", names: true}
	if got, want := string(get.request([]int{7}, features).Bytes), "*5\r\n$5\r\nHMGET\r\n$15\r\nentity-00000007\r\n$2\r\nid\r\n$2\r\nat\r\n$4\r\nf002\r\n"; got != want {
		t.Errorf("HMGET: %q, want %q", got, want)
	}
	if got, want := string(all.request([]int{7}, features).Bytes), "*2\r\n$7\r\nHGETALL\r\n$15\r\nentity-00000007\r\n"; got != want {
		t.Errorf("HGETALL: %q, want %q", got, want)
	}
	check := get.check([][]int{{1}, {7, 8}}, features)
	if err := check(1, load.Answer{Body: []byte(values(7) + values(8))}); err != nil {
		t.Error(err)
	}
	if err := check(1, load.Answer{Body: []byte(values(8) + values(7))}); err == nil {
		t.Error("records of others are taken")
	}
	if err := all.check([][]int{{7}}, features)(0, load.Answer{Body: []byte(values(7))}); err == nil {
		t.Error("a reply without names is taken for one with them")
	}
}

// feastSays is an answer as Feast writes it.
func feastSays(t *testing.T, prefix string, features []records.Feature, ids ...int) []byte {
	t.Helper()
	var names []string
	var columns []map[string]any
	for i, f := range features {
		name := prefix + f.Name
		if i == 0 {
			name = f.Name
		}
		var values []any
		for _, id := range ids {
			values = append(values, records.Value(id, i, 0))
		}
		names, columns = append(names, name), append(columns, map[string]any{"values": values, "statuses": []string{"PRESENT"}})
	}
	body, err := json.Marshal(map[string]any{"metadata": map[string]any{"feature_names": names}, "results": columns})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestFeastsAnswersAreComparedValueByValue(t *testing.T) {
	features := records.Features(8)
	good := feastSays(t, "", features, 3, 1)
	check := checkFeast([][]int{{3, 1}}, features)
	for name, body := range map[string][]byte{"short names": good, "full names": feastSays(t, "records__", features, 3, 1)} {
		if err := check(0, load.Answer{Body: body}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	missing := []byte(strings.Replace(string(good), fmt.Sprintf("[%d,", records.Value(3, 4, 0)), "[null,", 1))
	if string(missing) == string(good) {
		t.Fatal("the case has no value to leave out")
	}
	for name, body := range map[string][]byte{
		"entities in another order": feastSays(t, "", features, 1, 3), "an entity less": feastSays(t, "", features, 3),
		"a feature less": feastSays(t, "", features[:7], 3, 1), "a value that is not there": missing, "a fault": []byte(`"RuntimeError"`),
	} {
		if err := check(0, load.Answer{Body: body}); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestHalfOfACeilingHasTwoDigits(t *testing.T) {
	for ceiling, want := range map[float64]float64{23_162: 11_000, 349: 170, 18: 9, 1.5: 1} {
		if got := half(ceiling); got != want {
			t.Errorf("half(%v) = %v, want %v", ceiling, got, want)
		}
	}
}

func TestSettingIsReadFromTheEnvironment(t *testing.T) {
	s, err := settingOf(func(name string) string {
		return map[string]string{"BENCH_SMALL": "1", "BENCH_SECONDS": "2", "BENCH_PEERS": "redis", "BENCH_PEER_MINUTES": "3"}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.rounds != 1 || s.long != 2*time.Second || s.most != 3*time.Minute || s.records != 10_000 || !s.only.MatchString("Redis, reads") || s.only.MatchString("moto") {
		t.Errorf("%+v", s)
	}
	for name, value := range map[string]string{"BENCH_ROUNDS": "0", "BENCH_RECORDS": "many", "BENCH_PEERS": "("} {
		if _, err := settingOf(func(n string) string { return map[string]string{name: value}[n] }); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}

func TestAPeerThatCannotBeMeasuredIsARowThatSaysWhy(t *testing.T) {
	places := []place{{"Online reads", "one"}, {"Online reads", "two"}}
	for name, c := range map[string]struct {
		most time.Duration
		run  func(*setting, context.Context) error
		want string
	}{
		"fails":          {time.Minute, func(*setting, context.Context) error { return errors.New("no\n  Python") }, "not measured to the end: no Python"},
		"takes too long": {time.Nanosecond, func(_ *setting, ctx context.Context) error { <-ctx.Done(); return errors.New("killed") }, "not measured to the end: stopped after 1ns"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &setting{out: filepath.Join(t.TempDir(), "rows"), dir: t.TempDir(), most: c.most}
			if err := s.measurePeer(t.Context(), peer{"somebody", places, c.run}); err != nil {
				t.Fatal(err)
			}
			got, err := results.Read(s.out)
			if err != nil {
				t.Fatal(err)
			}
			var want []results.Row
			for _, p := range places {
				want = append(want, results.Row{Section: p.section, Path: p.path, Contender: "somebody", Round: 1, Note: c.want})
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnInterruptedBenchIsNoRow(t *testing.T) {
	s := &setting{out: filepath.Join(t.TempDir(), "rows"), dir: t.TempDir(), most: time.Minute}
	ctx, cancel := context.WithCancel(t.Context())
	err := s.measurePeer(ctx, peer{"somebody", []place{{"a", "b"}}, func(*setting, context.Context) error { cancel(); return ctx.Err() }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := results.Read(s.out); err == nil {
		t.Error("there is a row")
	}
}
