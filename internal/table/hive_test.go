package table

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/serde"
)

func TestEngineTypes(t *testing.T) {
	for hive, want := range map[string]string{
		"string": "VARCHAR", "STRING": "VARCHAR", "bigint": "BIGINT", "INTEGER": "INTEGER", "int": "INTEGER",
		"double": "DOUBLE", "boolean": "BOOLEAN", "timestamp": "TIMESTAMP", "date": "DATE", "varchar(10)": "VARCHAR",
		"decimal": "DECIMAL(10,0)", "Decimal( 12, 3 )": "DECIMAL(12,3)", "decimal(5)": "DECIMAL(5,0)", "binary": "BLOB",
		"array<string>": "VARCHAR[]", "ARRAY< Array<decimal(5)> >": "DECIMAL(5,0)[][]", "array<varchar(3)>": "VARCHAR[]",
		"struct<a: int, b:Map<string,ARRAY<decimal(5)>>>": `STRUCT("a" INTEGER, "b" MAP(VARCHAR, DECIMAL(5,0)[]))`, `array<struct<a"b:int>>`: `STRUCT("a""b" INTEGER)[]`,
	} {
		got, err := engineType(hive)
		if err != nil || got != want {
			t.Errorf("%s: got %s, %v; want %s", hive, got, err, want)
		}
	}
	for hive, want := range map[string]feature.Kind{
		"array<>": feature.Unsupported, "array<int": feature.Unsupported, "array<int,int>": feature.Unsupported, "map<int>": feature.Unsupported,
		"array<decimal(39,0)>": feature.Invalid, "array": feature.Unsupported, "struct<int>": feature.Unsupported, "struct<a:blob>": feature.Unsupported, "": feature.Unsupported, "varchar": feature.Unsupported,
		"decimal(39,0)": feature.Invalid, "decimal(3,4)": feature.Invalid, "decimal(0,0)": feature.Invalid,
		"varchar(0)": feature.Invalid, "char(256)": feature.Invalid, "varchar(5,1)": feature.Invalid,
	} {
		if _, err := engineType(hive); feature.KindOf(err) != want || err == nil {
			t.Errorf("%s: got %v", hive, err)
		}
	}
}

func lazyFormat(separator byte) *serde.Format {
	return &serde.Format{Form: serde.Lazy, Separators: []byte{separator, 2, 3, 4, 5, 6, 7, 8}, Null: `\N`}
}

func csvFormat(quote string, header int) *serde.Format {
	return &serde.Format{Form: serde.CSV, Header: header, Separator: ",", Quote: quote, CSVEscape: `\`}
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		name  string
		table Table
		want  *serde.Format
	}{
		{"Parquet by one word", Table{Storage: Storage{InputFormat: "parquet"}}, nil},
		{"Parquet by its classes", Table{Storage: Storage{SerDe: parquetSerDe, InputFormat: parquetInput, OutputFormat: parquetOutput}}, nil},
		{"Parquet by its SerDe", Table{Storage: Storage{SerDe: parquetSerDe}}, nil},
		{"nothing said", Table{}, lazyFormat(1)},
		{"fields terminated by", Table{Storage: Storage{SerDeParams: map[string]string{"field.delim": "\t", "serialization.format": "\t"}}}, lazyFormat(9)},
		{"serialization.format alone", Table{Storage: Storage{SerDe: lazySerDe, SerDeParams: map[string]string{"serialization.format": "9"}}}, lazyFormat(9)},
		{"CSV as it is", Table{Storage: Storage{SerDe: openCSVSerDe}}, csvFormat(`"`, 0)},
		{"CSV as the SDK asks for it", Table{Storage: Storage{SerDe: openCSVSerDe, SerDeParams: map[string]string{"separatorChar": ",", "quoteChar": "`", "escapeChar": `\\`}}},
			csvFormat("`", 0)},
		{"JSON", Table{Storage: Storage{SerDe: HiveJSONSerDe}}, &serde.Format{Form: serde.HiveJSON}},
		{"JSON with names", Table{Storage: Storage{SerDe: OpenXJSONSerDe, SerDeParams: map[string]string{"mapping.At": "eventTime", "case.insensitive": "FALSE", "paths": "a,b"}}},
			&serde.Format{Form: serde.OpenXJSON, CaseSensitive: true, Names: map[string]string{"at": "eventTime"}}},
		{"CSV with a header", Table{Storage: Storage{SerDe: openCSVSerDe, InputFormat: "TEXTFILE"}, Parameters: map[string]string{"skip.header.line.count": "1"}},
			csvFormat(`"`, 1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := setFormat(&c.table); err != nil {
				t.Fatal(err)
			}
			got, err := formatOf(&c.table)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("format (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFormatsThatAreRefused(t *testing.T) {
	for name, table := range map[string]Table{
		"another SerDe":      {Storage: Storage{SerDe: "org.apache.hadoop.hive.serde2.RegexSerDe"}},
		"another property":   {Storage: Storage{SerDe: openCSVSerDe, SerDeParams: map[string]string{"quotechar": "'"}}},
		"ORC":                {Storage: Storage{InputFormat: "ORC"}},
		"CSV in Parquet":     {Storage: Storage{SerDe: openCSVSerDe, InputFormat: parquetInput}},
		"lines that end odd": {Storage: Storage{SerDeParams: map[string]string{"line.delim": ";"}}},
		"a header of x":      {Parameters: map[string]string{"skip.header.line.count": "x"}},
		"a list in CSV":      {Storage: Storage{SerDe: openCSVSerDe, Columns: []Column{{Name: "a", Type: "array<int>"}}}},
		"nine separators":    {Storage: Storage{Columns: []Column{{Name: "a", Type: strings.Repeat("array<", 8) + "int" + strings.Repeat(">", 8)}}}},
		"a key with parts":   {Storage: Storage{SerDe: OpenXJSONSerDe, Columns: []Column{{Name: "a", Type: "array<map<array<int>,int>>"}}}},
		"a quote and no":     {Storage: Storage{SerDe: openCSVSerDe, SerDeParams: map[string]string{"quoteChar": ","}}},
		"é between fields":   {Storage: Storage{SerDeParams: map[string]string{"field.delim": "é"}}},
		"an empty separator": {Storage: Storage{SerDe: openCSVSerDe, SerDeParams: map[string]string{"separatorChar": ""}}},
	} {
		if err := setFormat(&table); feature.KindOf(err) == feature.Fault {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
