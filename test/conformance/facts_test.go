package conformance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"
)

// Facts that AWS's own tests rest on, one test each, by their number in §12 of the contract. Those
// that are rules of another section first are beside them.

// Rule 12-1, 3.8-1.
func TestFact01AFractionalIdentifierInAnOnlineGroup(t *testing.T) {
	t.Parallel()
	w := newOnline(t, func(in *sagemaker.CreateFeatureGroupInput) {
		in.FeatureDefinitions = []types.FeatureDefinition{feature("feature1", "Fractional"), feature("feature2", "Integral"), feature("feature3", "String"), feature("event", "String")}
		keys("feature1", "event")(in)
	})
	expect(t, "status", w.describe().FeatureGroupStatus, types.FeatureGroupStatusCreated)
	expect(t, "found at once", w.search(types.ResourceTypeFeatureGroup, filter("FeatureGroupName", "", w.group)), []string{w.group})
	w.mustPut("event", "2026-01-01T00:00:00Z", "feature3", "2026", "feature1", "10.0", "feature2", "10")
	expect(t, "the record", w.get("10.0"), []string{"feature1=10.0", "feature2=10", "feature3=2026", "event=2026-01-01T00:00:00Z"})
	expect(t, "another spelling of the number", w.get("10"), []string(nil))
}

// Rule 12-4, 3.5-2, 3.5-4, 2.2-7.
func TestFact04TimesToLive(t *testing.T) {
	t.Parallel()
	w := newOnline(t, live(types.TtlDurationUnitSeconds, 3))
	echoed := *w.describe().OnlineStoreConfig.TtlDuration
	expect(t, "Describe", fmt.Sprint(*echoed.Value, " ", echoed.Unit), "3 Seconds")
	now := time.Now().Truncate(time.Second)
	shown := func(id string) string { _, at := w.expiry(id); return aws.ToString(at) }
	w.mustPut("id", "group", "at", second(now))
	must(t, w.putInput(&putInput{Record: record("id", "record", "at", second(now)), TtlDuration: lives("Seconds", 15)}))
	expect(t, "the group's", shown("group"), second(now.Add(3*time.Second)))
	expect(t, "the record's", shown("record"), second(now.Add(15*time.Second)))
	w.mustUpdate(&groupUpdate{OnlineStoreConfig: &types.OnlineStoreConfigUpdate{TtlDuration: &types.TtlDuration{Unit: types.TtlDurationUnitSeconds, Value: aws.Int32(40)}}})
	w.mustPut("id", "later", "at", second(now))
	expect(t, "the update's", shown("later"), second(now.Add(40*time.Second)))
	eventually(t, "expiry", func() bool { return w.get("group") == nil })
	got, err := w.Runtime.BatchGetRecord(t.Context(), &runtime.BatchGetRecordInput{Identifiers: []runtimetypes.BatchGetRecordIdentifier{{FeatureGroupName: &w.group, RecordIdentifiersValueAsString: []string{"group"}}}})
	must(t, err)
	expect(t, "in a batch", len(got.Records), 0)
	expect(t, "the others live", len(w.get("record"))+len(w.get("later")), 4)
}

// Rule 12-6, 2.2-3, 2.5-4, 2.5-6.
func TestFact06SubsetsAreExact(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	w.mustPut("id", "a", "at", noon, "n", "1", "s", "x")
	expect(t, "one record", w.get("a", "s", "id"), []string{"id=a", "s=x"})
	expect(t, "nobody", w.get("b", "s", "id"), []string(nil))
	for _, name := range []string{w.group, w.arn()} {
		got, err := w.Runtime.BatchGetRecord(t.Context(), &runtime.BatchGetRecordInput{Identifiers: []runtimetypes.BatchGetRecordIdentifier{
			{FeatureGroupName: &name, RecordIdentifiersValueAsString: []string{"b", "a"}, FeatureNames: []string{"s", "id"}}}})
		must(t, err)
		if len(got.Records) != 1 {
			t.Fatalf("%d records", len(got.Records))
		}
		r := got.Records[0]
		expect(t, "in a batch", append(texts(r.Record), *r.FeatureGroupName, *r.RecordIdentifierValueAsString), []string{"id=a", "s=x", name, "a"})
	}
}

// Rule 12-8, 3.2-1.
func TestFact08AGroupWithoutTexts(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, func(in *sagemaker.CreateFeatureGroupInput) {
		in.FeatureDefinitions = []types.FeatureDefinition{feature("id", "Integral"), feature("time", "Fractional"), feature("value", "Fractional")}
		keys("id", "time")(in)
	})
	w.mustPut("id", "1", "time", "1700000000.125", "value", "0.5")
	expect(t, "online", w.get("1"), []string{"id=1", "time=1700000000.125", "value=0.5"})
	expect(t, "offline", w.sql(`SELECT id, CAST(time AS decimal(20,3)), value FROM $table`)[1:], [][]string{{"1", "1700000000.125", "0.5"}})
}

