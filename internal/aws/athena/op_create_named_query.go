package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// CreateNamedQuery: AmazonAthena.CreateNamedQuery, athena:CreateNamedQuery
//
// Supported: Name, Description, Database, QueryString, ClientRequestToken, WorkGroup.
// Refused:   nothing.
// Differs:   none known.
func (a *api) createNamedQuery(ctx context.Context, c *awshttp.Call, in *createNamedQueryRequest) (*createNamedQueryResponse, error) {
	r := &reader{}
	q := &query.NamedQuery{
		Name: r.text("Name", in.Name, 1, 128), Description: r.optional("Description", in.Description, 1, 1024),
		Database: r.text("Database", in.Database, 1, 255), SQL: r.text("QueryString", in.QueryString, 1, 262_144),
		Token: r.optional("ClientRequestToken", in.ClientRequestToken, 32, 128), WorkGroup: r.workGroup(in.WorkGroup),
	}
	if r.err != nil {
		return nil, r.err
	}
	id, err := a.queries.CreateNamedQuery(ctx, q)
	if err != nil {
		return nil, err
	}
	return &createNamedQueryResponse{NamedQueryId: id}, nil
}

type createNamedQueryRequest struct {
	Name               *string
	Description        *string
	Database           *string
	QueryString        *string
	ClientRequestToken *string
	WorkGroup          *string
}

type createNamedQueryResponse struct{ NamedQueryId string }
