// Package usage tells what uses the disk: it measures the files of the data directory, and says whose
// they are. It must never count a file twice, or leave one out.
package usage

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/table"
)

// A Report is what uses a data directory. Bytes are those of files, whatever blocks the disk gives them.
type Report struct {
	At time.Time
	// Total is of all files: Database.Bytes, Blobs.Bytes, Imports, Scratch and Other together.
	Total    int64
	Database Database
	Blobs    Blobs
	Imports  int64 // what imports sort, and the rows that they refused
	Scratch  int64 // of queries, and of datasets that are being made
	Other    int64 // settings, keys and the like, and what is not ours
	Buckets  []Bucket
	Tables   []table.Usage
}

// Database is the files of the embedded database. Log of its Bytes are its log. Online and Journal
// estimate what the records and the rows that are not flushed have of the others; the rest is what is
// known of groups, tables, objects and executions, and what was removed and not yet compacted.
type Database struct{ Bytes, Log, Online, Journal int64 }

// Blobs is the files that hold objects. Bytes is the sum of those that objects have, sorted runs, datasets,
// replaced objects, the parts of uploads, and nobody: what was deleted and is not removed yet, or is being written.
type Blobs struct{ Files, Bytes, Objects, Runs, Datasets, Replaced, Uploads, Nobody int64 }

// A Bucket is what is in one bucket. Stored of its Bytes are in files that no bucket before it in the
// report has already: a copy shares the bytes of its source.
type Bucket struct {
	Name                          string
	Objects, Bytes, Stored        int64
	Replaced, ReplacedBytes       int64 // by a merge of files; readable for a while under their keys
	Uploads, Parts, UploadedBytes int64 // not completed
}

// Options of a Meter. All but Now are required.
type Options struct {
	Root fs.FS // the data directory
	// Database, Blobs, Imports, Scratch and Labels are the names of directories in it; Labels is the scratch of
	// datasets.
	Database, Blobs, Imports, Scratch, Labels string
	// Datasets yields the files of datasets, which are in no bucket.
	Datasets func(ctx context.Context) iter.Seq2[*bucket.Object, error]
	// Estimate tells Database.Online and Database.Journal.
	Estimate func() (online, journal int64, err error)
	Now      func() time.Time // nil: time.Now
}

// A Meter measures. It is safe for concurrent use.
type Meter struct {
	tables  *table.Store
	buckets *bucket.Store
	options Options
}

// New returns a Meter. It does no I/O.
func New(tables *table.Store, buckets *bucket.Store, o Options) *Meter {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Meter{tables: tables, buckets: buckets, options: o}
}

// Measure reads the index of all objects and the sizes of all files. It stops nobody: what changes
// meanwhile is counted as it was at some moment, and Total is the sum of its parts all the same. It
// holds about 20 bytes of memory for each blob.
func (m *Meter) Measure(ctx context.Context) (*Report, error) {
	r := &Report{At: m.options.Now().UTC()}
	var err error
	if r.Tables, err = m.tables.Usage(ctx); err != nil {
		return nil, fmt.Errorf("measure the tables: %w", err)
	}
	if r.Database.Online, r.Database.Journal, err = m.options.Estimate(); err != nil {
		return nil, err
	}
	o := newOwners()
	if r.Buckets, err = m.measureBuckets(ctx, o); err != nil {
		return nil, err
	}
	if err := m.measureRuns(ctx, o); err != nil {
		return nil, err
	}
	if err := m.measureDatasets(ctx, o); err != nil {
		return nil, err
	}
	if err := m.measureFiles(ctx, r, o); err != nil {
		return nil, err
	}
	return r, nil
}
