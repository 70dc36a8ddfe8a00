package bucket

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// Options of a Store. Account and Region are required.
type Options struct {
	Account string           // 12 digits, the owner of every bucket
	Region  string           // of every bucket
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger     // nil: nothing is logged
	// SweepEvery is how often Sweep looks for retired blobs. 0: a minute.
	SweepEvery time.Duration
	// Retention is how long an object that a compaction replaced is found by key and in listings
	// that began before, and how long bytes that nothing names any more stay. 0: an hour.
	Retention time.Duration
	// UploadAge is when a multipart upload that nobody completed is aborted, counted from its
	// start. 0: seven days; negative: never.
	UploadAge time.Duration
}

// A Store carries out verbs on buckets and objects. It is safe for concurrent use.
type Store struct {
	index   Index
	blobs   Blobs
	options Options
	started time.Time

	mu sync.Mutex // guards made
	// made holds the blobs that this process created, until the orphans are swept; nil after.
	made map[BlobID]struct{}

	pages pages
}

// New returns a Store over an index and its blobs. It does no I/O.
func New(index Index, blobs Blobs, o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.SweepEvery == 0 {
		o.SweepEvery = time.Minute
	}
	if o.Retention == 0 {
		o.Retention = time.Hour
	}
	if o.UploadAge == 0 {
		o.UploadAge = 7 * 24 * time.Hour
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Store{index: index, blobs: blobs, options: o, started: o.Now(), made: map[BlobID]struct{}{}}
}

// Account is the owner of every bucket.
func (s *Store) Account() string { return s.options.Account }

// Region is where every bucket is.
func (s *Store) Region() string { return s.options.Region }

// now is the time as objects carry it.
func (s *Store) now() time.Time { return s.options.Now().UTC().Truncate(time.Millisecond) }

// missing tells what an index meant by NotFound: the bucket or the key. Other errors pass, and so
// do those that have a reason already, a condition's.
func (s *Store) missing(ctx context.Context, ref ObjectRef, err error) error {
	if reasoned(err) || feature.KindOf(err) != feature.NotFound {
		return err
	}
	if _, bucketErr := s.Bucket(ctx, ref.Bucket); bucketErr != nil {
		return bucketErr
	}
	return failf(KeyMissing, feature.NotFound, "The specified key does not exist.")
}
