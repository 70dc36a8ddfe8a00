package archtest

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	gluesdk "github.com/aws/aws-sdk-go-v2/service/glue"
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
	if typ.Kind() == reflect.Interface {
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
