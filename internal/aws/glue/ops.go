// Package glue answers the AWS Glue Data Catalog (JSON 1.1, AWSGlue.<Operation>): the tables
// behind the SQL. It turns shapes into calls of package table and back, and decides nothing that
// a store should decide.
package glue

import (
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// New returns the service over a store.
func New(tables *table.Store) *awshttp.Service {
	a := &api{tables: tables}
	return &awshttp.Service{
		Name:         "glue",
		Scope:        "glue",
		Protocol:     awshttp.JSON11,
		TargetPrefix: "AWSGlue",
		Operations: []awshttp.Operation{
			{Name: "GetDatabase", Action: "glue:GetDatabase", Handle: awshttp.JSON(a.getDatabase), Members: getDatabaseMembers},
			{Name: "GetDatabases", Action: "glue:GetDatabases", Handle: awshttp.JSON(a.getDatabases), Members: getDatabasesMembers},
			{Name: "CreateDatabase", Action: "glue:CreateDatabase", Handle: awshttp.JSON(a.createDatabase), Members: createDatabaseMembers},
			{Name: "UpdateDatabase", Action: "glue:UpdateDatabase", Handle: awshttp.JSON(a.updateDatabase), Members: updateDatabaseMembers},
			{Name: "DeleteDatabase", Action: "glue:DeleteDatabase", Handle: awshttp.JSON(a.deleteDatabase), Members: deleteDatabaseMembers},
			{Name: "GetTable", Action: "glue:GetTable", Handle: awshttp.JSON(a.getTable), Members: getTableMembers},
			{Name: "GetTables", Action: "glue:GetTables", Handle: awshttp.JSON(a.getTables), Members: getTablesMembers},
			{Name: "SearchTables", Action: "glue:SearchTables", Handle: awshttp.JSON(a.searchTables), Members: searchTablesMembers},
			{Name: "CreateTable", Action: "glue:CreateTable", Handle: awshttp.JSON(a.createTable), Members: createTableMembers},
			{Name: "UpdateTable", Action: "glue:UpdateTable", Handle: awshttp.JSON(a.updateTable), Members: updateTableMembers},
			{Name: "DeleteTable", Action: "glue:DeleteTable", Handle: awshttp.JSON(a.deleteTable), Members: deleteTableMembers},
			{Name: "BatchDeleteTable", Action: "glue:BatchDeleteTable", Handle: awshttp.JSON(a.batchDeleteTable), Members: batchDeleteTableMembers},
			{Name: "GetTableVersion", Action: "glue:GetTableVersion", Handle: awshttp.JSON(a.getTableVersion), Members: getTableVersionMembers},
			{Name: "GetTableVersions", Action: "glue:GetTableVersions", Handle: awshttp.JSON(a.getTableVersions), Members: getTableVersionsMembers},
			{Name: "DeleteTableVersion", Action: "glue:DeleteTableVersion", Handle: awshttp.JSON(a.deleteTableVersion), Members: deleteTableVersionMembers},
			{Name: "BatchDeleteTableVersion", Action: "glue:BatchDeleteTableVersion", Handle: awshttp.JSON(a.batchDeleteTableVersion), Members: batchDeleteTableVersionMembers},
			{Name: "GetPartition", Action: "glue:GetPartition", Handle: awshttp.JSON(a.getPartition), Members: getPartitionMembers},
			{Name: "GetPartitions", Action: "glue:GetPartitions", Handle: awshttp.JSON(a.getPartitions), Members: getPartitionsMembers},
			{Name: "BatchGetPartition", Action: "glue:BatchGetPartition", Handle: awshttp.JSON(a.batchGetPartition), Members: batchGetPartitionMembers},
			{Name: "CreatePartition", Action: "glue:CreatePartition", Handle: awshttp.JSON(a.createPartition), Members: createPartitionMembers},
			{Name: "BatchCreatePartition", Action: "glue:BatchCreatePartition", Handle: awshttp.JSON(a.batchCreatePartition), Members: batchCreatePartitionMembers},
			{Name: "UpdatePartition", Action: "glue:UpdatePartition", Handle: awshttp.JSON(a.updatePartition), Members: updatePartitionMembers},
			{Name: "BatchUpdatePartition", Action: "glue:BatchUpdatePartition", Handle: awshttp.JSON(a.batchUpdatePartition), Members: batchUpdatePartitionMembers},
			{Name: "DeletePartition", Action: "glue:DeletePartition", Handle: awshttp.JSON(a.deletePartition), Members: deletePartitionMembers},
			{Name: "BatchDeletePartition", Action: "glue:BatchDeletePartition", Handle: awshttp.JSON(a.batchDeletePartition), Members: batchDeletePartitionMembers},
			{Name: "GetPartitionIndexes", Action: "glue:GetPartitionIndexes", Handle: awshttp.JSON(a.getPartitionIndexes), Members: getPartitionIndexesMembers},
			{Name: "GetColumnStatisticsForTable", Action: "glue:GetColumnStatisticsForTable", Handle: awshttp.JSON(a.getColumnStatisticsForTable), Members: getColumnStatisticsForTableMembers},
			{Name: "GetColumnStatisticsForPartition", Action: "glue:GetColumnStatisticsForPartition", Handle: awshttp.JSON(a.getColumnStatisticsForPartition), Members: getColumnStatisticsForPartitionMembers},
			{Name: "GetUserDefinedFunction", Action: "glue:GetUserDefinedFunction", Handle: awshttp.JSON(a.getUserDefinedFunction), Members: getUserDefinedFunctionMembers},
			{Name: "GetUserDefinedFunctions", Action: "glue:GetUserDefinedFunctions", Handle: awshttp.JSON(a.getUserDefinedFunctions), Members: getUserDefinedFunctionsMembers},
			{Name: "GetTags", Action: "glue:GetTags", Handle: awshttp.JSON(a.getTags), Members: getTagsMembers},
			{Name: "TagResource", Action: "glue:TagResource", Handle: awshttp.JSON(a.tagResource), Members: tagResourceMembers},
			{Name: "UntagResource", Action: "glue:UntagResource", Handle: awshttp.JSON(a.untagResource), Members: untagResourceMembers},
			{Name: "GetCatalog", Action: "glue:GetCatalog", Handle: awshttp.JSON(a.getCatalog), Members: getCatalogMembers},
			{Name: "GetCatalogs", Action: "glue:GetCatalogs", Handle: awshttp.JSON(a.getCatalogs), Members: getCatalogsMembers},
		},
		Error: toError,
	}
}

// api holds what the operations work on.
type api struct{ tables *table.Store }

// checkCatalog holds a CatalogId against the one catalog that is here, the account's.
func checkCatalog(c *awshttp.Call, id *string) error {
	if id == nil || *id == c.Principal.Account {
		return nil
	}
	return feature.Errorf(feature.NotFound, "Catalog %s not found.", *id)
}

// required returns the text of a member that must be there and have 1 to 255 characters.
func required(member string, s *string) (string, error) {
	if s == nil {
		return "", feature.Errorf(feature.Invalid, "%s is missing; it is required", member)
	}
	if n := len([]rune(*s)); n < 1 || n > 255 {
		return "", feature.Errorf(feature.Invalid, "%s has %d characters; it must have 1 to 255", member, n)
	}
	return *s, nil
}
