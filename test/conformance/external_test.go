package conformance

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func (w *world) upload(key, content string) {
	w.t.Helper()
	if _, err := w.S3.PutObject(w.t.Context(), &s3.PutObjectInput{Bucket: &w.bucket, Key: &key, Body: strings.NewReader(content)}); err != nil {
		w.t.Fatal(err)
	}
}

// glueText makes a table over files of text by Glue's own operation.
func (w *world) glueText(name, location, class string, params map[string]string, columns ...gluetypes.Column) error {
	_, err := w.Glue.CreateTable(w.t.Context(), &glue.CreateTableInput{DatabaseName: aws.String("sagemaker_featurestore"), TableInput: &gluetypes.TableInput{
		Name: &name, TableType: aws.String("EXTERNAL_TABLE"), Parameters: map[string]string{"EXTERNAL": "TRUE"},
		StorageDescriptor: &gluetypes.StorageDescriptor{
			Columns: columns, Location: &location, InputFormat: aws.String("org.apache.hadoop.mapred.TextInputFormat"),
			OutputFormat: aws.String("org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"),
			SerdeInfo:    &gluetypes.SerDeInfo{SerializationLibrary: &class, Parameters: params},
		},
	}})
	return err
}

const openX = "org.openx.data.jsonserde.JsonSerDe"

func TestTableOfJSONThatGlueMade(t *testing.T) {
	w := newWorld(t)
	name := "json_" + strings.ReplaceAll(w.bucket, "-", "_")
	w.upload("json/a.json", `{"eventTime":"2024-01-02 03:04:05","who":{"Name":"a'b","tags":["x"]}}`+"\n"+`{"who":null}`+"\n")
	column := func(name, hive string) gluetypes.Column { return gluetypes.Column{Name: &name, Type: &hive} }
	must(t, w.glueText(name, "s3://"+w.bucket+"/json/", openX, map[string]string{"mapping.at": "eventTime", "paths": "at,who"},
		column("at", "timestamp"), column("who", "struct<name:string,tags:array<string>>")))
	expect(t, "rows", w.sql(`SELECT at, who.name, who.tags[1] FROM `+name+` ORDER BY at`), [][]string{
		{"at", "name", "_col2"}, {"2024-01-02 03:04:05.000", "a'b", "x"}, {"", "", ""}})
	w.upload("json/b.json", `{"eventTime":`)
	e := w.Execute(t.Context(), t, "SELECT * FROM "+name, "s3://"+w.bucket+"/results/")
	if reason := aws.ToString(e.Status.StateChangeReason); e.Status.State != types.QueryExecutionStateFailed || !strings.HasPrefix(reason, "HIVE_CURSOR_ERROR: Row is not a valid JSON Object") || !strings.HasSuffix(reason, "(s3://"+w.bucket+"/json/b.json, line 1)") {
		t.Errorf("%s: %s", e.Status.State, reason)
	}
	w.sqlDDL("DROP TABLE " + name)
}

// What a client says of a table is never code, nor a path: its queries give the rows of its own files, or say in words
// of ours what is wrong.
func TestPropertiesOfTablesAreNeverCode(t *testing.T) {
	w := newWorld(t)
	w.upload("mine/a", "1,2\n")
	w.upload("other/a", "secret\n")
	mine := "s3://" + w.bucket + "/mine/"
	column := gluetypes.Column{Name: aws.String("a"), Type: aws.String("string")}
	for i, hostile := range []string{"'", `"`, `\`, "\x00", "'; DROP VIEW r0; --", "]); COPY (SELECT 1) TO '/tmp/larder-copied'; --", "/etc/passwd", "../other/a", "\n", "LARDER:X:y"} {
		for at, table := range map[string]func(name string) error{
			"separator": func(name string) error {
				return w.glueText(name, mine, "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", map[string]string{"field.delim": hostile, "escape.delim": hostile}, column)
			},
			"quote": func(name string) error {
				return w.glueText(name, mine, "org.apache.hadoop.hive.serde2.OpenCSVSerde", map[string]string{"quoteChar": hostile}, column)
			},
			"member": func(name string) error {
				return w.glueText(name, mine, openX, map[string]string{"mapping.a": hostile}, column)
			},
			"property": func(name string) error {
				return w.glueText(name, mine, openX, map[string]string{hostile: hostile}, column)
			},
			"column": func(name string) error {
				return w.glueText(name, mine, openX, nil, column, gluetypes.Column{Name: aws.String("b" + hostile), Type: aws.String("int")})
			},
			"class":    func(name string) error { return w.glueText(name, mine, hostile, nil, column) },
			"location": func(name string) error { return w.glueText(name, hostile, openX, nil, column) },
			"in place": func(name string) error { return w.glueText(name, mine+hostile, openX, nil, column) },
		} {
			name := "hostile_" + strings.ReplaceAll(w.bucket, "-", "_") + "_" + string(rune('a'+i))
			if err := table(name); err != nil {
				if c := code(err); c != "InvalidInputException" && c != "ValidationException" {
					t.Errorf("%s %q: %v", at, hostile, err)
				}
				continue
			}
			e := w.Execute(t.Context(), t, "SELECT * FROM "+name, "s3://"+w.bucket+"/results/")
			reason := aws.ToString(e.Status.StateChangeReason)
			if e.Status.State == types.QueryExecutionStateFailed && (strings.Contains(reason, "INTERNAL") || reason == "") {
				t.Errorf("%s %q: %s", at, hostile, reason)
			}
			w.sqlDDL("DROP TABLE " + name)
		}
	}
	expect(t, "after all", w.sql("SELECT 1 AS a"), [][]string{{"a"}, {"1"}})
}
