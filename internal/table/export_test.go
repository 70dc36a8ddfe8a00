package table

import "context"

// FlushDue is one beat of Run.
func (s *Store) FlushDue(ctx context.Context) { s.flushDue(ctx) }
