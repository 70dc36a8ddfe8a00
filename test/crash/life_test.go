package crash

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/query"
)

// A life is one server's, from an empty disk on. It does one thing after another, so that at each
// crash there are only two states that it may be found in: that before what was under way, and that
// after it.
type life struct {
	t     *testing.T
	rng   *rand.Rand
	disk  *disk
	w     *world
	seen  *state
	later time.Duration
	n     int // things made so far, for names
	parts map[string]map[int]bucket.PartRef
	refs  map[string]bucket.UploadRef
	judge *judge
	large bool // a large part is to come: one, because each copy of the disk has it
}

// An act is one thing that the server is asked for: do carries it out, and then tells how the state
// has changed.
type act struct {
	name string
	do   func(ctx context.Context, l *life) (change func(s *state), err error)
}

// acts in the order of the issue, each as often as it is listed.
var acts = []act{
	{"put", put}, {"put", put}, {"put", put}, {"put", put},
	{"flush", flush}, {"flush", flush}, {"compact", compact}, {"compact", compact},
	{"import", load}, {"import", load},
	{"put object", putObject}, {"overwrite", overwrite}, {"delete file", deleteFile}, {"copy", copyObject}, {"delete", deleteObjects},
	{"create upload", createUpload}, {"put part", putPart}, {"put part", putPart}, {"complete", complete}, {"abort", abort},
	{"create bucket", createBucket}, {"delete bucket", deleteBucket},
	{"query result", result}, {"sweep", sweep}, {"restart", restart},
}

// live runs acts until there were enough points, and has each crash judged.
func (l *life) live(ctx context.Context, steps int) {
	for range steps {
		a := acts[l.rng.IntN(len(acts))]
		before := l.seen
		change, err := a.do(ctx, l)
		if err != nil {
			l.t.Fatalf("%s: %v", a.name, err)
		}
		after := before.clone()
		if change != nil {
			change(after)
		}
		l.seen = after
		l.judge.crashes(ctx, a.name, l.disk.take(), before, after, l.later)
		if l.t.Failed() {
			return
		}
	}
}

func (l *life) name(kind string) string {
	l.n++
	return fmt.Sprintf("%s%d", kind, l.n)
}

// pick returns one of the keys of m, "" if there are none.
func pick[V any](l *life, m map[string]V) string {
	if len(m) == 0 {
		return ""
	}
	return slices.Sorted(maps.Keys(m))[l.rng.IntN(len(m))]
}

func put(ctx context.Context, l *life) (func(*state), error) {
	id, name := fmt.Sprint(l.rng.IntN(20)), l.name("row")
	// Event times grow, so that the latest put is the one that is held online.
	return func(s *state) { s.Rows[name], s.Online[id] = 1, name }, l.w.put(ctx, id, l.eventTime(), name)
}

func (l *life) eventTime() int { return 1_700_000_000 + l.n*20 }

func flush(ctx context.Context, l *life) (func(*state), error) { return nil, l.w.tables.FlushNow(ctx) }

func compact(ctx context.Context, l *life) (func(*state), error) {
	return nil, l.w.tables.CompactNow(ctx)
}

// load imports a file of some rows, two of which are of one identifier.
func load(ctx context.Context, l *life) (func(*state), error) {
	if l.rng.IntN(3) > 0 {
		return nil, nil // it has many operations
	}
	var lines strings.Builder
	names, online := []string{}, map[string]string{}
	for range 2 + l.rng.IntN(6) {
		id, name := fmt.Sprint(l.rng.IntN(20)), l.name("loaded")
		fmt.Fprintf(&lines, "{\"id\":%q,\"at\":%d,\"name\":%q}\n", id, l.eventTime(), name)
		names, online[id] = append(names, name), name
	}
	key := l.name("in") + ".jsonl"
	o, err := l.w.buckets.Put(ctx, bucket.ObjectRef{Bucket: own, Key: key}, strings.NewReader(lines.String()), bucket.Content{}, nil)
	if err != nil {
		return nil, err
	}
	added := func(s *state) { s.Objects[own+"/"+key] = o.ETag }
	before := l.seen.clone()
	added(before)
	l.judge.crashes(ctx, "put object", l.disk.take(), l.seen, before, l.later)
	// Until the import is Done its rows are offline and not all online; judge knows.
	i, err := l.w.imports.Start(ctx, &ingest.Request{Group: group, Sources: []ingest.Source{{URI: "s3://" + own + "/" + key}}, Format: ingest.JSONL})
	if err != nil {
		return nil, err
	}
	if i, err = l.w.imports.Wait(ctx, i.ID); err != nil {
		return nil, err
	}
	if i.Status != ingest.Done || i.Taken != int64(len(names)) {
		return nil, fmt.Errorf("the import of %d rows ended as %+v", len(names), i)
	}
	loaded := func(s *state) {
		for _, name := range names {
			s.Rows[name] = 1
		}
		maps.Copy(s.Online, online)
	}
	after := before.clone()
	loaded(after)
	l.judge.crashes(ctx, "import", l.disk.take(), before, after, l.later)
	return func(s *state) { added(s); loaded(s) }, nil
}

