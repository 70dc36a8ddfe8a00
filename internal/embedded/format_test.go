package embedded

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/backendtest"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

var update = flag.Bool("update", false, "write testdata anew")

// fill writes one of everything.
func fill(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	g := sampleGroup("orders")
	must(s.Groups().Create(ctx, g))
	gone := sampleGroup("gone")
	must(s.Groups().Create(ctx, gone))
	mustBucket(t, s)
	must(s.Records().Do(ctx, g, "7", func(*feature.Record) (feature.Decision, error) {
		return feature.Decision{Outcome: feature.OnlineWritten, Record: sampleRecord(), Journal: true, Accepted: noon}, nil
	}))
	must(s.Records().Do(ctx, gone, "8", accept("8", "x")))
	must(s.Groups().Delete(ctx, "gone"))
	must(s.Objects().Commit(ctx, bucket.Change{Put: []*bucket.Object{sampleObject("k", "one"), sampleObject("old", "two")}}))
	must(s.Objects().Commit(ctx, bucket.Change{Put: []*bucket.Object{sampleObject("old", "three")}}))
	must(s.Objects().CreateUpload(ctx, bucket.Upload{ID: "u", Bucket: "b", Key: "k", Headers: map[string]string{"Content-Type": "a/b"}, Checksum: "CRC32", Started: noon}))
	must(s.Objects().PutPart(ctx, "u", bucket.Part{Number: 1, Blob: bucket.BlobPart{ID: "four", Size: 5}, ETag: "e", Checksums: map[string]string{"CRC32": "x"}, Modified: noon}))
	must(s.Tables().CreateTable(ctx, &table.Table{
		Database: table.FeatureStoreDatabase, Name: "orders", Storage: table.Storage{
			Columns:  []table.Column{{Name: "id", Type: "string", Comment: "c"}},
			Location: "s3://b/p", InputFormat: "i", OutputFormat: "o", SerDe: "s", SerDeParams: map[string]string{"a": "b"},
		},
		Parameters: map[string]string{"c": "d"}, TableType: "EXTERNAL_TABLE", Description: "d", Created: noon, Updated: noon,
		Version: 1, Group: g.ID, EventTime: "at", EventTimeType: feature.Fractional,
	}))
	_, err := s.Executions().Create(ctx, &query.Execution{
		ID: "e", SQL: "SELECT 1", Catalog: "c", Database: "d", Parameters: []string{"1"}, WorkGroup: "primary", Token: "token",
		OutputFolder: "s3://b/q/", Output: "s3://b/q/e.csv", Statement: "DML", Substatement: "SELECT", State: query.Queued, Submitted: noon,
	})
	must(err)
	_, err = s.Executions().Update(ctx, "e", func(e *query.Execution) {
		e.State, e.Failure = query.Failed, &query.Failure{Reason: "r", Category: 2, Type: 1, Retryable: true}
		e.Started, e.Completed = noon, noon.Add(time.Second)
		e.Columns = []query.Column{{Name: "a", Type: "decimal", Precision: 3, Scale: 1}}
		e.Rows, e.Scanned, e.Planning, e.Engine = 1, 2, 3, 4
	}, query.Effect{})
	must(err)
	sn, err := s.Offline().Snapshot(ctx)
	must(err)
	other := sampleGroup("flushed")
	must(s.Groups().Create(ctx, other))
	must(s.Offline().CommitFlush(ctx, other.ID, sn.Settled(), nil))
	must(sn.Close())
	fillFormat2(t, s)
	fillFormat3(t, s)
	fillObjects3(t, s)
	fillFormat4(t, s)
	fillFormat5(t, s)
	fillFormat6(t, s)
}

// fillFormat4 writes one of everything that format 3 did not have.
func fillFormat4(t *testing.T, s *Store) {
	t.Helper()
	x, ctx := s.Executions(), t.Context()
	_, running := x.Create(ctx, &query.Execution{ID: "f", SQL: "SELECT 2", WorkGroup: "group", State: query.Running, Submitted: noon})
	group := x.CreateWorkGroup(ctx, fullWorkGroup())
	_, kept := x.CreateNamedQuery(ctx, fullNamedQuery())
	prepared := x.PutPrepared(ctx, fullPrepared(), query.MustBeNew)
	if err := errors.Join(running, group, kept, prepared); err != nil {
		t.Fatal(err)
	}
}

