package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// BatchGetQueryExecution: AmazonAthena.BatchGetQueryExecution, athena:BatchGetQueryExecution
//
// Supported: QueryExecutionIds.
// Refused:   nothing.
// Differs:   none known.
func (a *api) batchGetQueryExecution(ctx context.Context, c *awshttp.Call, in *batchGetQueryExecutionRequest) (*batchGetQueryExecutionResponse, error) {
	r := &reader{}
	ids := r.names("QueryExecutionIds", in.QueryExecutionIds, 50)
	if r.err != nil {
		return nil, r.err
	}
	out := &batchGetQueryExecutionResponse{QueryExecutions: []queryExecution{}, UnprocessedQueryExecutionIds: []unprocessedExecution{}}
	for _, id := range ids {
		e, err := a.queries.Get(ctx, id, 0)
		switch {
		case feature.KindOf(err) == feature.NotFound:
			out.UnprocessedQueryExecutionIds = append(out.UnprocessedQueryExecutionIds, unprocessedExecution{id, invalidInput, err.Error()})
		case err != nil:
			return nil, err
		default:
			out.QueryExecutions = append(out.QueryExecutions, fromExecution(e))
		}
	}
	return out, nil
}

type batchGetQueryExecutionRequest struct{ QueryExecutionIds []string }

type batchGetQueryExecutionResponse struct {
	QueryExecutions              []queryExecution
	UnprocessedQueryExecutionIds []unprocessedExecution
}

type unprocessedExecution struct{ QueryExecutionId, ErrorCode, ErrorMessage string }
