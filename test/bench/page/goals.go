package page

import (
	"regexp"
	"strings"

	"github.com/larder-dev/larder/test/bench/results"
)

// A goal is what a path is to reach. All of its parts must be.
type goal struct {
	path, goal string
	parts      []part
}

// A part is one figure of a goal.
type part struct {
	what string // said before the figure
	// figure is the measured one; ok tells whether all of it was measured.
	figure func(*tree) (v float64, ok bool)
	unit   string
	least  float64 // it must be at least this
	most   float64 // or at most this
}

// judge says what was measured and whether the goal is met.
func (g goal) judge(t *tree) (measured, verdict string) {
	met, all := true, true
	var said []string
	for _, p := range g.parts {
		v, ok := p.figure(t)
		if !ok {
			all = false
			said = append(said, strings.TrimLeft(p.what+p.unit, " ×")+" not measured")
			continue
		}
		said = append(said, strings.TrimSpace(p.what+" "+number(v)+p.unit))
		met = met && (p.least == 0 || v >= p.least) && (p.most == 0 || v <= p.most)
	}
	switch {
	case !met:
		verdict = "**not met**"
	case !all:
		verdict = "not measured to the end"
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

func goals() []goal {
	const (
		ceiling = `^GetRecord, 50 features, .* records, ceiling$`
		alone   = `^GetRecord, 50 features, 10,000 a second \(open loop\), alone$`
		batch   = `^BatchGetRecord, 100 records of 50 features, .*ceiling$`
		spread  = `^BatchGetRecord, 100 records of 50 features from`
		puts    = `^PutRecord, 10 features, 64 clients`
	)
	var disturbed []part
	for _, what := range []string{"ingest", "a flush", "compaction", "a heavy query"} {
		disturbed = append(disturbed, part{"p99 during " + what, p99(`^GetRecord, 50 features, 10,000 a second \(open loop\), during `+what, ours), " ms", 0, 2})
	}
	return []goal{
		{"GetRecord, 50 features, ceiling", "≥ 0.7 of the bare handler that verifies, ≥ 0.5 of the one that does not; ≥ 20× Feast Python, ≥ 2× Feast Go", []part{
			{"", ratio(ceiling, ours, verifies), " of the one that verifies", 0.7, 0},
			{"", ratio(ceiling, ours, bare), " of the one that does not", 0.5, 0},
			{"", fastest(ceiling, feast), "× Feast Python", 20, 0},
			{"", fastest(ceiling, feastGo), "× Feast Go", 2, 0},
		}},
		{"GetRecord at 10 k/s, open loop", "p50 ≤ 0.2 ms, p99 ≤ 1 ms", []part{
			{"p50", p50(alone, ours), " ms", 0, 0.2}, {"p99", p99(alone, ours), " ms", 0, 1},
		}},
		{"the same during a flush, compaction and a heavy query", "p99 ≤ 2 ms", disturbed},
		{"BatchGetRecord, 100 × 50", "≥ 0.7 of the bare handler", []part{
			{"", ratio(batch, ours, verifies), " of the one that verifies", 0.7, 0},
			{"", ratio(batch, ours, bare), " of the one that does not", 0, 0},
		}},
		{"20 groups in one batch against one, at equal bytes", "≤ 1.5× the time", []part{
			{"", ratio(spread, "of 1 group$", "of 20 groups$"), "×", 0, 1.5},
		}},
		{"GetRecord at 10^7 records against 10^5", "≤ 1.3× the time", []part{
			{"", smallToLarge, "×", 0, 1.3},
		}},
		{"PutRecord, 64 clients, durable", "≥ 15 k/s and ≥ 0.7 of Redis with fsync always", []part{
			{"", rate(puts, ours), " a second", 15_000, 0},
			{"", ratio(puts, ours, `^Redis, SET, fsync always$`), " of Redis", 0.7, 0},
		}},
		{"BatchWriteRecord, 10 features", "≥ 100 k records/s", []part{{"", rate(`^BatchWriteRecord`, ours), " records a second", 100_000, 0}}},
		{"import, 10 features", "≥ 500 k rows/s, ≤ 1 GiB", []part{
			{"", rate(`^import of .* rows of 10 features .*Parquet$`, ours), " rows a second", 500_000, 0},
			{"", memory(`^import of .* rows of 10 features .*Parquet$`, ours), " MiB", 0, 1024},
		}},
		{"start with 10 GB of data", "≤ 3 s", []part{
			{"", value(`^start with 10 GB`, "stopped$"), " s", 0, 3},
			{"after kill -9", value(`^start with 10 GB`, "kill -9$"), " s", 0, 3},
		}},
		{"memory when idle", "≤ 64 MiB", []part{{"the server alone", value(`^memory when idle`, ours), " MiB", 0, 64}}},
		{"memory with 10^7 records", "stated", []part{{"", value(`^memory with`, ours), " MiB", 0, 0}}},
	}
}

// find returns the median rounds of the contenders of paths that match.
func (t *tree) find(path, contender string) []*results.Row {
	paths, contenders := regexp.MustCompile(path), regexp.MustCompile(contender)
	var all []*results.Row
	for _, s := range t.sections {
		for _, p := range s.paths {
			if !paths.MatchString(p.name) {
				continue
			}
			for _, l := range p.lines {
				if m := l.median(); m != nil && contenders.MatchString(l.contender) {
					all = append(all, m)
				}
			}
		}
	}
	return all
}

// one is a figure of the first median round that matches.
func one(path, contender string, of func(*results.Row) float64) func(*tree) (float64, bool) {
	return func(t *tree) (float64, bool) {
		all := t.find(path, contender)
		if len(all) == 0 || of(all[0]) == 0 {
			return 0, false
		}
		return of(all[0]), true
	}
}

func rate(path, contender string) func(*tree) (float64, bool) {
	return one(path, contender, func(r *results.Row) float64 { return r.Rate })
}

func value(path, contender string) func(*tree) (float64, bool) {
	return one(path, contender, func(r *results.Row) float64 { return r.Value })
}

func memory(path, contender string) func(*tree) (float64, bool) {
	return one(path, contender, func(r *results.Row) float64 { return r.RSS })
}

func p50(path, contender string) func(*tree) (float64, bool) {
	return one(path, contender, func(r *results.Row) float64 { return r.P50 })
}

func p99(path, contender string) func(*tree) (float64, bool) {
	return one(path, contender, func(r *results.Row) float64 { return r.P99 })
}

// ratio is the rate of one contender in that of another on the same path.
func ratio(path, a, b string) func(*tree) (float64, bool) {
	return func(t *tree) (float64, bool) {
		x, okX := rate(path, a)(t)
		y, okY := rate(path, b)(t)
		if !okX || !okY {
			return 0, false
		}
		return x / y, true
	}
}

// fastest is how many times our rate on a path is that of the fastest of a peer's ways to answer the same.
func fastest(path, peer string) func(*tree) (float64, bool) {
	return func(t *tree) (float64, bool) {
		x, ok := rate(path, ours)(t)
		best := 0.0
		for _, r := range t.find(`50 features.*ceiling`, peer) {
			best = max(best, r.Rate)
		}
		if !ok || best == 0 {
			return 0, false
		}
		return x / best, true
	}
}

// smallToLarge is how much longer a read of the large group takes, at the ceiling.
func smallToLarge(t *tree) (float64, bool) {
	all := t.find(`^GetRecord, .* a small and a large group, warm`, "^Larder, ")
	if len(all) != 2 || all[1].Rate == 0 {
		return 0, false
	}
	return all[0].Rate / all[1].Rate, true
}
