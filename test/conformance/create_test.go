package conformance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"

	"github.com/larder-dev/larder/test/wiretest"
)

func rename(name string) change {
	return func(in *sagemaker.CreateFeatureGroupInput) { in.FeatureGroupName = &name }
}

func throughput(mode types.ThroughputMode, read, write *int32) change {
	return func(in *sagemaker.CreateFeatureGroupInput) {
		in.ThroughputConfig = &types.ThroughputConfig{ThroughputMode: mode, ProvisionedReadCapacityUnits: read, ProvisionedWriteCapacityUnits: write}
	}
}

func dataCatalog(catalog, database, table string) change {
	return func(in *sagemaker.CreateFeatureGroupInput) {
		in.OfflineStoreConfig.DataCatalogConfig = &types.DataCatalogConfig{Catalog: &catalog, Database: &database, TableName: &table}
	}
}

func disableTable(in *sagemaker.CreateFeatureGroupInput) {
	in.OfflineStoreConfig.DisableGlueTableCreation = aws.Bool(true)
}

func s3URI(uri string) change {
	return func(in *sagemaker.CreateFeatureGroupInput) { in.OfflineStoreConfig.S3StorageConfig.S3Uri = &uri }
}

func tableFormat(format types.TableFormat) change {
	return func(in *sagemaker.CreateFeatureGroupInput) { in.OfflineStoreConfig.TableFormat = format }
}

func tagged(tags ...types.Tag) change {
	return func(in *sagemaker.CreateFeatureGroupInput) { in.Tags = tags }
}

func tag(key, value string) types.Tag { return types.Tag{Key: &key, Value: &value} }

func numberedTags(n int) []types.Tag {
	tags := make([]types.Tag, n)
	for i := range tags {
		tags[i] = tag(fmt.Sprint("key", i), "v")
	}
	return tags
}

func numbered(n int) []types.FeatureDefinition {
	out := make([]types.FeatureDefinition, n)
	for i := range out {
		out[i] = feature(fmt.Sprint("f", i), types.FeatureTypeFractional)
	}
	return out
}

// keys says which features are the record identifier and the event time.
func keys(id, at string) change {
	return func(in *sagemaker.CreateFeatureGroupInput) {
		in.RecordIdentifierFeatureName, in.EventTimeFeatureName = &id, &at
	}
}

// inMemory is an online store alone, in memory.
func inMemory(in *sagemaker.CreateFeatureGroupInput) {
	onlineOnly(in)
	in.OnlineStoreConfig.StorageType = types.StorageTypeInMemory
}

// A creation is one way to ask for a group.
type creation struct {
	name    string
	changes []change
	says    string // "": the group is made; else it is ValidationException and says this
}

// checkCreations asks for each group in turn, and for what is said of a refusal.
func checkCreations(t *testing.T, cases []creation) {
	t.Helper()
	w := newNames(t)
	_, err := w.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &w.bucket})
	must(t, err)
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := &world{Clients: w.Clients, t: t, bucket: w.bucket, group: fmt.Sprintf("%s-%d", w.group, i)}
			err := w.create(c.changes...)
			if c.says != "" {
				refused(t, err, "ValidationException", "Validation Error: ", c.says)
				return
			}
			must(t, err)
			expect(t, "status", w.describe().FeatureGroupStatus, types.FeatureGroupStatusCreated)
		})
	}
}

// Rule 1.1-1, 1.1-3, 1.1-4, 1.1-5.
func TestCreateFeatureGroupNamesAndTypes(t *testing.T) {
	t.Parallel()
	w := newNames(t)
	unique := strings.TrimPrefix(w.group, "Group-")
	named := func(name string) []change {
		return []change{onlineOnly, define(feature(name, types.FeatureTypeString))}
	}
	checkCreations(t, []creation{
		{"group of 64 characters", []change{onlineOnly, rename(unique + strings.Repeat("x", 64-len(unique)))}, ""},
		{"group of 65 characters", []change{onlineOnly, rename(unique + strings.Repeat("x", 65-len(unique)))}, "name"},
		{"group that begins with -", []change{onlineOnly, rename("-" + unique)}, "name"},
		{"group that ends with _", []change{onlineOnly, rename(unique + "_")}, "name"},
		{"group with a dot", []change{onlineOnly, rename(unique + ".x")}, "name"},
		{"group with a letter of another alphabet", []change{onlineOnly, rename(unique + "é")}, "name"},
		{"feature of 64 characters", named("a" + strings.Repeat("-_", 31) + "z"), ""},
		{"feature of 65 characters", named(strings.Repeat("a", 65)), "FeatureName"},
		{"feature with a blank", named("a b"), "FeatureName"},
		{"feature without a name", named(""), "FeatureName"},
		{"feature of an unknown type", []change{onlineOnly, define(feature("f", "Boolean"))}, "FeatureType"},
		{"feature of an unknown collection", []change{inMemory, define(collection("f", types.FeatureTypeString, "Map"))}, "CollectionType"},
		{"description of 128 characters", []change{onlineOnly, func(in *sagemaker.CreateFeatureGroupInput) { in.Description = aws.String(strings.Repeat("é", 128)) }}, ""},
		{"description of 129 characters", []change{onlineOnly, func(in *sagemaker.CreateFeatureGroupInput) { in.Description = aws.String(strings.Repeat("é", 129)) }}, "Description"},
	})
}

