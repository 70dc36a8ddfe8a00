package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

type duCommand struct {
	dataFlag
	JSON bool `name:"json" help:"Print the server's answer as it is."`
}

// Run prints what uses the data directory.
func (d *duCommand) Run(c console) error {
	ctx, o, stop, err := d.ownAPI()
	if err != nil {
		return err
	}
	defer stop()
	var answer json.RawMessage
	if err := o.get(ctx, "/larder/Usage", &answer); err != nil {
		return fmt.Errorf("du: %w", err)
	}
	if d.JSON {
		return printRaw(c.out, answer)
	}
	var r usageReport
	if err := json.Unmarshal(answer, &r); err != nil {
		return err
	}
	r.print(c.out)
	return nil
}

// A usageReport is what DescribeUsage answers; docs/offline-store.md says what the numbers mean.
type usageReport struct {
	Bytes    int64
	Database struct{ Bytes, LogBytes, OnlineBytes, JournalBytes int64 }
	Blobs    struct {
		Files, Bytes, ObjectBytes, RunBytes, DatasetBytes, ReplacedBytes, UploadBytes, UnclaimedBytes int64
	}
	ImportBytes, ScratchBytes, OtherBytes int64
	Buckets                               []struct {
		Name                                                                                string
		Objects, Bytes, StoredBytes, ReplacedObjects, ReplacedBytes, Uploads, UploadedBytes int64
	}
	Tables []struct {
		Database, Table, FeatureGroupName                                        string
		Files, Bytes, Rows, ForeignFiles, UnflushedRows, ReplacedFiles, RunBytes int64
	}
}

func (r *usageReport) print(w io.Writer) {
	s := &screen{out: w}
	s.print("data directory")
	s.table([][]string{
		{"total", bytesText(r.Bytes)},
		{"  database", bytesText(r.Database.Bytes)},
		{"    its log", bytesText(r.Database.LogBytes)},
		{"    records, about", bytesText(r.Database.OnlineBytes)},
		{"    rows not in a file yet, about", bytesText(r.Database.JournalBytes)},
		{"  objects of buckets", bytesText(r.Blobs.ObjectBytes)},
		{"  sorted runs of tables", bytesText(r.Blobs.RunBytes)},
		{"  datasets", bytesText(r.Blobs.DatasetBytes)},
		{"  objects that merges replaced", bytesText(r.Blobs.ReplacedBytes)},
		{"  uploads not completed", bytesText(r.Blobs.UploadBytes)},
		{"  deleted and not removed yet, or being written", bytesText(r.Blobs.UnclaimedBytes)},
		{"  imports under way, rows they refused", bytesText(r.ImportBytes)},
		{"  scratch of queries and datasets", bytesText(r.ScratchBytes)},
		{"  settings, keys and what is not larder's", bytesText(r.OtherBytes)},
	}, false)
	buckets := [][]string{{"bucket", "objects", "size", "replaced", "uploads"}}
	for _, b := range r.Buckets {
		buckets = append(buckets, []string{b.Name, count(b.Objects), bytesText(b.Bytes), bytesText(b.ReplacedBytes), bytesText(b.UploadedBytes)})
	}
	tables := [][]string{{"table", "group", "files", "size", "rows", "not in a file yet", "files of others", "replaced", "sorted runs"}}
	for _, t := range r.Tables {
		name := "-"
		if t.Table != "" {
			name = t.Database + "." + t.Table
		}
		tables = append(tables, []string{name, t.FeatureGroupName, count(t.Files), bytesText(t.Bytes), count(t.Rows), count(t.UnflushedRows), count(t.ForeignFiles), count(t.ReplacedFiles), bytesText(t.RunBytes)})
	}
	for _, rows := range [][][]string{buckets, tables} {
		if len(rows) > 1 {
			s.print("")
			s.table(rows, true)
		}
	}
}

func count(n int64) string { return strconv.FormatInt(n, 10) }

// bytesText writes 1536 as 1.5 KiB.
func bytesText(n int64) string {
	if n < 1<<10 {
		return fmt.Sprintf("%d B", n)
	}
	f, unit := float64(n)/(1<<10), 0
	for f >= 1000 && unit < 3 {
		f, unit = f/(1<<10), unit+1
	}
	return fmt.Sprintf("%.1f %ciB", f, "KMGT"[unit])
}
