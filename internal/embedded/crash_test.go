package embedded

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/larder-dev/larder/internal/backendtest"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// A crash is one life of a store under load, and what of it was promised when the power failed.
type crash struct {
	t   *testing.T
	mem *vfs.MemFS
	s   *Store
	g   *feature.Group
	// lapsing is a group that nobody flushes: its entries say what is held of it.
	lapsing *feature.Group

	mu       sync.Mutex // guards what follows
	left     int        // promises until the crash
	stop     bool       // the crash was
	promised promises   // until then
	disk     *vfs.MemFS // what the crash left
	rng      *rand.Rand
	unsynced int
}

// promises are what a client was told. Every row, object and execution is written once.
type promises struct {
	rows       map[string]feature.EventTime
	objects    map[string]bool
	deleted    map[string]bool // groups
	made       map[string]bool // groups
	executions map[string]bool // those that SUCCEEDED
	position   feature.Position
	lapsed     map[string]bool           // texts of the rows of the group lapsing
	expired    map[feature.Position]bool // entries whose record was said to have expired
	columns    int                       // of the table
	features   int                       // of the group lapsing
}

func (p promises) clone() promises {
	p.rows, p.objects, p.executions = maps.Clone(p.rows), maps.Clone(p.objects), maps.Clone(p.executions)
	p.made, p.deleted = maps.Clone(p.made), maps.Clone(p.deleted)
	p.lapsed, p.expired = maps.Clone(p.lapsed), maps.Clone(p.expired)
	return p
}

// TestPowerFailureKeepsEveryPromise crashes stores under load: some hundred times, each at a
// random promise, with none or half of the unsynced bytes on the disk.
func TestPowerFailureKeepsEveryPromise(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rounds := 200
	if testing.Short() {
		rounds = 40
	}
	var sum promises
	lapsed, expired := 0, 0
	for round := range rounds {
		rng := rand.New(rand.NewPCG(seed, uint64(round)))
		p := crashOnce(t, rng, round%2*50)
		if t.Failed() {
			t.Fatalf("round %d of seed %d", round, seed)
		}
		lapsed, expired = lapsed+len(p.lapsed), expired+len(p.expired)
		sum.columns, sum.features = sum.columns+p.columns, sum.features+p.features-len(sampleGroup("").Definitions)
	}
	t.Logf("%d crashes; of what was promised before them: %d puts with a TTL, %d expiries, %d columns of a table, %d features of a group",
		rounds, lapsed, expired, sum.columns, sum.features)
	if expired == 0 || sum.columns == 0 || sum.features == 0 {
		t.Error("no crash came after an expiry, an update of a table or one of a group: the test misses the point")
	}
}

func crashOnce(t *testing.T, rng *rand.Rand, unsynced int) promises {
	c := &crash{t: t, mem: vfs.NewCrashableMem(), left: 1 + rng.IntN(160), rng: rng, unsynced: unsynced}
	c.promised = promises{
		rows: map[string]feature.EventTime{}, objects: map[string]bool{}, executions: map[string]bool{},
		made: map[string]bool{}, deleted: map[string]bool{},
		lapsed: map[string]bool{}, expired: map[feature.Position]bool{},
	}
	// A sync takes a while, so that much is visible and not durable.
	slow := errorfs.Wrap(c.mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if isLogSync(op) {
			for range 30 {
				runtime.Gosched()
			}
		}
		return nil
	}))
	var err error
	if c.s, err = Open("", slow, Options{}); err != nil {
		t.Fatal(err)
	}
	c.g = mustNew(t, c.s, "a")
	mustBucket(t, c.s)
	c.startLapsing()
	var writers [6]*rand.Rand
	for w := range writers {
		writers[w] = rand.New(rand.NewPCG(rng.Uint64(), 0))
	}
	var lapsers [2]*rand.Rand
	for w := range lapsers {
		lapsers[w] = rand.New(rand.NewPCG(rng.Uint64(), 1))
	}
	sweeper := rand.New(rand.NewPCG(rng.Uint64(), 2))
	var wg sync.WaitGroup
	for w, own := range writers {
		wg.Go(func() { c.loop(func(n int) error { return c.put(own, w, n) }) })
	}
	wg.Go(func() { c.loop(c.read) })
	wg.Go(func() { c.loop(c.flush) })
	wg.Go(func() { c.loop(c.pair) })
	wg.Go(func() { c.loop(c.group) })
	wg.Go(func() { c.loop(c.execute) })
	for w, own := range lapsers {
		wg.Go(func() { c.loop(func(n int) error { return c.putLapsing(own, fmt.Sprint(w, "-", n)) }) })
	}
	wg.Go(func() { c.loop(func(int) error { return c.expire(sweeper) }) })
	wg.Go(func() { c.loop(c.extend) })
	wg.Wait()
	if err := c.s.Close(); err != nil {
		t.Error(err)
	}
	c.check()
	return c.promised
}

