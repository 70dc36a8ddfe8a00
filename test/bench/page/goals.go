package page

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/larder-dev/larder/test/bench/records"
	"github.com/larder-dev/larder/test/bench/results"
)

// A goal is what a path is to reach. All of its parts must be.
type goal struct {
	path, goal string
	parts      []part
}

// A part is one figure of a goal. One without a limit is stated, and met in any case.
type part struct {
	what   string // said before the figure
	figure figure
	unit   string
	least  float64 // it must be at least this
	most   float64 // or at most this
}

// A figure finds what was measured.
type figure func(*tree) found

// found is a figure, or why there is none.
type found struct {
	v   float64
	why string // it was not measured; "": it was
	of  string // what exactly was measured, where sizes are settings
	// errors are wrong answers, and requests without one, in all rounds of what was measured: times are those of good
	// answers, so that none of them may have been.
	errors int64
}

// judge says what was measured and whether the goal is met.
func (g goal) judge(t *tree) (measured, verdict string) {
	met, all, limits := true, true, false
	var said []string
	for _, p := range g.parts {
		f := p.figure(t)
		if f.why != "" {
			all = false
			label := strings.TrimLeft(cmp.Or(p.what, p.unit), " ×")
			said = append(said, strings.TrimPrefix(label+": "+f.why, ": "))
			continue
		}
		text := strings.TrimSpace(p.what + " " + number(f.v) + p.unit)
		if f.of != "" {
			text += " (" + f.of + ")"
		}
		if f.errors > 0 {
			text += ", with " + records.Thousands(f.errors) + " errors"
		}
		said = append(said, text)
		met = met && f.errors == 0 && (p.least == 0 || f.v >= p.least) && (p.most == 0 || f.v <= p.most)
		limits = limits || p.least != 0 || p.most != 0
	}
	switch {
	case !met:
		verdict = "**not met**"
	case !all:
		verdict = "not measured to the end"
	case !limits:
		verdict = "stated"
	default:
		verdict = "met"
	}
	return strings.Join(said, "; "), verdict
}

// The contenders of the goals; a peer is found by how its name begins.
const (
	ours     = "^Larder$"
	verifies = "^bare handler that verifies$"
	bare     = "^bare handler$"
	feast    = "^Feast.*Python"
	feastGo  = "^Feast.*Go"
)

// The paths of the goals. Those beside peers are measured in turns with them.
const (
	ceiling     = `^GetRecord, 50 features, [^,]* records, ceiling$`
	besidePeers = `^GetRecord, 50 features, [^,]* records, beside peers, ceiling$`
	steady      = `^GetRecord, 50 features, 10,000 a second \(open loop\), `
	batch       = `^BatchGetRecord, 100 records of 50 features, [^,]* records, ceiling$`
	spread      = `^BatchGetRecord, 100 records of 50 features from`
	puts        = `^PutRecord, 10 features, 64 clients, durable$`
	putsBeside  = `^PutRecord, 10 features, 64 clients, beside peers, durable$`
	imports     = `^import of .* rows of 10 features .*Parquet$`
)

func goals() []goal {
	disturbed := func(what string, most float64) part {
		return part{"p99 during " + what, p99(steady+"during "+what+"$", ours), " ms", 0, most}
	}
	return []goal{
		{"GetRecord, 50 features, ceiling", "≥ 0.7 of the bare handler that verifies, ≥ 0.5 of the one that does not; ≥ 20× Feast Python, ≥ 2× Feast Go", []part{
			{"", ratio(ceiling, ours, verifies), " of the one that verifies", 0.7, 0},
			{"", ratio(ceiling, ours, bare), " of the one that does not", 0.5, 0},
			{"", ratio(besidePeers, ours, feast), "× Feast Python", 20, 0},
			{"", ratio(besidePeers, ours, feastGo), "× Feast Go", 2, 0},
		}},
		{"GetRecord at 10 k/s, open loop", "p50 ≤ 0.2 ms, p99 ≤ 1 ms", []part{
			{"p50", p50(steady+"alone$", ours), " ms", 0, 0.2}, {"p99", p99(steady+"alone$", ours), " ms", 0, 1},
		}},
		{"the same during a flush, compaction and a heavy query", "p99 ≤ 2 ms", []part{
			disturbed("ingest with a flush every 10 s", 2), disturbed("a flush as fast as it goes", 2), disturbed("compaction", 2), disturbed("a heavy query", 2),
			disturbed("ingest", 0),
			{"of the bare handler that verifies during that query", p99(steady+"during a heavy query$", verifies), " ms", 0, 0},
		}},
		{"BatchGetRecord, 100 × 50", "≥ 0.7 of the bare handler", []part{
			{"", ratio(batch, ours, verifies), " of the one that verifies", 0.7, 0},
			{"", ratio(batch, ours, bare), " of the one that does not", 0, 0},
		}},
		{"20 groups in one batch against one, at equal bytes", "≤ 1.5× the time", []part{
			{"", ratio(spread, "of 1 group$", "of 20 groups$"), "×", 0, 1.5},
		}},
		{"GetRecord at 10^7 records against 10^5", "≤ 1.3× the time", []part{
			{"", smallToLarge("each request for another record"), "×", 0, 1.3},
			{"few records over and over", smallToLarge("over and over"), "×", 0, 0},
		}},
		{"PutRecord, 64 clients, durable", "≥ 15 k/s and ≥ 0.7 of Redis with fsync always", []part{
			{"", rate(puts, ours), " a second", 15_000, 0},
			{"", ratio(putsBeside, ours, `^Redis, `), " of Redis", 0.7, 0},
		}},
		{"BatchWriteRecord, 10 features", "≥ 100 k records/s", []part{{"", rate(`^BatchWriteRecord, [^,]*, 16 clients, durable$`, ours), " records a second", 100_000, 0}}},
		{"import, 10 features", "≥ 500 k rows/s, ≤ 1 GiB", []part{
			{"", rate(imports, ours), " rows a second", 500_000, 0},
			{"", largest(imports, ours, func(r *results.Row) float64 { return r.RSS }), " MiB", 0, 1024},
		}},
		{"start with 10 GB of data", "≤ 3 s", []part{
			{"", sized(`^start with (.*) of data`, "stopped$"), " s", 0, 3},
			{"after kill -9", sized(`^start with (.*) of data`, "kill -9$"), " s", 0, 3},
		}},
		{"memory when idle", "≤ 64 MiB", []part{{"the server alone", value(`^memory when idle`, ours), " MiB", 0, 64}}},
		{"memory with 10^7 records", "stated", []part{
			{"after a start", sized(`^memory with (.* records), after a start`, ours), " MiB", 0, 0},
			{"after reads at random", sized(`^memory with (.* records), after reads`, ours), " MiB", 0, 0},
		}},
	}
}

