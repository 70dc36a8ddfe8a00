package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// usage is what `larder du --json` says.
func (s *served) usage(t *testing.T) usageReport {
	t.Helper()
	out, errOut, code := result(t, larder(t, nil, "du", "--json", "--data", s.dir))
	var r usageReport
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 {
		t.Fatalf("status %d, %q, err %q: %v", code, out, errOut, err)
	}
	return r
}

func TestFlushAndDu(t *testing.T) {
	s := serve(t, t.TempDir(), "--flush-age", "1h")
	s.fill(t)
	if r := s.usage(t); len(r.Tables) != 1 || r.Tables[0].UnflushedRows != 10 || r.Tables[0].Files != 0 {
		t.Fatalf("before the flush: %+v", r.Tables)
	}
	out, errOut, code := result(t, larder(t, nil, "flush", "--data", s.dir, "--group", "lasting"))
	if code != 0 || !strings.HasPrefix(out, "lasting: every row") {
		t.Fatalf("flush: status %d, %q, err %q", code, out, errOut)
	}
	r := s.usage(t)
	if len(r.Tables) != 1 || r.Tables[0].UnflushedRows != 0 || r.Tables[0].Rows != 10 || r.Tables[0].FeatureGroupName != "lasting" {
		t.Errorf("after the flush: %+v", r.Tables)
	}
	if sum := r.Database.Bytes + r.Blobs.Bytes + r.ImportBytes + r.ScratchBytes + r.OtherBytes; sum != r.Bytes || r.Bytes == 0 {
		t.Errorf("the parts are %d bytes together, the total is %d", sum, r.Bytes)
	}
	if b := r.Blobs; b.ObjectBytes+b.RunBytes+b.ReplacedBytes+b.UploadBytes+b.UnclaimedBytes != b.Bytes || b.ObjectBytes != r.Buckets[0].StoredBytes || b.UnclaimedBytes != 0 {
		t.Errorf("blobs %+v, buckets %+v", b, r.Buckets)
	}
	for _, test := range []struct {
		name, want string
		args       []string
		code       int
	}{
		{"du for people", "records, about", []string{"du"}, 0},
		{"every group", "all groups: every row", []string{"flush"}, 0},
		{"no offline store", "no offline store", []string{"flush", "--group", "fleeting"}, 1},
		{"no group", "nobody", []string{"flush", "--group", "nobody"}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, errOut, code := result(t, larder(t, nil, append(test.args, "--data", s.dir)...))
			if code != test.code || !strings.Contains(out+errOut, test.want) {
				t.Errorf("status %d, %q, err %q; want %q", code, out, errOut, test.want)
			}
		})
	}
}

