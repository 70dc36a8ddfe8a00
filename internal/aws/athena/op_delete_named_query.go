package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// DeleteNamedQuery: AmazonAthena.DeleteNamedQuery, athena:DeleteNamedQuery
//
// Supported: NamedQueryId.
// Refused:   nothing.
// Differs:   none known.
func (a *api) deleteNamedQuery(ctx context.Context, c *awshttp.Call, in *namedQueryRequest) (*nothing, error) {
	id, err := text("NamedQueryId", in.NamedQueryId, 1, 128)
	if err != nil {
		return nil, err
	}
	return &nothing{}, a.queries.DeleteNamedQuery(ctx, id)
}
