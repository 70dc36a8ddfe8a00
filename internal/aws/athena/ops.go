// Package athena answers the Athena API (JSON 1.1, AmazonAthena.<Operation>): it turns calls into
// verbs of package query, and what they return into Athena's shapes. It knows no engine and keeps
// nothing.
package athena

import (
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// New returns the service over the stores.
func New(queries *query.Store, tables *table.Store) *awshttp.Service {
	a := &api{queries: queries, tables: tables}
	return &awshttp.Service{
		Name:         "athena",
		Scope:        "athena",
		Protocol:     awshttp.JSON11,
		TargetPrefix: "AmazonAthena",
		Operations: []awshttp.Operation{
			{Name: "BatchGetNamedQuery", Action: "athena:BatchGetNamedQuery", Handle: awshttp.JSON(a.batchGetNamedQuery)},
			{Name: "BatchGetPreparedStatement", Action: "athena:BatchGetPreparedStatement", Handle: awshttp.JSON(a.batchGetPreparedStatement)},
			{Name: "BatchGetQueryExecution", Action: "athena:BatchGetQueryExecution", Handle: awshttp.JSON(a.batchGetQueryExecution)},
			{Name: "CreateNamedQuery", Action: "athena:CreateNamedQuery", Handle: awshttp.JSON(a.createNamedQuery)},
			{Name: "CreatePreparedStatement", Action: "athena:CreatePreparedStatement", Handle: awshttp.JSON(a.createPreparedStatement)},
			{Name: "CreateWorkGroup", Action: "athena:CreateWorkGroup", Handle: awshttp.JSON(a.createWorkGroup)},
			{Name: "DeleteNamedQuery", Action: "athena:DeleteNamedQuery", Handle: awshttp.JSON(a.deleteNamedQuery)},
			{Name: "DeletePreparedStatement", Action: "athena:DeletePreparedStatement", Handle: awshttp.JSON(a.deletePreparedStatement)},
			{Name: "DeleteWorkGroup", Action: "athena:DeleteWorkGroup", Handle: awshttp.JSON(a.deleteWorkGroup)},
			{Name: "GetDataCatalog", Action: "athena:GetDataCatalog", Handle: awshttp.JSON(a.getDataCatalog)},
			{Name: "GetDatabase", Action: "athena:GetDatabase", Handle: awshttp.JSON(a.getDatabase)},
			{Name: "GetNamedQuery", Action: "athena:GetNamedQuery", Handle: awshttp.JSON(a.getNamedQuery)},
			{Name: "GetPreparedStatement", Action: "athena:GetPreparedStatement", Handle: awshttp.JSON(a.getPreparedStatement)},
			{Name: "GetQueryExecution", Action: "athena:GetQueryExecution", Handle: awshttp.JSON(a.getQueryExecution)},
			{Name: "GetQueryResults", Action: "athena:GetQueryResults", Handle: awshttp.JSON(a.getQueryResults)},
			{Name: "GetQueryRuntimeStatistics", Action: "athena:GetQueryRuntimeStatistics", Handle: awshttp.JSON(a.getQueryRuntimeStatistics)},
			{Name: "GetTableMetadata", Action: "athena:GetTableMetadata", Handle: awshttp.JSON(a.getTableMetadata)},
			{Name: "GetWorkGroup", Action: "athena:GetWorkGroup", Handle: awshttp.JSON(a.getWorkGroup)},
			{Name: "ListDataCatalogs", Action: "athena:ListDataCatalogs", Handle: awshttp.JSON(a.listDataCatalogs)},
			{Name: "ListDatabases", Action: "athena:ListDatabases", Handle: awshttp.JSON(a.listDatabases)},
			{Name: "ListEngineVersions", Action: "athena:ListEngineVersions", Handle: awshttp.JSON(a.listEngineVersions)},
			{Name: "ListNamedQueries", Action: "athena:ListNamedQueries", Handle: awshttp.JSON(a.listNamedQueries)},
			{Name: "ListPreparedStatements", Action: "athena:ListPreparedStatements", Handle: awshttp.JSON(a.listPreparedStatements)},
			{Name: "ListQueryExecutions", Action: "athena:ListQueryExecutions", Handle: awshttp.JSON(a.listQueryExecutions)},
			{Name: "ListTableMetadata", Action: "athena:ListTableMetadata", Handle: awshttp.JSON(a.listTableMetadata)},
			{Name: "ListTagsForResource", Action: "athena:ListTagsForResource", Handle: awshttp.JSON(a.listTagsForResource)},
			{Name: "ListWorkGroups", Action: "athena:ListWorkGroups", Handle: awshttp.JSON(a.listWorkGroups)},
			{Name: "StartQueryExecution", Action: "athena:StartQueryExecution", Handle: awshttp.JSON(a.startQueryExecution)},
			{Name: "StopQueryExecution", Action: "athena:StopQueryExecution", Handle: awshttp.JSON(a.stopQueryExecution)},
			{Name: "TagResource", Action: "athena:TagResource", Handle: awshttp.JSON(a.tagResource)},
			{Name: "UntagResource", Action: "athena:UntagResource", Handle: awshttp.JSON(a.untagResource)},
			{Name: "UpdateNamedQuery", Action: "athena:UpdateNamedQuery", Handle: awshttp.JSON(a.updateNamedQuery)},
			{Name: "UpdatePreparedStatement", Action: "athena:UpdatePreparedStatement", Handle: awshttp.JSON(a.updatePreparedStatement)},
			{Name: "UpdateWorkGroup", Action: "athena:UpdateWorkGroup", Handle: awshttp.JSON(a.updateWorkGroup)},
		},
		Error: toError,
	}
}

// api holds what the operations work on.
type api struct {
	queries *query.Store
	tables  *table.Store
}
