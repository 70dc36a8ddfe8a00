package query

import (
	"fmt"
	"strings"

	"github.com/larder-dev/larder/internal/query/trino"
)

// text is the plan as lines, each step below the one that it gives its rows to.
func (x *explanation) text(distributed bool) string {
	var b strings.Builder
	if r := x.ran; r != nil {
		fmt.Fprintf(&b, "Queued: %s, Planning: %s, Execution: %s\n", took(r.queued), took(r.planning), took(r.execution))
		fmt.Fprintf(&b, "Output: %d rows\n", r.rows)
	}
	margin := ""
	if distributed {
		// One worker carries out the whole query: there is one fragment.
		b.WriteString("Fragment 0 [SINGLE]\n")
		margin = "    "
	}
	x.step(&b, x.root, margin, margin)
	if r := x.ran; r != nil && r.root != nil {
		b.WriteString("\nOperators, as they ran:\n")
		x.operator(&b, r.root, "    ", "    ")
	}
	return b.String()
}

// step writes a step and what is below it. head stands before its first line, rest before the others.
func (x *explanation) step(b *strings.Builder, n *trino.PlanNode, head, rest string) {
	b.WriteString(head + x.title(n) + "\n")
	bar := rest + "│   "
	if len(n.Children) == 0 {
		bar = rest + "    "
	}
	if n.Outputs != nil {
		columns := make([]string, len(n.Outputs))
		for i, c := range n.Outputs {
			columns[i] = c.Name + ":" + c.Type
		}
		b.WriteString(bar + "Layout: [" + strings.Join(columns, ", ") + "]\n")
	}
	for _, d := range x.details(n) {
		b.WriteString(bar + d + "\n")
	}
	for i, c := range n.Children {
		if i == len(n.Children)-1 {
			x.step(b, c, rest+"└─ ", rest+"   ")
		} else {
			x.step(b, c, rest+"├─ ", rest+"│  ")
		}
	}
}

// title is a step's name with what is said of it.
func (x *explanation) title(n *trino.PlanNode) string {
	if n.Table < 0 {
		return n.String()
	}
	named := *n
	named.About = append([][2]string{{"table", x.tableName(n.Table)}}, n.About...)
	return named.String()
}

// details are the lines below a step's title.
func (x *explanation) details(n *trino.PlanNode) []string {
	lines := x.beforeInput(n)
	if n.Table < 0 {
		return lines
	}
	in, err := inputOf(x.relation(n))
	if err != nil {
		return append(lines, "Input: could not be read")
	}
	return append(lines, in.String())
}

// beforeInput are the details of a step that are not of what a TableScan reads.
func (x *explanation) beforeInput(n *trino.PlanNode) []string {
	lines := make([]string, len(n.Details))
	for i, d := range n.Details {
		lines[i] = strings.Join(strings.Fields(d), " ")
	}
	if rows := x.joined(n); rows != nil {
		lines = append(lines, fmt.Sprintf("Output: %d rows, labels and join: %s", rows.Rows, took(rows.took)))
	}
	return lines
}

// joined are the rows that a TableFunction has given; nil if it has given none, or n is another step.
func (x *explanation) joined(n *trino.PlanNode) *madeRows {
	if x.ran == nil || n.AsOf == nil {
		return nil
	}
	return x.ran.made[n.AsOf]
}

// operator writes what an operator of the engine did, and those below it.
func (x *explanation) operator(b *strings.Builder, o *Operator, head, rest string) {
	b.WriteString(head + o.Kind)
	if o.Relation >= 0 {
		b.WriteString("[table = " + x.tableName(o.Relation) + "]")
	}
	fmt.Fprintf(b, ": Output: %d rows, CPU: %s", o.Rows, took(o.Time))
	if o.Kind == "Scan" {
		fmt.Fprintf(b, ", Input: %d rows", o.Read)
	}
	b.WriteByte('\n')
	for i, c := range o.Inputs {
		if i == len(o.Inputs)-1 {
			x.operator(b, c, rest+"└─ ", rest+"   ")
		} else {
			x.operator(b, c, rest+"├─ ", rest+"│  ")
		}
	}
}

// graph is the plan in the language of Graphviz.
func (x *explanation) graph() string {
	var b strings.Builder
	b.WriteString("digraph logical_plan {\nsubgraph cluster_0 {\nlabel = \"SINGLE\"\n")
	var edges []string
	places := 0
	var write func(n *trino.PlanNode) int
	write = func(n *trino.PlanNode) int {
		places++
		place := places
		label := graphText(x.title(n))
		for _, d := range x.details(n) {
			label += "|" + graphText(d)
		}
		fmt.Fprintf(&b, "plannode_%d[label=\"{%s}\", style=\"rounded, filled\", shape=record, fillcolor=white];\n", place, label)
		for _, c := range n.Children {
			edges = append(edges, fmt.Sprintf("plannode_%d -> plannode_%d;\n", place, write(c)))
		}
		return place
	}
	write(x.root)
	b.WriteString("}\n" + strings.Join(edges, "") + "}\n")
	return b.String()
}

// graphText escapes what a record of Graphviz takes for its own.
func graphText(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "{", `\{`, "}", `\}`, "<", `\<`, ">", `\>`, "|", `\|`).Replace(text)
}
