package crash

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/table"
)

const (
	lake    = "lake"    // of the table's files
	own     = "clients" // is always there
	account = "123456789012"
	region  = "us-east-1"
	group   = "g"
)

// A world is the stores of a server over one file system.
type world struct {
	db      *embedded.Store
	blobs   *blob.Store
	buckets *bucket.Store
	tables  *table.Store
	groups  *featurestore.Store
	imports *ingest.Store
}

// open opens the stores as a server does that starts, but for its background work. later is how far
// its clock is ahead.
func open(fs vfs.FS, later time.Duration) (*world, error) {
	now := func() time.Time { return time.Now().Add(later) }
	w := &world{}
	var err error
	if w.db, err = embedded.Open("data/db", fs, embedded.Options{Now: now, Cache: 1 << 20, Fatal: func(err error) { panic(err) }}); err != nil {
		return nil, err
	}
	if w.blobs, err = blob.Open("data/blobs", fs); err != nil {
		return nil, errors.Join(err, w.db.Close())
	}
	w.buckets = bucket.New(w.db.Objects(), w.blobs, bucket.Options{Account: account, Region: region, Now: now})
	w.tables = table.New(w.db.Tables(), w.db.Offline(), w.buckets, table.Options{
		Now: now, Stagers: 2, FlushBytes: 4000, Compaction: table.Compaction{Fanout: 2},
		// A run is due as soon as there are two files.
		Runs:   table.Runs{Files: 2, Quiet: 1, Rest: 1, Slow: 1, Most: 30_000},
		Groups: func(ctx context.Context) iter.Seq2[*feature.Group, error] { return w.db.Groups().List(ctx) },
	})
	w.groups = featurestore.New(w.db.Groups(), w.db.Records(), w.tables, w.buckets, featurestore.Options{Account: account, Region: region, Now: now})
	w.imports = ingest.New(w.groups, w.db.Imports(), w.db.Imports(), w.tables, w.buckets, ingest.Options{Dir: "data/import", FS: fs, Now: now, Memory: 32 << 10})
	return w, nil
}

func (w *world) close() error { return errors.Join(w.imports.Close(), w.db.Close()) }

// define makes the group of the rows.
func (w *world) define(ctx context.Context) error {
	for _, name := range []string{lake, own} {
		if err := w.buckets.CreateBucket(ctx, name); err != nil {
			return err
		}
	}
	g, err := feature.NewGroup(&feature.Group{
		Name: group, RecordIdentifier: "id", EventTime: "at",
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.Fractional}, {Name: "name", Type: feature.String}},
		Online:      &feature.Online{StorageType: "Standard"},
		Offline:     &feature.Offline{S3URI: "s3://" + lake + "/base"}, RoleARN: "arn:aws:iam::" + account + ":role/r",
	}, feature.Place{Account: account, Region: region}, time.Now(), false)
	if err != nil {
		return err
	}
	g.Status = feature.Created
	if err := w.db.Groups().Create(ctx, g); err != nil {
		return err
	}
	return w.tables.Define(ctx, g)
}

// put puts a record whose name is its row's.
func (w *world) put(ctx context.Context, id string, at int, name string) error {
	g, err := w.db.Groups().Get(ctx, group)
	if err != nil {
		return err
	}
	r, err := g.Check([]feature.Field{{Name: "id", Text: id}, {Name: "at", Text: fmt.Sprint(at)}, {Name: "name", Text: name}})
	if err != nil {
		return err
	}
	return w.db.Records().Do(ctx, g, r.ID, func(held *feature.Record) (feature.Decision, error) {
		return feature.DecidePut(g, held, r, feature.OnlineStore|feature.OfflineStore, time.Now()), nil
	})
}
