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
	auditMembers        = []awshttp.Member{{Path: "AuditContext", Support: awshttp.WithoutEffect, Note: "it is for the log of an engine of Lake Formation"}}
	sessionMembers      = []awshttp.Member{{Path: "QuerySessionContext", Support: awshttp.WithoutEffect, Note: "it is for the rules of Lake Formation"}}
	databaseMembers     = slices.Concat(
		[]awshttp.Member{{Path: "DatabaseInput"}},
		supported("DatabaseInput.Name DatabaseInput.Description DatabaseInput.LocationUri DatabaseInput.Parameters"),
		[]awshttp.Member{{Path: "DatabaseInput.CreateTableDefaultPermissions", Note: "ALL for IAM_ALLOWED_PRINCIPALS, which everybody has; others are refused"}},
		supported("DatabaseInput.CreateTableDefaultPermissions.Permissions DatabaseInput.CreateTableDefaultPermissions.Principal DatabaseInput.CreateTableDefaultPermissions.Principal.DataLakePrincipalIdentifier"),
		[]awshttp.Member{{Path: "DatabaseInput.TargetDatabase", Support: awshttp.Refused, Note: "there are no resource links"}},
		[]awshttp.Member{{Path: "DatabaseInput.FederatedDatabase", Support: awshttp.Refused, Note: "there are no federated catalogs"}},
	)
	tableMembers = slices.Concat(
		supported("TableInput TableInput.Name TableInput.Description TableInput.Owner TableInput.LastAccessTime TableInput.LastAnalyzedTime TableInput.Retention "+
			"TableInput.PartitionKeys TableInput.PartitionKeys.Name TableInput.PartitionKeys.Type TableInput.PartitionKeys.Comment TableInput.PartitionKeys.Parameters "+
			"TableInput.ViewOriginalText TableInput.ViewExpandedText TableInput.TableType TableInput.Parameters"),
		storageMembers("TableInput.StorageDescriptor"),
		[]awshttp.Member{{Path: "TableInput.TargetTable", Support: awshttp.Refused, Note: "there are no resource links"}},
		[]awshttp.Member{{Path: "TableInput.FederatedTable", Support: awshttp.Refused, Note: "there are no federated catalogs"}},
		[]awshttp.Member{{Path: "TableInput.ViewDefinition", Support: awshttp.Refused, Note: "there are no views of many dialects"}},
	)
	createIcebergMembers = []awshttp.Member{{Path: "OpenTableFormatInput", Support: awshttp.Refused, Note: "the writer of an Iceberg table makes its metadata, and gives its place in TableInput.Parameters"}}
	updateIcebergMembers = []awshttp.Member{{Path: "UpdateOpenTableFormatInput", Support: awshttp.Refused, Note: "the writer of an Iceberg table makes its metadata, and gives its place in TableInput.Parameters"}}
)

func members(lists ...[]awshttp.Member) []awshttp.Member { return slices.Concat(lists...) }

func supported(paths string) []awshttp.Member {
	var all []awshttp.Member
	for path := range strings.FieldsSeq(paths) {
		all = append(all, awshttp.Member{Path: path})
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
	return append(all, awshttp.Member{Path: path + ".SchemaReference", Support: awshttp.Refused, Note: "there is no schema registry"})
}

func partitionMembers(path string) []awshttp.Member {
	all := []awshttp.Member{{Path: path}}
	for name := range strings.FieldsSeq("Values LastAccessTime LastAnalyzedTime Parameters") {
		all = append(all, awshttp.Member{Path: path + "." + name})
	}
	return append(all, storageMembers(path+".StorageDescriptor")...)
}
