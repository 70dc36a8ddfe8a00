package dataset

// BlockRows is how many rows are worked on at a time.
const BlockRows = blockRows

// ErrStopped is why what was being made is not.
var ErrStopped = errStopped

// Hold takes the turn of whoever would make a dataset next.
func (s *Store) Hold() { s.joiner.turn <- struct{}{} }
