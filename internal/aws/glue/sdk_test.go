package glue

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
)

// newSDK returns a client of a server with a database "d".
func newSDK(t *testing.T) *sdk.Client {
	t.Helper()
	client := sdk.NewFromConfig(awstest.Config(awstest.NewServer(t, New(newAPI(t).tables))))
	_, err := client.CreateDatabase(t.Context(), &sdk.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: aws.String("D")}})
	must(t, err)
	return client
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, what string, err error, want string) {
	t.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) || e.ErrorCode() != want {
		t.Errorf("%s: %v, want %s", what, err, want)
	}
}

func wantSame(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(middleware.Metadata{}), cmpopts.IgnoreUnexported(types.Table{}, types.StorageDescriptor{}, types.Column{}, types.Order{}, types.SerDeInfo{}, types.SkewedInfo{}, types.Partition{})); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

var seen = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func fullStorage() *types.StorageDescriptor {
	return &types.StorageDescriptor{
		Columns:  []types.Column{{Name: aws.String("id"), Type: aws.String("struct<a:int>"), Comment: aws.String("c"), Parameters: map[string]string{"iceberg.field.id": "1"}}},
		Location: aws.String("s3://b/p"), AdditionalLocations: []string{"s3://b/q"}, InputFormat: aws.String("i"), OutputFormat: aws.String("o"),
		Compressed: true, NumberOfBuckets: 3, BucketColumns: []string{"id"}, SortColumns: []types.Order{{Column: aws.String("id"), SortOrder: 1}},
		SerdeInfo:  &types.SerDeInfo{Name: aws.String("n"), SerializationLibrary: aws.String("org.openx.data.jsonserde.JsonSerDe"), Parameters: map[string]string{"paths": "a"}},
		Parameters: map[string]string{"k": "v"}, StoredAsSubDirectories: true,
		SkewedInfo: &types.SkewedInfo{SkewedColumnNames: []string{"id"}, SkewedColumnValues: []string{"1"}, SkewedColumnValueLocationMaps: map[string]string{"1": "s3://b/r"}},
	}
}

func TestTableIsKeptAsItWasGiven(t *testing.T) {
	client := newSDK(t)
	in := &types.TableInput{
		Name: aws.String("Full-Table"), Description: aws.String("two\nlines"), Owner: aws.String("me"), LastAccessTime: &seen, LastAnalyzedTime: &seen, Retention: 7,
		StorageDescriptor: fullStorage(), PartitionKeys: []types.Column{{Name: aws.String("Year"), Type: aws.String("int")}},
		ViewOriginalText: aws.String("v"), ViewExpandedText: aws.String("w"), TableType: aws.String("VIRTUAL_VIEW"), Parameters: map[string]string{"table_type": "x"},
	}
	_, err := client.CreateTable(t.Context(), &sdk.CreateTableInput{DatabaseName: aws.String("d"), TableInput: in})
	must(t, err)
	got, err := client.GetTable(t.Context(), &sdk.GetTableInput{DatabaseName: aws.String("D"), Name: aws.String("FULL-TABLE")})
	must(t, err)
	want := &types.Table{
		Name: aws.String("full-table"), DatabaseName: aws.String("d"), Description: in.Description, Owner: in.Owner, LastAccessTime: &seen, LastAnalyzedTime: &seen,
		Retention: 7, StorageDescriptor: fullStorage(), PartitionKeys: []types.Column{{Name: aws.String("year"), Type: aws.String("int")}},
		ViewOriginalText: in.ViewOriginalText, ViewExpandedText: in.ViewExpandedText, TableType: in.TableType, Parameters: in.Parameters,
		CreateTime: got.Table.CreateTime, UpdateTime: got.Table.CreateTime, CreatedBy: aws.String(awstest.Key().Principal.ARN), CatalogId: aws.String(awstest.Account), VersionId: aws.String("0"),
	}
	wantSame(t, "GetTable", want, got.Table)
	_, err = client.CreateTable(t.Context(), &sdk.CreateTableInput{DatabaseName: aws.String("d"), TableInput: in})
	wantCode(t, "CreateTable again", err, "AlreadyExistsException")
	_, err = client.CreateTable(t.Context(), &sdk.CreateTableInput{DatabaseName: aws.String("x"), TableInput: in})
	wantCode(t, "CreateTable in no database", err, "EntityNotFoundException")
}

