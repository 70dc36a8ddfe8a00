package ingest_test

import (
	"bytes"
	"compress/gzip"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/ingest"
)

func zip(t testing.TB, content []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	must(z.Write(content))(t)
	check(t, z.Close())
	return out.Bytes()
}

func TestImportOfCompressedTextIsThatOfTheText(t *testing.T) {
	rows := randomRows(rand.New(rand.NewPCG(8, 8)), 3000)
	w := newWorld(t)
	plain := w.group("plain", nil)
	w.loaded(plain, w.file("rows.csv", asCSV(rows)))
	for name, content := range map[string][]byte{"rows.csv.gz": asCSV(rows), "rows.jsonl.gz": asJSONL(rows), "ROWS.NDJSON.GZ": asJSONL(rows)} {
		g := w.group(strings.ReplaceAll(name, ".", "-"), nil)
		i := w.loaded(g, w.file(name, zip(t, content)))
		if i.Taken != 3000 {
			t.Errorf("%s: %d rows taken", name, i.Taken)
		}
		if diff := cmp.Diff(w.held(plain), w.held(g)); diff != "" {
			t.Errorf("%s: held (-text +compressed):\n%s", name, diff)
		}
	}
}

// Each of these files is refused whole, with what is wrong and where, and little memory.
func TestImportOfAMalformedFileFails(t *testing.T) {
	const good = "a,2023-11-14T20:00:00Z\n"
	whole := zip(t, []byte("id,at\n"+strings.Repeat(good, 1000)))
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-6] ^= 1 // of the checksum
	tests := []struct {
		name    string
		content []byte
		why     string
	}{
		{"cut.csv.gz", whole[:len(whole)/2], "no gzip file, or it is damaged or cut off"},
		{"flipped.csv.gz", flipped, "no gzip file, or it is damaged or cut off"},
		{"text.csv.gz", []byte("id,at\n" + good), "no gzip file, or it is damaged or cut off"},
		{"empty.jsonl.gz", nil, "no gzip file, or it is damaged or cut off"},
		{"bomb.csv.gz", zip(t, []byte("id,at,s\n"+strings.Repeat(strings.TrimSpace(good)+","+strings.Repeat("x", 4<<10)+"\n", 20<<10))), "more than 200 times larger"},
		{"line.csv.gz", zip(t, append([]byte("id,at\n"+good+"b,"), bytes.Repeat([]byte("x"), 32<<20)...)), "row 2 of the source has more than 16 MiB"},
		{"line.jsonl.gz", zip(t, append([]byte("\n{\"id\":\"a\"}\n{\"id\":\""), bytes.Repeat([]byte("x"), 32<<20)...)), "row 2 of the source has more than 16 MiB"},
		{"header.csv", bytes.Repeat([]byte("x"), 17<<20), "row 1 of the source has more than 16 MiB"},
		{"utf16.csv", []byte("\xff\xfei\x00d\x00,\x00a\x00t\x00\n\x00"), "is not UTF-8"},
		{"quote.csv", []byte("id,\"at\n"), "the source is no CSV: line"},
		{"nul.csv", []byte("id,at\x00\n"), `no feature "at\x00"`},
		{"parquet.csv", asParquet(t, randomRows(rand.New(rand.NewPCG(1, 1)), 10)), "the source is no CSV"},
	}
	w := newWorld(t)
	g := w.group("g", nil)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			uri := w.file(tt.name, tt.content)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			i := w.load(ingest.Request{Group: "g"}, w.file("good.csv", []byte("id,at\n"+good)), uri)
			runtime.ReadMemStats(&after)
			if i.Status != ingest.Failed || !strings.Contains(i.Failure, tt.why) || !strings.Contains(i.Failure, tt.name) {
				t.Errorf("the import is %s: %s; want it Failed, %q", i.Status, i.Failure, tt.why)
			}
			if n := len(w.rows(g)) + len(w.held(g)); n != 0 {
				t.Errorf("%d rows and records of it are there", n)
			}
			if most := uint64(1 << 30); after.TotalAlloc-before.TotalAlloc > most {
				t.Errorf("%d MiB were allocated", (after.TotalAlloc-before.TotalAlloc)>>20)
			}
		})
	}
}