// deleteFile is what a client does to a file of the table: its rows are gone, from a run that has them too.
func deleteFile(ctx context.Context, l *life) (func(*state), error) {
	if l.rng.IntN(3) > 0 {
		return nil, nil // most rows are to stay
	}
	var files []*bucket.Object
	for o, err := range l.w.buckets.List(ctx, lake, "", "") {
		if err != nil {
			return nil, err
		}
		if o.Rows != nil {
			files = append(files, o)
		}
	}
	if len(files) == 0 {
		return nil, nil
	}
	o := files[l.rng.IntN(len(files))]
	data, err := whole(ctx, l.w, o)
	if err != nil {
		return nil, err
	}
	names, err := l.judge.files.names(data)
	if err != nil {
		return nil, err
	}
	return func(s *state) {
		for _, name := range names {
			delete(s.Rows, name)
		}
	}, l.w.buckets.Delete(ctx, lake, []string{o.Key}, nil)
}

func (l *life) body() string { return strings.Repeat(l.name("body"), 1+l.rng.IntN(40)) }

func (l *life) putTo(ctx context.Context, path string) (func(*state), error) {
	name, key, _ := strings.Cut(path, "/")
	content := bucket.Content{Checksums: []string{bucket.CRC32}}
	o, err := l.w.buckets.Put(ctx, bucket.ObjectRef{Bucket: name, Key: key}, strings.NewReader(l.body()), content, nil)
	if err != nil {
		return nil, err
	}
	return func(s *state) { s.Objects[path] = o.ETag }, nil
}

// clients returns the buckets that are not the table's.
func (l *life) clients() map[string]bool {
	own := maps.Clone(l.seen.Buckets)
	delete(own, lake)
	return own
}

func putObject(ctx context.Context, l *life) (func(*state), error) {
	return l.putTo(ctx, pick(l, l.clients())+"/"+l.name("k"))
}

func overwrite(ctx context.Context, l *life) (func(*state), error) {
	if len(l.seen.Objects) == 0 {
		return nil, nil
	}
	return l.putTo(ctx, pick(l, l.seen.Objects))
}

func copyObject(ctx context.Context, l *life) (func(*state), error) {
	if len(l.seen.Objects) == 0 {
		return nil, nil
	}
	from, to := pick(l, l.seen.Objects), pick(l, l.clients())+"/"+l.name("copy")
	source := bucket.Source{ObjectRef: objectRef(from)}
	if _, err := l.w.buckets.Copy(ctx, objectRef(to), source, nil, "", nil); err != nil {
		return nil, err
	}
	return func(s *state) { s.Objects[to] = s.Objects[from] }, nil
}

func objectRef(path string) bucket.ObjectRef {
	name, key, _ := strings.Cut(path, "/")
	return bucket.ObjectRef{Bucket: name, Key: key}
}

func deleteObjects(ctx context.Context, l *life) (func(*state), error) {
	name := pick(l, l.clients())
	var keys []string
	for path := range l.seen.Objects {
		if key, ok := strings.CutPrefix(path, name+"/"); ok && l.rng.IntN(3) == 0 {
			keys = append(keys, key)
		}
	}
	return func(s *state) {
		for _, key := range keys {
			delete(s.Objects, name+"/"+key)
		}
	}, l.w.buckets.Delete(ctx, name, keys, nil)
}

func createUpload(ctx context.Context, l *life) (func(*state), error) {
	ref := bucket.ObjectRef{Bucket: pick(l, l.clients()), Key: l.name("up")}
	u, err := l.w.buckets.CreateUpload(ctx, ref, nil, bucket.CRC32, true)
	if err != nil {
		return nil, err
	}
	l.refs[u.ID], l.parts[u.ID] = bucket.UploadRef{ObjectRef: ref, ID: u.ID}, map[int]bucket.PartRef{}
	return func(s *state) { s.Uploads[u.ID] = "" }, nil
}

