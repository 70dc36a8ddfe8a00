package table

// Stats counts what a Store wrote since it was made. Write amplification is
// (BytesFlushed+BytesCompacted+BytesOfRuns)/BytesFlushed.
type Stats struct {
	FilesFlushed, BytesFlushed, RowsFlushed int64
	// FilesMerged files became FilesCompacted files.
	FilesMerged, FilesCompacted, BytesCompacted, RowsCompacted int64
	// Conflicts counts merges that were given up because a file was replaced or deleted meanwhile.
	Conflicts int64
	// RunsMade were written, of RowsOfRuns; RunsDropped stood for nothing any more.
	RunsMade, BytesOfRuns, RowsOfRuns, RunsDropped int64
}

// Stats returns the counts as they stand.
func (s *Store) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

func (s *Store) count(add func(*Stats)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	add(&s.stats)
}