func fullWorkGroup() *query.WorkGroup {
	return &query.WorkGroup{
		Name: "group", Description: "d", Disabled: true, Enforced: true, Output: "s3://b/q/",
		Result: query.ResultOptions{Encryption: "SSE_KMS", KMSKey: "k", ExpectedOwner: "1", ACL: "a"},
		Cutoff: 10_000_000, Metrics: true, Requester: true, Engine: "AUTO", Created: noon, Tags: map[string]string{"a": "b"},
	}
}

func fullNamedQuery() *query.NamedQuery {
	return &query.NamedQuery{ID: "n", Name: "name", Description: "d", Database: "db", SQL: "SELECT 1", WorkGroup: "group", Token: "t"}
}

func fullPrepared() *query.Prepared {
	return &query.Prepared{Name: "p", WorkGroup: "group", SQL: "SELECT ?", Description: "d", Modified: noon}
}

// fillFormat3 writes one of everything that format 2 did not have.
func fillFormat3(t *testing.T, s *Store) {
	t.Helper()
	tables, ctx := s.Tables(), t.Context()
	for _, tb := range []*table.Table{fullTable("full"), fullTable("gone")} {
		if err := tables.CreateTable(ctx, tb); err != nil {
			t.Fatal(err)
		}
		_, err := tables.UpdateTable(ctx, tb.Database, tb.Name, func(tb *table.Table) error { tb.Owner = "second"; return nil })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tables.CreatePartitions(ctx, tb.Database, tb.Name, []*table.Partition{fullPartition()}); err != nil {
			t.Fatal(err)
		}
	}
	if err := tables.DeleteTable(ctx, table.DefaultDatabase, "gone"); err != nil {
		t.Fatal(err)
	}
}

func fullTable(name string) *table.Table {
	return &table.Table{
		Database: table.DefaultDatabase, Name: name, Storage: fullStorage(), Created: noon, Updated: noon,
		Owner: "first", CreatedBy: "arn", LastAccess: noon, LastAnalyzed: noon, Retention: 3,
		PartitionKeys: []table.Column{{Name: "k", Type: "string"}}, ViewOriginalText: "v", ViewExpandedText: "w",
	}
}

func fullStorage() table.Storage {
	return table.Storage{
		Columns:  []table.Column{{Name: "id", Type: "string", Parameters: map[string]string{"a": "b"}}},
		Location: "s3://b/p", SerDeName: "n", AdditionalLocations: []string{"s3://b/q"}, Compressed: true, Buckets: 4,
		BucketColumns: []string{"id"}, SortColumns: []table.SortColumn{{Column: "id", Order: 1}}, StorageParameters: map[string]string{"c": "d"},
		Skew: &table.Skew{Columns: []string{"id"}, Values: []string{"1"}, Locations: map[string]string{"1": "s3://b/r"}}, SubDirectories: true,
	}
}

// fullPartition has a value with a zero byte, which its key escapes.
func fullPartition() *table.Partition {
	return &table.Partition{
		Database: table.DefaultDatabase, Table: "full", Values: []string{"a\x00b"}, Storage: fullStorage(),
		Parameters: map[string]string{"e": "f"}, Created: noon, LastAccess: noon, LastAnalyzed: noon,
	}
}

// fillFormat2 writes one of everything that format 1 did not have.
func fillFormat2(t *testing.T, s *Store) {
	t.Helper()
	g := fullGroup("full")
	if err := s.Groups().Create(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	first, second := fullRecord(), fullRecord()
	first.EventTime.Sec, first.ID, first.Values[0].Text = -1, "gone", "gone"
	marker := tombstoneOf(first)
	for _, d := range []feature.Decision{
		{Outcome: feature.OnlineWritten, Record: first, Accepted: noon},
		{Outcome: feature.OnlineRemoved, Record: tombstoneOf(first), Expired: marker, Journal: true, Accepted: noon},
		{Outcome: feature.OnlineWritten, Record: second, Journal: true, Accepted: noon},
	} {
		if err := s.Records().Do(t.Context(), g, d.Record.ID, func(*feature.Record) (feature.Decision, error) { return d, nil }); err != nil {
			t.Fatal(err)
		}
	}
}

func sampleGroup(name feature.GroupName) *feature.Group {
	return &feature.Group{
		Name: name, ARN: "arn", RecordIdentifier: "id", EventTime: "at",
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.Fractional}, {Name: "n", Type: feature.Integral}},
		Online:      &feature.Online{StorageType: "Standard", KMSKeyID: "k"},
		Offline: &feature.Offline{
			S3URI: "s3://b/p", KMSKeyID: "k", Resolved: "s3://b/p/data", TableFormat: "Glue", DisableTable: true,
			Table: &feature.TableRef{Catalog: "c", Database: "d", Table: "t"},
		},
		RoleARN: "role", Description: "d", Tags: []feature.Tag{{Key: "k", Value: "v"}}, Created: noon,
		Status: feature.Created, Failure: "f",
	}
}

