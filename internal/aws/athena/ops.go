// Package athena answers the Athena API: it turns calls into verbs of package query, and what
// they return into Athena's shapes. It knows no engine and keeps nothing.
package athena

import (
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// New returns the service.
func New(store *query.Store) *awshttp.Service {
	return &awshttp.Service{Name: "athena", Scope: "athena", Protocol: awshttp.JSON11, TargetPrefix: "AmazonAthena"}
}
