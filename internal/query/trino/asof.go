package trino

import (
	"strconv"
	"time"
)

// An AsOf is a call of as_of: a relation that has, for each row of Labels, the row and features of groups as they were
// known at a time that the row has. docs/sql.md describes it.
type AsOf struct {
	Labels *Translation // has a name for each column, each once, and types that Carried knows
	Time   string       // the column of Labels with the time, as the statement writes it
	Groups []string     // what is wanted of each group, as `larder dataset create --group` has it
	// Until is the last write time that counts; zero: any.
	Until time.Time
	// Columns are those of the result: of the labels first, then what Schema.AsOf returned.
	Columns []ResultColumn

	at       map[Argument]pos
	groups   []pos // of each group
	features []TableColumn
}

// An Argument is one of those of as_of; it is its name.
type Argument string

// The arguments, in their order.
const (
	ArgumentLabels Argument = "LABELS"
	ArgumentTime   Argument = "LABEL_TIME"
	ArgumentGroups Argument = "GROUPS"
	ArgumentUntil  Argument = "WRITTEN_UNTIL"
)

// Fail makes an error at the place of an argument.
func (f *AsOf) Fail(of Argument, code, format string, args ...any) error {
	return fail(f.at[of], code, format, args...)
}

// FailGroup makes an error at the place of a group.
func (f *AsOf) FailGroup(i int, code, format string, args ...any) error {
	return fail(f.groups[i], code, format, args...)
}

// A FileColumn is a column of the file of a result, and the engine's type of its values.
type FileColumn struct{ Name, Type string }

// Result is the form in which the result comes to the engine: a Parquet file of columns c0, c1, … with types that every
// one of the values goes through unchanged. Whole numbers are BIGINT, dates days since 1970, other numbers DOUBLE,
// decimals and all else that is neither a timestamp nor a boolean text.
func (f *AsOf) Result() []FileColumn {
	out := make([]FileColumn, len(f.Columns))
	for i, c := range f.Columns {
		out[i] = FileColumn{"c" + strconv.Itoa(i), engineType(carried(c.Type))}
	}
	return out
}

// LabelSQL selects the labels in the engine's dialect as columns c0, c1, … that Parquet can hold, of the engine's types
// where it can hold these. spare is the same over Labels.Spare.
func (f *AsOf) LabelSQL() (sql, spare string) {
	s := "SELECT "
	for i, c := range f.Labels.Columns {
		if i > 0 {
			s += ", "
		}
		column := "c" + strconv.Itoa(i)
		s += handed("q."+column, c.Type) + " AS " + column
	}
	return f.Labels.from(s)
}

// Carried tells whether values of a type can be in labels.
func Carried(t Type) bool {
	switch t.Kind {
	case Map, Row, IntervalDay, IntervalMonth, opaque:
		return false
	case Array:
		return t.Elements[0].Kind != Array && Carried(t.Elements[0])
	}
	return true
}

// carried is the type that values of t have in the file of a result.
func carried(t Type) Type {
	switch t.Kind {
	case Boolean, Double, Timestamp, TimestampTZ:
		return t
	case Tinyint, Smallint, Integer, Bigint, Date:
		return Type{Kind: Bigint}
	case Real:
		return Type{Kind: Double}
	case Array:
		return Type{Kind: Array, Elements: []Type{carried(t.Elements[0])}}
	}
	return Type{Kind: Varchar}
}

// handed writes a value of labels so that Parquet holds all of it.
func handed(arg string, t Type) string {
	switch t.Kind {
	case Time, Unknown:
		return "CAST(" + arg + " AS VARCHAR)"
	case Varbinary:
		return "hex(" + arg + ")"
	case Array:
		switch t.Elements[0].Kind {
		case Time, Unknown, Varbinary:
			return "list_transform(" + arg + ", lambda x: " + handed("x", t.Elements[0]) + ")"
		}
	}
	return arg
}

// recovered makes a value of type t of what the file of a result has.
func recovered(arg string, t Type) string {
	switch t.Kind {
	case Varbinary:
		return "unhex(" + arg + ")"
	case Date:
		return "(DATE '1970-01-01' + CAST(" + arg + " AS INTEGER))"
	case Array:
		if inner := recovered("x", t.Elements[0]); inner != "x" {
			return "list_transform(" + arg + ", lambda x: " + inner + ")"
		}
		return arg
	}
	if engineType(carried(t)) == engineType(t) {
		return arg
	}
	return "CAST(" + arg + " AS " + engineType(t) + ")"
}

// words describes the call for EXPLAIN.
func (f *AsOf) words() [][2]string {
	about := [][2]string{{"name", "as_of"}, {"labelTime", f.Time}, {"groups", list(f.Groups)}}
	if !f.Until.IsZero() {
		about = append(about, [2]string{"writtenUntil", f.Until.UTC().Format("2006-01-02 15:04:05.999999 UTC")})
	}
	return about
}