// Rule 1.3-1, 1.3-2, 1.3-3, 1.3-4, 1.3-5, 1.3-6, 11-42.
func TestCreateFeatureGroupDefinitions(t *testing.T) {
	t.Parallel()
	reserved := func(name string) []change {
		return []change{onlineOnly, define(feature(name, types.FeatureTypeString))}
	}
	checkCreations(t, []creation{
		{"identifier that is Integral", []change{onlineOnly, keys("n", "at")}, ""},
		{"identifier that is Fractional", []change{onlineOnly, keys("x", "at")}, ""},
		{"identifier that is no feature", []change{onlineOnly, keys("ID", "at")}, "RecordIdentifierFeatureName"},
		{"event time that is Fractional", []change{onlineOnly, keys("id", "x")}, ""},
		{"event time that is Integral", []change{onlineOnly, keys("id", "n")}, "Integral"},
		{"event time that is no feature", []change{onlineOnly, keys("id", "when")}, "EventTimeFeatureName"},
		{"identifier that is the event time", []change{onlineOnly, keys("at", "at")}, ""},
		{"no features", []change{onlineOnly, func(in *sagemaker.CreateFeatureGroupInput) { in.FeatureDefinitions = []types.FeatureDefinition{} }}, "FeatureDefinitions"},
		{"2500 features", []change{onlineOnly, define(numbered(2495)...)}, ""},
		{"2501 features", []change{onlineOnly, define(numbered(2496)...)}, "2500"},
		{"a name twice", []change{onlineOnly, define(feature("n", types.FeatureTypeString))}, `"n"`},
		{"a name in two cases, online alone", []change{onlineOnly, define(feature("N", types.FeatureTypeString))}, ""},
		{"a name in two cases, offline", []change{define(feature("N", types.FeatureTypeString))}, "case"},
		{"is_deleted", reserved("is_deleted"), "reserved"},
		{"write_time", reserved("write_time"), "reserved"},
		{"Api_Invocation_Time", reserved("Api_Invocation_Time"), "reserved"},
		{"year, month, day and hour", []change{define(feature("year", "Integral"), feature("month", "Integral"), feature("day", "Integral"), feature("hour", "Integral"))}, ""},
	})
}