// Rule 12-12, 12-16.
func TestFact12FilesLieByTheHourOfTheirEventTime(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, tableFormat(types.TableFormatGlue))
	expect(t, "TableFormat", w.describe().OfflineStoreConfig.TableFormat, types.TableFormatGlue)
	w.mustPut("id", "a", "at", "2026-03-04T05:06:07Z")
	w.mustPut("id", "b", "at", "2026-03-04T23:30:00-02:00")
	w.awaitFiles()
	prefix := strings.TrimPrefix(*w.describe().OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri, "s3://"+w.bucket+"/")
	got, err := w.S3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &w.bucket, Prefix: &prefix})
	must(t, err)
	if len(got.Contents) < 2 {
		t.Errorf("%d objects below the data prefix; scripts wait for more than one", len(got.Contents))
	}
	hours := map[string]bool{}
	for _, o := range got.Contents {
		if path := strings.TrimPrefix(*o.Key, prefix+"/"); strings.Contains(path, "/") {
			hours[path[:strings.LastIndex(path, "/")]] = true
		}
	}
	expect(t, "folders", hours, map[string]bool{"year=2026/month=03/day=04/hour=05": true, "year=2026/month=03/day=05/hour=01": true})
	expect(t, "rows", w.rows("true"), "2")
}

// Rule 12-13, 2.7-1, 2.6-1.
func TestFact13BatchesAndPages(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	batch := func(from, n int) []runtimetypes.BatchWriteRecordEntry {
		var entries []runtimetypes.BatchWriteRecordEntry
		for i := from; i < from+n; i++ {
			entries = append(entries, runtimetypes.BatchWriteRecordEntry{FeatureGroupName: &w.group, Record: append(record("id", fmt.Sprint("r", i), "at", noon), runtimetypes.FeatureValue{FeatureName: aws.String("n")})})
		}
		return entries
	}
	write := func(entries []runtimetypes.BatchWriteRecordEntry) (*runtime.BatchWriteRecordOutput, error) {
		return w.Runtime.BatchWriteRecord(t.Context(), &runtime.BatchWriteRecordInput{Entries: entries})
	}
	for _, b := range [][2]int{{0, 5}, {5, 25}} {
		got, err := write(batch(b[0], b[1]))
		must(t, err)
		expect(t, "errors and unprocessed", len(got.Errors)+len(got.UnprocessedEntries), 0)
	}
	_, err := write(batch(30, 26))
	refused(t, err, "ValidationError", "25")
	expect(t, "records", len(w.ids(false)), 30)
	expect(t, "a null is left out", w.get("r3"), []string{"id=r3", "at=" + noon})
	mixed := batch(30, 2)
	mixed[0].Record = record("at", noon, "n", "1")
	got, err := write(mixed)
	must(t, err)
	if len(got.Errors) != 1 || *got.Errors[0].ErrorCode != "ValidationError" || len(got.Errors[0].Entry.Record) != 2 {
		t.Errorf("errors are %+v", got.Errors)
	}
	expect(t, "the other one", len(w.get("r31")), 2)
	for _, size := range []int32{2, 3, 10} {
		seen := map[string]bool{}
		pages := runtime.NewListRecordsPaginator(w.Runtime, &runtime.ListRecordsInput{FeatureGroupName: &w.group, MaxResults: &size, IncludeSoftDeletedRecords: aws.Bool(true)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			must(t, err)
			for _, id := range page.RecordIdentifiers {
				if seen[id] {
					t.Errorf("%s is on two pages of %d", id, size)
				}
				seen[id] = true
			}
		}
		expect(t, "on all pages", len(seen), 31)
	}
	unknown := batch(0, 1)
	unknown[0].FeatureGroupName = aws.String(w.group + "x")
	failed, err := write(unknown)
	must(t, err)
	expect(t, "an unknown group", len(failed.Errors), 1)
}

// Rule 12-15.
func TestFact15TheLatestIngestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mustPut("id", "a", "at", earlier, "n", "1")
	w.mustPut("id", "a", "at", later, "n", "2")
	w.mustPut("id", "b", "at", later, "n", "3")
	must(t, w.remove("c", noon, soft))
	rows := w.sql(`SELECT * FROM "sagemaker_featurestore".$table WHERE is_deleted=False AND at=(SELECT MAX(at) FROM "sagemaker_featurestore".$table);`)
	expect(t, "columns", rows[0][:3], []string{"id", "at", "n"})
	found := map[string]string{}
	for _, row := range rows[1:] {
		found[row[0]] = row[2]
	}
	expect(t, "rows", found, map[string]string{"a": "2", "b": "3"})
}

// Rule 12-16.
func TestFact16RowsAreCountedUntilTheyAreThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 10 {
		w.mustPut("id", fmt.Sprint(i), "at", noon)
	}
	expect(t, "at once", w.sql(`SELECT COUNT(*) FROM $table`)[1:], [][]string{{"10"}})
}
