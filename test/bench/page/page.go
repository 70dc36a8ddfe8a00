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

	"github.com/larder-dev/larder/test/bench/records"
	"github.com/larder-dev/larder/test/bench/results"
)

// Facts are what a run was. They are a row of the file of rows, so that the file says all that the page does.
type Facts struct {
	Date, Commit, Machine, Took string
	Load                        string // of the machine before the run
	Small                       bool   // it shows that the bench works, and nothing else
}

// factsOf are the facts among rows: the note of a row of a section that no page shows.
const factsOf = "Run"

// Row is the facts as a row.
func (f Facts) Row() results.Row {
	said := fmt.Sprintf("%s, commit %s, %s; it took %s", f.Date, f.Commit, f.Machine, f.Took)
	if f.Load != "" {
		said += "; load average before it: " + f.Load
	}
	r := results.Row{Section: factsOf, Path: "facts", Contender: "run", Round: 1, Note: said}
	if f.Small {
		r.Path = "facts of a small run"
	}
	return r
}

// Render returns the page of rows, with text that somebody wrote of what holds back goals that are not met.
func Render(rows []results.Row, notes []byte) []byte {
	t := group(rows)
	var out bytes.Buffer
	fmt.Fprintf(&out, "# Benchmarks\n\nMade by `make bench`, all in one run: %s.\n", cmp.Or(t.facts, "no facts were noted"))
	if t.small {
		out.WriteString("\n**This is a small run (`BENCH_SMALL=1`), on little data and for a second a round: it shows that the bench works. Its figures mean nothing.**\n")
	}
	out.WriteString(goalsText)
	for _, g := range goals() {
		measured, verdict := g.judge(t)
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", g.path, g.goal, measured, verdict)
	}
	if text := bytes.TrimSpace(notes); len(text) > 0 {
		fmt.Fprintf(&out, "\n## What holds back what is not met\n\n%s\n", text)
	}
	out.WriteString(method)
	for _, s := range t.sections {
		fmt.Fprintf(&out, "\n## %s\n", s.name)
		if about := abouts[s.name]; about != "" {
			fmt.Fprintf(&out, "\n%s\n", about)
		}
		for _, p := range s.paths {
			p.write(&out)
		}
	}
	return out.Bytes()
}

const goalsText = `
Larder is asked as a program asks it, over HTTP with signed requests, beside two kinds of others: **physical limits**, which do a part of its work and nothing else (a web server that answers the same bytes without looking
anything up; a file that is appended to; a library that only decodes), and **peers**, which people use for the same.

## Goals

Each ratio is of two medians of rows that were measured in turns, in the same minutes. How it was measured is below.

| path | goal | measured | |
|---|---|---|---|
`

const method = `
## Method

- Client and server share the machine's cores: a ceiling is that of both together, for every contender alike.
- The client is a load generator of its own, on one thread ([why](decisions/load-generator.md)). **Closed loop** ("ceiling"): each connection sends its next
  request when it has its answer. **Open loop**: requests are due at a fixed rate, and how long one takes counts from when it was due, whether or not it could be sent then, so a server that stops is not spared what would have come meanwhile.
- HTTP/1.1 with keep-alive. Requests to Larder have the headers that boto3 sends and are signed with SigV4 before a round: signing is the client's work. The server verifies every signature. Status and errors of all answers are checked,
  and one of 64 records is compared byte by byte with what was written.
- **bare handler** is net/http that answers the same bytes as Larder to every request: no server on Go's net/http can be faster. **That verifies** has Larder's own code in front of it (signature, request ID, metrics): the limit of one that also checks who asks.
  **That verifies, appends and syncs** has a file too, to which it appends the body, for all who wait at once, before it answers: the limit of one that keeps what it is told. **raw appends** are that file alone, without HTTP: the limit of the disk.
- Contenders of a table take turns, round by round, so that what the machine does meanwhile strikes all. A rate is the median of the rounds, all of which are shown; times are those of the median round, each the nearest-rank quantile of all answers of that round, and the worst is that of all rounds.
  **Ratio** is the median of the table's first row divided by that of this row: 0.8 beside a limit is to do four fifths of it, 25 beside a peer is to do 25 times as much.
  Processor time is that of the server, with all its processes, for each request (or record, or row) of the median round; memory is what it has after it.
- **Peers** hold the same records and are asked for the same of them by the same client, over as many connections, in turns with Larder ([how](decisions/bench-peers.md)). All run all the time; who is not asked waits. Before its rounds each must answer with what was loaded. None verifies signatures.
  Feast has a row of the same 50 values; its processor time and memory are with those of the Redis behind it.
`