// Rule 1.1-8, 1.1-9, 1.1-10, 1.2-2, 1.3-7, 1.3-8, 1.3-9, 1.3-14, 1.3-29.
func TestCreateFeatureGroupOnlineStore(t *testing.T) {
	t.Parallel()
	key := func(id string) change {
		return func(in *sagemaker.CreateFeatureGroupInput) {
			in.OnlineStoreConfig.SecurityConfig = &types.OnlineStoreSecurityConfig{KmsKeyId: &id}
		}
	}
	off := func(in *sagemaker.CreateFeatureGroupInput) { in.OnlineStoreConfig.EnableOnlineStore = aws.Bool(false) }
	empty := func(in *sagemaker.CreateFeatureGroupInput) { in.OnlineStoreConfig = &types.OnlineStoreConfig{} }
	half := func(ttl types.TtlDuration) change {
		return func(in *sagemaker.CreateFeatureGroupInput) { in.OnlineStoreConfig.TtlDuration = &ttl }
	}
	const neither = "OnlineStore and OfflineStore cannot be both disabled. Please enable at least one of them and retry the request."
	checkCreations(t, []creation{
		{"Standard", []change{onlineOnly, storage(types.StorageTypeStandard)}, ""},
		{"Standard_V2", []change{storage(types.StorageTypeStandardV2)}, ""},
		{"InMemory", []change{inMemory}, ""},
		{"an unknown storage type", []change{onlineOnly, storage("Memory")}, "StorageType"},
		{"InMemory with an offline store", []change{storage(types.StorageTypeInMemory)}, "OfflineStoreConfig"},
		{"InMemory with a key", []change{inMemory, key("alias/k")}, "KmsKeyId"},
		{"a key", []change{onlineOnly, key("arn:aws:kms:eu-west-1:123456789012:key/a-b_c")}, ""},
		{"a key with a blank", []change{onlineOnly, key("a key")}, "KmsKeyId"},
		{"a key of 2049 characters", []change{onlineOnly, key(strings.Repeat("k", 2049))}, "KmsKeyId"},
		{"neither store", []change{onlineOnly, off}, neither},
		{"no configuration at all", []change{onlineOnly, func(in *sagemaker.CreateFeatureGroupInput) { in.OnlineStoreConfig = nil }}, neither},
		{"an empty configuration", []change{onlineOnly, empty}, neither},
		{"an empty configuration beside an offline store", []change{empty}, ""},
		{"a time to live", []change{onlineOnly, live(types.TtlDurationUnitWeeks, 1)}, ""},
		{"a time to live of 0", []change{onlineOnly, live(types.TtlDurationUnitWeeks, 0)}, "TtlDuration"},
		{"a time to live of an unknown unit", []change{onlineOnly, live("Months", 1)}, "TtlDuration"},
		{"a unit without a value", []change{onlineOnly, half(types.TtlDuration{Unit: types.TtlDurationUnitDays})}, "TtlDuration"},
		{"a value without a unit", []change{onlineOnly, half(types.TtlDuration{Value: aws.Int32(1)})}, "TtlDuration"},
		{"a time to live of a store that is off", []change{live(types.TtlDurationUnitDays, 1), off}, "TtlDuration"},
	})
}

// Rule 1.3-10, 1.3-11, 1.3-12, 1.3-13, 11-26.
func TestCreateFeatureGroupCollections(t *testing.T) {
	t.Parallel()
	list := collection("items", types.FeatureTypeString, types.CollectionTypeList)
	set := collection("codes", types.FeatureTypeIntegral, types.CollectionTypeSet)
	configured := list
	configured.CollectionConfig = vector("x", "", 3).CollectionConfig
	scalar := feature("items", types.FeatureTypeString)
	scalar.CollectionConfig = configured.CollectionConfig
	checkCreations(t, []creation{
		{"in memory", []change{inMemory, define(list, set, vector("v", types.FeatureTypeFractional, 8192))}, ""},
		{"Standard", []change{onlineOnly, define(list)}, "InMemory"},
		{"Standard_V2", []change{onlineOnly, storage(types.StorageTypeStandardV2), define(set)}, "InMemory"},
		{"offline alone", []change{offlineOnly, define(list)}, "InMemory"},
		{"vector of texts", []change{inMemory, define(vector("v", types.FeatureTypeString, 3))}, "Fractional"},
		{"vector without a dimension", []change{inMemory, define(collection("v", types.FeatureTypeFractional, types.CollectionTypeVector))}, "Dimension"},
		{"vector of no elements", []change{inMemory, define(vector("v", types.FeatureTypeFractional, 0))}, "Dimension"},
		{"vector of 8193 elements", []change{inMemory, define(vector("v", types.FeatureTypeFractional, 8193))}, "8192"},
		{"two vectors", []change{inMemory, define(vector("v", types.FeatureTypeFractional, 2), vector("w", types.FeatureTypeFractional, 2))}, "Vector"},
		{"list with a configuration", []change{inMemory, define(configured)}, "items"},
		{"scalar with a configuration", []change{inMemory, define(scalar)}, "items"},
		{"identifier that is a list", []change{inMemory, define(list), keys("items", "at")}, "items"},
		{"event time that is a list", []change{inMemory, define(list), keys("id", "items")}, "items"},
	})
}

