// Package page makes docs/benchmarks.md of the rows of a run. It measures nothing, and leaves nothing out that is in
// the rows.
package page

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/test/bench/results"
)

// Facts are what a run was.
type Facts struct {
	Date, Commit, Machine, Took string
	Small                       bool // it shows that the bench works, and nothing else
}

// Render returns the page.
func Render(rows []results.Row, f Facts) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "# Benchmarks\n\nMade by `make bench`, all in one run: %s, commit %s, %s; %s.\n", f.Date, f.Commit, f.Machine, f.Took)
	if f.Small {
		out.WriteString("\n**This is a small run (`BENCH_SMALL=1`), on little data and for a second a round: it shows that the bench works. Its figures mean nothing.**\n")
	}
	out.WriteString(method)
	t := group(rows)
	out.WriteString("\n## Goals\n\nRatios are of medians of this run.\n\n| path | goal | measured | |\n|---|---|---|---|\n")
	for _, g := range goals() {
		measured, verdict := g.judge(t)
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", g.path, g.goal, measured, verdict)
	}
	for _, s := range t.sections {
		fmt.Fprintf(&out, "\n## %s\n", s.name)
		for _, p := range s.paths {
			p.write(&out)
		}
	}
	return out.Bytes()
}

const method = `
## Method

- Client and server share the machine's cores: a ceiling is that of both together, for every contender alike.
- The client is a load generator of its own, on one thread ([why](decisions/load-generator.md)). **Closed loop** ("ceiling"): each connection sends its next
  request when it has its answer. **Open loop**: requests are due at a fixed rate, and how long one takes counts from when it was due, whether or not it could be sent then, so a server that stops is not spared what would have come meanwhile.
- HTTP/1.1 with keep-alive. Requests to Larder have the headers that boto3 sends and are signed with SigV4 before a round: signing is the client's work. The server verifies every signature. Status and errors of all answers are checked,
  and one of 64 records is compared byte by byte with what was written.
- **bare handler** is net/http that answers the same bytes as Larder to every request, **that verifies** with Larder's own code in front of it (request ID and metrics included), **that appends and syncs** with a file to which it appends the body, for all who wait at once, before it answers.
  **raw appends** are that file alone, without HTTP.
- Contenders of a table take turns, round by round. A rate is the median of the rounds, all of which are shown; times are those of the median round, each the nearest-rank quantile of all answers of that round, and the worst is that of all rounds.
  Processor time is that of the server (with all its processes, in the median round, warming included), memory what it has after it.
- **Peers** hold the same records and are asked for the same of them by the same client, over as many connections, after Larder and one after the other ([how](decisions/bench-peers.md)). Before its rounds each must answer with what was loaded. None verifies signatures.
  Feast has a row of the same 50 values; its processor time and memory are with those of the Redis behind it.
`

// A tree is the rows as the page shows them.
type tree struct{ sections []*sectionRows }

type sectionRows struct {
	name  string
	paths []*pathRows
}

type pathRows struct {
	name  string
	lines []*line
}

// A line is a contender on a path.
type line struct {
	contender string
	rounds    []results.Row // in their order
}

func group(rows []results.Row) *tree {
	t := &tree{}
	for _, r := range rows {
		s := find(&t.sections, func(s *sectionRows) bool { return s.name == r.Section }, sectionRows{name: r.Section})
		p := find(&s.paths, func(p *pathRows) bool { return p.name == r.Path }, pathRows{name: r.Path})
		l := find(&p.lines, func(l *line) bool { return l.contender == r.Contender }, line{contender: r.Contender})
		l.rounds = append(l.rounds, r)
	}
	return t
}

// find returns the one that is, or adds a new one.
func find[T any](all *[]*T, is func(*T) bool, otherwise T) *T {
	if i := slices.IndexFunc(*all, is); i >= 0 {
		return (*all)[i]
	}
	*all = append(*all, &otherwise)
	return &otherwise
}

