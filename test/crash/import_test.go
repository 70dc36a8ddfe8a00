package crash

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/ingest"
)

// A busy is an import while records are put, the journal is flushed and hours are compacted.
type busy struct {
	puts   []busyRow // in their order
	loaded []busyRow
	wrong  int // rows of the import that are refused
	uri    string

	mu      sync.Mutex // guards copies
	copies  []busyCopy
	resumed []busyCopy
}

// A busyRow is a row, whose name is its own. Event times are all different.
type busyRow struct {
	name, id string
	at       int
}

// A busyCopy is what a crash left, and how many puts were acknowledged before.
type busyCopy struct {
	fs    *vfs.MemFS
	acked int
}

const (
	busyPuts = 60
	// busyRows are more than go to the online store in one commit.
	busyRows = 1500
	busyIDs  = 1200
	busyKey  = "busy.jsonl"
	// busySample is of how many crashes of a busy import one is looked at: there are lives enough.
	busySample = 3
)

// newBusy makes the rows: any of a put and of the import may be the newest of its identifier.
func newBusy(rng *rand.Rand) *busy {
	b := &busy{uri: "s3://" + own + "/" + busyKey}
	for i, at := range rng.Perm(busyPuts + busyRows) {
		r := busyRow{name: fmt.Sprintf("row%d", i), id: fmt.Sprintf("id%d", rng.IntN(busyIDs)), at: 1_700_000_000 + at*10}
		if i < busyPuts {
			b.puts = append(b.puts, r)
		} else {
			b.loaded = append(b.loaded, r)
		}
	}
	return b
}

// source is the file of the import; some of its rows are wrong.
func (b *busy) source() string {
	var lines strings.Builder
	for i, r := range b.loaded {
		fmt.Fprintf(&lines, "{\"id\":%q,\"at\":%d,\"name\":%q}\n", r.id, r.at, r.name)
		if i%100 == 0 {
			fmt.Fprintf(&lines, "{\"id\":%q,\"at\":\"yesterday\"}\n", r.id)
			b.wrong++
		}
	}
	return lines.String()
}

// take keeps copies, with the number of puts that were acknowledged then at least.
func (b *busy) take(d *disk, acked int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, fs := range d.take() {
		b.copies = append(b.copies, busyCopy{fs, acked})
	}
}

// live imports while others write, and keeps what a crash would leave at each operation.
func (b *busy) live(ctx context.Context, rng *rand.Rand) error {
	d := newDisk(rng)
	if err := prepare(d); err != nil {
		return err
	}
	w, err := open(d.fs(), 0)
	if err != nil {
		return err
	}
	err = errors.Join(w.define(ctx), w.imports.Resume(ctx))
	if err == nil {
		_, err = w.buckets.Put(ctx, bucket.ObjectRef{Bucket: own, Key: busyKey}, strings.NewReader(b.source()), bucket.Content{}, nil)
	}
	d.take() // of that the lives tell
	if err != nil {
		return errors.Join(err, w.close())
	}
	var others sync.WaitGroup
	var failed [2]error
	others.Go(func() { failed[0] = b.put(ctx, d, w) })
	others.Go(func() {
		for range 3 {
			failed[1] = errors.Join(failed[1], w.tables.FlushNow(ctx), w.tables.CompactNow(ctx))
		}
	})
	err = b.load(ctx, w)
	others.Wait()
	b.take(d, len(b.puts))
	return errors.Join(err, failed[0], failed[1], w.close())
}

// put puts the records, one after the other. What a crash leaves before one is acknowledged may lack it.
func (b *busy) put(ctx context.Context, d *disk, w *world) error {
	for i, r := range b.puts {
		if err := w.put(ctx, r.id, r.at, r.name); err != nil {
			return err
		}
		b.take(d, i)
	}
	return nil
}

// load imports the source, which is the same however often it is asked for, and holds its counts against the rows.
func (b *busy) load(ctx context.Context, w *world) error {
	i, err := w.imports.Start(ctx, &ingest.Request{Group: group, Sources: []ingest.Source{{URI: b.uri}}, Token: "busy"})
	if err != nil {
		return err
	}
	if i, err = w.imports.Wait(ctx, i.ID); err != nil {
		return err
	}
	if i.Status != ingest.Done || i.Taken != busyRows || i.Refused != int64(b.wrong) || i.Read != i.Taken+i.Refused || i.Applied != i.Online {
		return fmt.Errorf("the import ended as %+v", i)
	}
	return nil
}

