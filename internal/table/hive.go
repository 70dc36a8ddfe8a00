package table

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/serde"
)

// The classes that a table may name for its format.
const (
	parquetSerDe  = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
	parquetInput  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
	parquetOutput = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"

	openCSVSerDe = serde.CSVClass
	lazySerDe    = serde.LazyClass
	textInput    = "org.apache.hadoop.mapred.TextInputFormat"
	textOutput   = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
)

// The SerDes that others name.
const (
	ParquetSerDe   = parquetSerDe
	LazySerDe      = lazySerDe
	HiveJSONSerDe  = serde.HiveJSONClass
	OpenXJSONSerDe = serde.OpenXJSONClass
)

// engineTypes are the engine's words for the kinds of types without parameters.
var engineTypes = map[serde.Kind]string{
	serde.String: "VARCHAR", serde.Varchar: "VARCHAR", serde.Char: "VARCHAR", serde.Boolean: "BOOLEAN", serde.Tinyint: "TINYINT",
	serde.Smallint: "SMALLINT", serde.Int: "INTEGER", serde.Bigint: "BIGINT", serde.Float: "FLOAT", serde.Double: "DOUBLE",
	serde.Date: "DATE", serde.Timestamp: "TIMESTAMP", serde.Binary: "BLOB",
}

// engineType returns the engine's word for a Hive type. Unsupported; Invalid.
func engineType(hive string) (string, error) {
	t, err := serde.ParseType(hive)
	if err != nil {
		return "", err
	}
	return engineWord(t), nil
}

func engineWord(t serde.Type) string {
	if t.Kind == serde.Decimal {
		return "DECIMAL(" + strconv.Itoa(t.Length) + "," + strconv.Itoa(t.Scale) + ")"
	}
	parts := make([]string, len(t.Elements))
	for i, e := range t.Elements {
		if parts[i] = engineWord(e); t.Kind == serde.Struct {
			parts[i] = `"` + strings.ReplaceAll(t.Names[i], `"`, `""`) + `" ` + parts[i]
		}
	}
	switch t.Kind {
	case serde.Array:
		return parts[0] + "[]"
	case serde.Map:
		return "MAP(" + parts[0] + ", " + parts[1] + ")"
	case serde.Struct:
		return "STRUCT(" + strings.Join(parts, ", ") + ")"
	}
	return engineTypes[t.Kind]
}

// setFormat completes the format of t as Hive does: text without a SerDe is LazySimpleSerDe's, and
// STORED AS may be one word. Unsupported: a format that the engine does not read.
func setFormat(t *Table) error {
	switch strings.ToUpper(t.InputFormat) {
	case "PARQUET":
		t.InputFormat, t.OutputFormat = parquetInput, parquetOutput
	case "TEXTFILE", "":
		t.InputFormat, t.OutputFormat = textInput, textOutput
		if t.SerDe == parquetSerDe {
			t.InputFormat, t.OutputFormat = parquetInput, parquetOutput
		}
	}
	if t.SerDe == "" {
		t.SerDe = lazySerDe
		if t.InputFormat == parquetInput {
			t.SerDe = parquetSerDe
		}
	}
	if t.InputFormat == parquetInput && t.OutputFormat == "" {
		t.OutputFormat = parquetOutput
	}
	if t.InputFormat == textInput && t.OutputFormat == "" {
		t.OutputFormat = textOutput
	}
	_, err := formatOf(t)
	return err
}

// readable is what errors say can be read instead.
const readable = "Parquet (" + parquetSerDe + "), JSON (" + OpenXJSONSerDe + " and " + HiveJSONSerDe + "), delimited text (" + LazySerDe + ") and CSV (" + openCSVSerDe + ") can be read"

// formatOf says how the lines of the data files of t are read; nil: they are Parquet. Unsupported; Invalid.
func formatOf(t *Table) (*serde.Format, error) {
	input := textInput
	switch {
	case t.SerDe == parquetSerDe:
		input = parquetInput
	case !serde.Known(t.SerDe):
		return nil, feature.Errorf(feature.Unsupported, "the SerDe %.200q is not supported; %s", t.SerDe, readable)
	}
	if t.InputFormat != input {
		return nil, feature.Errorf(feature.Unsupported, "the input format %.200q does not go with the SerDe %s; use %s", t.InputFormat, t.SerDe, input)
	}
	if t.SerDe != parquetSerDe {
		columns, err := textColumns(t)
		if err != nil {
			return nil, err
		}
		return serde.NewFormat(t.SerDe, t.SerDeParams, t.Parameters, columns)
	}
	for name := range t.SerDeParams {
		if name != "serialization.format" {
			return nil, feature.Errorf(feature.Unsupported, "the SerDe property %.200q is not supported with %s; leave it out", name, t.SerDe)
		}
	}
	return nil, nil
}

// TextOf is how the files of a table of text are written, whose format may not be complete yet, and which columns
// they have. Invalid; Unsupported.
func TextOf(t *Table) (*serde.Format, []serde.Column, error) {
	columns, err := textColumns(t)
	if err != nil {
		return nil, nil, err
	}
	f, err := serde.NewFormat(t.SerDe, t.SerDeParams, t.Parameters, columns)
	return f, columns, err
}

// FormatOf says how the lines of the files of a partition of t are read; nil: they are Parquet. Invalid; Unsupported.
func FormatOf(t *Table, p *Partition) (*serde.Format, error) {
	of, err := partitionTable(t, p)
	if err != nil {
		return nil, err
	}
	return formatOf(of)
}

// textColumns are the columns of t that are in its files.
func textColumns(t *Table) ([]serde.Column, error) {
	columns := make([]serde.Column, len(t.Columns))
	for i, c := range t.Columns {
		typ, err := serde.ParseType(c.Type)
		if err != nil {
			return nil, fmt.Errorf("column %.200q: %w", c.Name, err)
		}
		columns[i] = serde.Column{Name: strings.ToLower(c.Name), Type: typ}
	}
	return columns, nil
}