// Rule 1.1-12, 1.3-15, 1.3-16, 1.3-17.
func TestCreateFeatureGroupThroughput(t *testing.T) {
	t.Parallel()
	checkCreations(t, []creation{
		{"OnDemand", []change{throughput(types.ThroughputModeOnDemand, nil, nil)}, ""},
		{"OnDemand with units", []change{throughput(types.ThroughputModeOnDemand, aws.Int32(5), aws.Int32(5))}, "OnDemand"},
		{"Provisioned", []change{throughput(types.ThroughputModeProvisioned, aws.Int32(0), aws.Int32(10_000_000))}, ""},
		{"Provisioned without read units", []change{throughput(types.ThroughputModeProvisioned, nil, aws.Int32(5))}, "ProvisionedReadCapacityUnits"},
		{"Provisioned without write units", []change{throughput(types.ThroughputModeProvisioned, aws.Int32(5), nil)}, "ProvisionedWriteCapacityUnits"},
		{"Provisioned offline alone", []change{offlineOnly, throughput(types.ThroughputModeProvisioned, nil, aws.Int32(5))}, ""},
		{"Provisioned in memory", []change{inMemory, throughput(types.ThroughputModeProvisioned, aws.Int32(5), aws.Int32(5))}, "InMemory"},
		{"too many units", []change{throughput(types.ThroughputModeProvisioned, aws.Int32(5), aws.Int32(10_000_001))}, "10000000"},
		{"negative units", []change{throughput(types.ThroughputModeProvisioned, aws.Int32(-1), aws.Int32(5))}, "ProvisionedReadCapacityUnits"},
		{"an unknown mode", []change{throughput("Fast", nil, nil)}, "ThroughputMode"},
	})
}

// Rule 1.1-6, 1.1-7, 1.1-11, 1.2-3, 1.3-18, 1.3-19, 1.3-22, 11-21.
func TestCreateFeatureGroupOfflineStore(t *testing.T) {
	t.Parallel()
	role := func(arn *string) change {
		return func(in *sagemaker.CreateFeatureGroupInput) { in.RoleArn = arn }
	}
	const badRole, badURI = "The execution role ARN is invalid.", "Invalid S3Uri provided"
	checkCreations(t, []creation{
		{"offline alone", []change{offlineOnly}, ""},
		{"without a role", []change{role(nil)}, "RoleArn"},
		{"online alone without a role", []change{onlineOnly}, ""},
		{"online alone with a role", []change{onlineOnly, role(aws.String("arn:aws:iam::123456789012:role/larder"))}, ""},
		{"role that is a user", []change{role(aws.String("arn:aws:iam::123456789012:user/someone"))}, badRole},
		{"role of 2049 characters", []change{role(aws.String("arn:aws:iam::123456789012:role/" + strings.Repeat("r", 2018)))}, badRole},
		{"role of another account", []change{role(aws.String("arn:aws:iam::210987654321:role/larder"))}, badRole},
		{"bucket that is not there", []change{s3URI("s3://no-such-bucket-of-anybody/x")}, badURI},
		{"text that is no URI", []change{s3URI("here")}, badURI},
		{"URI of 1025 characters", []change{s3URI("s3://b/" + strings.Repeat("x", 1018))}, badURI},
		{"format Glue", []change{tableFormat(types.TableFormatGlue)}, ""},
		{"format Default", []change{tableFormat(types.TableFormatDefault)}, ""},
		{"format of another kind", []change{tableFormat("Hudi")}, "TableFormat"},
		{"Iceberg without a table", []change{tableFormat(types.TableFormatIceberg), disableTable}, "Iceberg"},
		{"Iceberg with a Fractional event time", []change{tableFormat(types.TableFormatIceberg), keys("id", "x")}, "Iceberg"},
	})
}

// Rule 1.1-13, 1.3-28.
func TestCreateFeatureGroupTags(t *testing.T) {
	t.Parallel()
	checkCreations(t, []creation{
		{"50 tags", []change{onlineOnly, tagged(numberedTags(50)...)}, ""},
		{"51 tags", []change{onlineOnly, tagged(numberedTags(51)...)}, "50"},
		{"every letter", []change{onlineOnly, tagged(tag("clé 1_.:/=+-@", "値"))}, ""},
		{"an empty value", []change{onlineOnly, tagged(tag("k", ""))}, ""},
		{"an empty key", []change{onlineOnly, tagged(tag("", "v"))}, "key"},
		{"a key of 129 characters", []change{onlineOnly, tagged(tag(strings.Repeat("k", 129), "v"))}, "key"},
		{"a value of 257 characters", []change{onlineOnly, tagged(tag("k", strings.Repeat("v", 257)))}, "256"},
		{"a value with a star", []change{onlineOnly, tagged(tag("k", "*"))}, `"k"`},
		{"a key twice", []change{onlineOnly, tagged(tag("k", "1"), tag("k", "2"))}, "twice"},
		{"a key of AWS", []change{onlineOnly, tagged(tag("aws:k", "v"))}, "reserved"},
	})
}