// loop runs step until the crash.
func (c *crash) loop(step func(n int) error) {
	for n := 0; ; n++ {
		c.mu.Lock()
		stop := c.stop
		c.mu.Unlock()
		if stop {
			return
		}
		if err := step(n); err != nil {
			c.t.Error(err)
			c.promise(func(*promises) { c.left = 0 })
			return
		}
	}
}

// promise notes what a client was told just now, and crashes if it is time.
func (c *crash) promise(note func(p *promises)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stop {
		return
	}
	note(&c.promised)
	if c.left--; c.left <= 0 {
		c.stop = true
		c.promised = c.promised.clone()
		c.disk = c.mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: c.unsynced, RNG: c.rng})
	}
}

// crashRow makes a record whose text names it. Event times are all different.
func crashRow(rng *rand.Rand, name string, w, n int) *feature.Record {
	id := fmt.Sprint(rng.IntN(12))
	return &feature.Record{
		ID:        id,
		EventTime: feature.EventTime{Sec: rng.Int64N(50), Nsec: int32(n*10 + w)},
		Values:    []feature.Value{{Ordinal: 0, Text: id}, {Ordinal: 1, Text: name}},
	}
}

// put writes one row, or three in one call.
func (c *crash) put(rng *rand.Rand, w, n int) error {
	steps := make([]feature.Step, 1+n%2*2)
	rows := make([]*feature.Record, len(steps))
	for i := range steps {
		r := crashRow(rng, fmt.Sprint(w, "-", n, "-", i), w, 3*n+i)
		rows[i], steps[i] = r, feature.Step{Group: c.g, ID: r.ID, Decide: func(held *feature.Record) (feature.Decision, error) {
			d := feature.Decision{Outcome: feature.OnlineWritten, Record: r, Journal: true, Accepted: noon}
			if held != nil && r.EventTime.Compare(held.EventTime) < 0 {
				d.Outcome = feature.OnlineStale
			}
			return d, nil
		}}
	}
	err := errors.Join(c.s.Records().DoAll(context.Background(), steps)...)
	if err == nil {
		c.promise(func(p *promises) {
			for _, r := range rows {
				p.rows[r.Values[1].Text] = r.EventTime
			}
		})
	}
	return err
}

// read sees a record, or all rows, that somebody put: what was seen once must stay.
func (c *crash) read(n int) error {
	if n%2 == 0 {
		id := fmt.Sprint(n / 2 % 12)
		got, err := backendtest.Held(context.Background(), c.s.Records(), c.g.ID, []string{id})
		if err == nil && got[0] != nil {
			c.promise(func(p *promises) { p.rows[got[0].Values[1].Text] = got[0].EventTime })
		}
		return err
	}
	rows, position, err := c.s.everyRow(c.g.ID)
	if err == nil {
		c.promise(func(p *promises) {
			for name, r := range rows {
				p.rows[name] = r.at
			}
			p.position = max(p.position, position)
		})
	}
	return err
}

// seen is a row in the journal or in a flushed object.
type seen struct {
	id    string
	at    feature.EventTime
	times int
}

// everyRow returns the rows of one snapshot by their names, and the largest position.
func (s *Store) everyRow(g feature.GroupID) (map[string]seen, feature.Position, error) {
	view, err := s.Offline().Snapshot(context.Background())
	if err != nil {
		return nil, 0, err
	}
	rows, last := map[string]seen{}, feature.Position(0)
	for e, err := range view.Entries(g) {
		if err != nil {
			return nil, 0, err
		}
		name := e.Record.Values[1].Text
		rows[name] = seen{e.Record.ID, e.Record.EventTime, rows[name].times + 1}
		last = max(last, e.Position)
	}
	for o, err := range view.Objects("b", "flush/") {
		if err != nil {
			return nil, 0, err
		}
		for name, text := range o.Headers {
			r := seen{times: rows[name].times + 1}
			if _, err := fmt.Sscan(text, &r.id, &r.at.Sec, &r.at.Nsec); err != nil {
				return nil, 0, err
			}
			rows[name] = r
		}
	}
	return rows, last, view.Close()
}

