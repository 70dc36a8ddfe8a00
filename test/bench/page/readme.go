package page

import (
	"bytes"
	"fmt"
	"regexp"

	"github.com/larder-dev/larder/test/bench/results"
)

// The figures of a README stand between these lines, and nothing else does.
const (
	readmeBegin = "<!-- figures: made by make bench -->\n"
	readmeEnd   = "<!-- figures: end -->\n"
)

// A claim is a line of the README's figures: figures of the page, and nothing that is not on it. One of which nothing
// was measured is left out.
type claim struct {
	what    string
	figures []part // the limits are not used
}

func claims() []claim {
	return []claim{
		{"GetRecord of 50 features, at most", []part{
			{"", rate(ceiling, ours), " a second", 0, 0},
			{"", ratio(ceiling, ours, verifies), " of a bare net/http handler that verifies signatures", 0, 0},
			{"", ratio(ceiling, ours, bare), " of one that does nothing", 0, 0},
		}},
		{"the same beside others, which hold the same records and verify no signatures", []part{
			{"", ratio(besidePeers, ours, feast), "× Feast's Python server", 0, 0},
			{"", ratio(besidePeers, ours, feastGo), "× Feast's Go server", 0, 0},
			{"", ratio(besidePeers, ours, "^Redis, HMGET$"), "× Redis `HMGET` without HTTP", 0, 0},
		}},
		{"GetRecord at 10,000 a second: median, 99th percentile", []part{
			{"", p50(steady+"alone$", ours), " ms", 0, 0}, {"", p99(steady+"alone$", ours), " ms", 0, 0},
		}},
		{"the 99th percentile during a flush, compaction, a heavy query", []part{
			{"", p99(steady+"during a flush as fast as it goes$", ours), " ms", 0, 0}, {"", p99(steady+"during compaction$", ours), " ms", 0, 0},
			{"", p99(steady+"during a heavy query$", ours), " ms", 0, 0},
		}},
		{"BatchGetRecord of 100 records of 50 features", []part{
			{"", rate(batch, ours), " a second", 0, 0}, {"", ratio(batch, ours, verifies), " of the bare handler that verifies", 0, 0},
		}},
		{"PutRecord of 10 features, on disk before its answer; 64 clients", []part{
			{"", rate(puts, ours), " a second", 0, 0}, {"", ratio(putsBeside, ours, "^Redis, "), "× Redis `SET` with fsync always", 0, 0},
		}},
		{"BatchWriteRecord, the same", []part{{"", rate(`^BatchWriteRecord, [^,]*, 16 clients, durable$`, ours), " records a second", 0, 0}}},
		{"import of Parquet with 10 features into both stores", []part{
			{"", rate(imports, ours), " rows a second", 0, 0}, {"memory at most", largest(imports, ours, func(r *results.Row) float64 { return r.RSS }), " MiB", 0, 0},
		}},
		{"start, until it is ready", []part{
			{"on an empty directory", value(`^start on an empty directory`, ours), " s", 0, 0}, {"after `kill -9`", sized(`^start with (.*) of data`, "kill -9$"), " s", 0, 0},
		}},
		{"memory", []part{
			{"when idle", value(`^memory when idle`, ours), " MiB", 0, 0}, {"after reads", sized(`^memory with (.* records), after reads`, ours), " MiB", 0, 0},
		}},
		{"size of the binary", []part{{"", value(`^size of the binary`, ours), " MiB", 0, 0}}},
		{"`make build` with empty caches, downloads included", []part{{"", value(`^make build with empty caches`, ours), " s", 0, 0}}},
	}
}

// figures is what stands between the lines.
func figures(rows []results.Row) []byte {
	t := group(rows)
	var out bytes.Buffer
	fmt.Fprintf(&out, "Measured by `make bench` with client and server on one machine, every signature verified ([how, and all the rest](docs/benchmarks.md)): %s.\n\n| what | figure |\n|---|---|\n", t.facts)
	for _, c := range claims() {
		said := ""
		for _, p := range c.figures {
			f := p.figure(t)
			if f.why != "" {
				continue
			}
			if said != "" {
				said += "; "
			}
			if p.what != "" {
				said += p.what + " "
			}
			said += number(f.v) + p.unit
			if f.of != "" {
				said += " (" + f.of + ")"
			}
		}
		if said != "" {
			fmt.Fprintf(&out, "| %s | %s |\n", c.what, said)
		}
	}
	return out.Bytes()
}

// Readme returns a README with the figures of rows in the place of those that it has.
func Readme(text []byte, rows []results.Row) ([]byte, error) {
	before, rest, begins := bytes.Cut(text, []byte(readmeBegin))
	_, after, ends := bytes.Cut(rest, []byte(readmeEnd))
	if !begins || !ends {
		return nil, fmt.Errorf("it has no figures between the lines %q and %q", readmeBegin, readmeEnd)
	}
	return bytes.Join([][]byte{before, []byte(readmeBegin), figures(rows), []byte(readmeEnd), after}, nil), nil
}

var title = regexp.MustCompile(`(?m)\A\s*# .*\n`)

// Text is a page without its title.
func Text(page []byte) []byte { return title.ReplaceAll(page, nil) }
