package peers

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/records"
)

// A feast is one way to run Feast.
type feast struct {
	name    string
	env     string // environment below .cache/python
	redis   bool   // else SQLite
	keys    int    // version of Feast's entity keys, the newest that the release has
	service string // feature service that is asked for
	note    string
	argv    func(python, sources string, port int) []string
}

// pythonServer is `feast serve` as its documentation says for production: a worker for each core, no access log. Workers
// are not started anew, connections stay open, and the registry is not read again. The program is named by what it runs:
// scripts of an environment that was moved name an interpreter that is gone.
func pythonServer(python, _ string, port int) []string {
	return []string{python, "-c", "from feast.cli.cli import cli; cli()", "serve", "--host", "127.0.0.1", "--port", strconv.Itoa(port), "--no-access-log",
		"--workers", "2", "--max-requests", "0", "--max-requests-jitter", "0", "--keep-alive-timeout", "600", "--registry_ttl_sec", "0"}
}

func goServer(python, sources string, port int) []string {
	return []string{python, "-W", "ignore", filepath.Join(sources, "feast_go.py"), strconv.Itoa(port)}
}

const pythonNote = "2 workers, connections kept open, no authentication"

func feasts() []feast {
	return []feast{
		{"Feast, Python server on Redis", "feast", true, 3, "all", pythonNote, pythonServer},
		{"Feast, Python server, pre-computed vectors on Redis", "feast", true, 3, "vectors", pythonNote + ", a feature service with precompute_online", pythonServer},
		{"Feast, Python server on SQLite", "feast", false, 3, "all", pythonNote, pythonServer},
		{"Feast 0.29, Go server on Redis", "feastgo", true, 2, "all", "the last release whose package has it compiled; no authentication", goServer},
	}
}

// start starts a Feast over a store of its own.
func (f feast) start(ctx context.Context, s *Setup) (_ *Running, err error) {
	python := filepath.Join(s.Cache, "python", f.env, "bin", "python")
	if _, err := os.Stat(filepath.Join(s.Cache, "python", f.env, "ready")); err != nil {
		return nil, fmt.Errorf("it is not set up: scripts/python %s", f.env)
	}
	version, err := versionOf(ctx, "Feast", python, "-c", "import importlib.metadata; print(importlib.metadata.version('feast'))")
	if err != nil {
		return nil, err
	}
	r := &Running{}
	defer r.stopIf(&err)
	store := "{type: sqlite, path: online.db}"
	if f.redis {
		redis, addr, err := s.startRedis(ctx, "--appendonly", "no")
		if err != nil {
			return nil, err
		}
		r.Processes = append(r.Processes, redis)
		store = fmt.Sprintf("{type: redis, connection_string: %q}", addr)
	}
	repository := filepath.Join(s.Dir, "repository")
	if err := f.prepare(ctx, s, python, repository, store); err != nil {
		return nil, err
	}
	p, addr, err := listens(ctx, f.name, repository, feastEnv, func(port int) []string { return f.argv(python, s.Sources, port) })
	if err != nil {
		return nil, err
	}
	r.Processes = append(r.Processes, p)
	for _, path := range Reads() {
		asked := s.asked(path)
		a := Ask{Path: path, Contender: f.name, Note: version + ", " + f.note, Addr: addr, Whole: checkFeast(asked, records.Features(readFeatures))}
		for _, ids := range asked {
			a.Requests = append(a.Requests, f.request(addr, ids))
		}
		r.Asks = append(r.Asks, a)
	}
	return r, nil
}

// feastEnv: the old release counts its users, over the network.
var feastEnv = []string{"FEAST_USAGE=False", "PYTHONWARNINGS=ignore"}

