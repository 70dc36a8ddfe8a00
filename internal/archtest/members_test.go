package archtest

import (
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	gluesdk "github.com/aws/aws-sdk-go-v2/service/glue"
	objects "github.com/aws/aws-sdk-go-v2/service/s3"
	store "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	records "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// inputs are the inputs of the operations that have Members, as the SDK was generated from the model.
var inputs = map[string]reflect.Type{
	"CreateFeatureGroup":      reflect.TypeFor[store.CreateFeatureGroupInput](),
	"DescribeFeatureGroup":    reflect.TypeFor[store.DescribeFeatureGroupInput](),
	"UpdateFeatureGroup":      reflect.TypeFor[store.UpdateFeatureGroupInput](),
	"DeleteFeatureGroup":      reflect.TypeFor[store.DeleteFeatureGroupInput](),
	"ListFeatureGroups":       reflect.TypeFor[store.ListFeatureGroupsInput](),
	"DescribeFeatureMetadata": reflect.TypeFor[store.DescribeFeatureMetadataInput](),
	"UpdateFeatureMetadata":   reflect.TypeFor[store.UpdateFeatureMetadataInput](),
	"AddTags":                 reflect.TypeFor[store.AddTagsInput](),
	"ListTags":                reflect.TypeFor[store.ListTagsInput](),
	"DeleteTags":              reflect.TypeFor[store.DeleteTagsInput](),
	"Search":                  reflect.TypeFor[store.SearchInput](),
	"GetSearchSuggestions":    reflect.TypeFor[store.GetSearchSuggestionsInput](),

	"GetRecord":        reflect.TypeFor[records.GetRecordInput](),
	"PutRecord":        reflect.TypeFor[records.PutRecordInput](),
	"DeleteRecord":     reflect.TypeFor[records.DeleteRecordInput](),
	"UpdateRecord":     reflect.TypeFor[records.UpdateRecordInput](),
	"ListRecords":      reflect.TypeFor[records.ListRecordsInput](),
	"BatchGetRecord":   reflect.TypeFor[records.BatchGetRecordInput](),
	"BatchWriteRecord": reflect.TypeFor[records.BatchWriteRecordInput](),

	"GetDatabase":                     reflect.TypeFor[gluesdk.GetDatabaseInput](),
	"GetDatabases":                    reflect.TypeFor[gluesdk.GetDatabasesInput](),
	"CreateDatabase":                  reflect.TypeFor[gluesdk.CreateDatabaseInput](),
	"UpdateDatabase":                  reflect.TypeFor[gluesdk.UpdateDatabaseInput](),
	"DeleteDatabase":                  reflect.TypeFor[gluesdk.DeleteDatabaseInput](),
	"GetTable":                        reflect.TypeFor[gluesdk.GetTableInput](),
	"GetTables":                       reflect.TypeFor[gluesdk.GetTablesInput](),
	"SearchTables":                    reflect.TypeFor[gluesdk.SearchTablesInput](),
	"CreateTable":                     reflect.TypeFor[gluesdk.CreateTableInput](),
	"UpdateTable":                     reflect.TypeFor[gluesdk.UpdateTableInput](),
	"DeleteTable":                     reflect.TypeFor[gluesdk.DeleteTableInput](),
	"BatchDeleteTable":                reflect.TypeFor[gluesdk.BatchDeleteTableInput](),
	"GetTableVersion":                 reflect.TypeFor[gluesdk.GetTableVersionInput](),
	"GetTableVersions":                reflect.TypeFor[gluesdk.GetTableVersionsInput](),
	"DeleteTableVersion":              reflect.TypeFor[gluesdk.DeleteTableVersionInput](),
	"BatchDeleteTableVersion":         reflect.TypeFor[gluesdk.BatchDeleteTableVersionInput](),
	"GetPartition":                    reflect.TypeFor[gluesdk.GetPartitionInput](),
	"GetPartitions":                   reflect.TypeFor[gluesdk.GetPartitionsInput](),
	"BatchGetPartition":               reflect.TypeFor[gluesdk.BatchGetPartitionInput](),
	"CreatePartition":                 reflect.TypeFor[gluesdk.CreatePartitionInput](),
	"BatchCreatePartition":            reflect.TypeFor[gluesdk.BatchCreatePartitionInput](),
	"UpdatePartition":                 reflect.TypeFor[gluesdk.UpdatePartitionInput](),
	"BatchUpdatePartition":            reflect.TypeFor[gluesdk.BatchUpdatePartitionInput](),
	"DeletePartition":                 reflect.TypeFor[gluesdk.DeletePartitionInput](),
	"BatchDeletePartition":            reflect.TypeFor[gluesdk.BatchDeletePartitionInput](),
	"GetPartitionIndexes":             reflect.TypeFor[gluesdk.GetPartitionIndexesInput](),
	"GetColumnStatisticsForTable":     reflect.TypeFor[gluesdk.GetColumnStatisticsForTableInput](),
	"GetColumnStatisticsForPartition": reflect.TypeFor[gluesdk.GetColumnStatisticsForPartitionInput](),
	"GetUserDefinedFunction":          reflect.TypeFor[gluesdk.GetUserDefinedFunctionInput](),
	"GetUserDefinedFunctions":         reflect.TypeFor[gluesdk.GetUserDefinedFunctionsInput](),
	"GetTags":                         reflect.TypeFor[gluesdk.GetTagsInput](),
	"TagResource":                     reflect.TypeFor[gluesdk.TagResourceInput](),
	"UntagResource":                   reflect.TypeFor[gluesdk.UntagResourceInput](),
	"GetCatalog":                      reflect.TypeFor[gluesdk.GetCatalogInput](),
	"GetCatalogs":                     reflect.TypeFor[gluesdk.GetCatalogsInput](),

	"AbortMultipartUpload":               reflect.TypeFor[objects.AbortMultipartUploadInput](),
	"CompleteMultipartUpload":            reflect.TypeFor[objects.CompleteMultipartUploadInput](),
	"CopyObject":                         reflect.TypeFor[objects.CopyObjectInput](),
	"CreateBucket":                       reflect.TypeFor[objects.CreateBucketInput](),
	"CreateMultipartUpload":              reflect.TypeFor[objects.CreateMultipartUploadInput](),
	"DeleteBucket":                       reflect.TypeFor[objects.DeleteBucketInput](),
	"DeleteBucketCors":                   reflect.TypeFor[objects.DeleteBucketCorsInput](),
	"DeleteBucketEncryption":             reflect.TypeFor[objects.DeleteBucketEncryptionInput](),
	"DeleteBucketLifecycle":              reflect.TypeFor[objects.DeleteBucketLifecycleInput](),
	"DeleteBucketOwnershipControls":      reflect.TypeFor[objects.DeleteBucketOwnershipControlsInput](),
	"DeleteBucketPolicy":                 reflect.TypeFor[objects.DeleteBucketPolicyInput](),
	"DeleteBucketReplication":            reflect.TypeFor[objects.DeleteBucketReplicationInput](),
	"DeleteBucketTagging":                reflect.TypeFor[objects.DeleteBucketTaggingInput](),
	"DeleteBucketWebsite":                reflect.TypeFor[objects.DeleteBucketWebsiteInput](),
	"DeleteObject":                       reflect.TypeFor[objects.DeleteObjectInput](),
	"DeleteObjectTagging":                reflect.TypeFor[objects.DeleteObjectTaggingInput](),
	"DeleteObjects":                      reflect.TypeFor[objects.DeleteObjectsInput](),
	"DeletePublicAccessBlock":            reflect.TypeFor[objects.DeletePublicAccessBlockInput](),
	"GetBucketAccelerateConfiguration":   reflect.TypeFor[objects.GetBucketAccelerateConfigurationInput](),
	"GetBucketAcl":                       reflect.TypeFor[objects.GetBucketAclInput](),
	"GetBucketCors":                      reflect.TypeFor[objects.GetBucketCorsInput](),
	"GetBucketEncryption":                reflect.TypeFor[objects.GetBucketEncryptionInput](),
	"GetBucketLifecycleConfiguration":    reflect.TypeFor[objects.GetBucketLifecycleConfigurationInput](),
	"GetBucketLocation":                  reflect.TypeFor[objects.GetBucketLocationInput](),
	"GetBucketLogging":                   reflect.TypeFor[objects.GetBucketLoggingInput](),
	"GetBucketNotificationConfiguration": reflect.TypeFor[objects.GetBucketNotificationConfigurationInput](),
	"GetBucketOwnershipControls":         reflect.TypeFor[objects.GetBucketOwnershipControlsInput](),
	"GetBucketPolicy":                    reflect.TypeFor[objects.GetBucketPolicyInput](),
	"GetBucketPolicyStatus":              reflect.TypeFor[objects.GetBucketPolicyStatusInput](),
	"GetBucketReplication":               reflect.TypeFor[objects.GetBucketReplicationInput](),
	"GetBucketRequestPayment":            reflect.TypeFor[objects.GetBucketRequestPaymentInput](),
	"GetBucketTagging":                   reflect.TypeFor[objects.GetBucketTaggingInput](),
	"GetBucketVersioning":                reflect.TypeFor[objects.GetBucketVersioningInput](),
	"GetBucketWebsite":                   reflect.TypeFor[objects.GetBucketWebsiteInput](),
	"GetObject":                          reflect.TypeFor[objects.GetObjectInput](),
	"GetObjectAcl":                       reflect.TypeFor[objects.GetObjectAclInput](),
	"GetObjectAttributes":                reflect.TypeFor[objects.GetObjectAttributesInput](),
	"GetObjectLegalHold":                 reflect.TypeFor[objects.GetObjectLegalHoldInput](),
	"GetObjectLockConfiguration":         reflect.TypeFor[objects.GetObjectLockConfigurationInput](),
	"GetObjectRetention":                 reflect.TypeFor[objects.GetObjectRetentionInput](),
	"GetObjectTagging":                   reflect.TypeFor[objects.GetObjectTaggingInput](),
	"GetPublicAccessBlock":               reflect.TypeFor[objects.GetPublicAccessBlockInput](),
	"HeadBucket":                         reflect.TypeFor[objects.HeadBucketInput](),
	"HeadObject":                         reflect.TypeFor[objects.HeadObjectInput](),
	"ListBuckets":                        reflect.TypeFor[objects.ListBucketsInput](),
	"ListMultipartUploads":               reflect.TypeFor[objects.ListMultipartUploadsInput](),
	"ListObjectVersions":                 reflect.TypeFor[objects.ListObjectVersionsInput](),
	"ListObjects":                        reflect.TypeFor[objects.ListObjectsInput](),
	"ListObjectsV2":                      reflect.TypeFor[objects.ListObjectsV2Input](),
	"ListParts":                          reflect.TypeFor[objects.ListPartsInput](),
	"PutBucketAcl":                       reflect.TypeFor[objects.PutBucketAclInput](),
	"PutBucketEncryption":                reflect.TypeFor[objects.PutBucketEncryptionInput](),
	"PutBucketOwnershipControls":         reflect.TypeFor[objects.PutBucketOwnershipControlsInput](),
	"PutBucketPolicy":                    reflect.TypeFor[objects.PutBucketPolicyInput](),
	"PutBucketTagging":                   reflect.TypeFor[objects.PutBucketTaggingInput](),
	"PutBucketVersioning":                reflect.TypeFor[objects.PutBucketVersioningInput](),
	"PutObject":                          reflect.TypeFor[objects.PutObjectInput](),
	"PutObjectAcl":                       reflect.TypeFor[objects.PutObjectAclInput](),
	"PutObjectTagging":                   reflect.TypeFor[objects.PutObjectTaggingInput](),
	"PutPublicAccessBlock":               reflect.TypeFor[objects.PutPublicAccessBlockInput](),
	"UploadPart":                         reflect.TypeFor[objects.UploadPartInput](),
	"UploadPartCopy":                     reflect.TypeFor[objects.UploadPartCopyInput](),
}

// unions are the members of each union of those inputs: the SDK has an interface for it, and reflection
// cannot list what implements one.
var unions = map[reflect.Type]map[string]reflect.Type{
	reflect.TypeFor[types.CollectionConfig](): {"VectorConfig": reflect.TypeFor[types.VectorConfig]()},
}

// TestMembersAreThoseOfTheModel holds the tables to the SDK: a newer one that has more turns it red.
func TestMembersAreThoseOfTheModel(t *testing.T) {
	for _, s := range services {
		if s.table == nil {
			continue
		}
		for _, o := range s.table.Operations {
			input, known := inputs[o.Name]
			if !known {
				t.Errorf("%s has no row in inputs", o.Name)
				continue
			}
			var got []string
			for _, m := range o.Members {
				got = append(got, m.Path)
			}
			slices.Sort(got)
			want := paths(t, input, "", nil)
			// Of a structure that is refused, or has no effect, the members are so too.
			want = slices.DeleteFunc(want, func(path string) bool {
				return !slices.Contains(got, path) && slices.ContainsFunc(o.Members, func(m awshttp.Member) bool {
					return m.Support != awshttp.Supported && strings.HasPrefix(path, m.Path+".")
				})
			})
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("members of %s (-model +table):\n%s", o.Name, diff)
			}
		}
	}
}

// paths lists what is below a type of the SDK. A type within itself is listed, and not followed.
func paths(t *testing.T, typ reflect.Type, prefix string, within []reflect.Type) []string {
	t.Helper()
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		typ = typ.Elem()
	}
	if union, is := unions[typ]; is {
		var all []string
		for name, member := range union {
			all = append(append(all, prefix+name), paths(t, member, prefix+name+".", within)...)
		}
		return all
	}
	if strings.HasSuffix(typ.PkgPath(), "/document") {
		return nil // any JSON
	}
	if typ.Kind() == reflect.Interface && typ != reflect.TypeFor[io.Reader]() { // a body
		t.Errorf("%s is a union that has no row in unions", typ)
	}
	if typ.Kind() != reflect.Struct || typ == reflect.TypeFor[time.Time]() || slices.Contains(within, typ) {
		return nil
	}
	var all []string
	for f := range typ.Fields() {
		if f.IsExported() && !strings.HasSuffix(f.Type.PkgPath(), "/middleware") {
			all = append(append(all, prefix+f.Name), paths(t, f.Type, prefix+f.Name+".", append(within, typ))...)
		}
	}
	return all
}
