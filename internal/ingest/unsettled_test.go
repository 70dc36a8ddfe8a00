package ingest

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// A held is one import that is remembered.
type held struct{ Import }

func (h *held) Create(context.Context, *Import) (*Import, error) { return &h.Import, nil }
func (h *held) Get(context.Context, string) (*Import, error)     { return &h.Import, nil }
func (h *held) Update(context.Context, string, func(*Import) error) (*Import, error) {
	return &h.Import, nil
}
func (h *held) List(context.Context) iter.Seq2[*Import, error] {
	return func(yield func(*Import, error) bool) { yield(&h.Import, nil) }
}

func TestAnImportIsUnsettledWhileItMayHaveGivenOutEarlierWriteTimes(t *testing.T) {
	started := time.UnixMicro(1000)
	for _, c := range []struct {
		name   string
		phase  string // "": nothing is under way
		status Status
		group  feature.GroupID
		at     feature.Position
		want   bool
	}{
		{"it reads", phaseReading, Staging, 1, 1000, true},
		{"it writes", phaseWriting, Staging, 1, 2000, true},
		{"it began later", phaseReading, Staging, 1, 999, false},
		{"it waits", phaseWaiting, Staging, 1, 2000, false},
		{"it is in the table", phaseApplying, Applying, 1, 2000, false},
		{"it is another group's", phaseReading, Staging, 2, 2000, false},
		{"there is none", "", Staging, 1, 2000, false},
	} {
		s := New(nil, &held{Import{ID: "i", GroupID: c.group, Status: c.status, Started: started}}, nil, nil, nil, Options{})
		if c.phase != "" {
			s.works["i"] = newWork("i", time.Now)
			s.works["i"].begin(c.phase, 0)
		}
		i, err := s.Unsettled(t.Context(), c.at, []feature.GroupID{1, 3})
		if err != nil || (i != nil) != c.want {
			t.Errorf("%s: %v, %v", c.name, i, err)
		}
	}
}
