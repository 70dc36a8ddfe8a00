package query

import (
	"context"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
)

// executePrepared runs the query of a prepared statement. Its parameters are those of EXECUTE, or those of the
// request if EXECUTE gives none: expressions that are analysed in their places, never pasted.
func (s *Store) executePrepared(ctx context.Context, e *Execution, x *trino.Execute, o *outcome) error {
	p, err := s.Prepared(ctx, e.WorkGroup, x.Name)
	if err != nil {
		return prepareError(err)
	}
	statement, err := s.parse(p.SQL)
	if err != nil {
		return err
	}
	q, ok := statement.(*trino.Query)
	if !ok {
		return refuse(typeNotSupported, "NOT_SUPPORTED: the prepared statement %s is not a query, which alone EXECUTE runs here", x.Name)
	}
	with := *e
	if x.Parameters != nil {
		with.Parameters = x.Parameters
	}
	o.prepared = p.SQL
	return s.runQuery(ctx, &with, q, o)
}

// prepareError words an error of a prepared statement as the statement's own.
func prepareError(err error) error {
	switch feature.KindOf(err) {
	case feature.NotFound:
		return refuse(typeNoEntity, "NOT_FOUND: %s", err)
	case feature.Invalid:
		return refuse(typeUser, "INVALID_ARGUMENTS: %s", err)
	}
	return err
}
