package ingest_test

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
)

// Which files of the machine are sources, and which are refused before anything is kept or waited for.
func TestSourcesOfTheMachine(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	uri := func(name string) string { return (&url.URL{Scheme: "file", Path: path(name)}).String() }
	for _, name := range []string{"plain.csv", "a b%20c.csv", "what?#.csv", "ümlaut 世界.csv"} {
		check(t, os.WriteFile(path(name), []byte("id,at\n"+name+",2024-01-01T00:00:00Z\n"), 0o600))
	}
	check(t, os.Mkdir(path("folder.csv"), 0o700))
	check(t, os.WriteFile(path("folder.csv/in.csv"), []byte("id,at\nin,2024-01-01T00:00:00Z\n"), 0o600))
	check(t, os.Symlink("plain.csv", path("link.csv")))
	check(t, os.Symlink("nowhere.csv", path("dangling.csv")))
	check(t, os.Symlink("folder.csv", path("link-to-folder.csv")))
	check(t, syscall.Mkfifo(path("pipe.csv"), 0o600))
	check(t, os.WriteFile(path("secret.csv"), []byte("id,at\n"), 0o600))

	// The user that runs the tests may be one whom no permission stops.
	denied := errorfs.Wrap(vfs.Default, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind == errorfs.OpOpen && strings.HasSuffix(op.Path, "/secret.csv") {
			return &fs.PathError{Op: "open", Path: op.Path, Err: fs.ErrPermission}
		}
		return nil
	}))
	w := openIn(t, denied, dir+"/data", ingest.Options{LocalFiles: true}, nil)
	t.Cleanup(w.close)
	check(t, w.Resume(t.Context()))
	check(t, w.buckets.CreateBucket(t.Context(), "lake"))
	g := w.group("g", nil)
	for _, test := range []struct{ name, uri, id string }{
		{"a plain name", uri("plain.csv"), "plain.csv"},
		{"spaces and a percent sign", uri("a b%20c.csv"), "a b%20c.csv"},
		{"what ends a path in a URI", uri("what?#.csv"), "what?#.csv"},
		{"letters of other alphabets", uri("ümlaut 世界.csv"), "ümlaut 世界.csv"},
		{"letters that are not escaped", "file://" + path("ümlaut 世界.csv"), "ümlaut 世界.csv"},
		{"a way up", "file://" + dir + "/folder.csv/../plain.csv", "plain.csv"},
		{"a link", uri("link.csv"), "plain.csv"},
		{"below a link", uri("link-to-folder.csv/in.csv"), "in"},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, err := w.Start(t.Context(), &ingest.Request{Group: "g", Token: test.name, Sources: []ingest.Source{{URI: test.uri}}})
			check(t, err)
			i = must(w.Wait(t.Context(), i.ID))(t)
			if _, ok := w.held(g)[test.id]; i.Status != ingest.Done || i.Taken != 1 || !ok {
				t.Errorf("the import is %s, %d rows: %s", i.Status, i.Taken, i.Failure)
			}
		})
	}
	for _, test := range []struct {
		name, uri, want string
		kind            feature.Kind
	}{
		{"relative", "file:plain.csv", "file:///PATH", feature.Invalid},
		{"relative, with slashes", "file://plain.csv", "file:///PATH", feature.Invalid},
		{"no scheme", path("plain.csv"), "file:///PATH", feature.Invalid},
		{"another scheme", "https://" + dir + "/plain.csv", "file:///PATH", feature.Invalid},
		{"another machine", "file://elsewhere" + path("plain.csv"), "file:///PATH", feature.Invalid},
		{"a question mark that is not escaped", "file://" + dir + "/plain.csv?x=.csv", "%3F", feature.Invalid},
		{"a percent sign that is not escaped", "file://" + dir + "/100%.csv", "file:///PATH", feature.Invalid},
		{"a zero byte", "file://" + dir + "/plain.csv%00.csv", "cannot be read", feature.Invalid},
		{"not there", uri("none.csv"), "is not there", feature.NotFound},
		{"a link to nothing", uri("dangling.csv"), "is not there", feature.NotFound},
		{"a directory", uri("folder.csv"), "directory", feature.Invalid},
		{"a link to a directory", uri("link-to-folder.csv"), "directory", feature.Invalid},
		{"a pipe", uri("pipe.csv"), "no regular file", feature.Invalid},
		{"below a file", uri("plain.csv/x.csv"), "cannot be read", feature.Invalid},
		{"no permission", uri("secret.csv"), "permission", feature.Invalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := w.Start(t.Context(), &ingest.Request{Group: "g", Token: test.name, Sources: []ingest.Source{{URI: test.uri}}})
			if feature.KindOf(err) != test.kind || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want kind %d, %q", err, test.kind, test.want)
			}
		})
	}
	t.Run("a device", func(t *testing.T) {
		_, err := w.Start(t.Context(), &ingest.Request{Group: "g", Format: ingest.CSV, Sources: []ingest.Source{{URI: "file:///dev/null"}}})
		if feature.KindOf(err) != feature.Invalid || !strings.Contains(err.Error(), "no regular file") {
			t.Error(err)
		}
	})
	for i, err := range w.List(t.Context()) {
		if check(t, err); i.Status != ingest.Done {
			t.Errorf("a refused source left the import %+v", i)
		}
	}
}

func TestSourcesOfTheMachineAreForbiddenUnlessTheServerIsTold(t *testing.T) {
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "rows.csv"), []byte("id,at\n"), 0o600))
	w := openIn(t, vfs.Default, dir+"/data", ingest.Options{}, nil)
	t.Cleanup(w.close)
	check(t, w.Resume(t.Context()))
	w.group("g", func(g *feature.Group) { g.Offline, g.RoleARN = nil, "" })
	// What is there and what is not look the same: nobody learns what the machine has.
	for _, name := range []string{"rows.csv", "none.csv"} {
		_, err := w.Start(t.Context(), &ingest.Request{Group: "g", Sources: []ingest.Source{{URI: "file://" + dir + "/" + name}}})
		var e *feature.Error
		if !errors.As(err, &e) || e.Kind != feature.Forbidden || !strings.Contains(e.Text, "put it into a bucket") {
			t.Errorf("%s: %v, want Forbidden", name, err)
		}
	}
}
