package dataset_test

import (
	"context"
	"errors"
	"io"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/query"
)

// labelParquet is labels of texts as the engine hands them over: identifiers, and times.
func labelParquet(ids, times []string) func(context.Context, func(io.Reader) error) error {
	return func(_ context.Context, file func(io.Reader) error) error {
		schema, err := parquet.NewSchema([]parquet.Column{{Name: "c0", Type: parquet.Text}, {Name: "c1", Type: parquet.Text}})
		if err != nil {
			return err
		}
		out, in := io.Pipe()
		go func() { // ends with the pipe, of which file reads all
			w := parquet.NewVectorWriter(in, schema, nil)
			err := w.Write(len(ids), []*parquet.Vector{texts(ids), texts(times)})
			in.CloseWithError(errors.Join(err, w.Close()))
		}()
		return file(out)
	}
}

func texts(all []string) *parquet.Vector {
	v := &parquet.Vector{Kind: parquet.OfText}
	for _, s := range all {
		v.Text, v.Null = append(v.Text, s...), append(v.Null, false)
		v.Offsets = append(v.Offsets, len(v.Text))
	}
	return v
}

var callOfCustomers = query.AsOfRequest{
	Labels: []query.LabelColumn{{Name: "id", Type: "varchar"}, {Name: "when", Type: "varchar"}}, Time: "when", Groups: []string{"customers features=spent"},
}

// call makes the rows of a call.
func (w *world) call(ctx context.Context, r query.AsOfRequest, labels func(context.Context, func(io.Reader) error) error, read func(int64)) (*query.AsOfRows, error) {
	w.t.Helper()
	join, err := w.joiner.AsOf(ctx, r)
	w.check(err)
	snap, err := w.db.Offline().Snapshot(context.Background())
	w.check(err)
	defer func() { w.check(snap.Close()) }()
	return join.Make(ctx, snap, labels, read)
}

func (w *world) noScratch() {
	w.t.Helper()
	if left, err := w.fs.List("data/datasets"); err != nil || len(left) != 0 {
		w.t.Errorf("scratch that is left: %v, %v", left, err)
	}
}

// numbersOf are the doubles of a column of a file, "-" for NULL.
func (w *world) numbersOf(r *query.AsOfRows, column int) []string {
	w.t.Helper()
	in, err := w.fs.Open(r.Path)
	w.check(err)
	defer in.Close()
	file, err := parquet.OpenReader(in, r.Size)
	w.check(err)
	var all []string
	w.check(file.Read([]int{column}, 100, func(rows int, columns []*parquet.Vector) error {
		for i := range rows {
			text := "-"
			if !columns[0].Null[i] {
				text = strconv.FormatFloat(columns[0].Floats[i], 'f', -1, 64)
			}
			all = append(all, text)
		}
		return nil
	}))
	return all
}

func TestACallHasARowForEachLabelInTheirOrderInWhateverMemory(t *testing.T) {
	const n = 2*dataset.BlockRows + 77
	ids, times := make([]string, n), make([]string, n)
	for i := range n {
		ids[i], times[i] = strconv.Itoa(i%3), stamp(i%7)
	}
	var want []string
	for _, memory := range []int64{1, 0} {
		w := newWorld(t, dataset.Options{Memory: memory})
		w.put("0", stamp(0), "1")
		w.put("0", stamp(3), "2")
		w.put("1", stamp(5), "3")
		rows, err := w.call(t.Context(), callOfCustomers, labelParquet(ids, times), func(int64) {})
		w.check(err)
		got := w.numbersOf(rows, 2)
		if len(got) != n || int(rows.Rows) != n {
			t.Fatalf("%d rows, told %d", len(got), rows.Rows)
		}
		if diff := cmp.Diff([]string{"1", "-", "-", "2", "-", "-", "2", "-"}, got[:8]); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
		if want != nil {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("with memory (-less +more):\n%s", diff)
			}
		}
		want = got
		w.check(rows.Close())
		w.noScratch()
	}
}

func TestACallTellsWhatItReads(t *testing.T) {
	w := newWorld(t, dataset.Options{})
	w.put("7", stamp(0), "1")
	read := int64(0)
	note := func(bytes int64) { read += bytes }
	labels := labelParquet([]string{"7"}, []string{stamp(1)})
	rows, err := w.call(t.Context(), callOfCustomers, labels, note)
	w.check(err)
	w.check(rows.Close())
	if read < 20 || read > 200 {
		t.Errorf("%d bytes of one row of the journal", read)
	}
	w.check(w.tables.FlushNow(t.Context()))
	read = 0
	rows, err = w.call(t.Context(), callOfCustomers, labels, note)
	w.check(err)
	w.check(rows.Close())
	if read < 200 || read > 20_000 {
		t.Errorf("%d bytes of one file", read)
	}
}

func TestACallThatIsCancelledLeavesNothing(t *testing.T) {
	w := newWorld(t, dataset.Options{})
	w.put("7", stamp(0), "1")
	w.check(w.tables.FlushNow(t.Context()))
	why := errors.New("nobody wants it")
	labels := labelParquet([]string{"7"}, []string{stamp(1)})

	ctx, cancel := context.WithCancelCause(t.Context())
	_, err := w.call(ctx, callOfCustomers, labels, func(int64) { cancel(why) })
	if !errors.Is(err, context.Canceled) && !errors.Is(err, why) {
		t.Errorf("cancelled while it joins: %v", err)
	}
	w.noScratch()

	w.Hold()
	ctx, cancel = context.WithCancelCause(t.Context())
	_, err = w.call(ctx, callOfCustomers, func(ctx context.Context, file func(io.Reader) error) error {
		defer cancel(why)
		return labels(ctx, file)
	}, func(int64) {})
	if !errors.Is(err, why) {
		t.Errorf("cancelled while it waits for another's end: %v", err)
	}
	w.noScratch()

	_, err = w.call(t.Context(), callOfCustomers, func(context.Context, func(io.Reader) error) error { return why }, func(int64) {})
	if !errors.Is(err, why) {
		t.Errorf("labels that fail: %v", err)
	}
	w.noScratch()
}
