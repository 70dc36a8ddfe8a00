package query_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

func TestSelectLeavesACSVAndItsMetadata(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	w.engine.run = gives([]string{"say \"x\",\ntwice", "1", "<null>"}, []string{"", "2", "0.5"}, []string{"<null>", "<null>", "<null>"})
	e := w.succeed(`SELECT 'a' AS "Text", 1 AS n, 0.5E0`)
	want := "s3://results/out/" + e.ID + ".csv"
	if e.Output != want || e.Statement != "DML" || e.Substatement != "SELECT" || e.Rows != 3 || e.WorkGroup != "primary" {
		t.Errorf("execution %+v", e)
	}
	got, ok := w.object(want)
	if diff := cmp.Diff("\"Text\",\"n\",\"_col2\"\n\"say \"\"x\"\",\ntwice\",\"1\",\n\"\",\"2\",\"0.5\"\n,,\n", got); !ok || diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	if metadata, ok := w.object(want + ".metadata"); !ok || !strings.Contains(metadata, "Text") {
		t.Errorf("metadata %q", metadata)
	}
	columns := []query.Column{{Name: "Text", Type: "varchar", Precision: 1}, {Name: "n", Type: "integer", Precision: 10}, {Name: "_col2", Type: "double", Precision: 17}}
	if diff := cmp.Diff(columns, e.Columns); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	if e.Started.Before(e.Submitted) || e.Completed.Before(e.Started) {
		t.Errorf("submitted %v, started %v, completed %v", e.Submitted, e.Started, e.Completed)
	}
}

