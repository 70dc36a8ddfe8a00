package embedded

import (
	"fmt"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

func TestSizeIsOfTheGroupsOwnRecords(t *testing.T) {
	s, err := Open("db", vfs.NewMem(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	full, empty := mustNew(t, s, "full"), mustNew(t, s, "empty")
	for i := range 1000 {
		mustDo(t, s, full, fmt.Sprint(i), "some text that takes its place")
	}
	if err := s.db.Flush(); err != nil {
		t.Fatal(err)
	}
	got, err := s.Records().Size(t.Context(), full.ID)
	if err != nil || got < 1000 || got > 1000*200 {
		t.Errorf("1,000 records take %d bytes, %v", got, err)
	}
	if got, err := s.Records().Size(t.Context(), empty.ID); err != nil || got != 0 {
		t.Errorf("no records take %d bytes, %v", got, err)
	}
}
