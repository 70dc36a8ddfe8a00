package embedded

import "fmt"

// Estimate tells about how many bytes of the database's files the records and the journal are. What
// came in last is in the log alone, and not counted.
func (s *Store) Estimate() (records, journal int64, err error) {
	r, err := s.db.EstimateDiskUsage([]byte{recordKeys}, []byte{recordKeys + 1})
	if err != nil {
		return 0, 0, fmt.Errorf("measure the records: %w", err)
	}
	j, err := s.db.EstimateDiskUsage([]byte{journalKeys}, []byte{journalKeys + 1})
	if err != nil {
		return 0, 0, fmt.Errorf("measure the journal: %w", err)
	}
	return int64(r), int64(j), nil
}
