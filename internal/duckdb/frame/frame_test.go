package frame

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFramesArriveAsSent(t *testing.T) {
	var pipe bytes.Buffer
	w := NewWriter(&pipe)
	want := Run{Views: []string{"a", "b\xff"}, SQL: "SELECT 1", Types: []string{"varchar"}}
	big := bytes.Repeat([]byte("x"), 3<<20)
	for _, err := range []error{w.SendValue(KindRun, want), w.Send(KindCancel, nil), w.Send(KindBatch, big), w.Send(KindRows, []byte{1})} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r := NewReader(&pipe)
	kind, payload, err := r.Next()
	var got Run
	if err := errors.Join(err, Decode(payload, &got)); err != nil || kind != KindRun {
		t.Fatal(kind, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Run (-want +got):\n%s", diff)
	}
	for _, want := range []struct {
		kind    Kind
		payload []byte
	}{{KindCancel, nil}, {KindBatch, big}, {KindRows, []byte{1}}} {
		kind, payload, err := r.Next()
		if err != nil || kind != want.kind || !bytes.Equal(payload, want.payload) {
			t.Errorf("got kind %d, %d bytes, %v; want kind %d, %d bytes", kind, len(payload), err, want.kind, len(want.payload))
		}
	}
	if _, _, err := r.Next(); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

func TestFrameCutShortIsNoEnd(t *testing.T) {
	var pipe bytes.Buffer
	if err := NewWriter(&pipe).Send(KindBatch, []byte("payload")); err != nil {
		t.Fatal(err)
	}
	for n := 1; n < pipe.Len(); n++ {
		if _, _, err := NewReader(bytes.NewReader(pipe.Bytes()[:n])).Next(); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%d bytes of %d: %v", n, pipe.Len(), err)
		}
	}
}

func TestRowsArriveAsSent(t *testing.T) {
	at := time.UnixMicro(-1_234_567).UTC()
	rows := [][]any{{nil, true, false, int64(-5), 0.5, "text", at}, {"", int64(1) << 62, nil, nil, nil, nil, nil},
		{[]any{"a", nil, []any{}}, []any{int64(1), at}}}
	payload := AppendTable(nil, 3)
	for _, row := range rows {
		var err error
		if payload, err = AppendRow(payload, row); err != nil {
			t.Fatal(err)
		}
	}
	r, table, err := ReadRows(payload)
	if err != nil || table != 3 {
		t.Fatal(table, err)
	}
	var got []any
	for r.More() {
		got = append(got, next(t, r))
	}
	if diff := cmp.Diff(slices.Concat(rows...), got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if _, err := AppendRow(nil, []any{int32(1)}); err == nil {
		t.Error("an int32 was taken")
	}
}

func next(t *testing.T, r *Rows) any {
	t.Helper()
	v, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	switch v.Kind {
	case Bool:
		return v.Bool
	case Int:
		return v.Int
	case Float:
		return v.Float
	case String:
		return string(v.Bytes)
	case Time:
		return time.UnixMicro(v.Int).UTC()
	case List:
		list := []any{}
		for range v.Int {
			list = append(list, next(t, r))
		}
		return list
	}
	return nil
}

func TestBatchArrivesAsSent(t *testing.T) {
	payload := AppendBatch(nil, 2, 2)
	payload = AppendNull(AppendText(payload, []byte("a")))
	payload = AppendText(AppendText(payload, nil), bytes.Repeat([]byte("é"), 100))
	got, err := DecodeBatch(payload)
	if err != nil {
		t.Fatal(err)
	}
	a, empty, long := "a", "", string(bytes.Repeat([]byte("é"), 100))
	if diff := cmp.Diff([][]*string{{&a, nil}, {&empty, &long}}, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// FuzzDecode feeds the decoders what no worker sends: they must neither panic nor allocate what a
// lying length asks for.
func FuzzDecode(f *testing.F) {
	f.Add(AppendText(AppendBatch(nil, 1, 1), []byte("a")))
	f.Add(AppendBatch(nil, 1<<40, 1<<40))
	row, err := AppendRow(AppendTable(nil, 0), []any{"x", int64(1), 1.5, nil, true, time.UnixMicro(5), []any{"x", nil}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(row)
	f.Add([]byte{byte(KindRun), 0xff, 0xff, 0xff, 0x3f, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if batch, err := DecodeBatch(b); err == nil && len(batch) > len(b) {
			t.Errorf("%d rows of %d bytes", len(batch), len(b))
		}
		if r, _, err := ReadRows(b); err == nil {
			for r.More() {
				if _, err := r.Next(); err != nil {
					break
				}
			}
		}
		reader := NewReader(bytes.NewReader(b))
		for {
			_, payload, err := reader.Next()
			if err != nil {
				break
			}
			var run Run
			_ = Decode(payload, &run) // whether it is one does not matter here
		}
	})
}
