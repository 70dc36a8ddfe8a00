package trino

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// A server is a Trino that has Larder's catalog, and reads Larder's buckets.
type server struct{ url string }

// startTrino starts a Trino on a port of its own, and waits until it answers.
func startTrino(t *testing.T, w *world, dir string) *server {
	t.Helper()
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	etc := t.TempDir()
	port := freePort(t)
	env := w.server.Env
	write := func(name string, settings ...string) {
		t.Helper()
		path := filepath.Join(etc, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.Join(settings, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("config.properties",
		"node.environment=larder", "node.id=one", "coordinator=true", "node-scheduler.include-coordinator=true",
		"http-server.http.port="+port, "http-server.log.enabled=false", "discovery.uri=http://127.0.0.1:"+port,
		"plugin.dir="+filepath.Join(dir, "plugin"), "catalog.config-dir="+filepath.Join(etc, "catalog"),
		"query.max-memory=512MB", "query.max-memory-per-node=512MB", "memory.heap-headroom-per-node=256MB")
	write("catalog/awsdatacatalog.properties",
		"connector.name=hive", "hive.metastore=glue", "hive.metastore.glue.region="+env["AWS_REGION"],
		"hive.metastore.glue.endpoint-url="+env["AWS_ENDPOINT_URL"],
		"hive.metastore.glue.aws-access-key="+env["AWS_ACCESS_KEY_ID"], "hive.metastore.glue.aws-secret-key="+env["AWS_SECRET_ACCESS_KEY"],
		"fs.hadoop.enabled=false", "fs.native-s3.enabled=true", "s3.endpoint="+env["AWS_ENDPOINT_URL"], "s3.region="+env["AWS_REGION"],
		"s3.path-style-access=true", "hive.non-managed-table-writes-enabled=true", "hive.recursive-directories=true", "s3.aws-access-key="+env["AWS_ACCESS_KEY_ID"], "s3.aws-secret-key="+env["AWS_SECRET_ACCESS_KEY"])
	log, err := os.Create(filepath.Join(etc, "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("java", "-Xmx1500M", "-Djdk.attach.allowAttachSelf=true", "-Duser.timezone=UTC", "--add-opens=java.base/java.nio=ALL-UNNAMED",
		"-Dconfig="+filepath.Join(etc, "config.properties"), "-cp", filepath.Join(dir, "classes")+":"+filepath.Join(dir, "lib", "*"), "TrinoMain")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGKILL) //nolint:errcheck // it may have ended by itself
		<-ended
		log.Close()
	})
	s := &server{"http://127.0.0.1:" + port}
	for range 600 {
		select {
		case err := <-ended:
			ended <- err
			text, _ := os.ReadFile(log.Name())
			t.Fatalf("trino ended: %v\n%s", err, text[max(0, len(text)-4000):])
		case <-time.After(500 * time.Millisecond):
		}
		if a := s.ask(t.Context(), "SELECT 1"); a.Error == nil {
			return s
		}
	}
	t.Fatal("trino does not get ready")
	return nil
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// A page is what Trino's protocol answers with (https://trino.io/docs/435/develop/client-protocol.html).
type page struct {
	NextURI string `json:"nextUri"`
	Columns []column
	Data    [][]json.RawMessage
	Error   *struct{ ErrorName, Message string }
}

// ask is Trino's answer.
func (s *server) ask(ctx context.Context, statement string) *answer {
	a := &answer{SQL: statement}
	p, err := s.send(ctx, http.MethodPost, s.url+"/v1/statement", statement)
	for ; err == nil; p, err = s.send(ctx, http.MethodGet, p.NextURI, "") {
		if p.Error != nil {
			return &answer{SQL: statement, Error: &failure{p.Error.ErrorName, p.Error.Message}}
		}
		if a.Columns == nil {
			a.Columns = p.Columns
		}
		a.Rows = append(a.Rows, p.Data...)
		if p.NextURI == "" {
			return a
		}
	}
	return &answer{SQL: statement, Error: &failure{"no answer", err.Error()}}
}

func (s *server) send(ctx context.Context, method, url, body string) (*page, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{"User": "larder", "Catalog": "awsdatacatalog", "Schema": database, "Time-Zone": "UTC"} {
		r.Header.Set("X-Trino-"+name, value)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", response.Status, text)
	}
	p := &page{}
	return p, json.NewDecoder(bytes.NewReader(text)).Decode(p)
}

// record asks Trino every statement and writes golden/ anew.
func (w *world) record(t *testing.T, s *server) {
	t.Helper()
	ctx := t.Context()
	if _, err := os.Stat("testdata/kinds.parquet"); err != nil {
		w.makeKinds(t, s)
	}
	w.awaitFlush(t, s)
	for _, chapter := range chapters(t) {
		old := map[string]*answer{}
		if _, err := os.Stat("golden/" + chapter + ".jsonl"); err == nil {
			old = readGolden(t, chapter)
		}
		var answers []*answer
		for _, statement := range readStatements(t, chapter) {
			if a := old[statement]; a != nil && !strings.Contains(statement, *only) {
				answers = append(answers, a)
				continue
			}
			answers = append(answers, s.ask(ctx, statement))
		}
		writeGolden(t, chapter, answers)
	}
}

// awaitFlush waits until Trino sees what was put.
func (w *world) awaitFlush(t *testing.T, s *server) {
	t.Helper()
	var seen string
	for range 400 {
		if a := s.ask(t.Context(), "SELECT count(*) FROM "+group); a.Error == nil {
			if seen = string(a.Rows[0][0]); seen == "41" {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("Trino sees %s rows of %s and not 41", seen, group)
}

// makeKinds has Trino write kindsRows, and keeps the file.
func (w *world) makeKinds(t *testing.T, s *server) {
	t.Helper()
	ctx := t.Context()
	var types []string
	for i, c := range kindsColumns {
		name, hive, _ := strings.Cut(c, " ")
		of := map[string]string{"int": "integer", "float": "real", "string": "varchar", "binary": "varbinary", "timestamp": "timestamp(3)", "array<int>": "array(integer)", "map<string,int>": "map(varchar,integer)", "struct<x:int,y:string>": "row(x integer, y varchar)"}[hive]
		if of == "" {
			of = hive
		}
		types = append(types, fmt.Sprintf("CAST(c%d AS %s) %s", i, of, name))
	}
	names := make([]string, len(kindsColumns))
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	a := s.ask(ctx, "INSERT INTO kinds SELECT "+strings.Join(types, ", ")+" FROM ("+kindsRows+") AS k ("+strings.Join(names, ", ")+")")
	if a.Error != nil {
		t.Fatal(a.summary())
	}
	list, err := w.S3.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String(bucket), Prefix: aws.String("kinds/")})
	if err != nil || len(list.Contents) != 1 {
		t.Fatalf("%d files of kinds: %v", len(list.Contents), err)
	}
	o, err := w.S3.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(bucket), Key: list.Contents[0].Key})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Body.Close()
	body, err := io.ReadAll(o.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/kinds.parquet", body, 0o644); err != nil {
		t.Fatal(err)
	}
}
