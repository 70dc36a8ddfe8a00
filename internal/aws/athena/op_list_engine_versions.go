package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// ListEngineVersions: AmazonAthena.ListEngineVersions, athena:ListEngineVersions
//
// Supported: MaxResults, NextToken; there is one page.
// Refused:   nothing.
// Differs:   the engine is not AWS's; it speaks the SQL of version 3.
func (a *api) listEngineVersions(ctx context.Context, c *awshttp.Call, in *listRequest) (*listEngineVersionsResponse, error) {
	r := &reader{}
	r.limit(in.MaxResults, 1, 10)
	if r.after(in.NextToken); r.err != nil {
		return nil, r.err
	}
	return &listEngineVersionsResponse{EngineVersions: []engineVersion{{engineAuto, engine3}, {engine3, engine3}}}, nil
}

type listEngineVersionsResponse struct{ EngineVersions []engineVersion }
