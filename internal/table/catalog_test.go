package table_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

var anyTime = cmpopts.IgnoreTypes(time.Time{})

func TestFeatureStoreDatabaseIsAlwaysThere(t *testing.T) {
	w := newWorld(t, table.Options{})
	all := must(w.Databases(t.Context()))(t)
	if len(all) != 2 || all[0].Name != "default" || all[1].Name != "sagemaker_featurestore" {
		t.Errorf("databases are %v", all)
	}
	if tables := must(w.Tables(t.Context(), "SageMaker_FeatureStore"))(t); len(tables) != 0 {
		t.Errorf("tables are %v", tables)
	}
}

func TestDefineMakesTheGroupsTable(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("My-Group", feature.String)
	got := must(w.Table(t.Context(), "sagemaker_featurestore", strings.ToUpper(g.Offline.Table.Table)))(t)
	want := &table.Table{
		Database: "sagemaker_featurestore", Name: g.Offline.Table.Table,
		Storage: table.Storage{
			Columns: []table.Column{{Name: "id", Type: "string"}, {Name: "at", Type: "string"}, {Name: "n", Type: "bigint"}, {Name: "x", Type: "double"}, {Name: "s", Type: "string"},
				{Name: "write_time", Type: "timestamp"}, {Name: "api_invocation_time", Type: "timestamp"}, {Name: "is_deleted", Type: "boolean"}},
			Location:     g.Offline.Resolved,
			InputFormat:  "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
			OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
			SerDe:        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
			SerDeParams:  map[string]string{"serialization.format": "1"},
			Buckets:      -1,
		},
		Parameters: map[string]string{"EXTERNAL": "TRUE", "classification": "parquet"},
		TableType:  "EXTERNAL_TABLE", Group: g.ID, EventTime: "at", EventTimeType: feature.String,
	}
	if diff := cmp.Diff(want, got, anyTime); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	if got.Created.IsZero() {
		t.Error("the table was never created")
	}
	check(t, w.Define(t.Context(), g))
}