// amount is what a round measured: a rate or a value.
func amount(r results.Row) float64 { return cmp.Or(r.Rate, r.Value) }

// median is the round in the middle of those that measured something; of two in the middle the worse, which is the
// slower of rates and the larger of other figures. It is nil if none did.
func (l *line) median() *results.Row {
	var all []results.Row
	for _, r := range l.rounds {
		if amount(r) > 0 {
			all = append(all, r)
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b results.Row) int { return cmp.Compare(amount(a), amount(b)) })
	if all[0].Rate > 0 {
		return &all[(len(all)-1)/2]
	}
	return &all[len(all)/2]
}

// worst is the lowest rate, or the highest of other figures.
func (l *line) worst() float64 {
	worst := 0.0
	for _, r := range l.rounds {
		switch a := amount(r); {
		case a == 0:
		case worst == 0, r.Rate > 0 && a < worst, r.Rate == 0 && a > worst:
			worst = a
		}
	}
	return worst
}

// write writes the table of a path.
func (p *pathRows) write(out *bytes.Buffer) {
	loaded, unit, asked := false, "requests", 0.0
	for _, l := range p.lines {
		for _, r := range l.rounds {
			loaded = loaded || r.Rate > 0
			unit, asked = cmp.Or(r.Unit, unit), cmp.Or(r.Asked, asked)
		}
	}
	fmt.Fprintf(out, "\n### %s\n\n", p.name)
	if loaded {
		fmt.Fprintf(out, "| | %s a second: rounds | median | worst | p50 ms | p99 ms | p99.9 ms | worst ms | errors | processor s | memory MiB |\n|---|---|---|---|---|---|---|---|---|---|---|\n", unit)
	} else {
		fmt.Fprintf(out, "| | %s: rounds | median | worst |\n|---|---|---|---|\n", cmp.Or(unit, "figure"))
	}
	var notes []string
	for _, l := range p.lines {
		l.write(out, loaded)
		notes = append(notes, l.notes()...)
	}
	if len(notes) > 0 {
		out.WriteString("\n" + strings.Join(notes, "\n") + "\n")
	}
}

func (l *line) write(out *bytes.Buffer, loaded bool) {
	m := l.median()
	if m == nil {
		fmt.Fprintf(out, "| %s | not measured%s\n", l.contender, strings.Repeat(" | ", map[bool]int{true: 10, false: 3}[loaded]))
		return
	}
	var rounds []string
	errors, slowest := int64(0), 0.0
	for _, r := range l.rounds {
		if amount(r) > 0 {
			rounds = append(rounds, number(amount(r)))
		}
		errors, slowest = errors+r.Errors, max(slowest, r.Worst)
	}
	fmt.Fprintf(out, "| %s | %s | **%s** | %s |", l.contender, strings.Join(rounds, " · "), number(amount(*m)), number(l.worst()))
	if loaded {
		for _, v := range []float64{m.P50, m.P99, m.P999, slowest} {
			fmt.Fprintf(out, " %s |", number(v))
		}
		fmt.Fprintf(out, " %d | %s | %s |", errors, number(m.CPU), number(m.RSS))
	}
	out.WriteString("\n")
}

// notes are what the rounds say of themselves, each once.
func (l *line) notes() []string {
	var all []string
	for _, r := range l.rounds {
		note := fmt.Sprintf("- %s: %s.", l.contender, strings.TrimSuffix(r.Note, "."))
		if r.Note != "" && !slices.Contains(all, note) {
			all = append(all, note)
		}
	}
	return all
}

// number writes three or four digits that count, thousands apart. Nothing is nothing.
func number(v float64) string {
	a := math.Abs(v)
	switch {
	case v == 0:
		return ""
	case a >= 1000:
		digits := strconv.FormatFloat(v, 'f', 0, 64)
		for i := len(digits) - 3; i > 0; i -= 3 {
			digits = digits[:i] + "," + digits[i:]
		}
		return digits
	case a >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case a >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case a >= 1:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}
