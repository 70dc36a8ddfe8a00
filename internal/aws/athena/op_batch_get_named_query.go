package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// BatchGetNamedQuery: AmazonAthena.BatchGetNamedQuery, athena:BatchGetNamedQuery
//
// Supported: NamedQueryIds.
// Refused:   nothing.
// Differs:   none known.
func (a *api) batchGetNamedQuery(ctx context.Context, c *awshttp.Call, in *batchGetNamedQueryRequest) (*batchGetNamedQueryResponse, error) {
	r := &reader{}
	ids := r.names("NamedQueryIds", in.NamedQueryIds, 50)
	if r.err != nil {
		return nil, r.err
	}
	out := &batchGetNamedQueryResponse{NamedQueries: []namedQuery{}, UnprocessedNamedQueryIds: []unprocessedNamedQuery{}}
	for _, id := range ids {
		q, err := a.queries.NamedQuery(ctx, id)
		switch {
		case feature.KindOf(err) == feature.NotFound:
			out.UnprocessedNamedQueryIds = append(out.UnprocessedNamedQueryIds, unprocessedNamedQuery{id, invalidInput, err.Error()})
		case err != nil:
			return nil, err
		default:
			out.NamedQueries = append(out.NamedQueries, fromNamedQuery(q))
		}
	}
	return out, nil
}

type batchGetNamedQueryRequest struct{ NamedQueryIds []string }

type batchGetNamedQueryResponse struct {
	NamedQueries             []namedQuery
	UnprocessedNamedQueryIds []unprocessedNamedQuery
}

type unprocessedNamedQuery struct{ NamedQueryId, ErrorCode, ErrorMessage string }