func TestDefineByWhatTheGroupAsksFor(t *testing.T) {
	w := newWorld(t, table.Options{})
	for name, c := range map[string]struct {
		offline *feature.Offline
		made    bool
	}{
		"no offline store":         {nil, false},
		"no table":                 {&feature.Offline{DisableTable: true}, false},
		"a table of the caller's":  {&feature.Offline{DisableTable: true, Table: &feature.TableRef{Database: "theirs", Table: "t1"}}, false},
		"a table under their name": {&feature.Offline{Table: &feature.TableRef{Database: "theirs", Table: "t2"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			g := &feature.Group{ID: 77, Name: "g", Offline: c.offline}
			check(t, w.Define(t.Context(), g))
			if c.offline == nil || c.offline.Table == nil {
				return
			}
			_, err := w.Table(t.Context(), "theirs", c.offline.Table.Table)
			if made := err == nil; made != c.made {
				t.Errorf("table: %v", err)
			}
		})
	}
}

func TestDefineDoesNotTakeAnothersTable(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("first", feature.String)
	second := *g
	second.ID++
	if err := w.Define(t.Context(), &second); feature.KindOf(err) != feature.Exists {
		t.Errorf("Define: %v", err)
	}
}

func TestNamesAreFoldedToLowerCase(t *testing.T) {
	w := newWorld(t, table.Options{})
	check(t, w.CreateDatabase(t.Context(), &table.Database{Name: "Mine", Description: "d"}))
	if err := w.CreateDatabase(t.Context(), &table.Database{Name: "MINE"}); feature.KindOf(err) != feature.Exists {
		t.Errorf("the second: %v", err)
	}
	asked := &table.Table{
		Database: "MINE", Name: "Tab", Storage: table.Storage{
			Location: " s3://features/x ", SerDe: "org.apache.hadoop.hive.serde2.OpenCSVSerde",
			Columns: []table.Column{{Name: "Lead_ID", Type: "INTEGER", Comment: "c"}},
		},
	}
	check(t, w.CreateTable(t.Context(), asked))
	got := must(w.Table(t.Context(), "mInE", "tAB"))(t)
	if diff := cmp.Diff(&table.Table{
		Database: "mine", Name: "tab", Storage: table.Storage{
			Location: "s3://features/x", Columns: []table.Column{{Name: "lead_id", Type: "int", Comment: "c"}},
			SerDe:       "org.apache.hadoop.hive.serde2.OpenCSVSerde",
			InputFormat: "org.apache.hadoop.mapred.TextInputFormat", OutputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
			Buckets: -1,
		},
		Parameters: map[string]string{"EXTERNAL": "TRUE"}, TableType: "EXTERNAL_TABLE",
	}, got, anyTime, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	if asked.Name != "Tab" || asked.Columns[0].Name != "Lead_ID" || asked.Parameters != nil {
		t.Errorf("the caller's table was changed: %+v", asked)
	}
	if err := w.CreateTable(t.Context(), asked); feature.KindOf(err) != feature.Exists {
		t.Errorf("the second: %v", err)
	}
	check(t, w.DeleteTable(t.Context(), "Mine", "TAB"))
	for what, err := range map[string]error{
		"Table twice":       w.DeleteTable(t.Context(), "mine", "tab"),
		"no such database":  w.DeleteTable(t.Context(), "other", "tab"),
		"table in no place": w.CreateTable(t.Context(), &table.Table{Database: "other", Name: "t", Storage: asked.Storage}),
	} {
		if feature.KindOf(err) != feature.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestTablesThatAreRefused(t *testing.T) {
	w := newWorld(t, table.Options{})
	good := func() *table.Table {
		return &table.Table{Database: "sagemaker_featurestore", Name: "t", Storage: table.Storage{
			Location: "s3://features/x", InputFormat: "PARQUET", Columns: []table.Column{{Name: "a", Type: "int"}},
		}, Parameters: map[string]string{}}
	}
	for name, c := range map[string]struct {
		change func(*table.Table)
		want   feature.Kind
	}{
		"a name with a hyphen":     {func(t *table.Table) { t.Name = "a-b" }, feature.Invalid},
		"no name":                  {func(t *table.Table) { t.Name = "" }, feature.Invalid},
		"a long name":              {func(t *table.Table) { t.Name = strings.Repeat("a", 256) }, feature.Invalid},
		"no columns":               {func(t *table.Table) { t.Columns = nil }, feature.Invalid},
		"a column twice":           {func(t *table.Table) { t.Columns = append(t.Columns, table.Column{Name: "A", Type: "int"}) }, feature.Invalid},
		"a column without a name":  {func(t *table.Table) { t.Columns[0].Name = "" }, feature.Invalid},
		"a type that is none":      {func(t *table.Table) { t.Columns[0].Type = "number" }, feature.Unsupported},
		"no location":              {func(t *table.Table) { t.Location = "" }, feature.Invalid},
		"a location that is none":  {func(t *table.Table) { t.Location = "https://features/x" }, feature.Invalid},
		"a bucket that is none":    {func(t *table.Table) { t.Location = "s3://Features/x" }, feature.Invalid},
		"partition projection":     {func(t *table.Table) { t.Parameters["projection.enabled"] = "true" }, feature.Unsupported},
		"a format that is unknown": {func(t *table.Table) { t.InputFormat = "ORC" }, feature.Unsupported},
	} {
		t.Run(name, func(t *testing.T) {
			tb := good()
			c.change(tb)
			if err := w.CreateTable(t.Context(), tb); err == nil || feature.KindOf(err) != c.want {
				t.Errorf("got %v", err)
			}
		})
	}
	check(t, w.CreateTable(t.Context(), good()))
}

func TestARuleForPartitionsThatIsNotEnabledMeansNothing(t *testing.T) {
	w := newWorld(t, table.Options{})
	for name, parameters := range map[string]map[string]string{
		"disabled":      {"projection.enabled": "false"},
		"in_capitals":   {"projection.enabled": "FALSE", "projection.year.type": "integer"},
		"never_enabled": {"projection.year.type": "integer", "storage.location.template": "s3://features/x/${year}"},
		"no_rule":       {},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, w.CreateTable(t.Context(), &table.Table{Database: "sagemaker_featurestore", Name: name, Parameters: parameters, Storage: table.Storage{
				Location: "s3://features/x", InputFormat: "PARQUET", Columns: []table.Column{{Name: "a", Type: "int"}},
			}}))
		})
	}
}
