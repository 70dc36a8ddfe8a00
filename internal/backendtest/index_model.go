package backendtest

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// An indexOracle is what one bucket should hold, kept as simply as can be: who needs a blob is
// found by looking at everything.
type indexOracle struct {
	s       Stores
	bucket  string
	blobs   int // made so far
	objects map[string]*bucket.Object
	// replaced are readable by key until they lapse, and need their blobs.
	replaced map[string]*bucket.Object
	uploads  map[string]map[int]bucket.BlobID
	retired  map[bucket.BlobID]bool
	// snap was taken when the blobs in pinned were not retired yet.
	snap   table.Snapshot
	pinned map[string]*bucket.Object
}

// indexModel compares random histories of a bucket with the oracle.
func indexModel(t *testing.T, s Stores) {
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		m := &indexOracle{
			s: s, bucket: fmt.Sprint("b", n), objects: map[string]*bucket.Object{}, replaced: map[string]*bucket.Object{},
			uploads: map[string]map[int]bucket.BlobID{}, retired: map[bucket.BlobID]bool{},
		}
		newBucket(rt, s, m.bucket)
		defer m.unpin(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"put":      m.put,
			"change":   m.change,
			"upload":   m.upload,
			"part":     m.part,
			"complete": m.complete,
			"lapse":    m.lapse,
			"forget":   m.forget,
			"pin":      m.pin,
			"unpin":    m.unpin,
			"":         m.check,
		})
	})
}

var indexKeys = []string{"a", "a/", "a/b", "b", "\xff"}

// newBlob names a blob that was never named.
func (m *indexOracle) newBlob() bucket.BlobPart {
	m.blobs++
	return bucket.BlobPart{ID: bucket.BlobID(fmt.Sprint(m.bucket, "-", m.blobs)), Size: 1}
}

// drawObject makes an object of new blobs and of blobs that some object names already.
func (m *indexOracle) drawObject(rt *rapid.T) *bucket.Object {
	o := &bucket.Object{Bucket: m.bucket, Key: rapid.SampledFrom(indexKeys).Draw(rt, "key"), Modified: noon, ETag: rapid.String().Draw(rt, "etag")}
	for range rapid.IntRange(0, 3).Draw(rt, "blobs") {
		o.Blobs = append(o.Blobs, m.newBlob())
	}
	if other := m.objects[rapid.SampledFrom(indexKeys).Draw(rt, "copied")]; other != nil {
		o.Blobs = append(o.Blobs, other.Blobs...)
	}
	return o
}

// needed returns what objects and parts name.
func (m *indexOracle) needed() map[bucket.BlobID]bool {
	needed := map[bucket.BlobID]bool{}
	for _, held := range []map[string]*bucket.Object{m.objects, m.replaced} {
		for _, o := range held {
			for _, p := range o.Blobs {
				needed[p.ID] = true
			}
		}
	}
	for _, parts := range m.uploads {
		for _, id := range parts {
			needed[id] = true
		}
	}
	return needed
}

// then carries out a change of the oracle, and retires what nobody needs after it.
func (m *indexOracle) then(change func()) {
	before := m.needed()
	change()
	after := m.needed()
	for id := range before {
		if !after[id] {
			m.retired[id] = true
		}
	}
}

func (m *indexOracle) put(rt *rapid.T) {
	o := m.drawObject(rt)
	held := m.objects[o.Key]
	refusal := errors.New("refused")
	refuse := rapid.IntRange(0, 4).Draw(rt, "refused") == 0
	err := m.s.Objects.Commit(rt.Context(), bucket.Change{Put: []*bucket.Object{o}, Condition: func(got *bucket.Object) error {
		wantSame(rt, "held", held, got)
		if refuse {
			return refusal
		}
		return nil
	}})
	switch {
	case refuse && errors.Is(err, refusal):
	case !refuse && err == nil:
		m.then(func() { m.hold(o) })
	default:
		rt.Fatalf("Commit returned %v", err)
	}
}

func (m *indexOracle) change(rt *rapid.T) {
	var c bucket.Change
	keys := rapid.SliceOfNDistinct(rapid.SampledFrom(indexKeys), 0, 3, func(k string) string { return k }).Draw(rt, "put")
	for _, k := range keys {
		o := m.drawObject(rt)
		o.Key = k
		c.Put = append(c.Put, o)
	}
	for _, k := range rapid.SliceOfN(rapid.SampledFrom(indexKeys), 0, 3).Draw(rt, "delete") {
		if !slices.Contains(keys, k) {
			c.Delete = append(c.Delete, bucket.ObjectRef{Bucket: m.bucket, Key: k})
		}
	}
	for _, k := range rapid.SliceOfN(rapid.SampledFrom(indexKeys), 0, 2).Draw(rt, "replace") {
		c.Replace = append(c.Replace, bucket.ObjectRef{Bucket: m.bucket, Key: k})
	}
	moved := false
	if k := rapid.SampledFrom(indexKeys).Draw(rt, "required"); m.objects[k] != nil {
		required := *m.objects[k]
		if moved = rapid.IntRange(0, 4).Draw(rt, "moved") == 0; moved {
			required.ETag += "x"
		}
		c.Require = []*bucket.Object{&required}
	}
	err := m.s.Objects.Commit(rt.Context(), c)
	if moved {
		wantKind(rt, "a change whose ground has moved", err, feature.Conflict)
		return
	}
	must(rt, err)
	m.then(func() {
		for _, ref := range c.Replace {
			if o := m.objects[ref.Key]; o != nil {
				m.replaced[ref.Key] = o
				delete(m.objects, ref.Key)
			}
		}
		for _, o := range c.Put {
			m.hold(o)
		}
		for _, ref := range c.Delete {
			delete(m.objects, ref.Key)
			delete(m.replaced, ref.Key)
		}
	})
}