// flush moves the settled rows into an object.
func (c *crash) flush(n int) error {
	ctx := context.Background()
	sn, err := c.s.Offline().Snapshot(ctx)
	if err != nil {
		return err
	}
	o := &bucket.Object{Bucket: "b", Key: fmt.Sprint("flush/", n), Headers: map[string]string{}}
	for e, err := range sn.Entries(c.g.ID) {
		if err != nil {
			return err
		}
		if e.Position <= sn.Settled() {
			o.Headers[e.Record.Values[1].Text] = fmt.Sprint(e.Record.ID, " ", e.Record.EventTime.Sec, " ", e.Record.EventTime.Nsec)
		}
	}
	if err := c.s.Offline().CommitFlush(ctx, c.g.ID, sn.Settled(), []*bucket.Object{o}); err != nil {
		return err
	}
	c.promise(func(p *promises) { p.objects[o.Key] = true })
	return sn.Close()
}

// pair puts two objects in one change, and deletes the two before.
func (c *crash) pair(n int) error {
	change := bucket.Change{}
	for _, half := range []string{"left", "right"} {
		key := fmt.Sprint(half, "/", n)
		change.Put = append(change.Put, &bucket.Object{Bucket: "b", Key: key, Blobs: []bucket.BlobPart{{ID: bucket.BlobID(key)}}})
		if n > 0 {
			change.Delete = append(change.Delete, bucket.ObjectRef{Bucket: "b", Key: fmt.Sprint(half, "/", n-1)})
		}
	}
	err := c.s.Objects().Commit(context.Background(), change)
	if err == nil {
		c.promise(func(p *promises) { p.objects["pair"] = true })
	}
	return err
}

// group makes a group with a record, or deletes the one before.
func (c *crash) group(n int) error {
	ctx, name := context.Background(), fmt.Sprint("g", n/2)
	if n%2 == 1 {
		err := c.s.Groups().Delete(ctx, feature.GroupName(name))
		if err == nil {
			c.promise(func(p *promises) { p.deleted[name] = true })
		}
		return err
	}
	g := &feature.Group{Name: feature.GroupName(name)}
	if err := c.s.Groups().Create(ctx, g); err != nil {
		return err
	}
	if err := c.s.Records().Do(ctx, g, "1", acceptFor("1", "x", 5)); err != nil {
		return err
	}
	c.promise(func(p *promises) { p.made[name] = true })
	return nil
}

// execute runs an execution to its end, with a result.
func (c *crash) execute(n int) error {
	ctx, id := context.Background(), fmt.Sprint(n)
	if _, err := c.s.Executions().Create(ctx, &query.Execution{ID: id, Submitted: noon, State: query.Running, WorkGroup: "primary"}); err != nil {
		return err
	}
	effect := query.Effect{
		Objects: []*bucket.Object{{Bucket: "b", Key: "result/" + id}},
		Create:  &table.Table{Database: table.DefaultDatabase, Name: "made_" + id, PartitionKeys: []table.Column{{Name: "k", Type: "string"}}},
	}
	effect.Partitions = []*table.Partition{{Database: table.DefaultDatabase, Table: "made_" + id, Values: []string{"v"}}}
	_, err := c.s.Executions().Update(ctx, id, func(e *query.Execution) { e.State = query.Succeeded }, effect)
	if err == nil {
		c.promise(func(p *promises) { p.executions[id] = true })
	}
	return err
}

