package asof_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/dataset/asof"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/table"
)

// texts is a vector of texts.
func texts(all ...string) *parquet.Vector {
	v := &parquet.Vector{Kind: parquet.OfText}
	for _, text := range all {
		v.Text = append(v.Text, text...)
		v.Offsets, v.Null = append(v.Offsets, len(v.Text)), append(v.Null, false)
	}
	return v
}

// flushed is a world with a group that has a row of "a" in a file, and a request for it.
func flushed(t *testing.T) (*history, *asof.Request) {
	t.Helper()
	w := newWorld(t)
	h := &history{world: w, g: w.group(feature.String, feature.String)}
	w.add(h.g, &row{id: "a", at: "2023-11-14T22:13:20Z", invoked: 1_700_000_000_000_000, features: map[feature.Name]any{"N": int64(5)}})
	h.flush()
	return h, &asof.Request{
		Labels: asof.Labels{Times: []feature.EventTime{{Sec: 1_700_000_000}}},
		Groups: []asof.Group{{Group: h.g, IDs: texts("a"), Features: []feature.Name{"N"}}},
	}
}

// tried joins on a snapshot of its own.
func (h *history) tried(r *asof.Request) ([]string, error) {
	h.t.Helper()
	h.snap = h.snapshot()
	defer h.close()
	return joined(h, asof.New(h.buckets, asof.Options{}), r)
}

func TestDamagedFileIsNamed(t *testing.T) {
	cases := []struct {
		name   string
		damage func(file []byte) []byte
	}{
		{"cut off", func(file []byte) []byte { return file[:len(file)-20] }},
		{"a page altered", func(file []byte) []byte { file[40] ^= 0xff; return file }},
		{"no Parquet file", func(file []byte) []byte { return []byte("hello") }},
		{"its footer altered", func(file []byte) []byte { file[len(file)-100] ^= 0xff; return file }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h, r := flushed(t)
			for f, err := range table.GroupFiles(h.snapshotUntilEnd(), h.g) {
				check(t, err)
				h.damage(f, c.damage)
			}
			_, err := h.tried(r)
			if feature.KindOf(err) != feature.Conflict || !strings.Contains(fmt.Sprint(err), ".parquet") {
				t.Errorf("the join ended with %v, want a conflict that names the file", err)
			}
		})
	}
}

func TestMissingBlobIsNamed(t *testing.T) {
	h, r := flushed(t)
	for o, err := range table.GroupFiles(h.snapshotUntilEnd(), h.g) {
		check(t, err)
		check(t, h.fs.Remove(h.buckets.Paths(o)[0]))
	}
	if _, err := h.tried(r); feature.KindOf(err) != feature.Conflict || !strings.Contains(fmt.Sprint(err), ".parquet") {
		t.Errorf("the join ended with %v, want a conflict that names the file", err)
	}
}

func TestForeignFileOfAnotherTypeIsNamed(t *testing.T) {
	h, r := flushed(t)
	h.foreign(h.g, "from-spark.parquet", []parquet.Column{{Name: "id", Type: parquet.Text}, {Name: "AT", Type: parquet.Instant}},
		[][]any{{"a", time.Unix(1_700_000_000, 0)}})
	if _, err := h.tried(r); feature.KindOf(err) != feature.Conflict || !strings.Contains(fmt.Sprint(err), `from-spark.parquet`) || !strings.Contains(fmt.Sprint(err), `"AT"`) {
		t.Errorf("the join ended with %v, want a conflict that names file and column", err)
	}
}

func TestEventTimeThatIsNoneIsNamed(t *testing.T) {
	h, r := flushed(t)
	h.foreign(h.g, "from-spark.parquet", []parquet.Column{{Name: "id", Type: parquet.Text}, {Name: "at", Type: parquet.Text}},
		[][]any{{"b", "any"}, {"a", "yesterday"}})
	if _, err := h.tried(r); feature.KindOf(err) != feature.Conflict || !strings.Contains(fmt.Sprint(err), "its row 1:") || !strings.Contains(fmt.Sprint(err), "yesterday") {
		t.Errorf("the join ended with %v, want a conflict that names the row and its text", err)
	}
}

