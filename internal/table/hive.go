package table

import (
	"maps"
	"regexp"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// The classes that a table may name for its format.
const (
	parquetSerDe  = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
	parquetInput  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
	parquetOutput = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"

	openCSVSerDe = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
	lazySerDe    = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
	textInput    = "org.apache.hadoop.mapred.TextInputFormat"
	textOutput   = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
)

// The SerDes that others name.
const (
	ParquetSerDe   = parquetSerDe
	LazySerDe      = lazySerDe
	HiveJSONSerDe  = "org.apache.hive.hcatalog.data.JsonSerDe"
	OpenXJSONSerDe = "org.openx.data.jsonserde.JsonSerDe"
)

// TextOf is how the files of a table of LazySerDe are written. Invalid; Unsupported.
func TextOf(t *Table) (CSV, error) {
	f, err := formatOf(t)
	if err != nil || f.CSV == nil {
		return CSV{}, err
	}
	return *f.CSV, nil
}

// skipHeader is the table parameter that leaves lines at the beginning of a text file alone.
const skipHeader = "skip.header.line.count"

var parametrised = regexp.MustCompile(`^(decimal|varchar|char)\(([0-9]+)(?:,([0-9]+))?\)$`)

// engineTypes are the engine's words for the Hive types without parameters.
var engineTypes = map[string]string{
	"string": "VARCHAR", "bigint": "BIGINT", "int": "INTEGER", "smallint": "SMALLINT", "tinyint": "TINYINT",
	"double": "DOUBLE", "float": "FLOAT", "boolean": "BOOLEAN", "timestamp": "TIMESTAMP", "date": "DATE", "binary": "BLOB",
}

// hiveType writes a Hive type in its canonical form: lower case, no spaces, no synonyms.
func hiveType(t string) string {
	t = strings.ToLower(strings.Join(strings.Fields(t), ""))
	switch t {
	case "integer":
		return "int"
	case "decimal":
		return "decimal(10,0)"
	}
	if m := parametrised.FindStringSubmatch(t); m != nil && m[1] == "decimal" && m[3] == "" {
		return "decimal(" + m[2] + ",0)"
	}
	n, ok := nested(t)
	if !ok {
		return t
	}
	for i, part := range n.types {
		if n.types[i] = hiveType(part); n.kind == "struct" {
			n.types[i] = n.names[i] + ":" + n.types[i]
		}
	}
	return n.kind + "<" + strings.Join(n.types, ",") + ">"
}

// nestedType is array<…>, map<…> or struct<…> taken apart. Fields are lower case, and empty but of a struct.
type nestedType struct {
	kind  string
	names []string
	types []string
}

// nested takes a canonical type apart; ok is false for one that has no parts.
func nested(t string) (n nestedType, ok bool) {
	kind, inside, _ := strings.Cut(t, "<")
	inside, closed := strings.CutSuffix(inside, ">")
	if !closed || kind != "array" && kind != "map" && kind != "struct" {
		return nestedType{}, false
	}
	n.kind = kind
	depth, start := 0, 0
	for i := 0; i <= len(inside); i++ {
		if i < len(inside) {
			switch inside[i] {
			case '<', '(':
				depth++
			case '>', ')':
				depth--
			}
			if inside[i] != ',' || depth != 0 {
				continue
			}
		}
		part := inside[start:i]
		start = i + 1
		if kind == "struct" {
			name, typ, named := strings.Cut(part, ":")
			if !named || name == "" {
				return nestedType{}, false
			}
			n.names = append(n.names, name)
			part = typ
		}
		n.types = append(n.types, part)
	}
	return n, kind == "struct" || kind == "array" && len(n.types) == 1 || kind == "map" && len(n.types) == 2
}

// engineNested returns the engine's words for a type that has parts.
func engineNested(n nestedType) (string, error) {
	parts := make([]string, len(n.types))
	for i, t := range n.types {
		e, err := engineType(t)
		if err != nil {
			return "", err
		}
		if parts[i] = e; n.kind == "struct" {
			parts[i] = `"` + strings.ReplaceAll(n.names[i], `"`, `""`) + `" ` + e
		}
	}
	switch n.kind {
	case "array":
		return parts[0] + "[]", nil
	case "map":
		return "MAP(" + parts[0] + ", " + parts[1] + ")", nil
	}
	return "STRUCT(" + strings.Join(parts, ", ") + ")", nil
}

// engineType returns the engine's word for a Hive type. Unsupported.
func engineType(hive string) (string, error) {
	t := hiveType(hive)
	if e, ok := engineTypes[t]; ok {
		return e, nil
	}
	if n, ok := nested(t); ok {
		return engineNested(n)
	}
	m := parametrised.FindStringSubmatch(t)
	if m == nil {
		return "", feature.Errorf(feature.Unsupported, "the column type %q is not supported; use string, boolean, tinyint, smallint, int, bigint, float, double, decimal(p,s), date, timestamp, binary, char(n), varchar(n) or array<…>, map<…,…> and struct<…> of these", hive)
	}
	n, errN := strconv.Atoi(m[2])
	if m[1] != "decimal" {
		if most := map[string]int{"char": 255, "varchar": 65535}[m[1]]; errN != nil || n < 1 || n > most || m[3] != "" {
			return "", feature.Errorf(feature.Invalid, "the column type %q is not valid: its length is 1 to %d", hive, most)
		}
		return "VARCHAR", nil
	}
	scale, errS := strconv.Atoi(m[3])
	if errN != nil || errS != nil || n < 1 || n > 38 || scale > n {
		return "", feature.Errorf(feature.Invalid, "the column type %q is not valid: a decimal has 1 to 38 digits, and its scale is not more", hive)
	}
	return "DECIMAL(" + strconv.Itoa(n) + "," + strconv.Itoa(scale) + ")", nil
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

// formatOf says how the data files of t are read. Unsupported.
func formatOf(t *Table) (Format, error) {
	input, known := "", map[string]string(nil)
	switch t.SerDe {
	case parquetSerDe:
		input, known = parquetInput, map[string]string{"serialization.format": ""}
	case openCSVSerDe:
		input, known = textInput, map[string]string{"separatorChar": ",", "quoteChar": `"`, "escapeChar": `\`, "serialization.format": ""}
	case lazySerDe:
		input, known = textInput, map[string]string{
			"field.delim": "\x01", "serialization.format": "", "escape.delim": "", "serialization.null.format": `\N`, "line.delim": "\n",
			// Of types that no column of text can have.
			"collection.delim": "", "colelction.delim": "", "mapkey.delim": "",
		}
	default:
		return Format{}, feature.Errorf(feature.Unsupported, "the SerDe %q is not supported; use %s, %s or %s", t.SerDe, parquetSerDe, openCSVSerDe, lazySerDe)
	}
	if t.InputFormat != input {
		return Format{}, feature.Errorf(feature.Unsupported, "the input format %q does not go with the SerDe %q; use %s", t.InputFormat, t.SerDe, input)
	}
	given := maps.Clone(known)
	for name, value := range t.SerDeParams {
		if _, ok := known[name]; !ok {
			return Format{}, feature.Errorf(feature.Unsupported, "the SerDe property %q is not supported with %s; leave it out", name, t.SerDe)
		}
		given[name] = value
	}
	if t.SerDe == parquetSerDe {
		return Format{}, nil
	}
	for _, c := range t.Columns {
		if _, ok := nested(hiveType(c.Type)); ok {
			return Format{}, feature.Errorf(feature.Unsupported, "the column %q has the type %s, which is not supported in files of text; store the table as PARQUET", c.Name, c.Type)
		}
	}
	return textFormat(t, given)
}

func textFormat(t *Table, given map[string]string) (Format, error) {
	skip, err := skipLines(t)
	if err != nil {
		return Format{}, err
	}
	c := &CSV{SkipHeaderLines: skip}
	if t.SerDe == openCSVSerDe {
		c.Separator, c.Quote, c.Escape = given["separatorChar"], given["quoteChar"], given["escapeChar"]
	} else {
		c.Separator, c.Escape, c.Null = given["field.delim"], given["escape.delim"], given["serialization.null.format"]
		if _, own := t.SerDeParams["field.delim"]; !own && given["serialization.format"] != "" {
			c.Separator = given["serialization.format"] // an old name of it
			if n, err := strconv.Atoi(c.Separator); err == nil && n > 0 && n < 128 {
				c.Separator = string(rune(n))
			}
		}
		if given["line.delim"] != "\n" {
			return Format{}, feature.Errorf(feature.Unsupported, "lines that end in %q are not supported; they must end in a newline", given["line.delim"])
		}
	}
	// The SerDes take the first character of what they are given.
	for _, s := range []*string{&c.Separator, &c.Quote, &c.Escape} {
		if r := []rune(*s); len(r) > 0 {
			*s = string(r[0])
		}
	}
	if c.Separator == "" {
		return Format{}, feature.Errorf(feature.Invalid, "the separator of the table's fields is empty")
	}
	return Format{CSV: c}, nil
}

func skipLines(t *Table) (int, error) {
	text := t.Parameters[skipHeader]
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1000 {
		return 0, feature.Errorf(feature.Invalid, "the table property %s is %q; it must be a number from 0 to 1000", skipHeader, text)
	}
	return n, nil
}
