package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetNamedQuery: AmazonAthena.GetNamedQuery, athena:GetNamedQuery
//
// Supported: NamedQueryId.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getNamedQuery(ctx context.Context, c *awshttp.Call, in *namedQueryRequest) (*getNamedQueryResponse, error) {
	id, err := text("NamedQueryId", in.NamedQueryId, 1, 128)
	if err != nil {
		return nil, err
	}
	q, err := a.queries.NamedQuery(ctx, id)
	if err != nil {
		return nil, err
	}
	return &getNamedQueryResponse{NamedQuery: fromNamedQuery(q)}, nil
}

type getNamedQueryResponse struct{ NamedQuery namedQuery }