// Rule 1.3-24, 1.3-25, 1.4-4, 11-16, 11-19, 11-20.
func TestCreateFeatureGroupDataCatalog(t *testing.T) {
	t.Parallel()
	unique := strings.TrimPrefix(newNames(t).group, "Group-")
	database := "d_" + unique
	checkCreations(t, []creation{
		{"upper case", []change{dataCatalog("AwsDataCatalog", database, "Table")}, "TableName"},
		{"hyphen", []change{dataCatalog("AwsDataCatalog", "my-db", "t")}, "Database"},
		{"digit first", []change{dataCatalog("AwsDataCatalog", database, "1t")}, "TableName"},
		{"table of 253 characters", []change{dataCatalog("AwsDataCatalog", database, strings.Repeat("t", 253))}, "TableName"},
		{"unknown catalog", []change{dataCatalog("hive", database, "t")}, "Catalog"},
		{"account as catalog", []change{dataCatalog("123456789012", database, "t")}, "Catalog"},
		{"account as catalog of the user's own table", []change{dataCatalog("123456789012", database, "own"), disableTable}, ""},
		{"catalog in another case", []change{dataCatalog("AWSDATACATALOG", database, "cased_"+unique)}, ""},
	})
	for name, c := range map[string]struct {
		changes []change
		table   string // the TableName in Describe, "": no DataCatalogConfig
		made    bool
	}{
		"given names":          {[]change{dataCatalog("AwsDataCatalog", database, "given_"+unique)}, "given_" + unique, true},
		"the user's own table": {[]change{dataCatalog("AwsDataCatalog", database, "mine_"+unique), disableTable}, "mine_" + unique, false},
		"no table":             {[]change{disableTable}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldOf(t, c.changes...)
			config := w.describe().OfflineStoreConfig.DataCatalogConfig
			if c.table == "" {
				if config != nil {
					t.Errorf("DataCatalogConfig is %+v", *config)
				}
				return
			}
			expect(t, "names", []string{*config.Catalog, *config.Database, *config.TableName}, []string{"AwsDataCatalog", database, c.table})
			_, err := w.Glue.GetTable(t.Context(), &glue.GetTableInput{DatabaseName: &database, Name: aws.String(strings.ToUpper(c.table))})
			if c.made {
				must(t, err)
			} else {
				expect(t, "the table", code(err), "EntityNotFoundException")
			}
		})
	}
}

// Rule 1.3-27, 1.12-1, 1.12-2, 1.6-7.
func TestATableNameThatIsTakenFailsTheGroup(t *testing.T) {
	t.Parallel()
	first := newNames(t)
	table := "taken_" + strings.TrimPrefix(first.group, "Group-")
	w := newWorldOf(t, dataCatalog("AwsDataCatalog", "sagemaker_featurestore", table))
	w.group += "-2"
	must(t, w.create(dataCatalog("AwsDataCatalog", "sagemaker_featurestore", table)))
	got := w.describe()
	if got.FeatureGroupStatus != types.FeatureGroupStatusCreateFailed || !strings.Contains(aws.ToString(got.FailureReason), table) || got.OfflineStoreConfig.DataCatalogConfig != nil {
		t.Errorf("%s because of %q, %+v", got.FeatureGroupStatus, aws.ToString(got.FailureReason), got.OfflineStoreConfig.DataCatalogConfig)
	}
	refused(t, w.create(), "ResourceInUse")
	refused(t, w.put("id", "a", "at", noon), "ValidationError", "CreateFailed")
	w.deleteGroup()
	must(t, w.create())
	expect(t, "after deletion", w.describe().FeatureGroupStatus, types.FeatureGroupStatusCreated)
}

