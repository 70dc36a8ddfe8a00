package ingest

import (
	"testing"
	"time"
)

func TestEstimateOfWhatRemains(t *testing.T) {
	tests := []struct {
		name        string
		phase       string
		of          int64 // rows of the phase
		rows, bytes int64 // done, of 1,000 bytes
		took        time.Duration
		want        time.Duration
	}{
		{"nothing is done", phaseReading, 0, 0, 0, time.Second, 0},
		// Ten seconds for a quarter: thirty for the rest, and as long as for all of it to write.
		{"a quarter is read", phaseReading, 0, 50, 250, 10 * time.Second, 70 * time.Second},
		{"all is read", phaseReading, 0, 200, 1000, 40 * time.Second, 40 * time.Second},
		{"half is written", phaseWriting, 200, 100, 1000, 20 * time.Second, 20 * time.Second},
		{"a tenth is applied", phaseApplying, 100, 10, 1000, time.Second, 9 * time.Second},
		{"all is applied", phaseApplying, 100, 100, 1000, 10 * time.Second, 0},
		{"more than there was to do", phaseApplying, 100, 101, 1000, 10 * time.Second, 0},
		{"it waits", phaseWaiting, 0, 0, 1000, time.Hour, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := time.Unix(1_700_000_000, 0)
			w := newWork("id", func() time.Time { return now })
			w.begin(tt.phase, tt.of)
			w.rows.Store(tt.rows)
			w.bytes.Store(tt.bytes)
			now = now.Add(tt.took)
			p := Progress{Import: Import{Bytes: 1000}}
			w.report(&p)
			if p.Remaining != tt.want || p.Phase != tt.phase || p.Rows != tt.rows || p.BytesRead != tt.bytes {
				t.Errorf("report: %+v, want %v remaining", p, tt.want)
			}
		})
	}
}