// crash opens a copy and holds it against what was acknowledged; then it goes on.
func (b *busy) crash(ctx context.Context, f *files, c busyCopy, fs vfs.FS) (err error) {
	w, err := open(fs, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	got, err := observe(ctx, w, f)
	if err != nil {
		return err
	}
	committed := false
	for i, err := range w.imports.List(ctx) {
		if err != nil {
			return err
		}
		committed = i.Status == ingest.Applying || i.Status == ingest.Done
	}
	puts, err := b.rows(got, c.acked, committed)
	if err != nil {
		return err
	}
	if err := errors.Join(w.imports.Resume(ctx), b.load(ctx, w), w.tables.FlushNow(ctx)); err != nil {
		return fmt.Errorf("going on: %w", err)
	}
	if got, err = observe(ctx, w, f); err != nil {
		return fmt.Errorf("after going on: %w", err)
	}
	again, err := b.rows(got, c.acked, true)
	if err == nil && again != puts {
		err = fmt.Errorf("%d rows of puts, and there were %d", again, puts)
	}
	return errors.Join(err, b.online(got, puts))
}

// rows holds the rows of a state against those sent: of the puts the first so many at least, once each, and of the
// import all or none. It returns how many puts there are.
func (b *busy) rows(s *state, acked int, committed bool) (puts int, err error) {
	for puts < len(b.puts) && s.Rows[b.puts[puts].name] == 1 {
		puts++
	}
	loaded := 0
	for _, r := range b.loaded {
		if s.Rows[r.name] == 1 {
			loaded++
		}
	}
	want := 0
	if committed {
		want = len(b.loaded)
	}
	if puts < acked || loaded != want || len(s.Rows) != puts+loaded {
		return 0, fmt.Errorf("%d rows of puts, of which %d were acknowledged, %d of the import, of which %d are to be there; %d names in all", puts, acked, loaded, want, len(s.Rows))
	}
	return puts, nil
}

// online holds the online store against the newest rows.
func (b *busy) online(s *state, puts int) error {
	newest := map[string]busyRow{}
	for _, r := range append(b.puts[:puts:puts], b.loaded...) {
		if n, there := newest[r.id]; !there || r.at > n.at {
			newest[r.id] = r
		}
	}
	for id, r := range newest {
		if s.Online[id] != r.name {
			return fmt.Errorf("the record %s is of row %q, want %q", id, s.Online[id], r.name)
		}
	}
	if len(s.Online) != len(newest) {
		return fmt.Errorf("%d records are held, want %d", len(s.Online), len(newest))
	}
	return nil
}

// busyImport crashes an import, and what goes on with it after a crash.
func busyImport(t *testing.T, rng *rand.Rand, j *judge) {
	b := newBusy(rng)
	if err := b.live(t.Context(), rng); err != nil {
		t.Fatal(err)
	}
	const name, again = "import beside puts, flush, compaction", "import that a start goes on with"
	sample := func(all []busyCopy) []busyCopy {
		return slices.DeleteFunc(all, func(busyCopy) bool { return rng.IntN(busySample) > 0 })
	}
	b.copies = sample(b.copies)
	for i, c := range b.copies {
		// A few are crashed again at the operations of what goes on.
		if i%(len(b.copies)/2) == 10 {
			d := &disk{mem: c.fs, rng: rng}
			if err := b.crash(t.Context(), j.files, c, d.fs()); err != nil {
				j.lose(i, len(b.copies), name, err)
			}
			for _, fs := range d.take() {
				b.resumed = append(b.resumed, busyCopy{fs, c.acked})
			}
			continue
		}
		if err := b.crash(t.Context(), j.files, c, c.fs); err != nil {
			j.lose(i, len(b.copies), name, err)
		}
	}
	b.resumed = sample(b.resumed)
	for i, c := range b.resumed {
		if err := b.crash(t.Context(), j.files, c, c.fs); err != nil {
			j.lose(i, len(b.resumed), again, err)
		}
	}
	j.count(name, len(b.copies))
	j.count(again, len(b.resumed))
}
