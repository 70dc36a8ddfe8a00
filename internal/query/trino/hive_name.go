package trino

import (
	"fmt"
	"strings"
)

// HiveType is the type of a column of the catalog that holds values of t, as Athena makes it; ok is false if
// there is none.
func (t Type) HiveType() (hive string, ok bool) {
	switch t.Kind {
	case Boolean, Tinyint, Smallint, Bigint, Double, Date:
		return kindNames[t.Kind], true
	case Integer:
		return "int", true
	case Real:
		return "float", true
	case Varbinary:
		return "binary", true
	case Varchar:
		if t.Precision == 0 || t.Precision > 65535 {
			return "string", true
		}
		return fmt.Sprintf("varchar(%d)", t.Precision), true
	case Char:
		return fmt.Sprintf("char(%d)", t.Precision), t.Precision <= 255
	case Decimal:
		return fmt.Sprintf("decimal(%d,%d)", t.Precision, t.Scale), true
	case Timestamp:
		return "timestamp", true
	case Array, Map, Row:
		return t.nestedHiveType()
	}
	return "", false
}

func (t Type) nestedHiveType() (string, bool) {
	parts := make([]string, len(t.Elements))
	for i, e := range t.Elements {
		hive, ok := e.HiveType()
		if !ok {
			return "", false
		}
		if t.Kind == Row {
			if i >= len(t.Fields) || t.Fields[i] == "" {
				return "", false
			}
			hive = strings.ToLower(t.Fields[i]) + ":" + hive
		}
		parts[i] = hive
	}
	return map[Kind]string{Array: "array", Map: "map", Row: "struct"}[t.Kind] + "<" + strings.Join(parts, ",") + ">", true
}
