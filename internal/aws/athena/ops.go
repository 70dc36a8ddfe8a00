// Package athena answers the Athena API (JSON 1.1, AmazonAthena.<Operation>): it turns calls into
// verbs of package query, and what they return into Athena's shapes. It knows no engine and keeps
// nothing.
package athena

import (
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// New returns the service over a store.
func New(queries *query.Store) *awshttp.Service {
	a := &api{queries: queries}
	return &awshttp.Service{
		Name:         "athena",
		Scope:        "athena",
		Protocol:     awshttp.JSON11,
		TargetPrefix: "AmazonAthena",
		Operations: []awshttp.Operation{
			{Name: "GetQueryExecution", Action: "athena:GetQueryExecution", Handle: awshttp.JSON(a.getQueryExecution)},
			{Name: "GetQueryResults", Action: "athena:GetQueryResults", Handle: awshttp.JSON(a.getQueryResults)},
			{Name: "GetWorkGroup", Action: "athena:GetWorkGroup", Handle: awshttp.JSON(a.getWorkGroup)},
			{Name: "StartQueryExecution", Action: "athena:StartQueryExecution", Handle: awshttp.JSON(a.startQueryExecution)},
			{Name: "StopQueryExecution", Action: "athena:StopQueryExecution", Handle: awshttp.JSON(a.stopQueryExecution)},
		},
		Error: toError,
	}
}

// api holds what the operations work on.
type api struct{ queries *query.Store }
