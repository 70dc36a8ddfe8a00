package glue

import (
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// The members that many operations have.
var (
	catalogMember       = []awshttp.Member{{Path: "CatalogId", Note: "the own account's"}}
	databaseNameMembers = []awshttp.Member{{Path: "CatalogId", Note: "the own account's"}, {Path: "DatabaseName"}}
	tableNameMembers    = append(slices.Clone(databaseNameMembers), awshttp.Member{Path: "TableName"})
	pageMembers         = []awshttp.Member{{Path: "MaxResults"}, {Path: "NextToken"}}
	transactionMember   = awshttp.Member{Path: "TransactionId", Support: awshttp.Refused, Note: "no table is a governed one"}
	pastMember          = awshttp.Member{Path: "QueryAsOfTime", Support: awshttp.Refused, Note: "no table is a governed one"}
	statusMember        = awshttp.Member{Path: "IncludeStatusDetails", Support: awshttp.WithoutEffect, Note: "no table here has a status"}
	attributesMember    = awshttp.Member{Path: "AttributesToGet", Note: "NAME; others are refused"}
	auditMembers        = below("AuditContext", awshttp.WithoutEffect, "it is for the log of an engine of Lake Formation",
		"AdditionalAuditContext", "AllColumnsRequested", "RequestedColumns")
	sessionMembers = below("QuerySessionContext", awshttp.WithoutEffect, "it is for the rules of Lake Formation",
		"AdditionalContext", "ClusterId", "QueryAuthorizationId", "QueryId", "QueryStartTime")
	databaseMembers = slices.Concat(
		[]awshttp.Member{{Path: "DatabaseInput"}},
		supported("DatabaseInput.Name DatabaseInput.Description DatabaseInput.LocationUri DatabaseInput.Parameters"),
		[]awshttp.Member{{Path: "DatabaseInput.CreateTableDefaultPermissions", Note: "ALL for IAM_ALLOWED_PRINCIPALS, which everybody has; others are refused"}},
		supported("DatabaseInput.CreateTableDefaultPermissions.Permissions DatabaseInput.CreateTableDefaultPermissions.Principal DatabaseInput.CreateTableDefaultPermissions.Principal.DataLakePrincipalIdentifier"),
		below("DatabaseInput.TargetDatabase", awshttp.Refused, "there are no resource links", "CatalogId", "DatabaseName", "Region"),
		below("DatabaseInput.FederatedDatabase", awshttp.Refused, "there are no federated catalogs", "ConnectionName", "ConnectionType", "Identifier"),
	)
	tableMembers = slices.Concat(
		supported("TableInput TableInput.Name TableInput.Description TableInput.Owner TableInput.LastAccessTime TableInput.LastAnalyzedTime TableInput.Retention "+
			"TableInput.PartitionKeys TableInput.PartitionKeys.Name TableInput.PartitionKeys.Type TableInput.PartitionKeys.Comment TableInput.PartitionKeys.Parameters "+
			"TableInput.ViewOriginalText TableInput.ViewExpandedText TableInput.TableType TableInput.Parameters"),
		storageMembers("TableInput.StorageDescriptor"),
		below("TableInput.TargetTable", awshttp.Refused, "there are no resource links", "CatalogId", "DatabaseName", "Name", "Region"),
		below("TableInput.FederatedTable", awshttp.Refused, "there are no federated catalogs", "ConnectionName", "ConnectionType", "DatabaseIdentifier", "Identifier"),
		below("TableInput.ViewDefinition", awshttp.Refused, "there are no views of many dialects", strings.Fields(viewMembers)...),
	)
	createIcebergMembers = below("OpenTableFormatInput", awshttp.Refused, "the writer of an Iceberg table makes its metadata, and gives its place in TableInput.Parameters",
		strings.Fields(createIceberg)...)
	updateIcebergMembers = below("UpdateOpenTableFormatInput", awshttp.Refused, "the writer of an Iceberg table makes its metadata, and gives its place in TableInput.Parameters",
		strings.Fields(updateIceberg)...)
)

func members(lists ...[]awshttp.Member) []awshttp.Member { return slices.Concat(lists...) }

func supported(paths string) []awshttp.Member {
	var all []awshttp.Member
	for path := range strings.FieldsSeq(paths) {
		all = append(all, awshttp.Member{Path: path})
	}
	return all
}

// below is a structure whose members have all the same support.
func below(path string, s awshttp.Support, note string, names ...string) []awshttp.Member {
	all := []awshttp.Member{{Path: path, Support: s, Note: note}}
	for _, name := range names {
		all = append(all, awshttp.Member{Path: path + "." + name, Support: s, Note: "see " + path})
	}
	return all
}

func storageMembers(path string) []awshttp.Member {
	all := []awshttp.Member{{Path: path}}
	for name := range strings.FieldsSeq("Columns Columns.Name Columns.Type Columns.Comment Columns.Parameters Location AdditionalLocations InputFormat OutputFormat " +
		"Compressed NumberOfBuckets SerdeInfo SerdeInfo.Name SerdeInfo.SerializationLibrary SerdeInfo.Parameters BucketColumns SortColumns SortColumns.Column " +
		"SortColumns.SortOrder Parameters SkewedInfo SkewedInfo.SkewedColumnNames SkewedInfo.SkewedColumnValues SkewedInfo.SkewedColumnValueLocationMaps StoredAsSubDirectories") {
		all = append(all, awshttp.Member{Path: path + "." + name})
	}
	return append(all, below(path+".SchemaReference", awshttp.Refused, "there is no schema registry",
		"SchemaId", "SchemaId.RegistryName", "SchemaId.SchemaArn", "SchemaId.SchemaName", "SchemaVersionId", "SchemaVersionNumber")...)
}

func partitionMembers(path string) []awshttp.Member {
	all := []awshttp.Member{{Path: path}}
	for name := range strings.FieldsSeq("Values LastAccessTime LastAnalyzedTime Parameters") {
		all = append(all, awshttp.Member{Path: path + "." + name})
	}
	return append(all, storageMembers(path+".StorageDescriptor")...)
}

// The members of structures that are refused as a whole.
const (
	viewMembers   = ""
	createIceberg = ""
	updateIceberg = ""
)
