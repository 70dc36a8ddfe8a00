package runtime_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"
	"github.com/aws/smithy-go"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
	"github.com/larder-dev/larder/internal/aws/runtime"
	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/table"
)

// A world is the runtime on the embedded stores, with the groups "both", "online" and "offline".
type world struct {
	*client.Client
	t      testing.TB
	store  *featurestore.Store
	server *httptest.Server
}

func newStore(t testing.TB) *featurestore.Store { return newStoreWith(t, featurestore.Options{}) }

// newStoreWith makes a store with further groups: "v2" has updates, "lists" collections, "metered"
// 1 unit a second.
func newStoreWith(t testing.TB, o featurestore.Options) *featurestore.Store {
	t.Helper()
	o.Account, o.Region = awstest.Account, awstest.Region
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
	store := featurestore.New(db.Groups(), db.Records(), tables, buckets, o)
	for _, name := range []feature.GroupName{"both", "online", "offline", "v2", "lists", "metered"} {
		g := &feature.Group{
			Name: name, RecordIdentifier: "id", EventTime: "at",
			Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.String}, {Name: "n", Type: feature.Integral}, {Name: "x", Type: feature.Fractional}, {Name: "s", Type: feature.String}},
			RoleARN:     "arn:aws:iam::" + awstest.Account + ":role/larder",
		}
		if name != "offline" {
			g.Online = &feature.Online{}
		}
		if name != "online" && name != "lists" {
			g.Offline = &feature.Offline{S3URI: "s3://lake/fs"}
		}
		switch name {
		case "v2":
			g.Online.StorageType = feature.StandardV2
		case "lists":
			g.Online.StorageType = feature.InMemory
			g.Definitions = append(g.Definitions, feature.Definition{Name: "l", Type: feature.String, Collection: feature.List},
				feature.Definition{Name: "i", Type: feature.Integral, Collection: feature.Set},
				feature.Definition{Name: "v", Type: feature.Fractional, Collection: feature.Vector, Dimension: 2})
		case "metered":
			g.Throughput = &feature.Throughput{Mode: feature.Provisioned, Read: aws.Int64(1), Write: aws.Int64(1)}
		}
		if _, err := store.CreateGroup(t.Context(), g); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

func newWorld(t testing.TB) *world { return newWorldWith(t, featurestore.Options{}) }

func newWorldWith(t testing.TB, o featurestore.Options) *world {
	t.Helper()
	w := &world{t: t, store: newStoreWith(t, o)}
	w.server = awstest.NewServer(t, runtime.New(w.store))
	w.Client = client.NewFromConfig(awstest.Config(w.server))
	return w
}

const arn = "arn:aws:sagemaker:" + awstest.Region + ":" + awstest.Account + ":feature-group/"

// record makes a record of names and values in turn.
func record(pairs ...string) []types.FeatureValue {
	var r []types.FeatureValue
	for i := 0; i < len(pairs); i += 2 {
		r = append(r, types.FeatureValue{FeatureName: &pairs[i], ValueAsString: &pairs[i+1]})
	}
	return r
}

// pairs is the other way round.
func pairs(r []types.FeatureValue) []string {
	var all []string
	for _, v := range r {
		all = append(all, aws.ToString(v.FeatureName), aws.ToString(v.ValueAsString))
	}
	return all
}

func (w *world) put(group string, pairs ...string) {
	w.t.Helper()
	_, err := w.PutRecord(w.t.Context(), &client.PutRecordInput{FeatureGroupName: &group, Record: record(pairs...)})
	if err != nil {
		w.t.Fatal(err)
	}
}

// get returns the record as names and values in turn, nil if there is none.
func (w *world) get(group, id string, names ...string) []string {
	w.t.Helper()
	out, err := w.GetRecord(w.t.Context(), &client.GetRecordInput{FeatureGroupName: &group, RecordIdentifierValueAsString: &id, FeatureNames: names})
	if err != nil {
		w.t.Fatal(err)
	}
	return pairs(out.Record)
}

// codeOf returns the code of a service's error and the HTTP status it came with.
func codeOf(err error) (code string, status int) {
	var api smithy.APIError
	if errors.As(err, &api) {
		code = api.ErrorCode()
	}
	var reply interface{ HTTPStatusCode() int }
	if errors.As(err, &reply) {
		status = reply.HTTPStatusCode()
	}
	return code, status
}

// raw sends a request that no SDK would.
func (w *world) raw(method, path, body string) (status int, code, reply string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	got, text := awstest.Do(w.t, w.server, r, "sagemaker")
	return got.StatusCode, got.Header.Get("X-Amzn-Errortype"), string(text)
}

const noon = "2024-01-31T12:00:00Z"
