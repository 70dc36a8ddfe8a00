package conformance

import (
	"strings"
	"testing"
)

func TestInformationSchemaTellsWhatTheCatalogHas(t *testing.T) {
	w := newWorld(t)
	database := strings.ReplaceAll(w.bucket, "-", "_")
	w.sqlDDL("CREATE DATABASE " + database)
	w.sqlDDL("CREATE EXTERNAL TABLE " + database + ".sales (N INT COMMENT 'how many', tags array<string>, price decimal(7,2)) PARTITIONED BY (day DATE) STORED AS PARQUET LOCATION 's3://" + w.bucket + "/sales/'")
	w.sqlDDL("CREATE VIEW " + database + ".cheap AS SELECT n FROM " + database + ".sales WHERE price < 1")
	at := " WHERE table_schema = '" + database + "' ORDER BY 3"

	expect(t, "schemata", w.sql("SELECT * FROM information_schema.schemata WHERE schema_name IN ('"+database+"', 'information_schema') ORDER BY 2"),
		[][]string{{"catalog_name", "schema_name"}, {"awsdatacatalog", database}, {"awsdatacatalog", "information_schema"}})
	expect(t, "tables", w.sql("SELECT * FROM AwsDataCatalog.INFORMATION_SCHEMA.Tables"+at),
		[][]string{{"table_catalog", "table_schema", "table_name", "table_type"}, {"awsdatacatalog", database, "cheap", "VIEW"}, {"awsdatacatalog", database, "sales", "BASE TABLE"}})
	expect(t, "columns", w.sql("SELECT column_name, ordinal_position, column_default, is_nullable, data_type, comment, extra_info FROM information_schema.columns WHERE table_schema = '"+database+"' AND table_name = 'sales' ORDER BY 2"),
		[][]string{
			{"column_name", "ordinal_position", "column_default", "is_nullable", "data_type", "comment", "extra_info"},
			{"n", "1", "", "YES", "integer", "how many", ""}, {"tags", "2", "", "YES", "array(varchar)", "", ""}, {"price", "3", "", "YES", "decimal(7,2)", "", ""},
			{"day", "4", "", "YES", "date", "", "partition key"},
		})
	views := w.sql("SELECT * FROM information_schema.views" + at)
	if len(views) != 2 || !strings.Contains(views[1][3], "WHERE price < 1") {
		t.Errorf("views: %v", views)
	}
	expect(t, "a join", w.sql("SELECT count(*) FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name) WHERE table_schema = '"+database+"'"), [][]string{{"_col0"}, {"5"}})
	expect(t, "itself", w.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'information_schema' ORDER BY 1"), [][]string{{"table_name"}, {"columns"}, {"schemata"}, {"tables"}, {"views"}})
	w.sqlDDL("DROP DATABASE " + database + " CASCADE")
}
