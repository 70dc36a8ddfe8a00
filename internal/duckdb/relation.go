package duckdb

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/duckdb/frame"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/serde"
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

// viewsSQL makes the views through which a plan reads a relation. What they read of files of text is added to texts.
func viewsSQL(r query.Relation, rows bool, texts *[]frame.Text) []string {
	views := []string{viewSQL(r, rows, unplaced, texts)}
	if r.Placed {
		views = append(views, viewSQL(r, rows, placed, texts), viewSQL(r, rows, sought, texts))
	}
	return views
}

// A form of a view is the end of its name.
type form string

// The forms, as trino.Translation.Placed has them.
const (
	unplaced form = ""
	placed   form = " placed"
	sought   form = " sought"
)

// soughtShare is how many times fewer rows than it has a relation is said to have where those of a few places are sought.
// DuckDB then keeps the places in memory and reads the relation past them, whatever it guesses of conditions; the other
// way round it would keep the relation.
const soughtShare = 20

// placeSQL is the place of a row in a form of a view, as columns to select.
func (f form) placeSQL(file, row string) string {
	if f == unplaced {
		return ""
	}
	return ", " + file + ` AS " file", ` + row + ` AS " row"`
}

// rowsFile is the file of rows that are in none.
const rowsFile = 1<<31 - 1

// viewSQL makes one view: the relation's files and, if there are any, its rows, as if all had come from one place.
// Text has no places.
func viewSQL(r query.Relation, rows bool, f form, texts *[]frame.Text) string {
	var sources []string
	if rows {
		sources = append(sources, rowsSQL(r, f))
	}
	stored := r
	stored.Columns = r.Columns[:len(r.Columns)-r.Keys]
	first := 0
	for _, files := range alike(filesWithBytes(r.Files)) {
		var source string
		if files[0].Text != nil {
			source = textSQL(stored, len(*texts))
			*texts = append(*texts, textOf(stored, files))
		} else {
			source = parquetSQL(stored, files, f, first)
			first += len(files)
		}
		sources = append(sources, withKeys(source, r.Columns[len(stored.Columns):], files[0].Keys))
	}
	if len(sources) == 0 {
		sources = append(sources, emptySQL(r, f))
	}
	return "CREATE TEMP VIEW " + identifier(r.Name+string(f)) + " AS " + strings.Join(sources, " UNION ALL ")
}

// alike parts files into runs of the same keys and format, in which they come.
func alike(files []query.File) [][]query.File {
	var runs [][]query.File
	for i, f := range files {
		if i > 0 && reflect.DeepEqual(f.Text, files[i-1].Text) && slices.EqualFunc(f.Keys, files[i-1].Keys, func(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }) {
			runs[len(runs)-1] = append(runs[len(runs)-1], f)
			continue
		}
		runs = append(runs, []query.File{f})
	}
	return runs
}

// textSQL reads the text of a place in frame.Run. Its columns are c0, c1, …: nothing of a table stands in the call.
func textSQL(r query.Relation, place int) string {
	columns := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		columns[i] = "c" + strconv.Itoa(i) + " AS " + identifier(c.Name)
	}
	return "SELECT " + strings.Join(columns, ", ") + " FROM larder_text(" + strconv.Itoa(place) + ")"
}

// textOf is what the worker is told of files of text.
func textOf(r query.Relation, files []query.File) frame.Text {
	t := frame.Text{Format: *files[0].Text}
	for _, c := range r.Columns {
		t.Columns = append(t.Columns, serde.Column{Name: c.Name, Type: c.Hive})
	}
	for _, f := range files {
		size := f.Size
		if f.Compression != "" {
			size *= 10 // text is often ten times as long as what it is compressed to
		}
		t.Rows += size/bytesPerRow + 1
		t.Files = append(t.Files, frame.TextFile{Path: f.Path, Name: f.URI, Compression: f.Compression})
	}
	return t
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

func emptySQL(r query.Relation, f form) string {
	columns := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		columns[i] = "CAST(NULL AS " + c.Type + ") AS " + identifier(c.Name)
	}
	return "SELECT " + strings.Join(columns, ", ") + f.placeSQL("CAST(0 AS UBIGINT)", "CAST(0 AS BIGINT)") + " WHERE false"
}

func rowsSQL(r query.Relation, f form) string {
	columns := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		columns[i] = identifier(c.Name)
		if rowType(c.Type) != c.Type {
			columns[i] = "CAST(" + columns[i] + " AS " + c.Type + ") AS " + columns[i]
		}
	}
	place := f.placeSQL(fmt.Sprintf("CAST(%d AS UBIGINT)", rowsFile), "rowid")
	return "SELECT " + strings.Join(columns, ", ") + place + " FROM temp.main." + identifier(rowTableName(r))
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
// read before its file is, which also means that the engine has to be told how many rows to expect. first is how many
// files of the relation come before these.
func parquetSQL(r query.Relation, files []query.File, f form, first int) string {
	columns := make([]string, len(r.Columns))
	schema := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		columns[i] = identifier(c.Name)
		name := literal(c.Name)
		schema[i] = name + ": {name: " + name + ", type: " + literal(c.Type) + ", default_value: NULL}"
	}
	expected := rowsIn(files)
	if f == sought {
		expected = max(1, expected/soughtShare)
	}
	// Only a bare file_index lets the engine leave files unread in which nothing is sought.
	file := "file_index"
	if first > 0 {
		file = fmt.Sprintf("(file_index + CAST(%d AS UBIGINT))", first)
	}
	return fmt.Sprintf("SELECT %s%s FROM read_parquet(%s, schema=MAP{%s}, explicit_cardinality=%d, hive_partitioning=false)",
		strings.Join(columns, ", "), f.placeSQL(file, "file_row_number"), paths(files), strings.Join(schema, ", "), expected)
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
