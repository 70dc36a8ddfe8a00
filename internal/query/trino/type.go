package trino

import (
	"fmt"
	"strings"
)

// A Kind is the base name of a type.
type Kind int

// The kinds.
const (
	Unknown Kind = iota // the type of NULL alone
	Boolean
	Tinyint
	Smallint
	Integer
	Bigint
	Real
	Double
	Decimal
	Varchar
	Char
	Varbinary
	Date
	Time
	Timestamp
	TimestampTZ
	IntervalDay   // interval day to second
	IntervalMonth // interval year to month
	JSON
	UUID
	Array
	Map
	Row
	// opaque is a column of a table whose Hive type is not known; it fails where it is used.
	opaque
)

// A Type is a Trino type. The zero value is unknown, the type of NULL.
type Type struct {
	Kind Kind
	// Precision is that of decimal, time and timestamp, and the length of varchar and char;
	// 0 is a varchar without bound.
	Precision int
	Scale     int      // of decimal
	Elements  []Type   // of array (one), map (two), row
	Fields    []string // of row; "" for a field without name
	// Zone is the time zone in which all values of a timestamp with time zone are shown; "" is UTC.
	Zone string
}

// kindNames are the words of the types that have no parameters.
var kindNames = [...]string{
	Unknown: "unknown", Boolean: "boolean", Tinyint: "tinyint", Smallint: "smallint", Integer: "integer", Bigint: "bigint",
	Real: "real", Double: "double", Decimal: "decimal", Varchar: "varchar", Char: "char", Varbinary: "varbinary", Date: "date",
	Time: "time", Timestamp: "timestamp", TimestampTZ: "timestamp with time zone", IntervalDay: "interval day to second",
	IntervalMonth: "interval year to month", JSON: "json", UUID: "uuid", Array: "array", Map: "map", Row: "row", opaque: "unknown",
}

// String gives the type in Trino's words: varchar(3), decimal(10,2), timestamp(3) with time zone.
func (t Type) String() string {
	switch t.Kind {
	case Decimal:
		return fmt.Sprintf("decimal(%d,%d)", t.Precision, t.Scale)
	case Varchar:
		if t.Precision == 0 {
			return "varchar"
		}
		return fmt.Sprintf("varchar(%d)", t.Precision)
	case Char, Time, Timestamp:
		return fmt.Sprintf("%s(%d)", kindNames[t.Kind], t.Precision)
	case TimestampTZ:
		return fmt.Sprintf("timestamp(%d) with time zone", t.Precision)
	case Array, Map, Row:
		parts := make([]string, len(t.Elements))
		for i, e := range t.Elements {
			parts[i] = e.String()
			if t.Kind == Row && i < len(t.Fields) && t.Fields[i] != "" {
				parts[i] = t.Fields[i] + " " + parts[i]
			}
		}
		return kindNames[t.Kind] + "(" + strings.Join(parts, ", ") + ")"
	}
	return kindNames[t.Kind]
}

// Equal reports whether two types are the same, names of row fields and zones apart.
func (t Type) Equal(u Type) bool {
	if t.Kind != u.Kind || t.Precision != u.Precision || t.Scale != u.Scale || len(t.Elements) != len(u.Elements) {
		return false
	}
	for i := range t.Elements {
		if !t.Elements[i].Equal(u.Elements[i]) {
			return false
		}
	}
	return true
}

// ColumnInfo gives what Athena's ColumnInfo says of the type: its name without parameters, its
// precision and its scale (contract §5.4).
func (t Type) ColumnInfo() (name string, precision, scale int) {
	switch t.Kind {
	case Unknown:
		return "unknown", 0, 0
	case Tinyint:
		return "tinyint", 3, 0
	case Smallint:
		return "smallint", 5, 0
	case Integer:
		return "integer", 10, 0
	case Bigint:
		return "bigint", 19, 0
	case Real:
		return "float", 17, 0
	case Double:
		return "double", 17, 0
	case Decimal:
		return "decimal", t.Precision, t.Scale
	case Varchar:
		if t.Precision == 0 {
			return "varchar", 2147483647, 0
		}
		return "varchar", t.Precision, 0
	case Char:
		return "char", t.Precision, 0
	case Varbinary:
		return "varbinary", 1073741824, 0
	case Time, Timestamp, TimestampTZ:
		return kindNames[t.Kind], 3, 0
	}
	return kindNames[t.Kind], 0, 0
}

// Layout is the type as printing wants it: String, but every field of a row has a name, in double
// quotes, and a zone other than UTC follows in double quotes.
func (t Type) Layout() string {
	switch t.Kind {
	case TimestampTZ:
		if t.Zone != "" {
			return t.String() + " " + name(t.Zone)
		}
	case Array, Map, Row:
		parts := make([]string, len(t.Elements))
		for i, e := range t.Elements {
			parts[i] = e.Layout()
			if t.Kind != Row {
				continue
			}
			field := t.fieldName(i)
			if field == "" {
				field = fmt.Sprintf("field%d", i)
			}
			parts[i] = name(field) + " " + parts[i]
		}
		return kindNames[t.Kind] + "(" + strings.Join(parts, ", ") + ")"
	}
	return t.String()
}