func TestImportTakesFilesOfTheMachineOnce(t *testing.T) {
	s := serve(t, t.TempDir())
	s.fill(t)
	dir := t.TempDir()
	rows, refused := filepath.Join(dir, "new rows.csv"), filepath.Join(dir, "refused")
	if err := os.WriteFile(rows, []byte("id,when\nx,1700000001\ny,1700000002\nz,never\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"import", rows, "--data", s.dir, "--group", "lasting", "--column", "when=at", "--errors", refused}
	first, errOut, code := result(t, larder(t, nil, args...))
	if code != refusedStatus || errOut != "" || !strings.Contains(first, "3 rows read, 2 taken, 1 refused") {
		t.Fatalf("status %d, %q, err %q", code, first, errOut)
	}
	if text, err := os.ReadFile(refused); err != nil || strings.Count(string(text), "\n") != 1 || !strings.Contains(string(text), `"row":3`) {
		t.Errorf("refused rows: %q, %v", text, err)
	}
	if again, _, code := result(t, larder(t, nil, args...)); again != first || code != refusedStatus {
		t.Errorf("again: status %d, %q; want %q", code, again, first)
	}
	for _, test := range []struct {
		name, want string
		args       []string
	}{
		{"too many refused", "nothing of it was kept", []string{rows, "--group", "lasting", "--column", "when=at", "--max-errors", "0"}},
		{"no file", "not there", []string{filepath.Join(dir, "none.csv"), "--group", "lasting"}},
		{"no group", "nobody", []string{rows, "--group", "nobody"}},
		{"no store", "--stores attic", []string{rows, "--group", "lasting", "--stores", "attic"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, errOut, code := result(t, larder(t, nil, append([]string{"import", "--data", s.dir, "--token", test.name}, test.args...)...))
			if code != 1 || out != "" || !strings.Contains(errOut, test.want) {
				t.Errorf("status %d, %q, err %q; want %q", code, out, errOut, test.want)
			}
		})
	}
	s.checkImports(t, first[len("import "):strings.Index(first, ":")])
	out, errOut, code := result(t, larder(t, nil, "verify", "--data", s.dir, "--group", "lasting"))
	if code != 0 || !strings.Contains(out, "held online   12 records") {
		t.Errorf("verify: status %d, %q, err %q", code, out, errOut)
	}
}

// checkImports holds what is said of the imports of the test above against what they were; done is the
// one that is Done.
func (s *served) checkImports(t *testing.T, done string) {
	t.Helper()
	say := func(want int, args ...string) string {
		t.Helper()
		out, errOut, code := result(t, larder(t, nil, append(append([]string{"imports"}, args...), "--data", s.dir)...))
		if code != want {
			t.Fatalf("%v: status %d, %q, err %q", args, code, out, errOut)
		}
		return out + errOut
	}
	for _, args := range [][]string{nil, {"list"}} {
		lines := strings.Split(strings.TrimSuffix(say(0, args...), "\n"), "\n")
		if len(lines) != 3 || !strings.HasPrefix(lines[0], "import ") {
			t.Fatalf("imports %v: %q", args, lines)
		}
		if f := strings.Fields(lines[1]); len(f) != 7 || f[1] != "Failed" || f[2] != "lasting" {
			t.Errorf("the newest is %q", lines[1])
		}
		if f := strings.Fields(lines[2]); len(f) != 7 || f[0] != done || f[1] != "Done" || strings.Join(f[4:], " ") != "3 2 1" {
			t.Errorf("the oldest is %q", lines[2])
		}
	}
	if out := say(0, "--max", "1"); strings.Count(out, "lasting") != 1 || !strings.Contains(out, "--max") {
		t.Errorf("--max 1: %q", out)
	}
	if out := say(0, "show", done); !strings.Contains(out, "status     Done\n") || !strings.Contains(out, "new%20rows.csv\n") || !strings.Contains(out, "online     2 of 2\n") {
		t.Errorf("show: %q", out)
	}
	for _, args := range [][]string{{"list", "--json"}, {"show", done, "--json"}} {
		if out := say(0, args...); !json.Valid([]byte(out)) || !strings.Contains(out, `"ImportId":"`+done+`"`) {
			t.Errorf("%v: %q", args, out)
		}
	}
	if out := say(0, "errors", done); strings.Count(out, "\n") != 1 || !strings.Contains(out, `"row":3`) {
		t.Errorf("errors: %q", out)
	}
	if out := say(1, "cancel", done); !strings.Contains(out, "is Done") {
		t.Errorf("cancel of one that has ended: %q", out)
	}
}

func TestImportTakesColumnsOfAnyName(t *testing.T) {
	s := serve(t, t.TempDir())
	s.fill(t)
	rows := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(rows, []byte("\"a;b\",the time,note\nx,1700000001,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errOut, code := result(t, larder(t, nil, "import", rows, "--data", s.dir, "--group", "lasting", "--column", "a;b=id", "--column", "the time=at", "--column", "note="))
	if code != 0 || !strings.Contains(out, "1 taken") {
		t.Errorf("status %d, %q, err %q", code, out, errOut)
	}
}

func TestFilesOfTheMachineAreRefusedWhereOthersMayCall(t *testing.T) {
	rows := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(rows, []byte("id,at\nx,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, want string
		flags      []string
		code       int
	}{
		{"refused", "put it into a bucket", []string{"--insecure-http", "--listen", "0.0.0.0:0"}, 1},
		{"allowed", "1 taken", []string{"--insecure-http", "--listen", "0.0.0.0:0", "--import-files"}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, t.TempDir(), test.flags...)
			s.fill(t)
			out, errOut, code := result(t, larder(t, nil, "import", rows, "--data", s.dir, "--group", "lasting"))
			if code != test.code || !strings.Contains(out+errOut, test.want) {
				t.Errorf("status %d, %q, err %q", code, out, errOut)
			}
		})
	}
}

// A file of refused rows that cannot be written is told, and nothing but whole files is left.
func TestErrorsThatCannotBeWritten(t *testing.T) {
	s := serve(t, t.TempDir())
	s.fill(t)
	dir := t.TempDir()
	rows := filepath.Join(dir, "rows.csv")
	if err := os.WriteFile(rows, []byte("id,at\nx,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, errors, want string }{
		{"a directory", dir, "is a directory"},
		{"no such directory", filepath.Join(dir, "none", "refused"), "no such file"},
		{"a full disk", "/dev/full", "no space left"},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, errOut, code := result(t, larder(t, nil, "import", rows, "--data", s.dir, "--group", "lasting", "--errors", test.errors))
			if code != 1 || !strings.Contains(out, "0 taken, 1 refused") || !strings.Contains(errOut, test.want) {
				t.Errorf("status %d, %q, err %q", code, out, errOut)
			}
		})
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%v is left beside the rows (%v)", left, err)
	}
}