func iceberg(metadata string) *types.TableInput {
	return &types.TableInput{
		Name: aws.String("ice"), TableType: aws.String("EXTERNAL_TABLE"),
		Parameters:        map[string]string{"table_type": "ICEBERG", "metadata_location": metadata},
		StorageDescriptor: &types.StorageDescriptor{Location: aws.String("s3://b/ice")},
	}
}

// Many writers commit to one Iceberg table as pyiceberg does: of those that read one version one wins.
func TestOptimisticUpdatesLoseNothing(t *testing.T) {
	client := newSDK(t)
	_, err := client.CreateTable(t.Context(), &sdk.CreateTableInput{DatabaseName: aws.String("d"), TableInput: iceberg("0")})
	must(t, err)
	const writers, commits = 4, 5
	var lost atomic.Int32
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for done := 0; done < commits; {
				got, err := client.GetTable(t.Context(), &sdk.GetTableInput{DatabaseName: aws.String("d"), Name: aws.String("ice")})
				if err != nil {
					t.Error(err)
					return
				}
				next := iceberg(got.Table.Parameters["metadata_location"] + "+")
				_, err = client.UpdateTable(t.Context(), &sdk.UpdateTableInput{DatabaseName: aws.String("d"), TableInput: next, VersionId: got.Table.VersionId, SkipArchive: aws.Bool(true)})
				var concurrent *types.ConcurrentModificationException
				switch {
				case err == nil:
					done++
				case errors.As(err, &concurrent):
					lost.Add(1)
				default:
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	got, err := client.GetTable(t.Context(), &sdk.GetTableInput{DatabaseName: aws.String("d"), Name: aws.String("ice")})
	must(t, err)
	if n := len(got.Table.Parameters["metadata_location"]) - 1; n != writers*commits || *got.Table.VersionId != fmt.Sprint(writers*commits) {
		t.Errorf("%d commits and version %s, want %d; %d were refused", n, *got.Table.VersionId, writers*commits, lost.Load())
	}
	versions, err := client.GetTableVersions(t.Context(), &sdk.GetTableVersionsInput{DatabaseName: aws.String("d"), TableName: aws.String("ice")})
	must(t, err)
	if len(versions.TableVersions) != 1 {
		t.Errorf("%d versions after updates that keep none", len(versions.TableVersions))
	}
}

func TestVersionsOfATable(t *testing.T) {
	client, d, name := newSDK(t), aws.String("d"), aws.String("ice")
	_, err := client.CreateTable(t.Context(), &sdk.CreateTableInput{DatabaseName: d, TableInput: iceberg("0")})
	must(t, err)
	for i := range 3 {
		_, err := client.UpdateTable(t.Context(), &sdk.UpdateTableInput{DatabaseName: d, TableInput: iceberg(fmt.Sprint(i + 1))})
		must(t, err)
	}
	var got []string
	pages := sdk.NewGetTableVersionsPaginator(client, &sdk.GetTableVersionsInput{DatabaseName: d, TableName: name, MaxResults: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		must(t, err)
		for _, v := range page.TableVersions {
			got = append(got, *v.VersionId+":"+v.Table.Parameters["metadata_location"])
		}
	}
	wantSame(t, "versions", []string{"3:3", "2:2", "1:1", "0:0"}, got)
	old, err := client.GetTableVersion(t.Context(), &sdk.GetTableVersionInput{DatabaseName: d, TableName: name, VersionId: aws.String("1")})
	must(t, err)
	wantSame(t, "version 1", "1", old.TableVersion.Table.Parameters["metadata_location"])
	_, err = client.DeleteTableVersion(t.Context(), &sdk.DeleteTableVersionInput{DatabaseName: d, TableName: name, VersionId: aws.String("3")})
	wantCode(t, "DeleteTableVersion of the present one", err, "InvalidInputException")
	out, err := client.BatchDeleteTableVersion(t.Context(), &sdk.BatchDeleteTableVersionInput{DatabaseName: d, TableName: name, VersionIds: []string{"0", "9"}})
	must(t, err)
	if len(out.Errors) != 1 || *out.Errors[0].VersionId != "9" || *out.Errors[0].ErrorDetail.ErrorCode != "EntityNotFoundException" {
		t.Errorf("errors of BatchDeleteTableVersion: %+v", out.Errors)
	}
	_, err = client.GetTableVersion(t.Context(), &sdk.GetTableVersionInput{DatabaseName: d, TableName: name, VersionId: aws.String("0")})
	wantCode(t, "a version that was deleted", err, "EntityNotFoundException")
}

func TestDatabasesAreChangedAndDeletedWithTheirTables(t *testing.T) {
	client, d := newSDK(t), aws.String("d")
	_, err := client.UpdateDatabase(t.Context(), &sdk.UpdateDatabaseInput{Name: aws.String("D"), DatabaseInput: &types.DatabaseInput{Name: d, Description: aws.String("x"), Parameters: map[string]string{"k": "v"}}})
	must(t, err)
	got, err := client.GetDatabase(t.Context(), &sdk.GetDatabaseInput{Name: d})
	must(t, err)
	if *got.Database.Description != "x" || got.Database.Parameters["k"] != "v" || got.Database.CreateTime == nil {
		t.Errorf("database %+v", got.Database)
	}
	_, err = client.UpdateDatabase(t.Context(), &sdk.UpdateDatabaseInput{Name: d, DatabaseInput: &types.DatabaseInput{Name: aws.String("e")}})
	wantCode(t, "another name", err, "InvalidInputException")

	arn := aws.String("arn:aws:glue:us-east-1:" + awstest.Account + ":database/d")
	_, err = client.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: arn, TagsToAdd: map[string]string{"a": "1", "b": "2"}})
	must(t, err)
	_, err = client.UntagResource(t.Context(), &sdk.UntagResourceInput{ResourceArn: arn, TagsToRemove: []string{"a", "c"}})
	must(t, err)
	tags, err := client.GetTags(t.Context(), &sdk.GetTagsInput{ResourceArn: arn})
	must(t, err)
	wantSame(t, "tags", map[string]string{"b": "2"}, tags.Tags)
	_, err = client.GetTags(t.Context(), &sdk.GetTagsInput{ResourceArn: aws.String(*arn + "x")})
	wantCode(t, "tags of no database", err, "EntityNotFoundException")

	_, err = client.CreateTable(t.Context(), &sdk.CreateTableInput{DatabaseName: d, TableInput: iceberg("0")})
	must(t, err)
	_, err = client.DeleteDatabase(t.Context(), &sdk.DeleteDatabaseInput{Name: d})
	must(t, err)
	_, err = client.GetTable(t.Context(), &sdk.GetTableInput{DatabaseName: d, Name: aws.String("ice")})
	wantCode(t, "a table of it", err, "EntityNotFoundException")
}

// partitioned makes a table with the keys y (int) and r (string), and nine partitions.
func partitioned(t *testing.T) *sdk.Client {
	t.Helper()
	client := newSDK(t)
	in := &types.TableInput{Name: aws.String("p"), StorageDescriptor: fullStorage(), PartitionKeys: []types.Column{{Name: aws.String("y"), Type: aws.String("int")}, {Name: aws.String("r"), Type: aws.String("string")}}}
	_, err := client.CreateTable(t.Context(), &sdk.CreateTableInput{DatabaseName: aws.String("d"), TableInput: in})
	must(t, err)
	var parts []types.PartitionInput
	for _, y := range []string{"9", "10", "2024"} {
		for _, r := range []string{"de", "fr", "it's"} {
			parts = append(parts, types.PartitionInput{Values: []string{y, r}, StorageDescriptor: fullStorage(), Parameters: map[string]string{"k": y}, LastAccessTime: &seen})
		}
	}
	out, err := client.BatchCreatePartition(t.Context(), &sdk.BatchCreatePartitionInput{DatabaseName: aws.String("d"), TableName: aws.String("p"), PartitionInputList: parts})
	if err != nil || len(out.Errors) > 0 {
		t.Fatal(out, err)
	}
	return client
}

func partitionsOf(t *testing.T, client *sdk.Client, in *sdk.GetPartitionsInput) []string {
	t.Helper()
	in.DatabaseName, in.TableName = aws.String("d"), aws.String("P")
	var all []string
	pages := sdk.NewGetPartitionsPaginator(client, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		must(t, err)
		for _, p := range page.Partitions {
			all = append(all, p.Values[0]+p.Values[1])
		}
	}
	return all
}

func TestPartitionsAreFoundByTheirValues(t *testing.T) {
	client := partitioned(t)
	all := partitionsOf(t, client, &sdk.GetPartitionsInput{MaxResults: aws.Int32(2)})
	wantSame(t, "all", []string{"10de", "10fr", "10it's", "2024de", "2024fr", "2024it's", "9de", "9fr", "9it's"}, all)
	wantSame(t, "y > 9", []string{"10fr", "2024fr"}, partitionsOf(t, client, &sdk.GetPartitionsInput{Expression: aws.String("y > 9 AND r = 'fr'")}))
	var segments []string
	for i := range int32(3) {
		segments = append(segments, partitionsOf(t, client, &sdk.GetPartitionsInput{Segment: &types.Segment{SegmentNumber: i, TotalSegments: aws.Int32(3)}})...)
	}
	slices.Sort(segments)
	wantSame(t, "all segments", all, segments)

	d, p := aws.String("d"), aws.String("p")
	one, err := client.GetPartition(t.Context(), &sdk.GetPartitionInput{DatabaseName: d, TableName: p, PartitionValues: []string{"9", "it's"}})
	must(t, err)
	wantSame(t, "GetPartition", &types.Partition{
		Values: []string{"9", "it's"}, DatabaseName: d, TableName: p, CreationTime: one.Partition.CreationTime, LastAccessTime: &seen,
		StorageDescriptor: fullStorage(), Parameters: map[string]string{"k": "9"}, CatalogId: aws.String(awstest.Account),
	}, one.Partition)
	some, err := client.BatchGetPartition(t.Context(), &sdk.BatchGetPartitionInput{DatabaseName: d, TableName: p, PartitionsToGet: []types.PartitionValueList{{Values: []string{"9", "de"}}, {Values: []string{"9", "xx"}}}})
	must(t, err)
	if len(some.Partitions) != 1 {
		t.Errorf("BatchGetPartition: %d partitions", len(some.Partitions))
	}
	_, err = client.GetPartition(t.Context(), &sdk.GetPartitionInput{DatabaseName: d, TableName: p, PartitionValues: []string{"9"}})
	wantCode(t, "one value of two", err, "InvalidInputException")
	_, err = client.GetPartitions(t.Context(), &sdk.GetPartitionsInput{DatabaseName: d, TableName: p, Expression: aws.String("z = 1")})
	wantCode(t, "an expression of no key", err, "InvalidInputException")
}

func TestPartitionsAreChangedAndDeleted(t *testing.T) {
	client, d, p := partitioned(t), aws.String("d"), aws.String("p")
	_, err := client.CreatePartition(t.Context(), &sdk.CreatePartitionInput{DatabaseName: d, TableName: p, PartitionInput: &types.PartitionInput{Values: []string{"9", "de"}}})
	wantCode(t, "CreatePartition again", err, "AlreadyExistsException")
	_, err = client.UpdatePartition(t.Context(), &sdk.UpdatePartitionInput{DatabaseName: d, TableName: p, PartitionValueList: []string{"9", "de"}, PartitionInput: &types.PartitionInput{Values: []string{"1", "de"}}})
	must(t, err)
	many, err := client.BatchUpdatePartition(t.Context(), &sdk.BatchUpdatePartitionInput{DatabaseName: d, TableName: p, Entries: []types.BatchUpdatePartitionRequestEntry{
		{PartitionValueList: []string{"9", "fr"}, PartitionInput: &types.PartitionInput{Values: []string{"1", "fr"}}},
		{PartitionValueList: []string{"9", "xx"}, PartitionInput: &types.PartitionInput{Values: []string{"1", "xx"}}},
	}})
	must(t, err)
	if len(many.Errors) != 1 || *many.Errors[0].ErrorDetail.ErrorCode != "EntityNotFoundException" {
		t.Errorf("errors of BatchUpdatePartition: %+v", many.Errors)
	}
	out, err := client.BatchDeletePartition(t.Context(), &sdk.BatchDeletePartitionInput{DatabaseName: d, TableName: p, PartitionsToDelete: []types.PartitionValueList{{Values: []string{"10", "de"}}, {Values: []string{"10", "xx"}}}})
	must(t, err)
	if len(out.Errors) != 1 || *out.Errors[0].ErrorDetail.ErrorCode != "EntityNotFoundException" {
		t.Errorf("errors of BatchDeletePartition: %+v", out.Errors)
	}
	_, err = client.DeletePartition(t.Context(), &sdk.DeletePartitionInput{DatabaseName: d, TableName: p, PartitionValues: []string{"2024", "de"}})
	must(t, err)
	wantSame(t, "what is left", []string{"1de", "1fr", "10fr", "10it's", "2024fr", "2024it's", "9it's"}, partitionsOf(t, client, &sdk.GetPartitionsInput{}))
}

func TestSearchTables(t *testing.T) {
	client := newSDK(t)
	for _, name := range []string{"customer-link", "xx_link_yy", "xxlinkyy", "orders"} {
		in := iceberg("0")
		in.Name = &name
		_, err := client.CreateTable(t.Context(), &sdk.CreateTableInput{DatabaseName: aws.String("d"), TableInput: in})
		must(t, err)
	}
	find := func(in *sdk.SearchTablesInput) []string {
		var all []string
		pages := sdk.NewSearchTablesPaginator(client, in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			must(t, err)
			for _, tb := range page.TableList {
				all = append(all, *tb.Name)
			}
		}
		return all
	}
	byName := func(value string) []types.PropertyPredicate {
		return []types.PropertyPredicate{{Key: aws.String("Name"), Value: &value}}
	}
	wantSame(t, "by part of the name", []string{"customer-link", "xx_link_yy"}, find(&sdk.SearchTablesInput{Filters: byName("LINK")}))
	wantSame(t, "by text", []string{"customer-link", "xx_link_yy", "xxlinkyy"}, find(&sdk.SearchTablesInput{SearchText: aws.String("link")}))
	wantSame(t, "by text in quotes", []string{"orders"}, find(&sdk.SearchTablesInput{SearchText: aws.String(`"orders"`)}))
	wantSame(t, "in pages, backwards", []string{"xxlinkyy", "xx_link_yy", "orders", "customer-link"}, find(&sdk.SearchTablesInput{
		MaxResults: aws.Int32(1), SortCriteria: []types.SortCriterion{{FieldName: aws.String("Name"), Sort: types.SortDescending}},
	}))
	_, err := client.SearchTables(t.Context(), &sdk.SearchTablesInput{Filters: []types.PropertyPredicate{{Key: aws.String("Colour"), Value: aws.String("red")}}})
	wantCode(t, "by a property that no table has", err, "InvalidInputException")
}

func TestWhatEnginesAskForAndIsNotThere(t *testing.T) {
	client, d := partitioned(t), aws.String("d")
	statistics, err := client.GetColumnStatisticsForTable(t.Context(), &sdk.GetColumnStatisticsForTableInput{DatabaseName: d, TableName: aws.String("p"), ColumnNames: []string{"id"}})
	if err != nil || len(statistics.ColumnStatisticsList) != 0 || len(statistics.Errors) != 1 {
		t.Errorf("statistics: %+v, %v", statistics, err)
	}
	functions, err := client.GetUserDefinedFunctions(t.Context(), &sdk.GetUserDefinedFunctionsInput{DatabaseName: d, Pattern: aws.String("*")})
	if err != nil || len(functions.UserDefinedFunctions) != 0 {
		t.Errorf("functions: %+v, %v", functions, err)
	}
	_, err = client.GetUserDefinedFunction(t.Context(), &sdk.GetUserDefinedFunctionInput{DatabaseName: d, FunctionName: aws.String("f")})
	wantCode(t, "a function", err, "EntityNotFoundException")
	indexes, err := client.GetPartitionIndexes(t.Context(), &sdk.GetPartitionIndexesInput{DatabaseName: d, TableName: aws.String("p")})
	if err != nil || len(indexes.PartitionIndexDescriptorList) != 0 {
		t.Errorf("indexes: %+v, %v", indexes, err)
	}
	catalogs, err := client.GetCatalogs(t.Context(), &sdk.GetCatalogsInput{IncludeRoot: aws.Bool(true)})
	if err != nil || len(catalogs.CatalogList) != 1 || *catalogs.CatalogList[0].CatalogId != awstest.Account {
		t.Errorf("catalogs: %+v, %v", catalogs, err)
	}
	out, err := client.BatchDeleteTable(t.Context(), &sdk.BatchDeleteTableInput{DatabaseName: d, TablesToDelete: []string{"P", "q"}})
	if err != nil || len(out.Errors) != 1 || *out.Errors[0].TableName != "q" {
		t.Errorf("BatchDeleteTable: %+v, %v", out, err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	client, d := newSDK(t), aws.String("d")
	for name, change := range map[string]func(in *sdk.CreateTableInput){
		"a resource link": func(in *sdk.CreateTableInput) { in.TableInput.TargetTable = &types.TableIdentifier{} },
		"a schema registry": func(in *sdk.CreateTableInput) {
			in.TableInput.StorageDescriptor.SchemaReference = &types.SchemaReference{SchemaVersionId: aws.String("x")}
		},
		"an index": func(in *sdk.CreateTableInput) {
			in.PartitionIndexes = []types.PartitionIndex{{IndexName: aws.String("i"), Keys: []string{"k"}}}
		},
		"metadata by the server": func(in *sdk.CreateTableInput) {
			in.OpenTableFormatInput = &types.OpenTableFormatInput{IcebergInput: &types.IcebergInput{MetadataOperation: types.MetadataOperationCreate}}
		},
		"a transaction":  func(in *sdk.CreateTableInput) { in.TransactionId = aws.String("x") },
		"a name of none": func(in *sdk.CreateTableInput) { in.TableInput.Name = aws.String("") },
		"two lines":      func(in *sdk.CreateTableInput) { in.TableInput.Name = aws.String("a\nb") },
		"negative":       func(in *sdk.CreateTableInput) { in.TableInput.Retention = -1 },
		"an order of 2": func(in *sdk.CreateTableInput) {
			in.TableInput.StorageDescriptor.SortColumns = []types.Order{{Column: aws.String("a"), SortOrder: 2}}
		},
	} {
		in := &sdk.CreateTableInput{DatabaseName: d, TableInput: iceberg("0")}
		change(in)
		_, err := client.CreateTable(t.Context(), in)
		wantCode(t, name, err, "InvalidInputException")
	}
}
