package sagemaker_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	client "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/smithy-go"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
	"github.com/larder-dev/larder/internal/aws/sagemaker"
	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/table"
)

const (
	role = "arn:aws:iam::" + awstest.Account + ":role/larder"
	arn  = "arn:aws:sagemaker:" + awstest.Region + ":" + awstest.Account + ":feature-group/"
)

// A world is the control plane on the embedded stores, with the bucket "lake".
type world struct {
	*client.Client
	t      testing.TB
	server *httptest.Server

	mu    sync.Mutex // guards calls
	calls int        // of now
}

// now goes on a second a call, from 2023-11-14T22:13:20.123Z.
func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	return time.UnixMilli(1700000000123).Add(time.Duration(w.calls-1) * time.Second)
}

func newWorld(t testing.TB) *world {
	t.Helper()
	fs := vfs.NewMem()
	db, err := embedded.Open("data/db", fs, embedded.Options{Fatal: func(err error) { panic(err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	blobs, err := blob.Open("data/blobs", fs)
	if err != nil {
		t.Fatal(err)
	}
	buckets := bucket.New(db.Objects(), blobs, bucket.Options{Account: awstest.Account, Region: awstest.Region})
	if err := buckets.CreateBucket(t.Context(), "lake"); err != nil {
		t.Fatal(err)
	}
	tables := table.New(db.Tables(), db.Offline(), buckets, table.Options{})
	w := &world{t: t}
	store := featurestore.New(db.Groups(), db.Records(), tables, buckets,
		featurestore.Options{Account: awstest.Account, Region: awstest.Region, Now: w.now})
	w.server = awstest.NewServer(t, sagemaker.New(store))
	w.Client = client.NewFromConfig(awstest.Config(w.server))
	return w
}

// raw sends a body that no SDK would.
func (w *world) raw(operation, body string) (status int, code, reply string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.server.URL+"/", strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "SageMaker."+operation)
	got, text := awstest.Do(w.t, w.server, r, "sagemaker")
	return got.StatusCode, got.Header.Get("X-Amzn-Errortype"), string(text)
}

// create makes a group that is online alone.
func (w *world) create(name string) {
	w.t.Helper()
	status, _, reply := w.raw("CreateFeatureGroup", `{"FeatureGroupName":"`+name+`",`+keys+`,"OnlineStoreConfig":{"EnableOnlineStore":true}}`)
	if status != http.StatusOK {
		w.t.Fatalf("CreateFeatureGroup = %d %s", status, reply)
	}
}

// keys are the members of CreateFeatureGroup that every group has.
const keys = `"RecordIdentifierFeatureName":"id","EventTimeFeatureName":"at","FeatureDefinitions":[{"FeatureName":"id","FeatureType":"String"},{"FeatureName":"at","FeatureType":"Fractional"}]`

func codeOf(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}
