package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// BatchGetPreparedStatement: AmazonAthena.BatchGetPreparedStatement, athena:BatchGetPreparedStatement
//
// Supported: PreparedStatementNames, WorkGroup.
// Refused:   nothing.
// Differs:   none known.
func (a *api) batchGetPreparedStatement(ctx context.Context, c *awshttp.Call, in *batchGetPreparedRequest) (*batchGetPreparedResponse, error) {
	r := &reader{}
	group, names := r.text("WorkGroup", in.WorkGroup, 1, 128), r.names("PreparedStatementNames", in.PreparedStatementNames, 256)
	if r.err != nil {
		return nil, r.err
	}
	out := &batchGetPreparedResponse{PreparedStatements: []preparedStatement{}, UnprocessedPreparedStatementNames: []unprocessedPrepared{}}
	for _, name := range names {
		p, err := a.queries.Prepared(ctx, group, name)
		switch {
		case feature.KindOf(err) == feature.NotFound:
			out.UnprocessedPreparedStatementNames = append(out.UnprocessedPreparedStatementNames, unprocessedPrepared{name, "STATEMENT_NOT_FOUND", err.Error()})
		case err != nil:
			return nil, err
		default:
			out.PreparedStatements = append(out.PreparedStatements, fromPrepared(p))
		}
	}
	return out, nil
}

type batchGetPreparedRequest struct {
	PreparedStatementNames []string
	WorkGroup              *string
}

type batchGetPreparedResponse struct {
	PreparedStatements                []preparedStatement
	UnprocessedPreparedStatementNames []unprocessedPrepared
}

type unprocessedPrepared struct{ StatementName, ErrorCode, ErrorMessage string }
