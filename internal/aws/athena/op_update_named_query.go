package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// UpdateNamedQuery: AmazonAthena.UpdateNamedQuery, athena:UpdateNamedQuery
//
// Supported: NamedQueryId, Name, Description, QueryString.
// Refused:   nothing.
// Differs:   none known.
func (a *api) updateNamedQuery(ctx context.Context, c *awshttp.Call, in *updateNamedQueryRequest) (*nothing, error) {
	r := &reader{}
	id, name := r.text("NamedQueryId", in.NamedQueryId, 1, 128), r.text("Name", in.Name, 1, 128)
	description, sql := r.optional("Description", in.Description, 0, 1024), r.text("QueryString", in.QueryString, 1, 262_144)
	if r.err != nil {
		return nil, r.err
	}
	return &nothing{}, a.queries.UpdateNamedQuery(ctx, id, func(q *query.NamedQuery) {
		q.Name, q.SQL = name, sql
		if in.Description != nil {
			q.Description = description
		}
	})
}

type updateNamedQueryRequest struct {
	NamedQueryId *string
	Name         *string
	Description  *string
	QueryString  *string
}
