package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// GetUserDefinedFunction: AWSGlue.GetUserDefinedFunction, glue:GetUserDefinedFunction
//
// Supported: everything. There are no functions: EntityNotFoundException.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getUserDefinedFunction(ctx context.Context, c *awshttp.Call, in *getUserDefinedFunctionRequest) (*empty, error) {
	r := &reader{}
	r.catalog(c, in.CatalogId)
	db, name := r.name("DatabaseName", in.DatabaseName), r.name("FunctionName", in.FunctionName)
	if r.err != nil {
		return nil, r.err
	}
	if _, err := a.tables.Database(ctx, db); err != nil {
		return nil, err
	}
	return nil, feature.Errorf(feature.NotFound, "Function %s not found.", name)
}

var getUserDefinedFunctionMembers = members(databaseNameMembers, []awshttp.Member{{Path: "FunctionName"}})

type getUserDefinedFunctionRequest struct {
	CatalogId    *string
	DatabaseName *string
	FunctionName *string
}