// fullGroup has what a group of format 1 has not.
func fullGroup(name feature.GroupName) *feature.Group {
	g := sampleGroup(name)
	read, write := int64(4), int64(0)
	g.Definitions = append(g.Definitions, feature.Definition{
		Name: "v", Type: feature.Fractional, Collection: feature.Vector, Dimension: 2, Added: noon,
		Metadata: &feature.Metadata{Description: "d", Parameters: []feature.Parameter{{Key: "k", Value: "v"}}, Modified: noon},
	})
	g.Online = nil
	g.OnlineOff = &feature.Online{StorageType: feature.InMemory, TTL: &feature.TTL{Unit: feature.Days, Value: 3}}
	g.Throughput = &feature.Throughput{Mode: "Provisioned", Read: &read, Write: &write}
	g.Modified, g.LastUpdate = noon, &feature.UpdateStatus{Status: "Failed", Failure: "f"}
	return g
}

// fullRecord has what a record of format 1 has not, but for the Position.
func fullRecord() *feature.Record {
	r := sampleRecord()
	r.TTL = 90
	r.Values = append(r.Values, feature.Value{Ordinal: 301, List: []string{"1.5", "", "1.5"}}, feature.Value{Ordinal: 302, List: []string{""}})
	return r
}

func tombstoneOf(r *feature.Record) *feature.Record {
	return &feature.Record{ID: r.ID, EventTime: r.EventTime, Deleted: true, Values: []feature.Value{{Ordinal: 0, Text: r.ID}}}
}

func sampleRecord() *feature.Record {
	return &feature.Record{
		ID: "7", EventTime: feature.EventTime{Sec: -5, Nsec: 999_999_999},
		Values: []feature.Value{{Ordinal: 0, Text: "7"}, {Ordinal: 1, Text: "-4.000000001"}, {Ordinal: 300, Text: ""}},
	}
}

func sampleObject(key string, blob bucket.BlobID) *bucket.Object {
	return &bucket.Object{
		Bucket: "b", Key: key, Blobs: []bucket.BlobPart{{ID: blob, Size: 5}}, Size: 5, ETag: "e", Modified: noon.Add(1),
		Headers: map[string]string{"Content-Type": "a/b", "X-Amz-Meta-A": ""}, Checksums: map[string]string{"CRC32": "x"},
		Rows: &bucket.Rows{Count: 2, FirstEventTime: noon, LastEventTime: noon.Add(time.Hour), FirstPosition: 3, LastPosition: 4},
	}
}

// The databases of all formats. Nothing writes the older ones any more: an older Larder did.
const (
	format1 = "testdata/format1.txt"
	format2 = "testdata/format2.txt"
	format3 = "testdata/format3.txt"
	format4 = "testdata/format4.txt"
	format5 = "testdata/format5.txt"
	format6 = "testdata/format6.txt"
	format7 = "testdata/format7.txt"
)

// golden returns the rows of a database.
func golden(t testing.TB, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for line := range strings.Lines(string(text)) {
		var key, value string
		if _, err := fmt.Sscanf(line, "%q %q", &key, &value); err != nil {
			t.Fatal(err)
		}
		all[key] = value
	}
	return all
}

// load opens a database of these rows.
func load(t *testing.T, rows map[string]string) *Store {
	t.Helper()
	mem := vfs.NewMem()
	write(t, mem, func(b *pebble.Batch) {
		for key, value := range rows {
			set(b, []byte(key), []byte(value))
		}
	})
	return reopen(t, mem, Options{})
}

// dump returns every row of s, as golden does.
func dump(t *testing.T, s *Store) (all map[string]string, text string) {
	t.Helper()
	var lines strings.Builder
	all = map[string]string{}
	for row, err := range rows(s.db, []byte{0}, []byte{0xff}, nil) {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&lines, "%q %q\n", row.key, row.value)
		all[string(row.key)] = string(row.value)
	}
	return all, lines.String()
}