func TestResultsComeInPages(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	var rows [][]string
	for i := range 7 {
		rows = append(rows, []string{fmt.Sprintf("row \"%d\"\n,", i), "<null>"}, []string{"", fmt.Sprint(i)})
	}
	w.engine.run = gives(rows...)
	e := w.succeed("SELECT 'a' AS a, 1 AS b")
	want := append([][]string{{"a", "b"}}, rows...)
	for limit := 1; limit <= len(want)+1; limit++ {
		var got [][]string
		for token := ""; ; {
			p := must(w.Results(t.Context(), e.ID, token, limit))(t)
			if len(p.Rows) > limit || len(p.Columns) != 2 {
				t.Fatalf("limit %d: a page of %d rows, %d columns", limit, len(p.Rows), len(p.Columns))
			}
			for _, row := range p.Rows {
				texts := []string{"<null>", "<null>"}
				for i, v := range row {
					if v != nil {
						texts[i] = *v
					}
				}
				got = append(got, texts)
			}
			if token = p.Next; token == "" {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("limit %d (-want +got):\n%s", limit, diff)
		}
	}
	other := w.succeed("SELECT 'a' AS a, 1 AS b")
	of := must(w.Results(t.Context(), other.ID, "", 1))(t).Next
	for _, token := range []string{"x", "AAAA", "bGFyZGVyMTotMQ", "bGFyZGVyMjo6LTE", of} {
		if _, err := w.Results(t.Context(), e.ID, token, 5); feature.KindOf(err) != feature.Invalid {
			t.Errorf("token %q: %v", token, err)
		}
	}
}

func TestResultsOfWhatDidNotSucceed(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	begun := make(chan struct{})
	w.engine.run = hangs(begun)
	id := w.start("SELECT 1")
	<-begun
	_, err := w.Results(t.Context(), id, "", 10)
	if feature.KindOf(err) != feature.Invalid || !strings.HasPrefix(err.Error(), "Query has not yet finished. Current state: ") {
		t.Errorf("running: %v", err)
	}
	if err := w.Stop(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	_, err = w.Results(t.Context(), id, "", 10)
	if want := "Query did not finish successfully. Final query state: CANCELLED"; feature.KindOf(err) != feature.Invalid || err.Error() != want {
		t.Errorf("cancelled: %v", err)
	}
	w.engine.run = nil
	e := w.succeed("SELECT 1")
	_, key, _ := strings.Cut(strings.TrimPrefix(e.Output, "s3://"), "/")
	if err := w.db.Objects().Commit(t.Context(), bucket.Change{Delete: []bucket.ObjectRef{{Bucket: theBucket, Key: key}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Results(t.Context(), e.ID, "", 10); feature.KindOf(err) != feature.Invalid || !strings.HasPrefix(err.Error(), "Could not find results") {
		t.Errorf("removed: %v", err)
	}
	if _, err := w.Results(t.Context(), "no-such-id", "", 10); feature.KindOf(err) != feature.NotFound {
		t.Errorf("unknown: %v", err)
	}
}

func TestStopEndsAQueryAndLeavesAnEndedOneAlone(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	begun := make(chan struct{})
	w.engine.run = hangs(begun)
	id := w.start("SELECT 1")
	<-begun
	for range 2 {
		if err := w.Stop(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		e := must(w.Get(t.Context(), id, 0))(t)
		if e.State != query.Cancelled || e.Failure == nil || e.Failure.Reason != "Query cancelled by user" || e.Completed.IsZero() {
			t.Errorf("stopped: %s %+v", e.State, e.Failure)
		}
		if _, ok := w.object(e.Output); ok {
			t.Error("a stopped query left a result")
		}
	}
	if err := w.Stop(t.Context(), "no-such-id"); feature.KindOf(err) != feature.NotFound {
		t.Errorf("unknown: %v", err)
	}
}

func TestQueriesThatWaitAreQueuedAndCanBeStopped(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	begun := make(chan struct{}, 100)
	w.engine.run = hangs(begun)
	var ids []string
	for range 30 { // more than are planned at a time
		ids = append(ids, w.start("SELECT 1"))
	}
	for range 16 {
		<-begun
	}
	queued := 0
	for _, id := range ids {
		if must(w.Get(t.Context(), id, 0))(t).State == query.Queued {
			queued++
		}
	}
	if queued < 14 {
		t.Errorf("%d of 30 are QUEUED", queued)
	}
	for i := len(ids) - 1; i >= 0; i-- {
		if err := w.Stop(t.Context(), ids[i]); err != nil {
			t.Fatal(err)
		}
		if e := w.end(ids[i]); e.State != query.Cancelled {
			t.Errorf("execution %d is %s", i, e.State)
		}
	}
}

func TestStartRefuses(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	tests := []struct {
		name string
		r    query.Request
		want string
	}{
		{"no statement", query.Request{SQL: " \n", OutputFolder: "s3://results"}, "QueryString is empty"},
		{"a long statement", query.Request{SQL: "SELECT '" + strings.Repeat("é", 131_072) + "'", OutputFolder: "s3://results"}, "QueryString has 262153 bytes"},
		{"no output location", query.Request{SQL: "SELECT 1"}, "No output location provided. An output location is required"},
		{"no S3 location", query.Request{SQL: "SELECT 1", OutputFolder: "/tmp"}, "outputLocation is not a valid S3 path"},
		{"no bucket", query.Request{SQL: "SELECT 1", OutputFolder: "s3:///x"}, "outputLocation is not a valid S3 path"},
		{"another work group", query.Request{SQL: "SELECT 1", OutputFolder: "s3://results", WorkGroup: "mine"}, "WorkGroup mine is not found."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := w.Start(t.Context(), test.r)
			if feature.KindOf(err) != feature.Invalid || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestOneTokenIsOneExecution(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	r := query.Request{SQL: "SELECT 1", OutputFolder: "s3://results", Token: "token"}
	first := must(w.Start(t.Context(), r))(t)
	w.end(first)
	if second := must(w.Start(t.Context(), r))(t); second != first {
		t.Errorf("execution %s, then %s", first, second)
	}
	for name, change := range map[string]func(*query.Request){
		"statement": func(r *query.Request) { r.SQL = "SELECT 2" }, "database": func(r *query.Request) { r.Database = "default" },
		"folder": func(r *query.Request) { r.OutputFolder = "s3://results/x" }, "parameters": func(r *query.Request) { r.Parameters = []string{"1"} },
		"encryption": func(r *query.Request) { r.Result.Encryption = "SSE_S3" }, "reuse": func(r *query.Request) { r.Reuse = &query.Reuse{Enabled: true} },
	} {
		other := r
		change(&other)
		if _, err := w.Start(t.Context(), other); feature.KindOf(err) != feature.Invalid || !strings.HasPrefix(err.Error(), "Idempotent parameters do not match") {
			t.Errorf("another %s: %v", name, err)
		}
	}
}

func TestWhatIsWrongWithAStatementMakesItFail(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	tests := []struct {
		name, sql, want string
		category, kind  int
	}{
		{"syntax", "SELEC 1", "SYNTAX_ERROR: line 1:1: mismatched input 'SELEC'", 2, 1006},
		{"table", "SELECT * FROM nothing", "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.sagemaker_featurestore.nothing' does not exist", 2, 1110},
		{"database", "SELECT * FROM nowhere.t", "SCHEMA_NOT_FOUND: Schema 'nowhere' does not exist", 2, 1301},
		{"catalog", "SELECT * FROM other.nowhere.t", "CATALOG_NOT_FOUND: line 1:15: ", 2, 1301},
		{"drop", "DROP TABLE nothing", "FAILED: SemanticException [Error 10001]: Table not found sagemaker_featurestore.nothing", 2, 1003},
		{"create in no database", "CREATE EXTERNAL TABLE nowhere.t (a int) STORED AS PARQUET LOCATION 's3://results/t/'", "FAILED: SemanticException [Error 10072]: Database does not exist: nowhere", 2, 1003},
		{"the catalog's own database", "CREATE DATABASE information_schema", "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. AlreadyExistsException(message:Database information_schema already exists", 2, 1003},
		{"database twice", "CREATE DATABASE sagemaker_featurestore", "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. AlreadyExistsException(message:Database sagemaker_featurestore already exists.)", 2, 1003},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := w.fail(test.sql)
			if !strings.HasPrefix(f.Reason, test.want) || f.Category != test.category || f.Type != test.kind {
				t.Errorf("got %+v, want %s, category %d, type %d", f, test.want, test.category, test.kind)
			}
		})
	}
}

func TestErrorsOfTheEngineMakeAStatementFail(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	tests := []struct {
		name string
		err  error
		want query.Failure
	}{
		{"of the data", &query.EngineError{Code: "DIVISION_BY_ZERO", Message: "Division by zero"}, query.Failure{Reason: "DIVISION_BY_ZERO: Division by zero", Category: 2, Type: 1001}},
		{"of memory", &query.EngineError{Code: "EXCEEDED_LOCAL_MEMORY_LIMIT", Message: "m"}, query.Failure{Reason: "EXCEEDED_LOCAL_MEMORY_LIMIT: m", Category: 2, Type: 0}},
		{"of the worker", &query.EngineError{Code: "REMOTE_HOST_GONE", Message: "m"}, query.Failure{Reason: "REMOTE_HOST_GONE: m", Category: 1, Type: 100, Retryable: true}},
		{"a fault", errors.New("secret words"), query.Failure{Reason: "GENERIC_INTERNAL_ERROR: The query failed by a fault of the server, which is in its log", Category: 1, Type: 100}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := "x"
			w.engine.run = func(_ context.Context, _ *query.Plan, started func(), rows func([][]*string) error) error {
				started()
				return errors.Join(rows([][]*string{{&text}}), test.err)
			}
			if diff := cmp.Diff(test.want, w.fail("SELECT 1")); diff != "" {
				t.Errorf("failure (-want +got):\n%s", diff)
			}
		})
	}
	for o, err := range w.buckets.List(t.Context(), theBucket, "", "") {
		t.Errorf("object %v %v is left", o, err)
	}
}

func TestSelectTellsWhatIsWrongWithTheStatementFromWhatIsOurFault(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	for code, want := range map[string]feature.Kind{
		"DIVISION_BY_ZERO": feature.Invalid, "EXCEEDED_LOCAL_MEMORY_LIMIT": feature.Invalid,
		"REMOTE_HOST_GONE": feature.Fault, "GENERIC_INTERNAL_ERROR": feature.Fault,
	} {
		w.engine.run = func(_ context.Context, p *query.Plan, _ func(), _ func([][]*string) error) error {
			return errors.Join(p.Write.File(nil, strings.NewReader("")), &query.EngineError{Code: code, Message: "m"})
		}
		files := 0
		err := w.Select(t.Context(), "SELECT 1 AS a", "", func(io.Reader) error { files++; return nil })
		if feature.KindOf(err) != want || files != 1 {
			t.Errorf("%s is of the kind %v, not %v: %v", code, feature.KindOf(err), want, err)
		}
	}
}

func TestPanicOfTheEngineFailsTheStatementAlone(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	w.engine.run = func(context.Context, *query.Plan, func(), func([][]*string) error) error { panic("ouch") }
	if f := w.fail("SELECT 1"); f.Category != 1 || strings.Contains(f.Reason, "ouch") {
		t.Errorf("failure %+v", f)
	}
	w.engine.run = nil
	w.succeed("SELECT 1")
}

func TestOutputBucketThatIsNotThereFailsTheStatement(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	for _, sql := range []string{"SELECT 1", "CREATE DATABASE d"} {
		id := must(w.Start(t.Context(), query.Request{SQL: sql, OutputFolder: "s3://nowhere/x"}))(t)
		e := w.end(id)
		if e.State != query.Failed || !strings.HasPrefix(e.Failure.Reason, "The S3 location provided to save your query results is invalid.") || e.Failure.Category != 2 {
			t.Errorf("%s: %s %+v", sql, e.State, e.Failure)
		}
	}
	if _, err := w.tables.Database(t.Context(), "d"); feature.KindOf(err) != feature.NotFound {
		t.Errorf("the database was made: %v", err)
	}
}

func TestDDLIsCarriedOut(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	create := `CREATE EXTERNAL TABLE %s dataframe_1 (Id INT, x DOUBLE, s STRING) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
		WITH SERDEPROPERTIES ("separatorChar" = ",", "quoteChar" = "` + "`" + `", "escapeChar" = "\\") LOCATION 's3://results/folder';`
	e := w.succeed(fmt.Sprintf(create, ""))
	if e.Statement != "DDL" || e.Substatement != "CREATE_TABLE" || !strings.HasSuffix(e.Output, e.ID+".txt") || e.Started.IsZero() {
		t.Errorf("execution %+v", e)
	}
	if text, ok := w.object(e.Output); !ok || text != "" {
		t.Errorf("result %q %v", text, ok)
	}
	p := must(w.Results(t.Context(), e.ID, "", 10))(t)
	if len(p.Rows)+len(p.Columns) != 0 || p.Next != "" {
		t.Errorf("page %+v", p)
	}
	made := must(w.tables.Table(t.Context(), table.FeatureStoreDatabase, "dataframe_1"))(t)
	if diff := cmp.Diff([]table.Column{{Name: "id", Type: "int"}, {Name: "x", Type: "double"}, {Name: "s", Type: "string"}}, made.Columns); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	if f := w.fail(fmt.Sprintf(create, "")); !strings.Contains(f.Reason, "AlreadyExistsException(message:Table dataframe_1 already exists.)") {
		t.Errorf("made twice: %+v", f)
	}
	w.succeed(fmt.Sprintf(create, "IF NOT EXISTS"))
	w.succeed("CREATE DATABASE IF NOT EXISTS Lake")
	w.succeed("CREATE DATABASE IF NOT EXISTS lake")
	w.succeed("DROP TABLE `dataframe_1`")
	w.succeed("DROP TABLE IF EXISTS dataframe_1")
}

func TestPlanReadsTheTablesOfItsSnapshot(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	w.succeed(`CREATE EXTERNAL TABLE labels (id STRING, n INT) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' LOCATION 's3://results/labels/'`)
	for _, text := range []string{"a,1\n", "b,2\nc,3\n"} {
		must(w.buckets.Put(t.Context(), bucket.ObjectRef{Bucket: theBucket, Key: fmt.Sprintf("labels/%d.csv", len(text))}, strings.NewReader(text), bucket.Content{}, nil))(t)
	}
	w.engine.run = func(_ context.Context, p *query.Plan, started func(), _ func([][]*string) error) error {
		started()
		p.Read = 12
		return nil
	}
	e := w.succeed(`SELECT a.id FROM labels a JOIN "AwsDataCatalog"."sagemaker_featurestore"."LABELS" b ON a.id = b.id`)
	if e.Scanned != 12 {
		t.Errorf("scanned %d bytes", e.Scanned)
	}
	plan := w.engine.plans[0]
	if len(plan.Relations) != 1 || len(plan.Relations[0].Files) != 2 || plan.Relations[0].Name != "r0" || plan.Relations[0].Files[0].Text == nil {
		t.Fatalf("plan %+v", plan)
	}
	if f := plan.Relations[0].Files[0]; f.URI != "s3://results/labels/4.csv" || f.Size != 4 {
		t.Errorf("file %+v", f)
	}
}

func TestExecutionsThatAServerLeftAreFailed(t *testing.T) {
	fs := vfs.NewCrashableMem()
	w := newWorld(t, fs)
	begun := make(chan struct{})
	w.engine.run = hangs(begun)
	running := w.start("SELECT 1")
	<-begun
	w.engine.run = nil
	done := w.succeed("SELECT 2")
	after := newWorld(t, fs.CrashClone(vfs.CrashCloneCfg{}))
	defer after.close()
	if err := after.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if e := after.end(running); e.State != query.Failed || !e.Failure.Retryable {
		t.Errorf("left running: %s %+v", e.State, e.Failure)
	}
	if e := after.end(done.ID); e.State != query.Succeeded {
		t.Errorf("succeeded before: %s", e.State)
	}
	if text, ok := after.object(done.Output); !ok || text != "\"_col0\"\n" {
		t.Errorf("its result: %q %v", text, ok)
	}
	w.close()
}

func TestCloseEndsWhatRuns(t *testing.T) {
	fs := vfs.NewMem()
	w := newWorld(t, fs)
	begun := make(chan struct{})
	w.engine.run = hangs(begun)
	id := w.start("SELECT 1")
	<-begun
	w.close()
	again := newWorld(t, fs)
	defer again.close()
	if e := again.end(id); e.State != query.Failed || !e.Failure.Retryable {
		t.Errorf("%s %+v", e.State, e.Failure)
	}
}