// Rule 1.2-4, 1.2-5, 1.1-14, 1.3-26, 1.12-1, 11-17, 11-18.
func TestCreateFeatureGroupAnswersTheARN(t *testing.T) {
	t.Parallel()
	w := newNames(t)
	in := w.createInput()
	onlineOnly(in)
	got, err := w.SageMaker.CreateFeatureGroup(t.Context(), in)
	must(t, err)
	if arn := aws.ToString(got.FeatureGroupArn); !strings.HasPrefix(arn, "arn:aws:sagemaker:") || !strings.HasSuffix(arn, ":123456789012:feature-group/"+w.group) {
		t.Errorf("FeatureGroupArn is %s", arn)
	}
	expect(t, "status", w.describe().FeatureGroupStatus, types.FeatureGroupStatusCreated)
	_, err = w.SageMaker.CreateFeatureGroup(t.Context(), in)
	refused(t, err, "ResourceInUse", fmt.Sprintf("Resource Already Exists: FeatureGroup with name %s already exists. Choose a different name.\nInfo: Feature Group '%s' already exists.", w.group, w.group))
	lower := strings.ToLower(aws.ToString(got.FeatureGroupArn))
	found, err := w.SageMaker.DescribeFeatureGroup(t.Context(), &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: &lower})
	must(t, err)
	expect(t, "by the ARN in lower case", *found.FeatureGroupName, w.group)
	w.group = strings.ToLower(w.group)
	_, err = w.SageMaker.DescribeFeatureGroup(t.Context(), &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: &w.group})
	refused(t, err, "ResourceNotFound", fmt.Sprintf("Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name [%s]", w.group))
	must(t, w.create(onlineOnly))
	expect(t, "another case, another group", *w.describe().FeatureGroupName, w.group)
}

// Rule 1.3-20, 1.3-21.
func TestWhatTheServiceFillsInIsItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, tableFormat(types.TableFormatDefault), func(in *sagemaker.CreateFeatureGroupInput) {
		in.OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri = aws.String("s3://elsewhere/data")
	})
	got := w.describe().OfflineStoreConfig
	if resolved := *got.S3StorageConfig.ResolvedOutputS3Uri; !strings.HasPrefix(resolved, "s3://"+w.bucket+"/features/") {
		t.Errorf("ResolvedOutputS3Uri is %s", resolved)
	}
	expect(t, "TableFormat as it was given", got.TableFormat, types.TableFormatDefault)
	table, err := w.Glue.GetTable(t.Context(), &glue.GetTableInput{DatabaseName: aws.String("sagemaker_featurestore"), Name: &w.table})
	must(t, err)
	expect(t, "the table is Parquet as a Glue one", *table.Table.StorageDescriptor.SerdeInfo.SerializationLibrary, "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe")
}

// Rule 1.3-30, 2.8-13, 1.13-6, 3.6-2.
func TestExtensionsAndThrottle(t *testing.T) {
	t.Parallel()
	server := wiretest.Start(t, t.TempDir(), "--extensions", "--throttle")
	w := newNames(t)
	w.Clients = wiretest.NewClients(server.Env)
	_, err := w.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &w.bucket})
	must(t, err)
	t.Run("an InMemory group with an offline store", func(t *testing.T) {
		must(t, w.create(storage(types.StorageTypeInMemory), define(collection("items", types.FeatureTypeString, types.CollectionTypeList))))
		w.table = *w.describe().OfflineStoreConfig.DataCatalogConfig.TableName
		must(t, w.putInput(&putInput{Record: append(record("id", "a", "at", noon), elements("items", "x", "y"))}))
		expect(t, "its list in SQL", w.sql(`SELECT id, cardinality(items), items[2] FROM $table`)[1:], [][]string{{"a", "2", "y"}})
	})
	t.Run("UpdateRecord of a Standard group", func(t *testing.T) {
		w.group += "-standard"
		must(t, w.create())
		w.mustPut("id", "a", "at", noon, "n", "1", "s", "old")
		must(t, w.updateRecord(&updateInput{RecordIdentifierValueAsString: aws.String("a"), Features: record("s", "new")}))
		expect(t, "the record", w.get("a"), []string{"id=a", "at=" + noon, "n=1", "s=new"})
	})
	t.Run("more than is provisioned", func(t *testing.T) {
		w.group += "-throttled"
		must(t, w.create(throughput(types.ThroughputModeProvisioned, aws.Int32(1), aws.Int32(1))))
		// A client that tries again would wait for the next unit.
		w.Runtime = runtime.NewFromConfig(w.Config, func(o *runtime.Options) { o.Retryer = aws.NopRetryer{} })
		id := "0"
		for name, one := range map[string]func() error{
			"writes": func() error { return w.put("id", id, "at", noon) },
			"reads": func() error {
				return justError(w.Runtime.GetRecord(t.Context(), &runtime.GetRecordInput{FeatureGroupName: &w.group, RecordIdentifierValueAsString: &id}))
			},
		} {
			var throttled error
			for i := 0; i < 5000 && throttled == nil; i++ {
				throttled = one()
			}
			refused(t, throttled, "ThrottlingException")
			if throttled == nil {
				t.Errorf("5000 %s went through one unit a second", name)
			}
		}
	})
}