// What is wrong with a row is told by its number, its line where rows may be many lines, and the rule.
func TestImportTellsWhereARowIsWrong(t *testing.T) {
	const at = "2023-11-14T20:00:00Z"
	tests := []struct {
		name, content string
		taken         int64
		reasons       []string
	}{
		{"crlf.csv", "\xef\xbb\xbfid,at,s\r\na," + at + ",\"two\r\nlines\"\r\nb," + at + ",x\r\n", 2, nil},
		{"lines.csv", "id,at,s\na," + at + ",\"two\nlines\" x\nb," + at + ",x\n", 1, []string{`"row":1,"reason":"lines 2 to 3, column`}},
		{"nul.csv", "id,at,s\na," + at + ",x\x00y\n", 1, nil},
		{"mark.jsonl", "\xef\xbb\xbf{\"id\":\"a\",\"at\":\"" + at + "\"}\r\n\r\n   \n", 1, nil},
		{"twice.jsonl", `{"id":"a","at":"` + at + `","s":"x","s":"x"}`, 0, []string{`"row":1,"reason":"the feature \"s\"`}},
		{"huge.jsonl", `{"id":"a","at":"` + at + `","N":123456789012345678901234567890}` + "\n" + `{"id":"a","at":"` + at + `","x":1e999}` + "\n" + `{"id":"a","at":"` + at + `","x":1e-400}`, 1,
			[]string{`"row":1,"reason":"the value`, `"row":2,"reason":"the value`}},
		{"nested.jsonl", `{"id":"a","at":"` + at + `","s":{"a":1}}` + "\n" + `{"id":["a"],"at":"` + at + `"}` + "\n" + strings.Repeat("[", 1<<20), 0,
			[]string{`"row":1,"reason":"the member \"s\"`, `"row":2,"reason":"the feature \"id\"`, `"row":3,"reason":"the line is no JSON object`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			g := w.group("g", nil)
			i := w.loaded(g, w.file(tt.name, []byte(tt.content)))
			if lines := w.refused(i); i.Taken != tt.taken || len(lines) != len(tt.reasons) {
				t.Fatalf("taken %d, refused %q", i.Taken, lines)
			}
			for n, want := range tt.reasons {
				if got := w.refused(i)[n]; !strings.Contains(got, want) {
					t.Errorf("refused: %s; want %s", got, want)
				}
			}
		})
	}
}

// A file of the server that changes or goes while it is read fails the import; a copy of an object is read to
// its end.
func TestImportOfAFileThatChangesWhileItIsReadFails(t *testing.T) {
	rows := randomRows(rand.New(rand.NewPCG(6, 6)), 20_000)
	changes := map[string]func(fs vfs.FS) error{
		"written to": func(fs vfs.FS) error {
			f, err := fs.OpenReadWrite("/in/rows", category)
			if err != nil {
				return err
			}
			_, err = f.WriteAt([]byte("xxxx"), 50_000)
			return err
		},
		"replaced": func(fs vfs.FS) error {
			f, err := fs.Create("/in/rows", category)
			if err != nil {
				return err
			}
			_, err = f.Write([]byte("id,at\n"))
			return err
		},
		"removed": func(fs vfs.FS) error { return fs.Remove("/in/rows") },
	}
	for format, content := range map[ingest.Format][]byte{ingest.CSV: asCSV(rows), ingest.JSONL: asJSONL(rows), ingest.Parquet: asParquet(t, rows)} {
		for name, change := range changes {
			t.Run(string(format)+" "+name, func(t *testing.T) {
				mem := vfs.NewMem()
				var reads atomic.Int64
				w := open(t, errorfs.Wrap(mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
					if op.Path == "/in/rows" && op.Kind == errorfs.OpFileReadAt && reads.Add(1) == 3 {
						return change(mem)
					}
					return nil
				})), 64<<10)
				defer w.close()
				check(t, mem.MkdirAll("/in", 0o700))
				f := must(mem.Create("/in/rows", category))(t)
				must(f.Write(bytes.Clone(content)))(t) // the file system may change what it is given
				check(t, f.Close())
				check(t, w.Resume(t.Context()))
				check(t, w.buckets.CreateBucket(t.Context(), "lake"))
				g := w.group("g", nil)
				i := w.load(ingest.Request{Group: "g", Format: format}, "file:///in/rows")
				if i.Status != ingest.Failed || !strings.Contains(i.Failure, "/in/rows changed after the import began") || len(w.rows(g)) != 0 {
					t.Errorf("the import is %s (%s) and has %d rows", i.Status, i.Failure, len(w.rows(g)))
				}
			})
		}
	}
}

// category is that of the files which tests write.
const category = vfs.DiskWriteCategory("test")
