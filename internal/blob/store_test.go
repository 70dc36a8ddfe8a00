package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

const dir = "/data/blobs"

func open(t *testing.T, fs vfs.FS) *Store {
	t.Helper()
	s, err := Open(dir, fs)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return s
}

// files lists every file below the directory, private names too.
func files(t *testing.T, fs vfs.FS) []string {
	t.Helper()
	var all []string
	dirs, err := fs.List(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		names, err := fs.List(fs.PathJoin(dir, d))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			all = append(all, fs.PathJoin(d, name))
		}
	}
	return all
}

func read(t *testing.T, s *Store, id bucket.BlobID) []byte {
	t.Helper()
	r, err := s.Open(t.Context(), id)
	if err != nil {
		t.Fatalf("Open(%s): %v", id, err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read %s: %v", id, err)
	}
	return b
}

func body(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7)
	}
	return b
}

func TestCreateKeepsAnySize(t *testing.T) {
	s := open(t, vfs.NewMem())
	for _, n := range []int{0, 1, chunk - 1, chunk, chunk + 1, 3*chunk + 5} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			part, err := s.Create(t.Context(), iotest.HalfReader(bytes.NewReader(body(n))))
			if err != nil {
				t.Fatal(err)
			}
			if part.Size != int64(n) {
				t.Errorf("Size = %d, want %d", part.Size, n)
			}
			if got := read(t, s, part.ID); !bytes.Equal(got, body(n)) {
				t.Errorf("read %d bytes, not what was stored", len(got))
			}
		})
	}
}

func TestFailedReaderStoresNothing(t *testing.T) {
	fs := vfs.NewMem()
	s := open(t, fs)
	broken := errors.New("signature of chunk 3 does not match")
	_, err := s.Create(t.Context(), io.MultiReader(bytes.NewReader(body(2*chunk)), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) {
		t.Errorf("err = %v, want the reader's own", err)
	}
	if left := files(t, fs); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestCancelledCreateStoresNothing(t *testing.T) {
	fs := vfs.NewMem()
	s := open(t, fs)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Create(ctx, bytes.NewReader(body(10))); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want context.Canceled", err)
	}
	if left := files(t, fs); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestBlobStaysReadableAfterRemove(t *testing.T) {
	s := open(t, vfs.NewMem())
	part, err := s.Create(t.Context(), bytes.NewReader(body(100)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Open(t.Context(), part.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for range 2 { // the second removes nothing, which is no error
		if err := s.Remove(t.Context(), part.ID); err != nil {
			t.Fatalf("Remove: %v", err)
		}
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, body(100)) {
		t.Errorf("read after Remove: %d bytes, %v", len(got), err)
	}
	if _, err := s.Open(t.Context(), part.ID); feature.KindOf(err) != feature.NotFound {
		t.Errorf("Open after Remove: %v, want NotFound", err)
	}
}

func TestOnlyOwnNamesBecomePaths(t *testing.T) {
	s := open(t, vfs.NewMem())
	for _, id := range []bucket.BlobID{"", "..", "../../etc/passwd", bucket.BlobID(strings.Repeat("../", 10) + "ab"), bucket.BlobID(strings.Repeat("A", 32))} {
		if got := s.Path(id); got != "" {
			t.Errorf("Path(%q) = %q", id, got)
		}
		if _, err := s.Open(t.Context(), id); feature.KindOf(err) != feature.NotFound {
			t.Errorf("Open(%q): %v, want NotFound", id, err)
		}
		if err := s.Remove(t.Context(), id); err != nil {
			t.Errorf("Remove(%q): %v", id, err)
		}
	}
}

func TestAllYieldsEveryBlob(t *testing.T) {
	s := open(t, vfs.NewMem())
	want := map[bucket.BlobID]int64{}
	for n := range 40 {
		part, err := s.Create(t.Context(), bytes.NewReader(body(n+1)))
		if err != nil {
			t.Fatal(err)
		}
		want[part.ID] = part.Size
	}
	for b, err := range s.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if size, ok := want[b.ID]; !ok || size != b.Size || b.Made.IsZero() {
			t.Errorf("yielded %+v, want size %d", b, size)
		}
		delete(want, b.ID)
	}
	if len(want) != 0 {
		t.Errorf("not yielded: %v", want)
	}
}

func TestDirectoriesAreTheOwners(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "blobs"), vfs.Default)
	if err != nil {
		t.Fatal(err)
	}
	part, err := s.Create(t.Context(), bytes.NewReader(body(5)))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{s.dir, s.staging(), filepath.Dir(s.Path(part.ID))} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o700 {
			t.Errorf("%s has mode %o, want 700", name, got)
		}
	}
	if got := read(t, s, part.ID); !bytes.Equal(got, body(5)) {
		t.Errorf("read %q", got)
	}
}

// crasher clones the file system before every writing operation, as a power cut there would
// leave it, and may fail one operation.
type crasher struct {
	mem    *vfs.MemFS
	rng    *rand.Rand
	clones []*vfs.MemFS
	ops    []string
	fail   int // index of the operation that fails; -1 for none
}

func (c *crasher) String() string { return "crasher" }

func (c *crasher) MaybeError(op errorfs.Op) error {
	if op.Kind.ReadOrWrite() != errorfs.OpIsWrite {
		return nil
	}
	c.cut(fmt.Sprintf("%d %s", op.Kind, op.Path))
	if len(c.ops)-1 == c.fail {
		return errorfs.ErrInjected
	}
	return nil
}

// cut adds a strict clone, with nothing but what was synced, and one with some of the rest.
func (c *crasher) cut(op string) {
	c.ops = append(c.ops, op)
	c.clones = append(c.clones, c.mem.CrashClone(vfs.CrashCloneCfg{}),
		c.mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 50, RNG: c.rng}))
}

