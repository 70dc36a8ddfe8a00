package duckdb

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/duckdb/frame"
	"github.com/larder-dev/larder/internal/query"
)

// rowTable is the table for the rows of a relation that are in no file. Its columns have the
// types that rows can have; the view converts them.
func rowTable(r query.Relation) frame.Table {
	t := frame.Table{Name: rowTableName(r)}
	for _, c := range r.Columns {
		t.Columns = append(t.Columns, frame.Column{Name: c.Name, Type: rowType(c.Type)})
	}
	return t
}

func rowTableName(r query.Relation) string { return r.Name + " rows" }

// rowType is the type of the values that a row has in a column of a type.
func rowType(column string) string {
	switch column {
	case "BOOLEAN", "BIGINT", "DOUBLE", "VARCHAR", "TIMESTAMP":
		return column
	case "TINYINT", "SMALLINT", "INTEGER":
		return "BIGINT"
	case "FLOAT", "REAL":
		return "DOUBLE"
	case "DATE":
		return "TIMESTAMP"
	}
	if element, ok := strings.CutSuffix(column, "[]"); ok {
		return rowType(element) + "[]"
	}
	return "VARCHAR"
}

// viewSQL makes the view through which a plan reads a relation: its files and, if there are any,
// its rows, as if all had come from one place. The statements are for the worker to execute in order.
func viewSQL(r query.Relation, rows bool) (statements []string) {
	var sources []string
	if rows {
		sources = append(sources, rowsSQL(r))
	}
	for i, files := range byKeys(filesWithBytes(r.Files)) {
		stored, keys := r, files[0].Keys
		stored.Columns = r.Columns[:len(r.Columns)-r.Keys]
		var source string
		if r.Format.CSV != nil {
			from := csvSQL(stored, files)
			if sizeOf(files) <= mostCounted {
				table := identifier(r.Name + " text " + strconv.Itoa(i))
				statements = append(statements, "CREATE TEMP TABLE "+table+" AS FROM "+from)
				from = "temp.main." + table
			}
			source = fieldsSQL(stored) + " FROM " + from
		} else {
			source = parquetSQL(stored, files)
		}
		sources = append(sources, withKeys(source, r.Columns[len(stored.Columns):], keys))
	}
	if len(sources) == 0 {
		sources = append(sources, emptySQL(r))
	}
	return append(statements, "CREATE TEMP VIEW "+identifier(r.Name)+" AS "+strings.Join(sources, " UNION ALL "))
}

// byKeys parts files into runs of the same keys and compression, in which they come.
func byKeys(files []query.File) [][]query.File {
	var runs [][]query.File
	for i, f := range files {
		if i > 0 && f.Compression == files[i-1].Compression && slices.EqualFunc(f.Keys, files[i-1].Keys, func(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }) {
			runs[len(runs)-1] = append(runs[len(runs)-1], f)
			continue
		}
		runs = append(runs, []query.File{f})
	}
	return runs
}

// withKeys adds columns to a source that have one value in all its rows. A value that is not of its
// column's type ends the query.
func withKeys(source string, columns []query.RelationColumn, keys []*string) string {
	if len(columns) == 0 {
		return source
	}
	var added strings.Builder
	for i, c := range columns {
		value := "NULL"
		if keys[i] != nil {
			value = literal(*keys[i])
			if c.Type != "VARCHAR" {
				wrong := literal(fmt.Sprintf("LARDER:HIVE_INVALID_PARTITION_VALUE:Invalid partition value '%s' for %s partition key: %s", *keys[i], c.Type, c.Name))
				value = fmt.Sprintf("coalesce(TRY_CAST(%s AS %s), error(%s))", value, c.Type, wrong)
			}
		}
		added.WriteString(", CAST(" + value + " AS " + c.Type + ") AS " + identifier(c.Name))
	}
	return "SELECT *" + added.String() + " FROM (" + source + ")"
}

// mostCounted is how long text may be that is read once, into a table, before the plan runs.
// DuckDB takes every text file for one of 42 rows, and joins in the wrong order; a table's rows
// are counted. Longer text would fill the disk for it.
const mostCounted = 256 << 20

func sizeOf(files []query.File) int64 {
	var n int64
	for _, f := range files {
		if f.Compression != "" {
			n += 9 * f.Size // text is often ten times as long as what it is compressed to
		}
		n += f.Size
	}
	return n
}

// filesWithBytes leaves out the files that some writers leave as marks: they hold no rows.
func filesWithBytes(all []query.File) []query.File {
	var files []query.File
	for _, f := range all {
		if f.Size > 0 {
			files = append(files, f)
		}
	}
	return files
}

func emptySQL(r query.Relation) string {
	columns := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		columns[i] = "CAST(NULL AS " + c.Type + ") AS " + identifier(c.Name)
	}
	return "SELECT " + strings.Join(columns, ", ") + " WHERE false"
}

