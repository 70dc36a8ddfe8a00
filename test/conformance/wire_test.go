package conformance

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/test/wiretest"
)

// What the tests of rules share: groups of a test's own, requests that no SDK sends, and the
// questions that they ask of replies. A comment "Rule 3.4-2." above a test or a case names the
// rules of rules.txt that it proves; docs/conformance.md is made from them.

const (
	earlier = "2026-01-01T00:00:00Z"
	noon    = "2026-01-02T12:00:00Z"
	later   = "2026-01-03T00:00:00Z"
)

type change = func(*sagemaker.CreateFeatureGroupInput)

// newNames makes a world with names that nobody else has, and nothing in it.
func newNames(t *testing.T) *world {
	t.Helper()
	suffix := strings.ToLower(rand.Text()[:12])
	return &world{Clients: wiretest.FromEnvironment(t), t: t, bucket: "conformance-" + suffix, group: "Group-" + suffix}
}

// newOnline makes the group of newWorld with an online store alone, and with changes.
func newOnline(t *testing.T, changes ...change) *world {
	t.Helper()
	w := newNames(t)
	if err := w.create(append([]change{onlineOnly}, changes...)...); err != nil {
		t.Fatal(err)
	}
	return w
}

func onlineOnly(in *sagemaker.CreateFeatureGroupInput) { in.OfflineStoreConfig, in.RoleArn = nil, nil }

func offlineOnly(in *sagemaker.CreateFeatureGroupInput) { in.OnlineStoreConfig = nil }

func storage(kind types.StorageType) change {
	return func(in *sagemaker.CreateFeatureGroupInput) { in.OnlineStoreConfig.StorageType = kind }
}

// live gives records a time to live by default.
func live(unit types.TtlDurationUnit, value int32) change {
	return func(in *sagemaker.CreateFeatureGroupInput) {
		in.OnlineStoreConfig.TtlDuration = &types.TtlDuration{Unit: unit, Value: &value}
	}
}

// define adds features.
func define(definitions ...types.FeatureDefinition) change {
	return func(in *sagemaker.CreateFeatureGroupInput) {
		in.FeatureDefinitions = append(in.FeatureDefinitions, definitions...)
	}
}

func feature(name string, kind types.FeatureType) types.FeatureDefinition {
	return types.FeatureDefinition{FeatureName: &name, FeatureType: kind}
}

// collection is a feature with many values.
func collection(name string, kind types.FeatureType, of types.CollectionType) types.FeatureDefinition {
	return types.FeatureDefinition{FeatureName: &name, FeatureType: kind, CollectionType: of}
}

func vector(name string, kind types.FeatureType, dimension int32) types.FeatureDefinition {
	d := collection(name, kind, types.CollectionTypeVector)
	d.CollectionConfig = &types.CollectionConfigMemberVectorConfig{Value: types.VectorConfig{Dimension: &dimension}}
	return d
}

// create makes the group w.group, or one that a change names: that of newWorld, with changes.
func (w *world) create(changes ...change) error {
	in := w.createInput()
	for _, change := range changes {
		change(in)
	}
	_, err := w.SageMaker.CreateFeatureGroup(w.t.Context(), in)
	w.group = *in.FeatureGroupName
	return err
}

// update changes the group.
func (w *world) update(in *sagemaker.UpdateFeatureGroupInput) error {
	in.FeatureGroupName = &w.group
	_, err := w.SageMaker.UpdateFeatureGroup(w.t.Context(), in)
	return err
}

func (w *world) mustUpdate(in *sagemaker.UpdateFeatureGroupInput) {
	w.t.Helper()
	must(w.t, w.update(in))
}

func (w *world) deleteGroup() {
	w.t.Helper()
	_, err := w.SageMaker.DeleteFeatureGroup(w.t.Context(), &sagemaker.DeleteFeatureGroupInput{FeatureGroupName: &w.group})
	must(w.t, err)
}

// record makes a record of feature, value, feature, value, …
func record(pairs ...string) []runtimetypes.FeatureValue {
	out := make([]runtimetypes.FeatureValue, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, runtimetypes.FeatureValue{FeatureName: &pairs[i], ValueAsString: &pairs[i+1]})
	}
	return out
}

// elements is the value of a collection.
func elements(name string, texts ...string) runtimetypes.FeatureValue {
	if texts == nil {
		texts = []string{}
	}
	return runtimetypes.FeatureValue{FeatureName: &name, ValueAsStringList: texts}
}

func lives(unit runtimetypes.TtlDurationUnit, value int32) *runtimetypes.TtlDuration {
	return &runtimetypes.TtlDuration{Unit: unit, Value: &value}
}