// check opens what the crash left and looks for everything.
func (c *crash) check() {
	t, s, p := c.t, reopen(c.t, c.disk, Options{Now: at(noon.AddDate(-1, 0, 0))}), c.promised
	rows, last, err := s.everyRow(c.g.ID)
	if err != nil {
		t.Fatal(err)
	}
	newest := map[string]string{}
	for name, r := range rows {
		if r.times != 1 {
			t.Errorf("row %s is there %d times", name, r.times)
		}
		if held, ok := newest[r.id]; !ok || r.at.Compare(rows[held].at) > 0 {
			newest[r.id] = name
		}
	}
	for name, at := range p.rows {
		if rows[name].at != at {
			t.Errorf("row %s was promised and is lost", name)
		}
	}
	// A row is online if and only if it is offline: a batch is never half there.
	for i := range 12 {
		id, name := fmt.Sprint(i), ""
		got, err := backendtest.Held(t.Context(), s.Records(), c.g.ID, []string{id})
		if err != nil {
			t.Fatal(err)
		}
		if got[0] != nil {
			name = got[0].Values[1].Text
		}
		if name != newest[id] {
			t.Errorf("record %s is of row %q, want the newest of its rows, %q", id, name, newest[id])
		}
	}
	c.checkCatalog(s)
	c.checkObjects(s)
	c.checkLapsing(s)
	wantExpiries(t, s)

	// Positions go on after the largest that anybody saw, though the wall clock went back.
	mustDo(t, s, c.g, "new", "new")
	entries, _ := waitingOf(t, s, c.g.ID)
	if got := entries[len(entries)-1].Position; got <= max(last, p.position) {
		t.Errorf("position %d after %d", got, max(last, p.position))
	}
}

func (c *crash) checkCatalog(s *Store) {
	names := map[string]bool{}
	for g, err := range s.Groups().List(c.t.Context()) {
		if err != nil {
			c.t.Fatal(err)
		}
		names[string(g.Name)] = true
		got, err := backendtest.Held(c.t.Context(), s.Records(), g.ID, []string{"1"})
		if err != nil {
			c.t.Fatal(err)
		}
		if c.promised.made[string(g.Name)] && got[0] == nil {
			c.t.Errorf("group %s lost its record", g.Name)
		}
	}
	for name := range c.promised.deleted {
		if names[name] {
			c.t.Errorf("group %s was deleted and is back", name)
		}
	}
	made := slices.Sorted(maps.Keys(c.promised.made))
	lost := 0
	for _, name := range made {
		if !names[name] && !c.promised.deleted[name] {
			lost++ // its delete may be durable and not promised yet
		}
	}
	if lost > 1 {
		c.t.Errorf("%d of the groups %v are lost", lost, made)
	}
	pending, err := s.Offline().Pending(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	for _, p := range pending {
		if _, err := s.Offline().Group(c.t.Context(), p.Group); err != nil {
			c.t.Errorf("entries wait of a group that nobody knows: %v", err)
		}
	}
}

func (c *crash) checkObjects(s *Store) {
	keys, sides := map[string]bool{}, map[string]int{}
	for o, err := range s.Objects().List(c.t.Context(), "b", "", "") {
		if err != nil {
			c.t.Fatal(err)
		}
		keys[o.Key] = true
		for _, half := range []string{"left/", "right/"} {
			if n, ok := strings.CutPrefix(o.Key, half); ok {
				sides[n]++
			}
		}
	}
	for key := range c.promised.objects {
		if key != "pair" && !keys[key] {
			c.t.Errorf("object %s was promised and is lost", key)
		}
	}
	if len(sides) > 1 || c.promised.objects["pair"] && len(sides) == 0 {
		c.t.Errorf("pairs %v, want the last one", sides)
	}
	for n, halves := range sides {
		if halves != 2 {
			c.t.Errorf("pair %s has %d halves", n, halves)
		}
	}
	for e, err := range s.Executions().List(c.t.Context(), "primary", "") {
		if err != nil {
			c.t.Fatal(err)
		}
		if done := e.State == query.Succeeded; done != keys["result/"+e.ID] {
			c.t.Errorf("execution %s is %s, its result is there: %t", e.ID, e.State, keys["result/"+e.ID])
		}
		_, err = s.Tables().GetTable(c.t.Context(), table.DefaultDatabase, "made_"+e.ID)
		_, partErr := s.Tables().GetPartition(c.t.Context(), table.DefaultDatabase, "made_"+e.ID, []string{"v"})
		if done := e.State == query.Succeeded; done != (err == nil) || done != (partErr == nil) {
			c.t.Errorf("execution %s is %s, its table: %v, %v", e.ID, e.State, err, partErr)
		}
		if e.State == query.Succeeded {
			delete(c.promised.executions, e.ID)
		}
	}
	if len(c.promised.executions) > 0 {
		c.t.Errorf("executions %v were promised and are lost", c.promised.executions)
	}
}