func rowsSQL(r query.Relation) string {
	columns := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		columns[i] = identifier(c.Name)
		if rowType(c.Type) != c.Type {
			columns[i] = "CAST(" + columns[i] + " AS " + c.Type + ") AS " + columns[i]
		}
	}
	return "SELECT " + strings.Join(columns, ", ") + " FROM temp.main." + identifier(rowTableName(r))
}

// bytesPerRow is a guess, for files whose rows nobody has counted: what a row of eighteen columns
// was measured to take in a file.
const bytesPerRow = 40

// rowsIn is how many rows the engine is told to expect in the files, which decides the order of
// joins: a file of one row is a hundred times longer than its row.
func rowsIn(files []query.File) int64 {
	var n int64
	for _, f := range files {
		if f.Rows > 0 {
			n += f.Rows
			continue
		}
		n += f.Size/bytesPerRow + 1
	}
	return n
}

// parquetSQL reads Parquet files by the names and types of the relation: a column that a file
// lacks is NULL, one of another physical type is converted. With a schema given no footer is
// read before its file is, which also means that the engine has to be told how many rows to expect.
func parquetSQL(r query.Relation, files []query.File) string {
	columns := make([]string, len(r.Columns))
	schema := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		columns[i] = identifier(c.Name)
		name := literal(c.Name)
		schema[i] = name + ": {name: " + name + ", type: " + literal(c.Type) + ", default_value: NULL}"
	}
	return fmt.Sprintf("SELECT %s FROM read_parquet(%s, schema=MAP{%s}, explicit_cardinality=%d, hive_partitioning=false)",
		strings.Join(columns, ", "), paths(files), strings.Join(schema, ", "), rowsIn(files))
}

// noText is a text that no field has, for readers that must take some text for NULL.
const noText = "\uFDD0\uFDD1larder\uFDD1\uFDD0"

// csvSQL reads text into columns c0, c1, … of text. Fields are taken by their place, as Hive does:
// what a short line lacks is NULL, what a long one has too much is left out.
func csvSQL(r query.Relation, files []query.File) string {
	format := r.Format.CSV
	null := format.Null
	if null == "" {
		null = noText
	}
	fields := make([]string, len(r.Columns))
	for i := range r.Columns {
		fields[i] = literal(fieldName(i)) + ": 'VARCHAR'"
	}
	// Not in parallel: DuckDB can do that only if no line is short and no field has a newline.
	return fmt.Sprintf("read_csv(%s, columns={%s}, auto_detect=false, header=false, skip=%d, delim=%s, quote=%s, escape=%s, "+
		"nullstr=%s, null_padding=true, strict_mode=false, parallel=false, compression=%s, hive_partitioning=false)",
		paths(files), strings.Join(fields, ", "), format.SkipHeaderLines,
		literal(format.Separator), literal(format.Quote), literal(format.Escape), literal(null), compressionSQL(files))
}

// compressionSQL is how files of one run are compressed, in the engine's words.
func compressionSQL(files []query.File) string {
	if files[0].Compression == "" {
		return "'none'"
	}
	return literal(files[0].Compression)
}

func fieldName(place int) string { return "c" + strconv.Itoa(place) }

// fieldsSQL converts what csvSQL reads.
func fieldsSQL(r query.Relation) string {
	columns := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		columns[i] = fieldSQL(fieldName(i), i, c.Type) + " AS " + identifier(c.Name)
	}
	return "SELECT " + strings.Join(columns, ", ")
}

// fieldSQL converts a field of text. Empty text is NULL unless the column is text; what cannot be
// converted ends the query.
func fieldSQL(field string, place int, columnType string) string {
	var value string
	switch columnType {
	case "VARCHAR":
		return field
	case "TIMESTAMP":
		// ISO text, with or without an offset, as the SDK writes it; and milliseconds since 1970, the
		// one form that OpenCSVSerde reads.
		value = fmt.Sprintf("TRY_CAST(TRY_CAST(%[1]s AS TIMESTAMPTZ) AS TIMESTAMP), epoch_ms(TRY_CAST(%[1]s AS BIGINT))", field)
	case "DATE":
		// ISO text, and days since 1970 as OpenCSVSerde has it.
		value = fmt.Sprintf("TRY_CAST(%[1]s AS DATE), DATE '1970-01-01' + TRY_CAST(%[1]s AS INTEGER)", field)
	default:
		value = "TRY_CAST(" + field + " AS " + columnType + ")"
	}
	return fmt.Sprintf("CASE WHEN %[1]s IS NULL OR %[1]s = '' THEN NULL ELSE coalesce(%[2]s, error('LARDER:HIVE_BAD_DATA:Error parsing field value ''' || %[1]s || ''' for field %[3]d')) END",
		field, value, place)
}

func paths(files []query.File) string {
	var list strings.Builder
	list.WriteByte('[')
	for i, f := range files {
		if i > 0 {
			list.WriteByte(',')
		}
		list.WriteString(literal(f.Path))
	}
	list.WriteByte(']')
	return list.String()
}

// literal writes text as an SQL string.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// identifier writes a name so that it stands for itself.
func identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
