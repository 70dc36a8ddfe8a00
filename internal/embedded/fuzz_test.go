package embedded

import (
	"bytes"
	"encoding/binary"
	"iter"
	"math"
	"runtime"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// What is decoded is encoded and decoded to the same, whatever the bytes; nothing panics.

func FuzzDecodeRecord(f *testing.F) {
	f.Add(encodeRecord(sampleRecord(), 0))
	f.Add(encodeRecord(fullRecord(), 7))
	f.Add(encodeRecord(tombstoneOf(fullRecord()), math.MaxInt64))
	f.Fuzz(func(t *testing.T, value []byte) {
		r, err := decodeRecord(value)
		if err != nil {
			return
		}
		again, err := decodeRecord(encodeRecord(r, r.Position))
		if diff := cmp.Diff(r, again); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
	})
}

func FuzzDecodeEntry(f *testing.F) {
	f.Add(encodeEntry(&feature.Entry{Record: *sampleRecord(), Accepted: noon, Outcome: feature.OnlineStale}))
	f.Add(encodeEntry(&feature.Entry{Record: *fullRecord(), Accepted: noon, Outcome: feature.OnlineWritten}))
	f.Fuzz(func(t *testing.T, value []byte) {
		e, err := decodeEntry(1, value)
		if err != nil {
			return
		}
		again, err := decodeEntry(1, encodeEntry(e))
		if diff := cmp.Diff(e, again); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
	})
}

func FuzzDecodeObject(f *testing.F) {
	f.Add(encodeObject(sampleObject("k", "one"), 0))
	f.Add(encodeObject(sampleObject("k", "one"), 1<<50))
	f.Fuzz(func(t *testing.T, value []byte) {
		ref := bucket.ObjectRef{Bucket: "b", Key: "k"}
		o, made, err := decodeObject(ref, value)
		if err != nil {
			return
		}
		again, madeAgain, err := decodeObject(ref, encodeObject(o, made))
		if diff := cmp.Diff(o, again); err != nil || diff != "" || madeAgain != made {
			t.Errorf("%v, made at %d and then %d\n%s", err, made, madeAgain, diff)
		}
	})
}

func FuzzDecodeGroup(f *testing.F) {
	for _, g := range []*feature.Group{sampleGroup("orders"), fullGroup("full"), {}} {
		value, err := toJSON(g)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(value)
	}
	f.Add([]byte("\x01{\"OnlineOff\":true}"))
	f.Add([]byte("\x01{\"OnlineOff\":false}"))
	f.Add([]byte("\x01null"))
	f.Fuzz(func(t *testing.T, value []byte) {
		g, err := decodeGroup(value)
		if err != nil {
			return
		}
		value, err = toJSON(g)
		if err != nil {
			t.Fatal(err)
		}
		again, err := decodeGroup(value)
		if diff := cmp.Diff(g, again); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
	})
}

// A key that is taken apart is put together again to the same bytes.
func FuzzKeys(f *testing.F) {
	f.Add(journalKey(1, 2))
	f.Add(recordKey(1, "id"))
	f.Add(expiryKey(1, feature.EventTime{Sec: -1, Nsec: 999_999_999}, "id"))
	f.Add(garbageKey(7, "blob"))
	f.Add(makingKey("churn", 2))
	f.Fuzz(func(t *testing.T, key []byte) {
		if g, p, err := splitJournalKey(key); err == nil && !bytes.Equal(journalKey(g, p)[1:], key[1:]) {
			t.Errorf("taken for that of entry %d of group %d", p, g)
		}
		if n, rest, err := splitNumberKey(key); err == nil && !bytes.Equal(numberKey(key[0], n, string(rest)), key) {
			t.Errorf("taken for %d and %q", n, rest)
		}
		if g, at, id, err := splitExpiryKey(key); err == nil && !bytes.Equal(expiryKey(g, at, id)[1:], key[1:]) {
			t.Errorf("taken for that of %q of group %d at %v", id, g, at)
		}
		if r, err := splitDatasetKey(key); err == nil && !bytes.Equal(makingKey(r.Name, r.Version)[1:], key[1:]) {
			t.Errorf("taken for that of %v", r)
		}
	})
}

// A row that no Larder writes, in a database that one did, is an error at worst.
func FuzzForeignRow(f *testing.F) {
	for _, file := range []string{format1, format2, format3, format4, format5, format6, format7} {
		for key, value := range golden(f, file) {
			f.Add([]byte(key), []byte(value))
		}
	}
	f.Add(journalKey(math.MaxUint64, 1), []byte("x"))
	f.Add([]byte("j"), []byte("x"))
	f.Add([]byte("x"), []byte(""))
	f.Add([]byte("y\x00\x00\x00\x00\x00\x00\x00\x04"), []byte(""))
	whole := golden(f, format7)
	f.Fuzz(func(t *testing.T, key, value []byte) {
		mem := vfs.NewMem()
		write(t, mem, func(b *pebble.Batch) {
			for key, value := range whole {
				set(b, []byte(key), []byte(value))
			}
			set(b, key, value)
		})
		s, err := Open("", mem, Options{})
		if err != nil {
			return
		}
		readAll(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// readAll reads whatever can be read of s. Errors are as good as answers.
func readAll(t *testing.T, s *Store) {
	ctx := t.Context()
	sn, err := s.Offline().Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for g := range s.Groups().List(ctx) {
		_ = drain(s.Records().Scan(ctx, g.ID, ""))
		_, _ = s.Records().Expired(ctx, g.ID, noon, 100)
		_ = drain(sn.Records(g.ID))
		_ = drain(sn.Entries(g.ID))
		_ = drain(sn.Runs(g.ID))
	}
	_, _ = s.Offline().Pending(ctx)
	_, _ = s.Tables().Databases(ctx)
	_, _ = s.Tables().ListTables(ctx, "sagemaker_featurestore")
	_, _ = s.Objects().Buckets(ctx)
	_, _ = s.Objects().Retired(ctx, noon, 100)
	_, _ = s.Objects().ListUploads(ctx, "b")
	_, _ = s.Objects().Parts(ctx, "u")
	_, _ = s.Executions().Get(ctx, "e")
	_ = drain(s.Objects().List(ctx, "b", "", ""))
	_ = drain(s.Executions().List(ctx, "primary", ""))
	_ = drain(s.Imports().List(ctx))
	_ = drain(s.Datasets().List(ctx, ""))
	_ = drain(s.Datasets().Reads(ctx, dataset.Ref{}))
	_, _ = s.Datasets().Unfinished(ctx)
	_, _ = s.Executions().Unfinished(ctx)
	_, _ = s.Executions().ListWorkGroups(ctx)
	_, _ = s.Executions().ListNamedQueries(ctx, "group")
	_, _ = s.Executions().ListPrepared(ctx, "group")
	if err := sn.Close(); err != nil {
		t.Fatal(err)
	}
}

// drain ranges over all, up to the first error.
func drain[T any](all iter.Seq2[T, error]) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// What a later format adds to records is refused, not left out.
func TestUnknownFlagsAreRefused(t *testing.T) {
	for bit := range 8 {
		value := encodeRecord(sampleRecord(), 0)
		value[1] |= 1 << bit
		if _, err := decodeRecord(value); err == nil && 1<<bit > flagLists {
			t.Errorf("a record with flag %d is read", 1<<bit)
		}
	}
	for _, value := range [][]byte{nil, {}, {2}, {valueVersion}, append(encodeRecord(sampleRecord(), 0), 0)} {
		if _, err := decodeRecord(value); err == nil {
			t.Errorf("%q is read as a record", value)
		}
	}
}

// A value cannot make its reader allocate more than its own length, many times over: counts that it
// could not hold are refused before anything is made for them.
func TestDecodeAllocatesInProportion(t *testing.T) {
	huge := binary.AppendUvarint(nil, 1<<40)
	for _, c := range []struct {
		name   string
		value  []byte
		decode func([]byte) error
	}{
		{"values", append([]byte{valueVersion, 0, 0, 0}, huge...), func(v []byte) error { _, err := decodeRecord(v); return err }},
		{"a list", append([]byte{valueVersion, flagLists, 0, 0, 1, 0}, huge...), func(v []byte) error { _, err := decodeRecord(v); return err }},
		{"a text", append([]byte{valueVersion, 0, 0, 0, 1, 0}, huge...), func(v []byte) error { _, err := decodeRecord(v); return err }},
		{"blobs", append([]byte{valueVersion}, huge...), func(v []byte) error { _, _, err := decodeObject(bucket.ObjectRef{}, v); return err }},
		{"headers", append([]byte{valueVersion, 0, 0, 0, 0, 0}, huge...), func(v []byte) error { _, _, err := decodeObject(bucket.ObjectRef{}, v); return err }},
	} {
		var before, after runtime.MemStats
		value := append(c.value, make([]byte, 1000)...)
		runtime.ReadMemStats(&before)
		err := c.decode(value)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: a count of 2^40 is believed", c.name)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
			t.Errorf("%s: %d bytes allocated for a value of %d", c.name, n, len(value))
		}
	}
}

func FuzzDecodeReplaced(f *testing.F) {
	ref := bucket.ObjectRef{Bucket: "b", Key: "k"}
	f.Add(encodeReplaced(7, encodeObject(sampleObject("k", "one"), 1<<50)))
	f.Add(encodeReplaced(1<<50, encodeObject(&bucket.Object{}, 0)))
	f.Fuzz(func(t *testing.T, value []byte) {
		r, err := decodeReplaced(ref, value)
		if err != nil {
			return
		}
		again, err := decodeReplaced(ref, encodeReplaced(r.gone, encodeObject(r.object, r.made)))
		if diff := cmp.Diff(r, again, cmp.AllowUnexported(replacedObject{})); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
	})
}

func FuzzDecodeRun(f *testing.F) {
	run := sampleRun(7, "year=2026/month=01/", "one")
	f.Add(runKey(7, run.Folder), encodeRun(run))
	f.Add(runKey(math.MaxUint64, ""), encodeRun(&table.Run{File: &bucket.Object{}}))
	f.Fuzz(func(t *testing.T, key, value []byte) {
		r, err := decodeRun(key, value)
		if err != nil {
			return
		}
		again, err := decodeRun(runKey(r.Group, r.Folder), encodeRun(r))
		if diff := cmp.Diff(r, again); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
	})
}

func FuzzDecodeEnded(f *testing.F) {
	f.Add(encodeEnded(7, sampleObject("k", "one")))
	f.Fuzz(func(t *testing.T, value []byte) {
		o, at, err := decodeEnded(value)
		if err != nil || len(o.Blobs) > 0 || o.Rows != nil {
			return
		}
		again, atAgain, err := decodeEnded(encodeEnded(at, o))
		if diff := cmp.Diff(o, again); err != nil || diff != "" || at != atAgain {
			t.Errorf("%v, at %d and then %d\n%s", err, at, atAgain, diff)
		}
	})
}
