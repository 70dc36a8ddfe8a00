package larder_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
	"github.com/larder-dev/larder/internal/aws/larder"
	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/columnar"
	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/dataset/asof"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/export"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/table"
	"github.com/larder-dev/larder/internal/usage"
	"github.com/larder-dev/larder/internal/verify"
)

// A world is the service over the embedded stores, in a directory of its own. It has the bucket "lake".
type world struct {
	t        *testing.T
	dir      string
	full     atomic.Bool  // the disk has no room for blobs and imports
	clock    atomic.Int64 // nanoseconds since the beginning
	db       *embedded.Store
	buckets  *bucket.Store
	groups   *featurestore.Store
	imports  *ingest.Store
	exports  *export.Store
	datasets *dataset.Store
	server   *httptest.Server
}

// now is 2023-11-14T22:13:20Z, until a test moves the clock.
func (w *world) now() time.Time { return time.Unix(1_700_000_000, w.clock.Load()) }

// newWorld serves; imports may read files of the machine if local says so.
func newWorld(t *testing.T, local bool) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir()}
	fs := errorfs.Wrap(vfs.Default, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if w.full.Load() && op.Kind == errorfs.OpFileWrite {
			return &os.PathError{Op: "write", Path: op.Path, Err: syscall.ENOSPC}
		}
		return nil
	}))
	var err error
	w.db, err = embedded.Open(filepath.Join(w.dir, "db"), vfs.Default, embedded.Options{Now: w.now})
	w.check(err)
	blobs, err := blob.Open(filepath.Join(w.dir, "blobs"), fs)
	w.check(err)
	w.buckets = bucket.New(w.db.Objects(), blobs, bucket.Options{Account: awstest.Account, Region: awstest.Region, Now: w.now})
	tables := table.New(w.db.Tables(), w.db.Offline(), w.buckets, table.Options{Groups: w.db.Groups().List, Now: w.now})
	w.groups = featurestore.New(w.db.Groups(), w.db.Records(), tables, w.buckets,
		featurestore.Options{Account: awstest.Account, Region: awstest.Region, Extensions: true, Now: w.now})
	w.imports = ingest.New(w.groups, w.db.Imports(), w.db.Imports(), tables, w.buckets,
		ingest.Options{Dir: filepath.Join(w.dir, "imports"), FS: fs, LocalFiles: local, Now: w.now})
	w.check(w.imports.Resume(t.Context()))
	w.exports = export.New(w.groups, tables, w.db.Offline(), w.buckets, export.Options{Now: w.now})
	w.datasets = dataset.New(dataset.Parts{
		Datasets: w.db.Datasets(), Offline: w.db.Offline(), Tables: tables, Buckets: w.buckets, Imports: w.imports,
		Joiner: dataset.NewJoiner(w.groups, asof.New(w.buckets, asof.Options{}), dataset.Options{Dir: filepath.Join(w.dir, "datasets"), FS: fs, Now: w.now}),
	})
	w.check(w.datasets.Resume(t.Context()))
	t.Cleanup(func() {
		w.check(w.datasets.Close())
		w.check(w.exports.Close())
		w.check(w.imports.Close())
		w.check(w.db.Close())
	})
	meter := usage.New(tables, w.buckets, usage.Options{
		Root: os.DirFS(w.dir), Database: "db", Blobs: "blobs", Imports: "imports", Scratch: "scratch", Labels: "datasets",
		Datasets: w.datasets.Files, Estimate: w.db.Estimate, Now: w.now,
	})
	w.server = awstest.NewServer(t, larder.New(larder.Config{
		Verifier: verify.New(w.db.Groups(), tables, w.db.Offline(), nil, verify.Options{Now: w.now}),
		Groups:   w.groups, Tables: tables, Imports: w.imports, Exports: w.exports, Datasets: w.datasets, Meter: meter, Columnar: columnar.New(w.groups), Now: w.now,
	}))
	w.check(w.buckets.CreateBucket(t.Context(), "lake"))
	return w
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// group makes a group of both stores, whose features are id, at (Fractional) and n (Integral).
func (w *world) group(name string, change func(*feature.Group)) *feature.Group {
	w.t.Helper()
	g := &feature.Group{
		Name: feature.GroupName(name), RecordIdentifier: "id", EventTime: "at", RoleARN: "arn:aws:iam::123456789012:role/r",
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.Fractional}, {Name: "n", Type: feature.Integral}},
		Online:      &feature.Online{}, Offline: &feature.Offline{S3URI: "s3://lake/fs"},
	}
	if change != nil {
		change(g)
	}
	g, err := w.groups.CreateGroup(w.t.Context(), g)
	w.check(err)
	return g
}

func onlineOnly(g *feature.Group) { g.Offline, g.RoleARN = nil, "" }

func (w *world) put(group, id, at string) {
	w.t.Helper()
	w.check(w.groups.Put(w.t.Context(), &featurestore.Put{
		Group: feature.GroupRef(group), Fields: []feature.Field{{Name: "id", Text: id}, {Name: "at", Text: at}}, Accepted: w.now(),
	}))
}

// object puts an object into the bucket.
func (w *world) object(key, content string) {
	w.t.Helper()
	_, err := w.buckets.Put(w.t.Context(), bucket.ObjectRef{Bucket: "lake", Key: key}, strings.NewReader(content), bucket.Content{}, nil)
	w.check(err)
}

// call sends a signed request below /larder/ and returns the status, the error's name and the body.
func (w *world) call(method, path, body string) (status int, code string, answer []byte) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+"/larder/"+path, bytes.NewReader([]byte(body)))
	w.check(err)
	resp, answer := awstest.Do(w.t, w.server, r, "larder")
	return resp.StatusCode, resp.Header.Get("X-Amzn-Errortype"), answer
}

// remove deletes an object of the bucket.
func (w *world) remove(key string) {
	w.t.Helper()
	w.check(w.buckets.Delete(w.t.Context(), "lake", []string{key}, nil))
}

// deletion is a SoftDelete of a record of the group "g".
func deletion(id, at string, when time.Time) *featurestore.Delete {
	return &featurestore.Delete{Group: "g", ID: id, EventTime: at, Accepted: when}
}

// putOf is a put of names and texts, one after the other.
func putOf(group string, texts ...string) *featurestore.Put {
	p := &featurestore.Put{Group: feature.GroupRef(group), Accepted: time.Unix(1_700_000_000, 0)}
	for i := 0; i < len(texts); i += 2 {
		p.Fields = append(p.Fields, feature.Field{Name: feature.Name(texts[i]), Text: texts[i+1]})
	}
	return p
}