// What is written is what docs/formats/embedded-store.md says of format 7, but that JSON may have
// gained members. If this test fails the format has changed: it needs a new number, and code that
// reads the old one.
func TestStoredBytesAreThoseOfFormat7(t *testing.T) {
	s := reopen(t, vfs.NewMem(), Options{Now: at(noon)})
	fill(t, s)
	got, text := dump(t, s)
	if *update {
		if err := os.WriteFile(format7, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := golden(t, format7)
	for key, value := range want {
		if strings.HasPrefix(value, "\x01{") {
			value, got[key] = members(t, value, value), members(t, got[key], value)
		}
		if diff := cmp.Diff(value, got[key]); diff != "" {
			t.Errorf("value of %q (-want +got):\n%s", key, diff)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d keys, want %d", len(got), len(want))
	}
}

// members returns the members of a JSON value that another has too.
func members(t *testing.T, value, of string) string {
	t.Helper()
	var all, wanted map[string]any
	err := errors.Join(json.Unmarshal([]byte(value[1:]), &all), json.Unmarshal([]byte(of[1:]), &wanted))
	if err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(all, func(name string, _ any) bool { _, is := wanted[name]; return !is })
	return fmt.Sprint(all)
}

// A database of format 1 is read, whoever wrote it.
func TestDatabaseOfFormat1IsRead(t *testing.T) {
	s, ctx := load(t, golden(t, format1)), t.Context()

	want := sampleGroup("orders")
	want.ID = 1
	g, err := s.Groups().Get(ctx, "orders")
	if err != nil {
		t.Fatal(err)
	}
	recs, err := backendtest.Held(ctx, s.Records(), 1, []string{"7"})
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Objects().Get(ctx, bucket.ObjectRef{Bucket: "b", Key: "old"})
	if err != nil {
		t.Fatal(err)
	}
	retired, err := s.Objects().Retired(ctx, noon.Add(time.Hour), 10)
	if err != nil {
		t.Fatal(err)
	}
	deleted, err := s.Offline().Group(ctx, 2)
	if err != nil {
		t.Fatal(err)
	}
	off := sampleGroup("off")
	off.ID, off.Online, off.OnlineOff = 4, nil, &feature.Online{}
	gotOff, err := s.Groups().Get(ctx, "off")
	if err != nil {
		t.Fatal(err)
	}
	entries, _ := waitingOf(t, s, 1)
	entry := &feature.Entry{Record: *sampleRecord(), Position: feature.Position(noon.UnixMicro()) + 1, Accepted: noon, Outcome: feature.OnlineWritten}
	for _, c := range []struct {
		name      string
		want, got any
	}{
		{"group", want, g},
		{"group that described an online store and did not enable it", off, gotOff},
		{"record", []*feature.Record{sampleRecord()}, recs},
		{"object", sampleObject("old", "three"), o},
		{"garbage", []bucket.BlobID{"two"}, retired},
		{"deleted group", feature.GroupName("gone"), deleted.Name},
		{"entries", []*feature.Entry{entry}, entries},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// A database of an older format becomes one of today's when it is opened: an older Larder, which would
// not keep the index of expiries, nor delete partitions with their table, nor find executions and datasets, refuses it
// from then on. It has the database "default" and the work group "primary" then, its executions are found
// by their work group, and nothing else is touched.
func TestDatabaseOfAnOlderFormatIsRaised(t *testing.T) {
	for _, file := range []string{format1, format2, format3} {
		want := golden(t, file)
		s := load(t, want)
		got, _ := dump(t, s)
		want["mformat"] = "\x01\x07"
		want["Ddefault"], want["Wprimary"] = got["Ddefault"], got["Wprimary"]
		for key := range want {
			if key[0] == executionKeys {
				want["Eprimary\x00"+key[1:]] = ""
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rows of %s (-want +got):\n%s", file, diff)
		}
		all, err := s.Tables().Databases(t.Context())
		if err != nil || len(all) != 2 || all[0].Name != table.DefaultDatabase || all[0].Created.IsZero() {
			t.Errorf("databases of %s: %v, %v", file, all, err)
		}
	}
}

// A database of format 4 is read, whoever wrote it.
func TestDatabaseOfFormat4IsRead(t *testing.T) {
	s, ctx := load(t, golden(t, format4)), t.Context()
	x := s.Executions()
	group, err1 := x.GetWorkGroup(ctx, "group")
	kept, err2 := x.GetNamedQuery(ctx, "n")
	prepared, err3 := x.GetPrepared(ctx, "group", "p")
	unfinished, err4 := x.Unfinished(ctx)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ want, got any }{
		{fullWorkGroup(), group}, {fullNamedQuery(), kept}, {fullPrepared(), prepared}, {[]string{"f"}, unfinished},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// A database of format 3 is read, whoever wrote it.
func TestDatabaseOfFormat3IsRead(t *testing.T) {
	s, ctx := load(t, golden(t, format3)), t.Context()
	second := fullTable("full")
	second.Owner, second.Version = "second", 1
	versions, err := s.Tables().Versions(ctx, table.DefaultDatabase, "full")
	if err != nil {
		t.Fatal(err)
	}
	part, err := s.Tables().GetPartition(ctx, table.DefaultDatabase, "full", fullPartition().Values)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]*table.Table{second, fullTable("full")}, versions); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(fullPartition(), part); diff != "" {
		t.Errorf("partition (-want +got):\n%s", diff)
	}
}

// A database of format 2 is read, whoever wrote it.
func TestDatabaseOfFormat2IsRead(t *testing.T) {
	s, ctx := load(t, golden(t, format2)), t.Context()
	want := fullGroup("full")
	want.ID = 4
	g, err := s.Groups().Get(ctx, "full")
	if err != nil {
		t.Fatal(err)
	}
	held, err := backendtest.Held(ctx, s.Records(), 4, []string{"7", "gone"})
	if err != nil {
		t.Fatal(err)
	}
	expired, err := s.Records().Expired(ctx, 4, noon, 10)
	if err != nil {
		t.Fatal(err)
	}
	entries, _ := waitingOf(t, s, 4)
	if len(entries) != 3 {
		t.Fatalf("%d entries, want 3", len(entries))
	}
	record, marker := fullRecord(), fullRecord()
	marker.EventTime.Sec, marker.ID = -1, "gone"
	record.Position = entries[2].Position
	for _, c := range []struct {
		name      string
		want, got any
	}{
		{"group", want, g},
		{"records", []*feature.Record{record, nil}, held},
		{"expired", []string{"7"}, expired},
		{"entry of the record", feature.Entry{Record: *fullRecord(), Position: record.Position, Accepted: noon, Outcome: feature.OnlineWritten}, *entries[2]},
		{"marker", feature.Entry{Record: *tombstoneOf(marker), Position: entries[0].Position, Accepted: noon, Outcome: feature.OnlineRemoved}, *entries[0]},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// write puts rows into the database of fs, past the Store.
func write(t *testing.T, fs vfs.FS, fill func(b *pebble.Batch)) {
	t.Helper()
	db, err := pebble.Open("", &pebble.Options{FS: fs, Logger: &logger{log: slog.New(slog.DiscardHandler)}, FormatMajorVersion: pebble.FormatNewest})
	if err != nil {
		t.Fatal(err)
	}
	b := db.NewBatch()
	fill(b)
	if err := errors.Join(b.Commit(pebble.Sync), db.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefusesWhatItCannotRead(t *testing.T) {
	cases := []struct {
		name  string
		fill  func(b *pebble.Batch)
		wants string
	}{
		{"a newer format", func(b *pebble.Batch) { setNumber(b, metaFormat, formatVersion+1) }, "newer Larder"},
		{"another program's database", func(b *pebble.Batch) { set(b, []byte("key"), []byte("value")) }, "not Larder's"},
	}
	for _, c := range cases {
		mem := vfs.NewMem()
		write(t, mem, c.fill)
		s, err := Open("", mem, Options{})
		if err == nil {
			t.Fatalf("Open of %s: no error, %v", c.name, s.Close())
		}
		if feature.KindOf(err) != feature.Unsupported || !strings.Contains(err.Error(), c.wants) {
			t.Errorf("Open of %s: %v", c.name, err)
		}
	}
}

func TestSecondServerOnADirectoryIsRefused(t *testing.T) {
	for name, fs := range map[string]vfs.FS{"disk": vfs.Default, "memory": vfs.NewMem()} {
		dir := t.TempDir() + "/data"
		open := func() (*Store, error) { return Open(dir, fs, Options{}) }
		s, err := open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := open(); feature.KindOf(err) != feature.Unavailable || !strings.Contains(err.Error(), "in use by another server") {
			t.Errorf("%s: Open of a directory in use: %v", name, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s, err = open(); err != nil {
			t.Fatalf("%s: Open after Close: %v", name, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
