package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

type preparedStatement struct {
	StatementName    string
	QueryStatement   string
	WorkGroupName    string
	Description      string             `json:",omitempty"`
	LastModifiedTime *awshttp.Timestamp `json:",omitempty"`
}

func fromPrepared(p *query.Prepared) preparedStatement {
	return preparedStatement{
		StatementName: p.Name, QueryStatement: p.SQL, WorkGroupName: p.WorkGroup, Description: p.Description,
		LastModifiedTime: awshttp.NewTimestamp(p.Modified),
	}
}

type putPreparedRequest struct {
	StatementName  *string
	WorkGroup      *string
	QueryStatement *string
	Description    *string
}

type preparedRequest struct {
	StatementName *string
	WorkGroup     *string
}

// putPrepared is what creating and updating a prepared statement have in common.
func (a *api) putPrepared(ctx context.Context, in *putPreparedRequest, how query.Putting) error {
	r := &reader{}
	p := &query.Prepared{
		Name: r.text("StatementName", in.StatementName, 1, 256), WorkGroup: r.text("WorkGroup", in.WorkGroup, 1, 128),
		SQL: r.text("QueryStatement", in.QueryStatement, 1, 262_144), Description: r.optional("Description", in.Description, 1, 1024),
	}
	if r.err != nil {
		return r.err
	}
	return a.queries.PutPrepared(ctx, p, how)
}

// of reads which statement is meant.
func (r *reader) prepared(in *preparedRequest) (workGroup, name string) {
	return r.text("WorkGroup", in.WorkGroup, 1, 128), r.text("StatementName", in.StatementName, 1, 256)
}