// hold puts o in the place of what is held or was replaced there.
func (m *indexOracle) hold(o *bucket.Object) {
	m.objects[o.Key] = o
	delete(m.replaced, o.Key)
}

// lapse forgets what was replaced.
func (m *indexOracle) lapse(rt *rapid.T) {
	_, err := m.s.Objects.LapseReplaced(rt.Context(), time.Now().Add(time.Hour), 1<<30)
	must(rt, err)
	m.then(func() { clear(m.replaced) })
}

func (m *indexOracle) upload(rt *rapid.T) {
	m.blobs++
	id := fmt.Sprint(m.bucket, "-u", m.blobs)
	must(rt, m.s.Objects.CreateUpload(rt.Context(), bucket.Upload{ID: id, Bucket: m.bucket, Key: "up"}))
	m.uploads[id] = map[int]bucket.BlobID{}
}

func (m *indexOracle) drawUpload(rt *rapid.T) string {
	if len(m.uploads) == 0 {
		rt.Skip("no upload")
	}
	return rapid.SampledFrom(slices.Sorted(maps.Keys(m.uploads))).Draw(rt, "upload")
}

func (m *indexOracle) part(rt *rapid.T) {
	id, blob := m.drawUpload(rt), m.newBlob()
	n := rapid.IntRange(1, 3).Draw(rt, "number")
	must(rt, m.s.Objects.PutPart(rt.Context(), id, bucket.Part{Number: n, Blob: blob}))
	m.then(func() { m.uploads[id][n] = blob.ID })
}

// complete ends an upload; the object takes some of the parts, or there is none.
func (m *indexOracle) complete(rt *rapid.T) {
	id := m.drawUpload(rt)
	c := bucket.Change{EndUpload: id}
	if rapid.Bool().Draw(rt, "completed") {
		o := m.drawObject(rt)
		for _, n := range slices.Sorted(maps.Keys(m.uploads[id])) {
			if rapid.Bool().Draw(rt, "part") {
				o.Blobs = append(o.Blobs, bucket.BlobPart{ID: m.uploads[id][n], Size: 1})
			}
		}
		c.Put = append(c.Put, o)
	}
	must(rt, m.s.Objects.Commit(rt.Context(), c))
	m.then(func() {
		for _, o := range c.Put {
			m.hold(o)
		}
		delete(m.uploads, id)
	})
}

// forget is what the sweep does.
func (m *indexOracle) forget(rt *rapid.T) {
	ids := m.garbage(rt)
	must(rt, m.s.Objects.Forget(rt.Context(), ids))
	for _, id := range ids {
		delete(m.retired, id)
	}
}

func (m *indexOracle) pin(rt *rapid.T) {
	if m.snap != nil {
		rt.Skip("one is open")
	}
	sn, err := m.s.Offline.Snapshot(rt.Context())
	must(rt, err)
	m.snap, m.pinned = sn, maps.Clone(m.objects)
}

func (m *indexOracle) unpin(rt *rapid.T) {
	if m.snap != nil {
		must(rt, m.snap.Close())
		m.snap, m.pinned = nil, nil
	}
}

// garbage returns what is retired of this bucket.
func (m *indexOracle) garbage(rt *rapid.T) []bucket.BlobID {
	return slices.DeleteFunc(garbage(rt, m.s), func(id bucket.BlobID) bool {
		return !strings.HasPrefix(string(id), m.bucket+"-")
	})
}

func (m *indexOracle) check(rt *rapid.T) {
	wantSame(rt, "objects", sorted(m.objects), collect(rt, m.s.Objects.List(rt.Context(), m.bucket, "", "")))
	wantSame(rt, "objects at the newest version", sorted(m.objects), collect(rt, m.s.Objects.ListAt(rt.Context(), version(rt, m.s), m.bucket, "", "")))
	wantSame(rt, "replaced", sorted(m.replaced), collect(rt, m.s.Objects.ListReplaced(rt.Context(), m.bucket, "")))
	for _, key := range indexKeys {
		o, err := m.s.Objects.Get(rt.Context(), bucket.ObjectRef{Bucket: m.bucket, Key: key})
		if m.objects[key] == nil {
			wantKind(rt, "Get of no object", err, feature.NotFound)
			continue
		}
		must(rt, err)
		wantSame(rt, "Get", m.objects[key], o)
	}
	got := map[bucket.BlobID]bool{}
	for _, id := range m.garbage(rt) {
		got[id] = true
	}
	want, ids := maps.Clone(m.retired), slices.Collect(maps.Keys(m.retired))
	if m.snap != nil {
		wantSame(rt, "objects of the snapshot", sorted(m.pinned), collect(rt, m.snap.Objects(m.bucket, "")))
		for _, o := range m.pinned {
			for _, p := range o.Blobs {
				delete(want, p.ID)
			}
		}
		// Other blobs that went after the snapshot may wait for it too.
		for id := range want {
			if !got[id] {
				delete(want, id)
			}
		}
	}
	wantSame(rt, "garbage", want, got)
	named, err := m.s.Objects.Named(rt.Context(), append(ids, slices.Collect(maps.Keys(m.needed()))...))
	must(rt, err)
	if len(named) != len(m.retired)+len(m.needed()) {
		rt.Errorf("Named knows %d blobs, want %d retired and %d needed", len(named), len(m.retired), len(m.needed()))
	}
}

func collect[T any](t tester, list iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for o, err := range list {
		must(t, err)
		all = append(all, o)
	}
	return all
}

func sorted(objects map[string]*bucket.Object) []*bucket.Object {
	return slices.SortedFunc(maps.Values(objects), func(a, b *bucket.Object) int { return cmp.Compare(a.Key, b.Key) })
}