// putInput puts a record in a way that mustPut has no words for.
func (w *world) putInput(in *runtime.PutRecordInput) error {
	in.FeatureGroupName = &w.group
	_, err := w.Runtime.PutRecord(w.t.Context(), in)
	return err
}

func (w *world) updateRecord(in *runtime.UpdateRecordInput) error {
	in.FeatureGroupName = &w.group
	_, err := w.Runtime.UpdateRecord(w.t.Context(), in)
	return err
}

// remove deletes a record; mode "" is the service's own choice.
func (w *world) remove(id, at string, mode runtimetypes.DeletionMode, stores ...runtimetypes.TargetStore) error {
	_, err := w.Runtime.DeleteRecord(w.t.Context(), &runtime.DeleteRecordInput{
		FeatureGroupName: &w.group, RecordIdentifierValueAsString: &id, EventTime: &at, DeletionMode: mode, TargetStores: stores})
	return err
}

// expiry returns a record with its expiry, both nil if there are none.
func (w *world) expiry(id string) (record []string, expires *string) {
	w.t.Helper()
	got, err := w.Runtime.GetRecord(w.t.Context(), &runtime.GetRecordInput{
		FeatureGroupName: &w.group, RecordIdentifierValueAsString: &id, ExpirationTimeResponse: runtimetypes.ExpirationTimeResponseEnabled})
	must(w.t, err)
	return texts(got.Record), got.ExpiresAt
}

// ids lists all identifiers.
func (w *world) ids(deleted bool) []string {
	w.t.Helper()
	ids := []string{}
	pages := runtime.NewListRecordsPaginator(w.Runtime, &runtime.ListRecordsInput{FeatureGroupName: &w.group, IncludeSoftDeletedRecords: &deleted})
	for pages.HasMorePages() {
		page, err := pages.NextPage(w.t.Context())
		must(w.t, err)
		ids = append(ids, page.RecordIdentifiers...)
	}
	return ids
}

// rows counts the rows that the condition chooses.
func (w *world) rows(condition string) string {
	w.t.Helper()
	return w.sql("SELECT count(*) FROM $table WHERE " + condition)[1][0]
}

// control sends a request to the control plane as it is written.
func control(t *testing.T, operation, body string) reply {
	t.Helper()
	return rawCall("POST", "/", http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amz-Target": {"SageMaker." + operation}}, body).do(t)
}

// rest sends a request to the runtime as it is written.
func rest(t *testing.T, method, path, body string) reply {
	t.Helper()
	return rawCall(method, path, http.Header{"Content-Type": {"application/json"}}, body).do(t)
}

func rawCall(method, path string, header http.Header, body string) call {
	return call{
		method: method, path: path, header: header, body: body, service: "sagemaker",
		key: os.Getenv("AWS_ACCESS_KEY_ID"), secret: os.Getenv("AWS_SECRET_ACCESS_KEY"), at: time.Now(),
	}
}

// object reads the body of a reply as a JSON object.
func (r reply) object(t *testing.T) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(r.body, &out); err != nil {
		t.Fatalf("%d %s: %v", r.status, r.body, err)
	}
	return out
}

// code is the error's name.
func (r reply) code() string {
	if r.status < 300 {
		return ""
	}
	return errorOf(r.header, r.body)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused says that a call was refused with a code, in these words.
func refused(t *testing.T, err error, want string, words ...string) {
	t.Helper()
	if err == nil || code(err) != want {
		t.Errorf("got %v; want %s", err, want)
		return
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%v does not say %q", err, word)
		}
	}
}

// statusOf is the HTTP status of the reply that an error came in, 0 if there was none.
func statusOf(err error) int {
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) {
		return response.HTTPStatusCode()
	}
	return 0
}

// eventually waits until a question has the answer yes, because the clock must go on for it.
func eventually(t *testing.T, what string, yes func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !yes(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 30 s", what)
		}
	}
}

// arn is the ARN of the group.
func (w *world) arn() string { return aws.ToString(w.describe().FeatureGroupArn) }

// second writes an instant as an event time to the second.
func second(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05Z") }

// Short names of what the runtime takes.
type (
	putInput    = runtime.PutRecordInput
	updateInput = runtime.UpdateRecordInput
)

// ignoreSerde lets shapes of the SDK be compared.
var ignoreSerde = cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".noSmithyDocumentSerde" }, cmp.Ignore())

// awaitFiles waits until the group's rows are in data files.
func (w *world) awaitFiles() {
	w.t.Helper()
	location := strings.TrimPrefix(*w.describe().OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri, "s3://"+w.bucket+"/")
	eventually(w.t, "data files", func() bool {
		got, err := w.S3.ListObjectsV2(w.t.Context(), &s3.ListObjectsV2Input{Bucket: &w.bucket, Prefix: &location})
		must(w.t, err)
		return len(got.Contents) > 1
	})
}
