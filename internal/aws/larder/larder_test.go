package larder_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
	"github.com/larder-dev/larder/internal/aws/larder"
	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/table"
	"github.com/larder-dev/larder/internal/verify"
)

// The answers that need no engine: the rest is tested with one, in package verify's tests.
func TestVerifyFeatureGroup(t *testing.T) {
	fs := vfs.NewMem()
	db, err := embedded.Open("db", fs, embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	blobs, err := blob.Open("blobs", fs)
	if err != nil {
		t.Fatal(err)
	}
	buckets := bucket.New(db.Objects(), blobs, bucket.Options{Account: awstest.Account, Region: awstest.Region})
	tables := table.New(db.Tables(), db.Offline(), buckets, table.Options{})
	now := func() time.Time { return time.Unix(1_700_000_000, 0) }
	store := featurestore.New(db.Groups(), db.Records(), tables, buckets, featurestore.Options{Account: awstest.Account, Region: awstest.Region, Now: now})
	_, err = store.CreateGroup(t.Context(), &feature.Group{
		Name: "g", RecordIdentifier: "id", EventTime: "at", Online: &feature.Online{},
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.Fractional}},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := awstest.NewServer(t, larder.New(larder.Config{Verifier: verify.New(db.Groups(), tables, db.Offline(), nil, verify.Options{Now: now})}))
	const nothing = `"Held":{"Records":0,"Tombstones":0,"Expired":0,"OnlineOnly":0},` +
		`"Table":{"Files":0,"FileRows":0,"Unflushed":0,"ForeignFiles":0,"ForeignRows":0},` +
		`"Newest":{"Agree":0,"OnlineAlone":0,"OfflineAlone":0,"Removed":0,"StaleDelete":0,"Spellings":0},"DifferenceCount":0,"Differences":[]`
	for _, c := range []struct {
		name, group, body string
		status            int
		want              string // the body, or the error's name
	}{
		{"a group of one store", "g", `{}`, 200,
			`{"FeatureGroupName":"g","VerifiedAt":"2023-11-14T22:13:20Z","Skipped":"it has no offline store",` + nothing + `}`},
		{"no body", "g", ``, 200, ""},
		{"a group that is not there", "nobody", `{}`, 404, "ResourceNotFoundException"},
		{"too many results", "g", `{"MaxResults":1001}`, 400, "ValidationException"},
		{"results below none", "g", `{"MaxResults":-1}`, 400, "ValidationException"},
		{"a member of another type", "g", `{"MaxResults":"5"}`, 400, "SerializationException"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/larder/FeatureGroup/"+c.group+"/Verify", strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			resp, body := awstest.Do(t, server, r, "larder")
			if resp.StatusCode != c.status {
				t.Fatalf("status %d, want %d: %s", resp.StatusCode, c.status, body)
			}
			got := string(body)
			if c.status != 200 {
				got = resp.Header.Get("X-Amzn-Errortype")
			}
			if diff := cmp.Diff(c.want, got); diff != "" && c.want != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}
