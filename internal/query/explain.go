package query

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/query/trino"
)

// An explanation is what EXPLAIN shows of a query.
type explanation struct {
	root      *trino.PlanNode
	tables    []*trino.Table // of the TableScans
	relations []Relation     // that these read
	ran       *run           // of EXPLAIN ANALYZE; else nil
}

// A run is what was measured of a query that EXPLAIN ANALYZE ran.
type run struct {
	queued, planning, execution time.Duration
	rows                        int64
	root                        *Operator // nil if the engine did not say
	made                        map[*trino.AsOf]*madeRows
}

// explain shows how a query is carried out: its steps as analysed and the files that it reads, and with ANALYZE
// what the engine's operators did. The words are Trino's and the statement's own.
func (s *Store) explain(ctx context.Context, e *Execution, x *trino.Explain, o *outcome) error {
	return s.withPlan(ctx, e, x.Query, o, func(p *planned) error {
		var text string
		switch o.columns = texts("Query Plan"); {
		case x.Type == "VALIDATE":
			o.columns = []Column{{Name: "Valid", Type: "boolean"}}
			text = "true\n"
		default:
			var err error
			if text, err = s.explained(ctx, e, x, p, o); err != nil {
				return err
			}
		}
		o.rows, o.written = int64(strings.Count(text, "\n")), int64(len(text))
		return s.stageResult(ctx, e, o, strings.NewReader(text))
	})
}

func (s *Store) explained(ctx context.Context, e *Execution, x *trino.Explain, p *planned, o *outcome) (string, error) {
	shown := &explanation{root: p.translation.Steps()}
	for _, part := range p.translation.Parts() {
		shown.tables, shown.relations = append(shown.tables, part.Tables...), append(shown.relations, p.plans[part].Relations...)
	}
	if x.Analyze {
		var err error
		if shown.ran, err = s.runMeasured(ctx, e, p, o); err != nil {
			return "", err
		}
	}
	switch {
	case x.Type == "IO":
		return shown.io()
	case x.Format == "JSON":
		return shown.json(x.Type == "DISTRIBUTED")
	case x.Format == "GRAPHVIZ":
		return shown.graph(), nil
	}
	return shown.text(x.Type == "DISTRIBUTED"), nil
}

// runMeasured runs a plan for what it takes. Its rows go nowhere.
func (s *Store) runMeasured(ctx context.Context, e *Execution, p *planned, o *outcome) (*run, error) {
	ran := &run{planning: o.planning, made: p.made}
	measured := *p.plan
	measured.Measure = func(root *Operator) { ran.root = root }
	started, noted := s.noting(ctx, e, o)
	defer noted()
	var began time.Time
	err := s.runEngine(ctx, e, p, &measured, o, func() { began = s.o.Now(); started() }, func(batch [][]*string) error {
		ran.rows += int64(len(batch))
		return nil
	})
	ran.execution = s.o.Now().Sub(began)
	ran.queued = max(0, began.Sub(e.Submitted)-o.planning)
	return ran, err
}

// relation is the relation of the plan that a TableScan reads.
func (x *explanation) relation(n *trino.PlanNode) *Relation { return &x.relations[n.Table] }

// tableName is the name of the table of relation i, as Trino's plans write it.
func (x *explanation) tableName(i int) string {
	t := x.tables[i]
	if t.AsOf != nil {
		return t.Name
	}
	return t.Catalog + ":" + t.Database + ":" + t.Name
}

// An input is what a TableScan reads at most.
type input struct {
	files   int
	bytes   int64
	rows    int64 // in the files; -1 if nobody has counted them
	waiting bool  // there are rows that no file has yet
}

func inputOf(r *Relation) (in input, err error) {
	in.files = len(r.Files)
	for _, f := range r.Files {
		in.bytes += f.Size
		switch {
		case f.Rows == 0 && f.Size > 0:
			in.rows = -1
		case in.rows >= 0:
			in.rows += f.Rows
		}
	}
	if r.Rows == nil {
		return in, nil
	}
	for _, err := range r.Rows {
		in.waiting = true
		return in, err
	}
	return in, nil
}

func (in input) String() string {
	rows := "not counted"
	if in.rows >= 0 {
		rows = fmt.Sprint(in.rows)
	}
	s := fmt.Sprintf("Input: {files: %d (%s), rows: %s}", in.files, size(in.bytes), rows)
	if in.waiting {
		s += " and rows that are in no file yet"
	}
	return s
}

// size writes bytes as Trino does.
func size(n int64) string {
	f, unit := float64(n), 0
	for f >= 1024 && unit < 4 {
		f, unit = f/1024, unit+1
	}
	if unit == 0 {
		return fmt.Sprintf("%dB", n)
	}
	return fmt.Sprintf("%.2f%s", f, []string{"", "kB", "MB", "GB", "TB"}[unit])
}

// took writes a duration as Trino does.
func took(d time.Duration) string {
	switch {
	case d < time.Microsecond:
		return fmt.Sprintf("%.2fns", float64(d))
	case d < time.Millisecond:
		return fmt.Sprintf("%.2fus", float64(d)/1e3)
	case d < time.Second:
		return fmt.Sprintf("%.2fms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.2fs", d.Seconds())
}