// abouts say what sections are, to somebody who has read the method.
var abouts = map[string]string{
	"Online reads":               "How many reads a second, and what they cost beside a server that looks nothing up.",
	"Reads beside other work":    "What GetRecord takes at 10,000 a second while the server does something else: the reads go on for as long as that does, or as the note says.",
	"Online writes":              "A write is answered when it is on the disk; rows are flushed into Parquet files meanwhile, as in any server.",
	"In turns with other stores": "Larder and what others use for the same, one after the other in each round.",
	"A large group": "Loading, reading and starting with many records, as many bytes as they need. Records are read at random: cold, when the server has just started and the system holds none of its files in memory; nearly each request for another record, " +
		"when the system holds what it has room for; and the same records over and over, which stay in the server's own cache.",
	"Bulk":                    "Whole files in and out, of both stores; beside it, what the Parquet library needs to decode the same file and throw it away.",
	"Programs that use boto3": "One Python process: what its client library costs, whatever server answers, and what a program can do about it. boto3's own work for each call is the ceiling of the first row, so fewer calls raise it most: BatchGetRecord and BatchWriteRecord do. Threads on kept connections help while a call waits (a write waits for the disk), and not beyond one processor of Python. [Arrow](arrow.md) carries columns that no Python loop takes apart: with it the server works again, not the client.",
}

// A tree is the rows as the page shows them.
type tree struct {
	facts    string
	small    bool
	sections []*sectionRows
}

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
		if r.Section == factsOf {
			t.facts, t.small = r.Note, r.Path != Facts{}.Row().Path
			continue
		}
		s := find(&t.sections, func(s *sectionRows) bool { return s.name == r.Section }, sectionRows{name: r.Section})
		p := find(&s.paths, func(p *pathRows) bool { return p.name == r.Path }, pathRows{name: r.Path})
		l := find(&p.lines, func(l *line) bool { return l.contender == r.Contender }, line{contender: r.Contender})
		l.rounds = append(l.rounds, r)
	}
	for _, s := range t.sections {
		for _, p := range s.paths {
			// Those of which nothing was measured come last: the first is what ratios are of.
			slices.SortStableFunc(p.lines, func(a, b *line) int { return cmp.Compare(a.missing(), b.missing()) })
		}
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

// missing is 1 if nothing was measured, else 0.
func (l *line) missing() int {
	if l.median() == nil {
		return 1
	}
	return 0
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

// A form is which columns a table has.
type form struct {
	loaded bool         // rates, not values
	timed  bool         // and how long answers took
	first  *results.Row // what ratios are of; nil: the table has none
}

// form is that of the path's table. Rates that were asked for are not compared.
func (p *pathRows) form() (f form, unit string) {
	asked := false
	for _, l := range p.lines {
		for _, r := range l.rounds {
			f.loaded, f.timed = f.loaded || r.Rate > 0, f.timed || r.P50 > 0
			unit, asked = cmp.Or(r.Unit, unit), asked || r.Asked > 0
		}
	}
	if f.loaded && !asked && len(p.lines) > 1 {
		f.first = p.lines[0].median()
	}
	return f, unit
}

// write writes the table of a path.
func (p *pathRows) write(out *bytes.Buffer) {
	f, unit := p.form()
	fmt.Fprintf(out, "\n### %s\n\n", p.name)
	head := []string{"", cmp.Or(unit, "figure") + ": rounds", "median"}
	if f.loaded {
		head[1] = cmp.Or(unit, "requests") + " a second: rounds"
	}
	if f.first != nil {
		head = append(head, "ratio")
	}
	head = append(head, "worst")
	if f.timed {
		head = append(head, "p50 ms", "p99 ms", "p99.9 ms", "worst ms", "errors")
	}
	if f.loaded {
		head = append(head, "processor µs each", "memory MiB")
	}
	tableRow(out, head)
	out.WriteString(strings.Repeat("|---", len(head)) + "|\n")
	var notes []string
	for _, l := range p.lines {
		cells := l.cells(f)
		tableRow(out, append(cells, make([]string, len(head)-len(cells))...))
		notes = append(notes, l.notes()...)
	}
	if len(notes) > 0 {
		out.WriteString("\n" + strings.Join(notes, "\n") + "\n")
	}
}

func tableRow(out *bytes.Buffer, cells []string) {
	out.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// cells are those of a contender.
func (l *line) cells(f form) []string {
	m := l.median()
	if m == nil {
		return []string{l.contender, "not measured"}
	}
	var rounds []string
	slowest := 0.0
	for _, r := range l.rounds {
		if amount(r) > 0 {
			rounds = append(rounds, number(amount(r)))
		}
		slowest = max(slowest, r.Worst)
	}
	all := []string{l.contender, strings.Join(rounds, " · "), "**" + number(amount(*m)) + "**"}
	if f.first != nil {
		ratio := number(f.first.Rate / m.Rate)
		if strings.Contains(l.contender, ", its ") { // a part of another row
			ratio = ""
		}
		all = append(all, ratio)
	}
	all = append(all, number(l.worst()))
	if f.timed {
		all = append(all, number(m.P50), number(m.P99), number(m.P999), number(slowest), fmt.Sprint(l.errors()))
	}
	if f.loaded {
		all = append(all, number(m.Each()), number(m.RSS))
	}
	return all
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
		return records.Thousands(int64(math.RoundToEven(v)))
	case a >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case a >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case a >= 1:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}
