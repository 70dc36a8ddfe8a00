package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/aws/athena"
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/aws/glue"
	"github.com/larder-dev/larder/internal/aws/larder"
	awsruntime "github.com/larder-dev/larder/internal/aws/runtime"
	awss3 "github.com/larder-dev/larder/internal/aws/s3"
	"github.com/larder-dev/larder/internal/aws/sagemaker"
	"github.com/larder-dev/larder/internal/aws/sts"
	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/columnar"
	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/dataset/asof"
	"github.com/larder-dev/larder/internal/duckdb"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/export"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
	"github.com/larder-dev/larder/internal/usage"
	"github.com/larder-dev/larder/internal/verify"
)

// openBackends opens the stores, starts what works in the background, and returns the services. What a
// server consists of is read here.
func (a *App) openBackends(ctx context.Context, set settings) ([]*awshttp.Service, error) {
	log, now := a.cfg.Log, a.cfg.Now
	blobs, err := blob.Open(a.dir.path(blobsName), vfs.Default)
	if err != nil {
		return nil, fmt.Errorf("open the blobs: %w", err)
	}
	cache := a.cfg.Cache
	if cache == 0 {
		cache = cacheShare(machineMemory())
	}
	db, err := embedded.Open(a.dir.path(databaseName), vfs.Default, embedded.Options{Cache: cache, Log: log, Now: now})
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	a.onClose("the database", db.Close)
	slots, memory := engineShare(runtime.GOMAXPROCS(0), machineMemory())
	if a.cfg.QueryMemory > 0 {
		memory = a.cfg.QueryMemory
	}
	engine, err := duckdb.Open(duckdb.Options{
		Command: a.cfg.Worker, Slots: slots, Memory: memory, Scratch: a.dir.path(scratchName), Log: log,
	})
	if err != nil {
		return nil, fmt.Errorf("open the query engine: %w", err)
	}
	a.onClose("the query engine", engine.Close)

	buckets := bucket.New(db.Objects(), blobs, bucket.Options{
		Account: set.Account, Region: set.Region, Retention: a.cfg.Retention, UploadAge: a.cfg.UploadAge, Now: now, Log: log,
	})
	tables := table.New(db.Tables(), db.Offline(), buckets, table.Options{
		FlushAge: a.cfg.FlushAge, Runs: a.cfg.Runs, Groups: db.Groups().List, Gently: gently, Pace: newPace(a.attention.busy).work, Now: now, Log: log,
	})
	a.registry.MustRegister(offlineMetrics{tables.Stats})
	groups := featurestore.New(db.Groups(), db.Records(), tables, buckets, featurestore.Options{
		Account: set.Account, Region: set.Region, Extensions: a.cfg.Extensions, Throttle: a.cfg.Throttle, Now: now, Log: log,
	})
	joiner := dataset.NewJoiner(groups, asof.New(buckets, asof.Options{Busy: a.attention.busy, Gently: gently}), dataset.Options{
		Dir: a.dir.path(datasetsName), FS: vfs.Default, Release: a.cfg.Release, Now: now, Log: log,
	})
	queries := query.New(db.Executions(), tables, db.Offline(), buckets, engine, query.Options{
		Account: set.Account, Region: set.Region, Keep: a.cfg.KeepQueries, AsOf: joiner.AsOf, Now: now, Log: log,
	})
	a.onClose("the queries", queries.Close)
	imports := ingest.New(groups, db.Imports(), db.Imports(), tables, buckets, ingest.Options{
		Dir: a.dir.path(importsName), FS: vfs.Default, LocalFiles: a.cfg.ImportFiles || a.local, Now: now, Log: log,
	})
	a.onClose("the imports", imports.Close)
	exports := export.New(groups, tables, db.Offline(), buckets, export.Options{Now: now})
	a.onClose("the exports", exports.Close)
	datasets := dataset.New(dataset.Parts{
		Datasets: db.Datasets(), Offline: db.Offline(), Tables: tables, Buckets: buckets, Imports: imports, Queries: queries, Joiner: joiner,
	})
	a.onClose("the datasets", datasets.Close)
	if err := errors.Join(queries.Recover(ctx), groups.Resume(ctx), imports.Resume(ctx), datasets.Resume(ctx)); err != nil {
		return nil, fmt.Errorf("finish what the last run left half done: %w", err)
	}
	a.startBackground(buckets, tables, groups, queries)

	return []*awshttp.Service{
		sagemaker.New(groups),
		awsruntime.New(groups),
		athena.New(queries, tables),
		glue.New(tables),
		awss3.New(buckets),
		sts.New(sts.Config{Account: set.Account, Keys: a.keyring(set.Account), Now: now, Random: rand.Reader}),
		sts.NewIAM(set.Account),
		larder.New(larder.Config{
			Verifier: verify.New(db.Groups(), tables, db.Offline(), engine, verify.Options{Now: now}),
			Groups:   groups, Tables: tables, Imports: imports, Exports: exports, Datasets: datasets, Columnar: columnar.New(groups),
			Meter: a.meter(db, tables, buckets, datasets), Now: now,
		}),
	}, nil
}

// meter returns what tells who uses the data directory.
func (a *App) meter(db *embedded.Store, tables *table.Store, buckets *bucket.Store, datasets *dataset.Store) *usage.Meter {
	return usage.New(tables, buckets, usage.Options{
		Root: os.DirFS(string(a.dir)), Database: databaseName, Blobs: blobsName, Imports: importsName, Scratch: scratchName, Labels: datasetsName,
		Datasets: datasets.Files, Estimate: db.Estimate, Now: a.cfg.Now,
	})
}

// startBackground starts what goes on beside the requests, until Close.
func (a *App) startBackground(buckets *bucket.Store, tables *table.Store, groups *featurestore.Store, queries *query.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	work := func(name string, f func(context.Context) error) {
		running.Go(func() {
			if err := f(ctx); err != nil && ctx.Err() == nil {
				a.cfg.Log.Error("background work ended", "work", name, "error", err)
			}
		})
	}
	collector := newCollector(a.cfg.Getenv, machineMemory())
	work("garbage", func(ctx context.Context) error {
		collector.run(ctx)
		return nil
	})
	work("flush", tables.Run)
	work("expiry", groups.Run)
	work("old executions", queries.Run)
	work("sweep", func(ctx context.Context) error {
		buckets.Sweep(ctx)
		return nil
	})
	a.onClose("background work", func() error {
		cancel()
		running.Wait()
		return nil
	})
}
