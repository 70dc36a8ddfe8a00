package serde

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// A Kind is the kind of a column's type.
type Kind uint8

// The kinds, by their names in Hive.
const (
	String Kind = iota
	Varchar
	Char
	Boolean
	Tinyint
	Smallint
	Int
	Bigint
	Float
	Double
	Decimal
	Date
	Timestamp
	Binary
	Array
	Map
	Struct
)

// A Type is a Hive type, taken apart.
type Type struct {
	Kind     Kind
	Length   int      // of char and varchar in characters, of decimal in digits
	Scale    int      // of decimal
	Names    []string // of a struct's fields, lower case
	Elements []Type   // of an array, a map or a struct
}

// plain are the types without parameters.
var plain = map[string]Kind{
	"string": String, "boolean": Boolean, "tinyint": Tinyint, "smallint": Smallint, "int": Int, "bigint": Bigint,
	"float": Float, "double": Double, "date": Date, "timestamp": Timestamp, "binary": Binary,
}

var parametrised = regexp.MustCompile(`^(decimal|varchar|char)\(([0-9]+)(?:,([0-9]+))?\)$`)

// mostNested is how deep types may be nested.
const mostNested = 100

// Canonical writes a Hive type in its one form: lower case, no spaces, no synonyms. A text that is no type
// comes back without spaces.
func Canonical(hive string) string {
	return canonical(strings.ToLower(strings.Join(strings.Fields(hive), "")), 0)
}

func canonical(t string, depth int) string {
	switch t {
	case "integer":
		return "int"
	case "decimal":
		return "decimal(10,0)"
	}
	if m := parametrised.FindStringSubmatch(t); m != nil && m[1] == "decimal" && m[3] == "" {
		return "decimal(" + m[2] + ",0)"
	}
	n, ok := takeApart(t)
	if !ok || depth > mostNested {
		return t
	}
	for i, part := range n.types {
		if n.types[i] = canonical(part, depth+1); n.kind == "struct" {
			n.types[i] = n.names[i] + ":" + n.types[i]
		}
	}
	return n.kind + "<" + strings.Join(n.types, ",") + ">"
}

// parts is array<…>, map<…> or struct<…> taken apart. Names are empty but of a struct.
type parts struct {
	kind  string
	names []string
	types []string
}

// takeApart takes a type without spaces apart; ok is false for one that has no parts.
func takeApart(t string) (n parts, ok bool) {
	kind, inside, _ := strings.Cut(t, "<")
	inside, closed := strings.CutSuffix(inside, ">")
	if !closed || kind != "array" && kind != "map" && kind != "struct" {
		return parts{}, false
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
				return parts{}, false
			}
			n.names = append(n.names, name)
			part = typ
		}
		n.types = append(n.types, part)
	}
	return n, kind == "struct" || kind == "array" && len(n.types) == 1 || kind == "map" && len(n.types) == 2
}

// ParseType reads a Hive type. Unsupported; Invalid: its parameters.
func ParseType(hive string) (Type, error) { return parseType(hive, Canonical(hive), 0) }

// parseType reads the part t of the type that is shown in errors.
func parseType(hive, t string, depth int) (Type, error) {
	if kind, ok := plain[t]; ok {
		return Type{Kind: kind}, nil
	}
	if n, ok := takeApart(t); ok && depth < mostNested {
		typ := Type{Kind: map[string]Kind{"array": Array, "map": Map, "struct": Struct}[n.kind], Names: n.names}
		for _, part := range n.types {
			e, err := parseType(hive, part, depth+1)
			if err != nil {
				return Type{}, err
			}
			typ.Elements = append(typ.Elements, e)
		}
		return typ, nil
	}
	m := parametrised.FindStringSubmatch(t)
	if m == nil {
		return Type{}, feature.Errorf(feature.Unsupported, "the column type %.200q is not supported; use string, boolean, tinyint, smallint, int, bigint, float, double, decimal(p,s), date, timestamp, binary, char(n), varchar(n) or array<…>, map<…,…> and struct<…> of these", hive)
	}
	n, errN := strconv.Atoi(m[2])
	if m[1] != "decimal" {
		if most := map[string]int{"char": 255, "varchar": 65535}[m[1]]; errN != nil || n < 1 || n > most || m[3] != "" {
			return Type{}, feature.Errorf(feature.Invalid, "the column type %.200q is not valid: its length is 1 to %d", hive, most)
		}
		return Type{Kind: map[string]Kind{"char": Char, "varchar": Varchar}[m[1]], Length: n}, nil
	}
	scale, errS := strconv.Atoi(m[3])
	if errN != nil || errS != nil || n < 1 || n > 38 || scale > n {
		return Type{}, feature.Errorf(feature.Invalid, "the column type %.200q is not valid: a decimal has 1 to 38 digits, and its scale is not more", hive)
	}
	return Type{Kind: Decimal, Length: n, Scale: scale}, nil
}

// scalar tells whether a value of the type has no parts.
func (t *Type) scalar() bool { return t.Kind < Array }

// text tells whether a value of the type is text.
func (t *Type) text() bool { return t.Kind <= Char }

// levels is how many separators, one inside the other, LazySimpleSerDe needs for a value of the type.
func (t *Type) levels() int {
	if t.scalar() {
		return 0
	}
	most := 0
	for i := range t.Elements {
		most = max(most, t.Elements[i].levels())
	}
	if t.Kind == Map {
		return most + 2
	}
	return most + 1
}

// word is what errors call the type.
func (t *Type) word() string {
	return [...]string{"varchar", "varchar", "char", "boolean", "tinyint", "smallint", "integer", "bigint", "real", "double",
		"decimal", "date", "timestamp", "varbinary", "array", "map", "row"}[t.Kind]
}
