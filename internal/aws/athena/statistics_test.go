package athena

import (
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/query"
)

func TestTheTimesOfAStatementAddUp(t *testing.T) {
	began := time.UnixMilli(1_700_000_000_000)
	at := func(ms float64) time.Time { return began.Add(time.Duration(ms * float64(time.Millisecond))) }
	d := func(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }
	for _, test := range []struct {
		name                                                string
		e                                                   query.Execution
		total, before, queued, planning, engine, processing int64
	}{
		{"a query that waited", query.Execution{Started: at(120), Completed: at(200), Preprocessing: d(5), Planning: d(15), Engine: d(80)}, 200, 5, 100, 15, 95, 0},
		{"fractions", query.Execution{Started: at(3), Completed: at(10), Preprocessing: d(0.9), Planning: d(1.9), Engine: d(7)}, 10, 0, 0, 1, 8, 2},
		{"one that failed when it was planned", query.Execution{Completed: at(50), Preprocessing: d(10), Planning: d(20)}, 50, 10, 20, 20, 20, 0},
		{"one that was stopped in the queue", query.Execution{Completed: at(1000), Preprocessing: d(1), Planning: d(2)}, 1000, 1, 997, 2, 2, 0},
		{"DDL", query.Execution{Started: at(2), Completed: at(9), Preprocessing: d(2), Engine: d(7)}, 9, 2, 0, 0, 7, 0},
		{"a clock that went back", query.Execution{Started: at(-5), Completed: at(-1), Preprocessing: d(1), Engine: d(4)}, 0, 0, 0, 0, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.e.Submitted = began
			s := statistics(&test.e)
			got := []int64{*s.TotalExecutionTimeInMillis, *s.ServicePreProcessingTimeInMillis, *s.QueryQueueTimeInMillis, *s.QueryPlanningTimeInMillis, *s.EngineExecutionTimeInMillis, *s.ServiceProcessingTimeInMillis}
			want := []int64{test.total, test.before, test.queued, test.planning, test.engine, test.processing}
			for i := range want {
				if got[i] != want[i] {
					t.Fatalf("total, before, queued, planning, engine, after: %v, not %v", got, want)
				}
			}
		})
	}
}