func putPart(ctx context.Context, l *life) (func(*state), error) {
	id := pick(l, l.seen.Uploads)
	if id == "" {
		return nil, nil
	}
	n, body := 1+l.rng.IntN(3), l.body()
	if n < 3 && l.large {
		l.large = false
		body = strings.Repeat("x", bucket.MinPart) // so that another can follow it
	}
	p, err := l.w.buckets.PutPart(ctx, l.refs[id], n, strings.NewReader(body), bucket.Content{})
	if err != nil {
		return nil, err
	}
	l.parts[id][n] = bucket.PartRef{Number: n, ETag: p.ETag}
	return func(s *state) {
		s.Uploads[id] = ""
		for _, n := range slices.Sorted(maps.Keys(l.parts[id])) {
			s.Uploads[id] += partText(n, l.parts[id][n].ETag)
		}
	}, nil
}

// complete completes an upload with all its parts if they are large enough, else with one of them.
func complete(ctx context.Context, l *life) (func(*state), error) {
	id := pick(l, l.seen.Uploads)
	if id == "" || len(l.parts[id]) == 0 {
		return nil, nil
	}
	var all []bucket.PartRef
	for _, n := range slices.Sorted(maps.Keys(l.parts[id])) {
		all = append(all, l.parts[id][n])
	}
	o, err := l.w.buckets.Complete(ctx, l.refs[id], bucket.Completion{Parts: all}, nil)
	if err != nil {
		o, err = l.w.buckets.Complete(ctx, l.refs[id], bucket.Completion{Parts: all[:1]}, nil)
	}
	if err != nil {
		return nil, err
	}
	return func(s *state) {
		delete(s.Uploads, id)
		s.Objects[o.Bucket+"/"+o.Key] = o.ETag
	}, nil
}

func abort(ctx context.Context, l *life) (func(*state), error) {
	id := pick(l, l.seen.Uploads)
	if id == "" {
		return nil, nil
	}
	return func(s *state) { delete(s.Uploads, id) }, l.w.buckets.Abort(ctx, l.refs[id])
}

func createBucket(ctx context.Context, l *life) (func(*state), error) {
	if len(l.seen.Buckets) > 4 {
		return nil, nil
	}
	name := l.name("bucket-")
	return func(s *state) { s.Buckets[name] = true }, l.w.buckets.CreateBucket(ctx, name)
}

// deleteBucket deletes a bucket without objects; its uploads end with it.
func deleteBucket(ctx context.Context, l *life) (func(*state), error) {
	empty := l.clients()
	delete(empty, own)
	for path := range l.seen.Objects {
		delete(empty, objectRef(path).Bucket)
	}
	name := pick(l, empty)
	if name == "" {
		return nil, nil
	}
	return func(s *state) {
		delete(s.Buckets, name)
		maps.DeleteFunc(s.Uploads, func(id, _ string) bool { return l.refs[id].Bucket == name })
	}, l.w.buckets.DeleteBucket(ctx, name)
}

// result ends a query: its SUCCEEDED and its result are one commit.
func result(ctx context.Context, l *life) (func(*state), error) {
	id := l.name("query")
	if _, err := l.w.db.Executions().Create(ctx, &query.Execution{ID: id, WorkGroup: query.PrimaryWorkGroup, Submitted: time.Now(), State: query.Running}); err != nil {
		return nil, err
	}
	o, err := l.w.buckets.Stage(ctx, bucket.ObjectRef{Bucket: own, Key: id + ".csv"}, strings.NewReader(l.body()), bucket.Content{}, nil)
	if err != nil {
		return nil, err
	}
	_, err = l.w.db.Executions().Update(ctx, id, func(e *query.Execution) { e.State = query.Succeeded }, query.Effect{Objects: []*bucket.Object{o}})
	return func(s *state) {
		s.Results[id] = true
		s.Objects[own+"/"+o.Key] = o.ETag
	}, err
}

// sweep removes what was replaced and retired so far: the clock is moved by restarting the server.
func sweep(ctx context.Context, l *life) (func(*state), error) {
	if l.rng.IntN(3) > 0 {
		return nil, nil
	}
	l.later += 3 * time.Hour
	if err := l.restart(ctx); err != nil {
		return nil, err
	}
	return nil, l.w.buckets.SweepNow(ctx)
}

func restart(ctx context.Context, l *life) (func(*state), error) {
	if l.rng.IntN(3) > 0 {
		return nil, nil // it has many operations too
	}
	return nil, l.restart(ctx)
}

func (l *life) restart(ctx context.Context) error {
	if err := l.w.close(); err != nil {
		return err
	}
	w, err := open(l.disk.fs(), l.later)
	if err != nil {
		return err
	}
	l.w = w
	return w.imports.Resume(ctx)
}
