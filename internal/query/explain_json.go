package query

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/larder-dev/larder/internal/query/trino"
)

// The JSON of a plan has the members of Trino's. Where Trino writes "NaN" for what it does not know, so do we.

type jsonStep struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Descriptor map[string]string `json:"descriptor"`
	Outputs    []jsonSymbol      `json:"outputs"`
	Details    []string          `json:"details"`
	Estimates  []jsonEstimate    `json:"estimates"`
	Children   []*jsonStep       `json:"children"`
}

type jsonSymbol struct {
	Symbol string `json:"symbol"`
	Type   string `json:"type"`
}

type jsonEstimate struct {
	OutputRowCount    any    `json:"outputRowCount"`
	OutputSizeInBytes any    `json:"outputSizeInBytes"`
	CPUCost           string `json:"cpuCost"`
	MemoryCost        string `json:"memoryCost"`
	NetworkCost       string `json:"networkCost"`
}

// jsonRun is what EXPLAIN ANALYZE measured; Trino has no JSON of that.
type jsonRun struct {
	QueuedMillis    float64       `json:"queuedMillis"`
	PlanningMillis  float64       `json:"planningMillis"`
	ExecutionMillis float64       `json:"executionMillis"`
	OutputRows      int64         `json:"outputRows"`
	Operators       *jsonOperator `json:"operators,omitempty"`
}

type jsonOperator struct {
	Name       string          `json:"name"`
	Table      string          `json:"table,omitempty"`
	OutputRows int64           `json:"outputRows"`
	InputRows  *int64          `json:"inputRows,omitempty"`
	CPUMillis  float64         `json:"cpuMillis"`
	Children   []*jsonOperator `json:"children"`
}

// json is the plan as an object: of fragments if it is distributed, of which there is one.
func (x *explanation) json(distributed bool) (string, error) {
	places := 0
	root, err := x.jsonStep(x.root, &places)
	if err != nil {
		return "", err
	}
	if !distributed {
		return indented(root)
	}
	all := map[string]any{"0": root}
	if r := x.ran; r != nil {
		ran := jsonRun{QueuedMillis: r.queued.Seconds() * 1e3, PlanningMillis: r.planning.Seconds() * 1e3, ExecutionMillis: r.execution.Seconds() * 1e3, OutputRows: r.rows}
		if r.root != nil {
			ran.Operators = x.jsonOperator(r.root)
		}
		all["execution"] = ran
	}
	return indented(all)
}

func (x *explanation) jsonStep(n *trino.PlanNode, places *int) (*jsonStep, error) {
	s := &jsonStep{ID: strconv.Itoa(*places), Name: n.Name, Descriptor: map[string]string{}, Outputs: []jsonSymbol{}, Details: x.beforeInput(n), Estimates: []jsonEstimate{}, Children: []*jsonStep{}}
	*places++
	for _, a := range n.About {
		s.Descriptor[a[0]] = a[1]
	}
	for _, c := range n.Outputs {
		s.Outputs = append(s.Outputs, jsonSymbol{c.Name, c.Type})
	}
	if n.Table >= 0 {
		s.Descriptor["table"] = x.tableName(n.Table)
		in, err := inputOf(x.relation(n))
		if err != nil {
			return nil, err
		}
		s.Details = append(s.Details, in.String())
		s.Estimates = append(s.Estimates, in.estimate())
	}
	for _, c := range n.Children {
		child, err := x.jsonStep(c, places)
		if err != nil {
			return nil, err
		}
		s.Children = append(s.Children, child)
	}
	return s, nil
}

// estimate is what is known of an input. Rows that are in no file yet are not counted.
func (in input) estimate() jsonEstimate {
	e := jsonEstimate{"NaN", in.bytes, "NaN", "NaN", "NaN"}
	if in.rows >= 0 && !in.waiting {
		e.OutputRowCount = in.rows
	}
	return e
}

func (x *explanation) jsonOperator(o *Operator) *jsonOperator {
	out := &jsonOperator{Name: o.Kind, OutputRows: o.Rows, CPUMillis: o.Time.Seconds() * 1e3, Children: []*jsonOperator{}}
	if o.Kind == "Scan" {
		out.InputRows = &o.Read
	}
	if o.Relation >= 0 {
		out.Table = x.tableName(o.Relation)
	}
	for _, c := range o.Inputs {
		out.Children = append(out.Children, x.jsonOperator(c))
	}
	return out
}

type jsonTable struct {
	Table struct {
		Catalog     string `json:"catalog"`
		SchemaTable struct {
			Schema string `json:"schema"`
			Table  string `json:"table"`
		} `json:"schemaTable"`
	} `json:"table"`
	Estimate jsonEstimate `json:"estimate"`
}

// io is the tables that the query reads. Trino also says to which ranges of values a query is limited; that is
// not known here, so the member is left out.
func (x *explanation) io() (string, error) {
	tables := []jsonTable{}
	for i, t := range x.tables {
		if t.AsOf != nil {
			continue
		}
		var one jsonTable
		one.Table.Catalog, one.Table.SchemaTable.Schema, one.Table.SchemaTable.Table = t.Catalog, t.Database, t.Name
		in, err := inputOf(&x.relations[i])
		if err != nil {
			return "", err
		}
		one.Estimate = in.estimate()
		tables = append(tables, one)
	}
	return indented(map[string]any{"inputTableColumnInfos": tables})
}

func indented(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.String(), err
}
