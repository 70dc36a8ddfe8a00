package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// say runs a command against the server and holds its status; it returns both outputs.
func (s *served) say(t *testing.T, want int, args ...string) (out, errOut string) {
	t.Helper()
	out, errOut, code := result(t, larder(t, nil, append(args, "--data", s.dir)...))
	if code != want {
		t.Fatalf("%v: status %d, want %d; %q, err %q", args, code, want, out, errOut)
	}
	return out, errOut
}

// names are what is in a directory.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tenRows are those of fill, as CSV.
func tenRows() string {
	text := "id,at\n"
	for i := range 10 {
		text += string(rune('a'+i)) + ",1700000000.0\n"
	}
	return text
}

func TestExportWritesFilesDirectoriesStandardOutputAndObjects(t *testing.T) {
	s := serve(t, t.TempDir(), "--flush-age", "1h")
	s.fill(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "rows.csv")
	features := []string{"export", "--group", "lasting", "--features-only"}
	with := func(more ...string) []string { return append(slices.Clone(features), more...) }

	// A file, in place of another, by a link too; its mode stays.
	if err := os.WriteFile(file, []byte("older"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("rows.csv", filepath.Join(dir, "link.csv")); err != nil {
		t.Fatal(err)
	}
	out, errOut := s.say(t, 0, with(filepath.Join(dir, "link.csv"))...)
	info, err := os.Stat(file)
	if out != "export of lasting: 10 rows in 1 file\n" || errOut != "" || read(t, file) != tenRows() || err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%q, err %q, file %q, %v", out, errOut, read(t, file), info.Mode())
	}
	// Standard output is the rows and nothing else.
	out, errOut = s.say(t, 0, with("-", "--format", "csv")...)
	if out != tenRows() || errOut != "export of lasting: 10 rows in 1 file\n" {
		t.Errorf("%q, err %q", out, errOut)
	}
	// A directory that is not there, and an empty one.
	parts := filepath.Join(dir, "parts")
	out, _ = s.say(t, 0, with(parts+"/", "--format", "csv", "--file-rows", "4")...)
	if diff := cmp.Diff([]string{"part-00000.csv", "part-00001.csv", "part-00002.csv"}, names(t, parts)); diff != "" || out != "export of lasting: 10 rows in 3 files\n" {
		t.Errorf("%q, files (-want +got):\n%s", out, diff)
	}
	if last := read(t, filepath.Join(parts, "part-00002.csv")); last != "id,at\ni,1700000000.0\nj,1700000000.0\n" {
		t.Errorf("the last part is %q", last)
	}
	empty := filepath.Join(dir, "empty")
	if err := os.Mkdir(empty, 0o700); err != nil {
		t.Fatal(err)
	}
	s.say(t, 0, with(empty, "--format", "parquet")...)
	if got := names(t, empty); !slices.Equal(got, []string{"part-00000.parquet"}) {
		t.Errorf("files %q", got)
	}
	// Objects.
	out, _ = s.say(t, 0, with("s3://lake/out/rows.jsonl")...)
	if out != "export of lasting: 10 rows in 1 file\n" {
		t.Errorf("%q", out)
	}
	out, _ = s.say(t, 0, with("s3://lake/parts/", "--format", "jsonl", "--file-rows", "3", "--latest")...)
	if out != "export of lasting: 10 rows in 4 files\n" {
		t.Errorf("%q", out)
	}
	// All of it goes in again.
	for _, source := range []string{file, filepath.Join(parts, "part-00002.csv"), filepath.Join(empty, "part-00000.parquet"), "s3://lake/out/rows.jsonl", "s3://lake/parts/part-00003.jsonl"} {
		if out, _ := s.say(t, 0, "import", source, "--group", "lasting"); !strings.Contains(out, " 0 refused") {
			t.Errorf("import %s: %q", source, out)
		}
	}
	if got := names(t, dir); !slices.Equal(got, []string{"empty", "link.csv", "parts", "rows.csv"}) {
		t.Errorf("there are %q", got)
	}
}

func TestExportsThatFailLeaveWhatWasThere(t *testing.T) {
	s := serve(t, t.TempDir(), "--flush-age", "1h")
	s.fill(t)
	dir := t.TempDir()
	file, full := filepath.Join(dir, "rows.csv"), filepath.Join(dir, "full")
	if err := os.Mkdir(full, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{file, filepath.Join(full, "x")} {
		if err := os.WriteFile(name, []byte("as it was"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	check := func(t *testing.T) {
		t.Helper()
		if got := names(t, dir); !slices.Equal(got, []string{"full", "rows.csv"}) || read(t, file) != "as it was" || len(names(t, full)) != 1 {
			t.Errorf("there are %q, the file is %q", got, read(t, file))
		}
	}
	for _, test := range []struct {
		name, out, says string
		code            int
		more            []string
	}{
		{"no group", file, "nobody", 1, []string{"--group", "nobody"}},
		{"no offline store", file, "no offline store", 1, []string{"--group", "fleeting"}},
		{"no format", filepath.Join(dir, "rows"), "--format", 1, nil},
		{"another format", file, "orc", 1, []string{"--format", "orc"}},
		{"no instant", file, "yesterday", 1, []string{"--as-of", "yesterday"}},
		{"Parquet as text", "-", "name a file", 1, []string{"--format", "parquet"}},
		{"several files as one", file, "name a directory", 1, []string{"--file-rows", "5"}},
		{"files without rows", dir + "/new/", "1 row or more", 1, []string{"--file-rows=-1", "--format", "csv"}},
		{"a directory that is not empty", full, "not empty", 1, []string{"--format", "csv"}},
		{"a directory that is a file", file + "/", "not a directory", 1, []string{"--format", "csv"}},
		{"nowhere", filepath.Join(dir, "none", "rows.csv"), "no such file", 1, nil},
		{"a full disk", "/dev/full", "no space left", 1, []string{"--format", "csv"}},
		{"no bucket", "s3://pond/rows.csv", "pond", 1, nil},
		{"no place", "", "expected", 2, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			args := append([]string{"export", "--group", "lasting"}, test.more...)
			if test.out != "" {
				args = append(args, test.out)
			}
			out, errOut := s.say(t, test.code, args...)
			if out != "" || !strings.Contains(errOut, test.says) {
				t.Errorf("%q, err %q; want %q", out, errOut, test.says)
			}
			check(t)
		})
	}
	// A data file that is damaged, when the status has been sent and when it has not.
	s.say(t, 0, "flush")
	if err := os.WriteFile(dataFile(t, s.dir), []byte("12345678"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{file, dir + "/new/"} {
		_, errOut := s.say(t, 1, "export", "--group", "lasting", "--format", "csv", out)
		if !strings.HasPrefix(errOut, "larder: export lasting: ") {
			t.Errorf("err %q", errOut)
		}
		check(t)
	}
	s.say(t, 0, "du") // the server is up
}