func seeded(t *testing.T) *rand.Rand {
	seed := rand.Uint64()
	if text := os.Getenv("SEED"); text != "" {
		if _, err := fmt.Sscan(text, &seed); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("replay: SEED=%d go test -run '%s' ./internal/blob", seed, t.Name())
		}
	})
	return rand.New(rand.NewPCG(seed, 0))
}

// held is what must be readable in every later clone.
type held map[bucket.BlobID][]byte

// check opens a file system after a crash: no half-made file stays, every whole blob that was
// acknowledged is there, and what else is there is left for the sweep of orphans.
func (h held) check(t *testing.T, when string, fs *vfs.MemFS) {
	t.Helper()
	s, err := Open(dir, fs)
	if err != nil {
		t.Fatalf("%s: Open: %v", when, err)
	}
	if half, err := fs.List(s.staging()); err != nil || len(half) != 0 {
		t.Errorf("%s: staging holds %v, %v", when, half, err)
	}
	for id, want := range h {
		if got := read(t, s, id); !bytes.Equal(got, want) {
			t.Errorf("%s: acknowledged blob %s has %d bytes, want %d", when, id, len(got), len(want))
		}
	}
	if part, err := s.Create(t.Context(), bytes.NewReader(body(9))); err != nil || !bytes.Equal(read(t, s, part.ID), body(9)) {
		t.Errorf("%s: Create after the crash: %v", when, err)
	}
}

func TestCrashAnywhereKeepsWhatWasAcknowledged(t *testing.T) {
	mem := vfs.NewCrashableMem()
	c := &crasher{mem: mem, rng: seeded(t), fail: -1}
	s := open(t, errorfs.Wrap(mem, c))
	acknowledged := held{}
	verify := func(when string) {
		for i, clone := range c.clones {
			acknowledged.check(t, fmt.Sprintf("%s, crash before %s", when, c.ops[i/2]), clone)
		}
		c.clones, c.ops = nil, nil
	}
	verify("Open")
	for n := range 8 {
		part, err := s.Create(t.Context(), bytes.NewReader(body(n*chunk/2)))
		if err != nil {
			t.Fatal(err)
		}
		verify(fmt.Sprintf("Create %d", n)) // while it ran, earlier blobs were safe
		acknowledged[part.ID] = body(n * chunk / 2)
		c.cut("the next call")
		verify(fmt.Sprintf("after Create %d", n)) // and it is durable once it has returned
	}
	for id := range acknowledged {
		delete(acknowledged, id)
		if err := s.Remove(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		c.cut("the next call")
		verify("Remove") // a blob whose removal is lost is an orphan, others are untouched
	}
}

func TestFaultAnywhereInCreateStoresNothing(t *testing.T) {
	for fail := 0; ; fail++ {
		mem := vfs.NewCrashableMem()
		open(t, mem)
		c := &crasher{mem: mem, rng: seeded(t), fail: -1}
		s := open(t, errorfs.Wrap(mem, c))
		c.ops, c.clones, c.fail = nil, nil, fail
		part, err := s.Create(t.Context(), bytes.NewReader(body(chunk+1)))
		if len(c.ops) <= fail { // every operation has had its fault
			if err != nil {
				t.Fatalf("Create without a fault: %v", err)
			}
			if fail < 5 {
				t.Fatalf("Create did %d operations, so this test tests nothing", fail)
			}
			return
		}
		if err == nil {
			t.Fatalf("operation %s failed, Create did not", c.ops[fail])
		}
		if part != (bucket.BlobPart{}) {
			t.Errorf("operation %s failed, Create returned %+v", c.ops[fail], part)
		}
		for _, clone := range c.clones {
			held{}.check(t, "crash after fault of "+c.ops[fail], clone)
		}
		held{}.check(t, "fault of "+c.ops[fail], mem)
	}
}

func BenchmarkCreate(b *testing.B) {
	for _, size := range []int{1 << 10, 8 << 20} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s, err := Open(filepath.Join(b.TempDir(), "blobs"), vfs.Default)
			if err != nil {
				b.Fatal(err)
			}
			data := body(size)
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, err := s.Create(b.Context(), bytes.NewReader(data)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
