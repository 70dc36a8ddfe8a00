package embedded

import (
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/backendtest"
)

func openMem(t testing.TB) *Store {
	return reopen(t, vfs.NewMem(), Options{})
}

// reopen opens the store in fs until the test ends.
func reopen(t testing.TB, fs vfs.FS, o Options) *Store {
	t.Helper()
	s, err := Open("", fs, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func stores(s *Store) backendtest.Stores {
	return backendtest.Stores{
		Groups: s.Groups(), Records: s.Records(), Objects: s.Objects(),
		Tables: s.Tables(), Offline: s.Offline(), Executions: s.Executions(),
		Imports: s.Imports(), Loader: s.Imports(), Datasets: s.Datasets(),
	}
}

func TestBackend(t *testing.T) {
	backendtest.All(t, func(t *testing.T) backendtest.Stores { return stores(openMem(t)) })
}
