package ingest

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

const (
	// fileBytes is how many bytes of rows a data file gets at most. As Parquet they are fewer.
	fileBytes = 64 << 20
	// stagers is how many files are written and synced at a time.
	stagers = 16
	// share is the unit in which memory is given to the files under way.
	share = 1 << 20
)

// A slab is the rows of one data file to be, sorted.
type slab struct {
	data []byte
	at   []int // of each row in data
}

// A stager makes data files of sorted rows, several at a time.
type stager struct {
	store    *Store
	group    *feature.Group
	idAt     int
	accepted int64 // microseconds
	rows     *atomic.Int64
	memory   chan struct{} // holds a token for each share in use

	mu      sync.Mutex // guards objects
	objects []*bucket.Object
}

// stage writes rows, which are in the order of byHour, to files. If it fails nothing is left.
func (s *stager) stage(ctx context.Context, rows source) (_ []*bucket.Object, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	slabs := make(chan *slab)
	var work sync.WaitGroup
	for range stagers {
		work.Go(func() {
			for f := range slabs {
				if err := s.write(ctx, f); err != nil {
					cancel(err)
				}
				for range shares(len(f.data)) {
					<-s.memory
				}
			}
		})
	}
	err = s.cut(ctx, rows, slabs)
	close(slabs)
	work.Wait()
	if failed := context.Cause(ctx); failed != nil {
		err = failed
	}
	if err != nil {
		s.store.buckets.Discard(context.WithoutCancel(ctx), s.objects...)
		return nil, err
	}
	return s.objects, nil
}

func shares(bytes int) int { return min(1+bytes/share, fileBytes/share) }

// cut parts rows by event hour, and where a file would get too large.
func (s *stager) cut(ctx context.Context, rows source, slabs chan<- *slab) error {
	f := &slab{}
	pass := func() error {
		if len(f.at) == 0 {
			return nil
		}
		for range shares(len(f.data)) {
			select {
			case s.memory <- struct{}{}:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		select {
		case slabs <- f:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		// The next is likely to be like it.
		f = &slab{data: make([]byte, 0, len(f.data)+len(f.data)/8), at: make([]int, 0, len(f.at)+len(f.at)/8)}
		return nil
	}
	var hour int64
	if err := rows(func(r row) error {
		if h := r.hour(); h != hour || len(f.data) >= fileBytes {
			hour = h
			if err := pass(); err != nil {
				return err
			}
		}
		f.at = append(f.at, len(f.data))
		f.data = append(f.data, r...)
		return nil
	}); err != nil {
		return err
	}
	return pass()
}

func (s *stager) write(ctx context.Context, f *slab) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	o, err := s.store.tables.StageRows(ctx, s.group, f.rows(), f.different(s.group, s.idAt), func(w *parquet.Writer) error {
		for _, at := range f.at {
			if err := fillRow(w, s.group, s.idAt, rowAt(f.data, at), s.accepted); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.rows.Add(int64(len(f.at)))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects = append(s.objects, o)
	return nil
}

// rows tells which rows a slab has.
func (f *slab) rows() bucket.Rows {
	r := rowAt(f.data, f.at[0])
	first, last := r.eventTime(), r.eventTime()
	rows := bucket.Rows{Count: int64(len(f.at)), FirstPosition: int64(r.position()), LastPosition: int64(r.position())}
	for _, at := range f.at[1:] {
		r := rowAt(f.data, at)
		if t := r.eventTime(); t.Compare(first) < 0 {
			first = t
		} else if t.Compare(last) > 0 {
			last = t
		}
		rows.FirstPosition = min(rows.FirstPosition, int64(r.position()))
		rows.LastPosition = max(rows.LastPosition, int64(r.position()))
	}
	rows.FirstEventTime, rows.LastEventTime = first.Time(), last.Time()
	return rows
}

// different returns the features whose texts are mostly different, as far as a look at some rows can tell.
func (f *slab) different(g *feature.Group, idAt int) (ordinals []int) {
	const looks = 256
	step := max(1, len(f.at)/looks)
	looked := make([]int, len(g.Definitions))
	seen := make([]map[string]bool, len(g.Definitions))
	look := func(ordinal int, text []byte) {
		if seen[ordinal] == nil {
			seen[ordinal] = map[string]bool{}
		}
		looked[ordinal]++
		seen[ordinal][string(text)] = true
	}
	var v rowValue
	for i := 0; i < len(f.at); i += step {
		r := rowAt(f.data, f.at[i])
		look(idAt, r.id())
		for b := r.values(); len(b) > 0; {
			if b = nextValue(b, &v); v.tag == tagText {
				look(v.ordinal, v.text)
			}
		}
	}
	for ordinal, texts := range seen {
		if g.Definitions[ordinal].Type == feature.String && 2*len(texts) > looked[ordinal] {
			ordinals = append(ordinals, ordinal)
		}
	}
	return ordinals
}