// Rows without an identifier or an event time are nobody's.
func TestForeignRowsWithoutKeysAreLeftOut(t *testing.T) {
	h, r := flushed(t)
	h.foreign(h.g, "nulls.parquet", []parquet.Column{{Name: "id", Type: parquet.Text}, {Name: "at", Type: parquet.Text}, {Name: "N", Type: parquet.Int64}},
		[][]any{{nil, "2023-11-14T22:13:20Z", int64(6)}, {"a", nil, int64(7)}})
	h.foreign(h.g, "no-id.parquet", []parquet.Column{{Name: "at", Type: parquet.Text}}, [][]any{{"2023-11-14T22:13:20Z"}})
	if got, err := h.tried(r); err != nil || len(got) != 1 || got[0] != "5|" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	h, _ := flushed(t)
	online := *h.g
	online.Offline = nil
	one := asof.Labels{Times: make([]feature.EventTime, 1)}
	cases := []struct {
		name  string
		group asof.Group
		want  string
	}{
		{"no such feature", asof.Group{Group: h.g, IDs: texts("a"), Features: []feature.Name{"n"}}, `no feature "n"`},
		{"no offline store", asof.Group{Group: &online, IDs: texts("a")}, "no offline store"},
		{"negative look-back", asof.Group{Group: h.g, IDs: texts("a"), LookBack: -1}, "negative"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := h.tried(&asof.Request{Labels: one, Groups: []asof.Group{c.group}})
			if feature.KindOf(err) != feature.Invalid || !strings.Contains(fmt.Sprint(err), c.want) {
				t.Errorf("the join ended with %v, want it refused: %s", err, c.want)
			}
		})
	}
}

// What its caller says ends a join, and it ends for all.
func TestJoinEnds(t *testing.T) {
	h, r := flushed(t)
	h.snap = h.snapshot()
	defer h.close()
	e := asof.New(h.buckets, asof.Options{})
	stop := errors.New("stop")
	none := func(int, int, []*parquet.Vector) error { return nil }
	if _, err := e.Join(t.Context(), h.snap, r, nil, func(int, int, []*parquet.Vector) error { return stop }); err != stop {
		t.Errorf("it ended with %v, and use with %v", err, stop)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Join(ctx, h.snap, r, nil, none); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v after it was cancelled", err)
	}
	var phases []asof.Progress
	stats, err := e.Join(t.Context(), h.snap, r, func(p asof.Progress) { phases = append(phases, p) }, none)
	if err != nil || stats.Matches != 1 || stats.RowsScanned != 1 || stats.Files != 1 {
		t.Errorf("%+v, %v", stats, err)
	}
	if last := len(phases) - 1; last < 1 || phases[last] != (asof.Progress{Phase: asof.Features, Done: 1, Of: 1}) {
		t.Errorf("progress was %+v", phases)
	}
}

// A second join waits for the first, or for the end of its context.
func TestJoinsTakeTurns(t *testing.T) {
	h, r := flushed(t)
	h.snap = h.snapshot()
	defer h.close()
	e := asof.New(h.buckets, asof.Options{})
	_, err := e.Join(t.Context(), h.snap, r, nil, func(int, int, []*parquet.Vector) error {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err := e.Join(ctx, h.snap, r, nil, nil)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the second ended with %v", err)
		}
		return nil
	})
	check(t, err)
}

// Files whose rows cannot be of use are not opened.
func TestNeedlessFilesAreSkipped(t *testing.T) {
	h, r := flushed(t)
	for _, at := range []string{"2023-11-14T20:00:00Z", "2023-11-15T22:13:20Z"} {
		h.add(h.g, &row{id: "a", at: at, invoked: 1_700_000_000_000_000})
		h.flush()
	}
	h.snap = h.snapshot()
	defer h.close()
	e := asof.New(h.buckets, asof.Options{})
	r.Groups[0].LookBack = time.Hour
	stats, err := e.Join(t.Context(), h.snap, r, nil, func(int, int, []*parquet.Vector) error { return nil })
	if err != nil || stats.Files != 3 || stats.FilesSkipped != 2 || stats.Matches != 1 {
		t.Errorf("%+v, %v", stats, err)
	}
}

// snapshotUntilEnd is a snapshot that is open until the test ends.
func (h *history) snapshotUntilEnd() table.Snapshot {
	snap := h.snapshot()
	h.t.Cleanup(func() { check(h.t, snap.Close()) })
	return snap
}

// damage alters the bytes of an object where they are, without anybody knowing.
func (h *history) damage(o *bucket.Object, alter func([]byte) []byte) {
	h.t.Helper()
	path := h.buckets.Paths(o)[0]
	file := must(h.fs.Open(path))(h.t)
	data := make([]byte, o.Size)
	must(file.ReadAt(data, 0))(h.t)
	check(h.t, file.Close())
	data = alter(data)
	check(h.t, h.fs.Remove(path))
	file = must(h.fs.Create(path, ""))(h.t)
	must(file.Write(data))(h.t)
	check(h.t, file.Close())
}