// prepare makes a repository and loads its store.
func (f feast) prepare(ctx context.Context, s *Setup, python, repository, store string) error {
	if err := os.Mkdir(repository, 0o755); err != nil {
		return err
	}
	settings := fmt.Sprintf("project: bench\nprovider: local\nregistry: registry.db\nonline_store: %s\noffline_store: {type: file}\nentity_key_serialization_version: %d\n", store, f.keys)
	if err := os.WriteFile(filepath.Join(repository, "feature_store.yaml"), []byte(settings), 0o644); err != nil {
		return err
	}
	file := filepath.Join(s.Dir, "records.csv")
	if err := writeRecords(file, s.Records, records.Features(readFeatures)); err != nil {
		return err
	}
	c := exec.CommandContext(ctx, python, filepath.Join(s.Sources, "feast_store.py"), repository, file)
	if f.service == "vectors" {
		c.Args = append(c.Args, "--precompute")
	}
	c.Dir, c.Env, c.WaitDelay = repository, append(os.Environ(), feastEnv...), 5*time.Second
	out, err := c.CombinedOutput()
	if err != nil {
		return fmt.Errorf("load: %w: %s", errors.Join(err, ctx.Err()), out[max(0, len(out)-1000):])
	}
	for line := range strings.Lines(string(out)) {
		s.Say("  %s", strings.TrimSpace(line))
	}
	return os.Remove(file)
}

// writeRecords writes what feast_store.py reads.
func writeRecords(file string, n int, features []records.Feature) (err error) {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 1<<20)
	types := map[records.Kind]string{records.Text: "String", records.Whole: "Int64", records.Decimal: "Float64"}
	for i, feature := range features {
		fmt.Fprintf(out, "%s%s:%s", comma(i), feature.Name, types[feature.Kind])
	}
	for record := range n {
		out.WriteByte('\n') //nolint:errcheck // Flush says it
		for i := range features {
			fmt.Fprintf(out, "%s%s", comma(i), records.String(record, i, 0))
		}
	}
	return out.Flush()
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

// request asks for all features of records.
func (f feast) request(addr string, ids []int) load.Request {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = records.ID(id)
	}
	body, err := json.Marshal(map[string]any{
		"feature_service": f.service, "entities": map[string][]string{"id": names},
		// Vectors are kept under full names, and found under no others.
		"full_feature_names": f.service == "vectors",
	})
	if err != nil {
		panic(err) // texts and a truth value
	}
	head := fmt.Sprintf("POST /get-online-features HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", addr, len(body))
	return load.Request{Bytes: append([]byte(head), body...)}
}

// A feastAnswer is what Feast says: a column for each feature, a row for each entity.
type feastAnswer struct {
	Metadata struct {
		Names []string `json:"feature_names"`
	} `json:"metadata"`
	Results []struct {
		Values []any `json:"values"`
	} `json:"results"`
}

// checkFeast compares every value of an answer.
func checkFeast(asked [][]int, features []records.Feature) func(int, load.Answer) error {
	at := map[string]int{}
	for i, f := range features {
		at[f.Name] = i
	}
	return func(n int, a load.Answer) error {
		var got feastAnswer
		if err := json.Unmarshal(a.Body, &got); err != nil {
			return fmt.Errorf("%w: %.200q", err, a.Body)
		}
		if len(got.Metadata.Names) != len(features) || len(got.Results) != len(features) {
			return fmt.Errorf("%d names and %d features, not %d: %.200q", len(got.Metadata.Names), len(got.Results), len(features), a.Body)
		}
		for i, name := range got.Metadata.Names {
			feature, known := at[strings.TrimPrefix(name, "records__")]
			if !known || len(got.Results[i].Values) != len(asked[n]) {
				return fmt.Errorf("feature %q of %d entities, not %d", name, len(got.Results[i].Values), len(asked[n]))
			}
			for k, v := range got.Results[i].Values {
				if want := records.Value(asked[n][k], feature, 0); !same(v, want) {
					return fmt.Errorf("%s of record %d is %v, want %v", name, asked[n][k], v, want)
				}
			}
		}
		return nil
	}
}

// same tells whether a value of JSON is one that was loaded.
func same(got, want any) bool {
	if whole, ok := want.(int64); ok {
		want = float64(whole)
	}
	return got == want
}
