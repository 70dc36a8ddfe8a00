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
			{Name: "GetDatabase", Action: "glue:GetDatabase", Handle: awshttp.JSON(a.getDatabase)},
			{Name: "GetDatabases", Action: "glue:GetDatabases", Handle: awshttp.JSON(a.getDatabases)},
			{Name: "GetTable", Action: "glue:GetTable", Handle: awshttp.JSON(a.getTable)},
			{Name: "GetTables", Action: "glue:GetTables", Handle: awshttp.JSON(a.getTables)},
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
