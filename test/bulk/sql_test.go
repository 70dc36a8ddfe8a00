package bulk

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"

	"github.com/larder-dev/larder/test/history"
	"github.com/larder-dev/larder/test/wiretest"
)

const (
	events = "events"
	small  = "customers-now"
	// smallRows is how many rows the small group has.
	smallRows = 1_000_000
)

// A loaded directory has a server's data and says what is in it.
type loaded struct {
	Rows, Days int64
	Files      map[string][]string // of a name in statements, the files of its rows
}

// BenchmarkLarderSQL imports SQL_ROWS rows over SQL_DAYS days and a million rows of another group below SQL_DIR, unless
// an earlier run has left them there, and asks the statements of Larder and of plain DuckDB, SQL_ROUNDS times each in turn.
func BenchmarkLarderSQL(b *testing.B) {
	dir := os.Getenv("SQL_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	has := prepare(b, dir)
	c := newContest(b, dir, has)
	for b.Loop() {
		c.run(int(number(b, "SQL_ROUNDS", 3)))
	}
	if err := c.server.Stop(); err != nil {
		b.Errorf("the server ended with: %v", err)
	}
}

// prepare loads what is not there yet.
func prepare(b *testing.B, dir string) loaded {
	b.Helper()
	note := filepath.Join(dir, "loaded.json")
	var has loaded
	if text, err := os.ReadFile(note); err == nil {
		if err := json.Unmarshal(text, &has); err != nil {
			b.Fatal(err)
		}
		return has
	}
	has = loaded{Rows: number(b, "SQL_ROWS", 1_000_000), Days: number(b, "SQL_DAYS", 6), Files: map[string][]string{}}
	l := &load{b: b, dir: dir, server: wiretest.Start(b, filepath.Join(dir, "data"))}
	l.clients = wiretest.NewClients(l.server.Env)
	if _, err := l.clients.S3.CreateBucket(b.Context(), &s3.CreateBucketInput{Bucket: aws.String(lake)}); err != nil {
		b.Fatal(err)
	}
	l.history = history.History{Rows: has.Rows, Days: has.Days}
	has.Files["events"] = l.fill(events, has.Rows)
	l.history = history.History{Rows: smallRows, Days: 3}
	has.Files["customers_now"] = l.fill(small, smallRows)
	if err := l.server.Stop(); err != nil {
		b.Fatal(err)
	}
	text, err := json.Marshal(has)
	if err == nil {
		err = os.WriteFile(note, text, 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
	return has
}

// fill creates a group, imports the first rows of the history and returns the files that came of it.
func (l *load) fill(group string, rows int64) []string {
	l.b.Helper()
	l.createGroup(group)
	before := blobs(l.b, l.server.Data)
	for at := int64(0); at < rows; at += perFile {
		files, _ := l.generate(at, min(at+perFile, rows))
		l.sources = append(l.sources, files...)
	}
	took := l.command(group, l.sources)
	l.b.Logf("%s: %d rows in %.0f s", group, rows, took.Seconds())
	for _, file := range l.sources {
		if err := os.Remove(file); err != nil {
			l.b.Fatal(err)
		}
	}
	l.sources = nil
	var made []string
	for path := range blobs(l.b, l.server.Data) {
		if _, old := before[path]; !old {
			made = append(made, path)
		}
	}
	slices.Sort(made)
	return made
}

// blobs are the files of objects in a data directory that have bytes, with their sizes.
func blobs(b *testing.B, data string) map[string]int64 {
	b.Helper()
	all := map[string]int64{}
	err := filepath.WalkDir(filepath.Join(data, "blobs"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Size() > 0 {
			all[path] = info.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return all
}

// A contest asks Larder and DuckDB the same.
type contest struct {
	load
	has    loaded
	python string
	memory string
	tables *strings.Replacer // of the names in statements
}

func newContest(b *testing.B, dir string, has loaded) *contest {
	b.Helper()
	memory := os.Getenv("SQL_QUERY_MEMORY")
	if memory == "" {
		memory = "3GiB"
	}
	c := &contest{has: has, python: os.Getenv("SQL_PYTHON"), memory: memory}
	c.load = load{b: b, dir: dir, server: wiretest.Start(b, filepath.Join(dir, "data"), "--query-memory", memory)}
	c.clients = wiretest.NewClients(c.server.Env)
	if c.python == "" {
		b.Fatal("SQL_PYTHON is not set: scripts/bench-sql sets it")
	}
	c.settle()
	c.tables = strings.NewReplacer("FROM events", "FROM "+c.tableOf(events), "customers_now", c.tableOf(small))
	return c
}

// settle waits until the server makes no files of its own: an hour after they came, files are merged.
func (c *contest) settle() {
	c.b.Helper()
	for before, quiet := blobs(c.b, c.server.Data), 0; quiet < 10; quiet++ {
		time.Sleep(time.Second)
		now := blobs(c.b, c.server.Data)
		if len(now) != len(before) {
			before, quiet = now, -1
		}
	}
}

// tableOf is the name of a group's table.
func (c *contest) tableOf(group string) string {
	c.b.Helper()
	g, err := c.clients.SageMaker.DescribeFeatureGroup(c.b.Context(), &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: aws.String(group)})
	if err != nil {
		c.b.Fatal(err)
	}
	return `"` + aws.ToString(g.OfflineStoreConfig.DataCatalogConfig.TableName) + `"`
}

// A run is one statement on one side.
type run struct {
	seconds     float64
	processor   float64 // seconds
	peak, spill int64   // bytes
	result      string
}

// run asks all statements, and prints a line of each.
func (c *contest) run(rounds int) {
	c.b.Helper()
	hour := (int64(history.Start)/3600 + c.has.Days*12) * 3600
	format := func(at int64) string { return time.Unix(at, 0).UTC().Format("2006-01-02T15") }
	only := os.Getenv("SQL_ONLY")
	fmt.Printf("| statement | Larder s | DuckDB s | ratio, median | worst | processor s, Larder | DuckDB | ratio | memory MiB, Larder | DuckDB | spilled MiB, Larder | DuckDB |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, s := range statementsOf(format(hour), format(hour+3600)) {
		if !strings.Contains(s.name, only) {
			continue
		}
		var ours, theirs []run
		for round := range rounds {
			if round%2 == 0 {
				ours = append(ours, c.larderRun(s))
			}
			theirs = append(theirs, c.peerRun(s))
			if round%2 == 1 {
				ours = append(ours, c.larderRun(s))
			}
			if round == 0 {
				c.same(s, ours[0].result, theirs[0].result)
			}
			for _, r := range []run{ours[round], theirs[round]} {
				if err := os.Remove(r.result); err != nil {
					c.b.Fatal(err)
				}
			}
		}
		fmt.Println(line(s, ours, theirs))
	}
}

// line sums up the rounds of a statement.
func line(s statement, ours, theirs []run) string {
	median := func(list []float64) float64 { slices.Sort(list); return list[len(list)/2] }
	var a, b, ratios, used, usedThere []float64
	var most [4]int64
	for i := range ours {
		a, b = append(a, ours[i].seconds), append(b, theirs[i].seconds)
		ratios = append(ratios, ours[i].seconds/theirs[i].seconds)
		used, usedThere = append(used, ours[i].processor), append(usedThere, theirs[i].processor)
		for k, v := range []int64{ours[i].peak, theirs[i].peak, ours[i].spill, theirs[i].spill} {
			most[k] = max(most[k], v)
		}
	}
	return fmt.Sprintf("| %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %d | %d | %d | %d |",
		s.name, median(a), median(b), median(ratios), slices.Max(ratios), median(used), median(usedThere), median(used)/median(usedThere), most[0]>>20, most[1]>>20, most[2]>>20, most[3]>>20)
}

// same holds the two results against each other: rows of short ones, the number of rows of long ones.
func (c *contest) same(s statement, ours, theirs string) {
	c.b.Helper()
	a, b := rowsOf(c.b, ours), rowsOf(c.b, theirs)
	if len(a) != len(b) {
		c.b.Errorf("%s: %d rows, of DuckDB %d", s.name, len(a), len(b))
		return
	}
	if len(a) > 10_000 {
		return
	}
	for i := range a {
		if !slices.EqualFunc(a[i], b[i], sameValue) {
			c.b.Errorf("%s: row %d is %q, of DuckDB %q", s.name, i, a[i], b[i])
			return
		}
	}
}

// sameValue compares texts, numbers to 9 digits: sums of doubles depend on the order of their rows.
func sameValue(a, b string) bool {
	var x, y float64
	if a == b {
		return true
	}
	n, _ := fmt.Sscan(a, &x)
	m, _ := fmt.Sscan(b, &y)
	if n != 1 || m != 1 || x == 0 {
		return strings.HasPrefix(b, a) || strings.HasPrefix(a, b) // timestamps with more digits
	}
	return (x-y)/x < 1e-9 && (y-x)/x < 1e-9
}

func rowsOf(b *testing.B, path string) [][]string {
	b.Helper()
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	return rows[1:]
}
