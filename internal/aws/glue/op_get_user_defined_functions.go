package glue

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetUserDefinedFunctions: AWSGlue.GetUserDefinedFunctions, glue:GetUserDefinedFunctions
//
// Supported: everything. There are no functions.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getUserDefinedFunctions(ctx context.Context, c *awshttp.Call, in *getUserDefinedFunctionsRequest) (*getUserDefinedFunctionsResponse, error) {
	r := &reader{}
	r.catalog(c, in.CatalogId)
	r.name("Pattern", in.Pattern)
	db := r.line("DatabaseName", in.DatabaseName, 1, 255)
	r.limit(in.MaxResults, pageSize)
	if r.err != nil {
		return nil, r.err
	}
	if in.DatabaseName != nil {
		if _, err := a.tables.Database(ctx, db); err != nil {
			return nil, err
		}
	}
	return &getUserDefinedFunctionsResponse{UserDefinedFunctions: []empty{}}, nil
}

var getUserDefinedFunctionsMembers = members(databaseNameMembers, pageMembers, []awshttp.Member{
	{Path: "Pattern"},
	{Path: "FunctionType", Support: awshttp.WithoutEffect, Note: "there are no functions of any type"},
})

type getUserDefinedFunctionsRequest struct {
	CatalogId    *string
	DatabaseName *string
	Pattern      *string
	MaxResults   *int
}

type getUserDefinedFunctionsResponse struct{ UserDefinedFunctions []empty }
