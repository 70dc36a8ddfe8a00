package query_test

import (
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

func TestExecutionsAndTheSDKsTablesAreForgottenAfter45Days(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	old := w.succeed("CREATE EXTERNAL TABLE dataframe_dataframe_base_1700000000_1a2b (id INT) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' LOCATION 's3://results/frame'")
	w.succeed("CREATE EXTERNAL TABLE dataframes_of_mine (id INT) STORED AS PARQUET LOCATION 's3://results/mine'")
	selected := must(w.Start(t.Context(), query.Request{SQL: "SELECT 1", OutputFolder: "s3://results", Token: "token"}))(t)
	w.end(selected)
	begun := make(chan struct{}, 2)
	w.engine.run = hangs(begun)
	running := w.start("SELECT 2")
	<-begun

	// A store over the same state, whose clock is ahead.
	ahead := func(by time.Duration) *query.Store {
		return query.New(w.db.Executions(), w.tables, w.db.Offline(), w.buckets, w.engine, query.Options{
			Account: "123456789012", Region: "us-east-1", Now: func() time.Time { return time.Now().Add(by) },
		})
	}
	const day = 24 * time.Hour
	if err := ahead(45*day - time.Hour).Expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	if e := w.end(selected); e.State != query.Succeeded {
		t.Errorf("an execution of 45 days less an hour is %s", e.State)
	}
	if _, err := w.tables.Table(t.Context(), table.FeatureStoreDatabase, "dataframe_dataframe_base_1700000000_1a2b"); err != nil {
		t.Errorf("the table of a data frame: %v", err)
	}

	if err := ahead(45*day + time.Hour).Expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{selected, old.ID} {
		if _, err := w.Get(t.Context(), id, 0); feature.KindOf(err) != feature.NotFound {
			t.Errorf("execution %s is still there: %v", id, err)
		}
	}
	if ids, _, err := w.Executions(t.Context(), query.PrimaryWorkGroup, "", 10); err != nil || len(ids) != 1 || ids[0] != running {
		t.Errorf("listed are %v, %v; only %s is not final", ids, err, running)
	}
	if _, err := w.tables.Table(t.Context(), table.FeatureStoreDatabase, "dataframe_dataframe_base_1700000000_1a2b"); feature.KindOf(err) != feature.NotFound {
		t.Errorf("the table of a data frame is still there: %v", err)
	}
	if _, err := w.tables.Table(t.Context(), table.FeatureStoreDatabase, "dataframes_of_mine"); err != nil {
		t.Errorf("a table of the client's own: %v", err)
	}
	if _, ok := w.object("s3://results/" + selected + ".csv"); !ok {
		t.Error("the result, which is the client's, is gone")
	}
	if again := must(w.Start(t.Context(), query.Request{SQL: "SELECT 3", OutputFolder: "s3://results", Token: "token"}))(t); again == selected {
		t.Error("the token is still held")
	}
}
