package query

import (
	"context"
	"io"
	"strings"

	"github.com/larder-dev/larder/internal/query/trino"
)

// sessionOf is what names in the statement of an execution mean.
func sessionOf(e *Execution) trino.Session {
	s := trino.Session{Catalog: catalogName, Database: strings.ToLower(e.Database), Parameters: e.Parameters}
	// awswrangler sends the database of a DESCRIBE as Hive quotes it.
	if n := len(s.Database); n > 2 && s.Database[0] == '`' && s.Database[n-1] == '`' {
		s.Database = s.Database[1 : n-1]
	}
	if s.Database == "" {
		s.Database = defaultDatabase
	}
	return s
}

// stageResult stages the object of a result that is whole, and its metadata.
func (s *Store) stageResult(ctx context.Context, e *Execution, o *outcome, body io.Reader) error {
	for _, one := range []struct {
		uri  string
		body io.Reader
	}{{e.Output, body}, {e.Output + ".metadata", metadataOf(e.ID, o.columns)}} {
		object, err := s.stage(ctx, e, one.uri, one.body)
		if object != nil {
			o.objects = append(o.objects, object)
		}
		if err != nil {
			return stageError(err)
		}
	}
	return nil
}
