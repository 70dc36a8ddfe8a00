package bucket

import "context"

// SweepRetired is one step of Sweep.
func (s *Store) SweepRetired(ctx context.Context) error { return s.sweepRetired(ctx) }

// SweepOrphans is the first step of Sweep.
func (s *Store) SweepOrphans(ctx context.Context) error { return s.sweepOrphans(ctx) }

// SweepUploads is a step of Sweep.
func (s *Store) SweepUploads(ctx context.Context) error { return s.sweepUploads(ctx) }

// CombineCRC is combineCRC.
func CombineCRC(algorithm string, first, second uint64, length int64) uint64 {
	return combineCRC(algorithm, first, second, length)
}