// A hit is a contender on a path.
type hit struct {
	*line
	path string
}

// find returns the contenders of paths that match, those that were not measured too.
func (t *tree) find(path, contender string) []hit {
	paths, contenders := regexp.MustCompile(path), regexp.MustCompile(contender)
	var all []hit
	for _, s := range t.sections {
		for _, p := range s.paths {
			if !paths.MatchString(p.name) {
				continue
			}
			for _, l := range p.lines {
				if contenders.MatchString(l.contender) {
					all = append(all, hit{l, p.name})
				}
			}
		}
	}
	return all
}

// best is the largest figure of all that match: a peer may have more than one way to answer the same.
func best(path, contender string, of func(*results.Row) float64) figure {
	return func(t *tree) found {
		f := found{why: "not measured"}
		for _, h := range t.find(path, contender) {
			m := h.median()
			switch {
			case m != nil && of(m) > 0:
				f = found{v: max(f.v, of(m)), errors: f.errors + h.errors()}
			case f.v == 0 && h.reason() != "":
				f.why = h.reason()
			}
		}
		return f
	}
}

// errors are those of all rounds.
func (l *line) errors() (all int64) {
	for _, r := range l.rounds {
		all += r.Errors
	}
	return all
}

// reason is what the rounds say of why nothing was measured.
func (l *line) reason() string {
	for _, r := range l.rounds {
		if amount(r) == 0 && r.Note != "" {
			return r.Note
		}
	}
	return ""
}

func rate(path, contender string) figure {
	return best(path, contender, func(r *results.Row) float64 { return r.Rate })
}

func value(path, contender string) figure {
	return best(path, contender, func(r *results.Row) float64 { return r.Value })
}

func p50(path, contender string) figure {
	return best(path, contender, func(r *results.Row) float64 { return r.P50 })
}

func p99(path, contender string) figure {
	return best(path, contender, func(r *results.Row) float64 { return r.P99 })
}

// largest is that of all rounds, not of the median one.
func largest(path, contender string, of func(*results.Row) float64) figure {
	return func(t *tree) found {
		f := found{why: "not measured"}
		for _, h := range t.find(path, contender) {
			for i := range h.rounds {
				if v := of(&h.rounds[i]); v > 0 {
					f = found{v: max(f.v, v)}
				}
			}
		}
		return f
	}
}

// sized is a value on a path whose name has its size in the first parentheses of the pattern.
func sized(path, contender string) figure {
	size := regexp.MustCompile(path)
	return func(t *tree) found {
		f := value(path, contender)(t)
		if hits := t.find(path, contender); len(hits) > 0 && f.why == "" {
			f.of = size.FindStringSubmatch(hits[0].path)[1]
		}
		return f
	}
}

// ratio is the rate of one contender in that of another on the same path, the fastest of those that match.
func ratio(path, a, b string) figure {
	return func(t *tree) found {
		x, y := rate(path, a)(t), rate(path, b)(t)
		switch {
		case x.why != "":
			return x
		case y.why != "":
			return y
		}
		return found{v: x.v / y.v, errors: x.errors}
	}
}

// smallToLarge is how much longer a read of the large group takes, at the ceiling.
func smallToLarge(asked string) figure {
	return func(t *tree) found {
		all := t.find(`^GetRecord, .* a small and a large group, .*`+asked, "^Larder, ")
		if len(all) != 2 || all[0].median() == nil || all[1].median() == nil {
			return found{why: "not measured"}
		}
		small, large := strings.TrimPrefix(all[0].contender, "Larder, "), strings.TrimPrefix(all[1].contender, "Larder, ")
		return found{v: all[0].median().Rate / all[1].median().Rate, of: large + " against " + small}
	}
}
