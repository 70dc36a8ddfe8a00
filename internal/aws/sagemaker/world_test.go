package sagemaker_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	client "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/smithy-go"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/aws/awshttp"
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
	t       testing.TB
	server  *httptest.Server
	service *awshttp.Service

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

func newWorld(t testing.TB) *world { return newWorldWith(t, featurestore.Options{}) }

// newWorldWith is a world whose store goes beyond AWS as the options say.
func newWorldWith(t testing.TB, o featurestore.Options) *world {
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
	o.Account, o.Region, o.Now = awstest.Account, awstest.Region, w.now
	store := featurestore.New(db.Groups(), db.Records(), tables, buckets, o)
	w.service = sagemaker.New(store)
	w.server = awstest.NewServer(t, w.service)
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

// must is raw for a call that succeeds. It returns the members of the reply, nil for none.
func (w *world) must(operation, body string) map[string]any {
	w.t.Helper()
	status, _, reply := w.raw(operation, body)
	if status != http.StatusOK {
		w.t.Fatalf("%s %.300s = %d %s", operation, body, status, reply)
	}
	if reply == "" {
		return nil
	}
	var members map[string]any
	if err := json.Unmarshal([]byte(reply), &members); err != nil {
		w.t.Fatalf("%s = %s: %v", operation, reply, err)
	}
	return members
}

// describe returns members of the description of the group g, those that are there.
func (w *world) describe(members ...string) map[string]any {
	w.t.Helper()
	all := w.must("DescribeFeatureGroup", `{"FeatureGroupName":"g"}`)
	if len(members) == 0 {
		return all
	}
	maps.DeleteFunc(all, func(name string, _ any) bool { return !slices.Contains(members, name) })
	return all
}

// refused checks that a call is refused with a code and a message that says so.
func (w *world) refused(operation, body, code, says string) {
	w.t.Helper()
	status, got, reply := w.raw(operation, body)
	if status != http.StatusBadRequest || got != code || !strings.Contains(reply, says) || !strings.Contains(reply, `"__type":"`+code+`"`) {
		w.t.Errorf("%s %.300s = %d %s %s; want %s that says %s", operation, body, status, got, reply, code, says)
	}
}

// tree reads JSON, in which ' stands for a quotation mark.
func tree(t testing.TB, text string) map[string]any {
	t.Helper()
	var members map[string]any
	if err := json.Unmarshal([]byte(strings.ReplaceAll(text, "'", `"`)), &members); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return members
}

// within has the world report to another test until the function that it returns is called.
func (w *world) within(t testing.TB) func() {
	outer := w.t
	w.t = t
	return func() { w.t = outer }
}

func toJSON(t testing.TB, members map[string]any) string {
	t.Helper()
	body, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
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
