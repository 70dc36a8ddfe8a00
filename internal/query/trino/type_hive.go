package trino

import (
	"strconv"
	"strings"
)

// hiveType is the Trino type of a column's Hive type, as Athena reads it; ok is false for a type
// that is not known.
func hiveType(s string) (t Type, ok bool) {
	p := &hiveTypeReader{rest: strings.ToLower(s)}
	t, ok = p.read(0)
	p.space()
	return t, ok && p.rest == ""
}

// A hiveTypeReader reads array<map<string,struct<a:int>>> from the left.
type hiveTypeReader struct{ rest string }

func (p *hiveTypeReader) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

func (p *hiveTypeReader) skip(s string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, s)
	p.rest = rest
	return ok
}

// word reads up to one of the characters that part types.
func (p *hiveTypeReader) word(end string) string {
	p.space()
	i := strings.IndexAny(p.rest, end)
	if i < 0 {
		i = len(p.rest)
	}
	w := strings.TrimSpace(p.rest[:i])
	p.rest = p.rest[i:]
	return w
}

func (p *hiveTypeReader) read(depth int) (t Type, ok bool) {
	if depth > maxDepth {
		return t, false
	}
	switch name := p.word("<>(),: "); name {
	case "array", "map":
		return p.elements(name, depth)
	case "struct":
		return p.fields(depth)
	default:
		params, ok := p.params()
		if !ok {
			return t, false
		}
		return hiveScalar(name, params)
	}
}

func (p *hiveTypeReader) elements(name string, depth int) (t Type, ok bool) {
	if !p.skip("<") {
		return t, false
	}
	t = Type{Kind: Array}
	if name == "map" {
		t.Kind = Map
	}
	for range map[Kind]int{Array: 1, Map: 2}[t.Kind] {
		if len(t.Elements) > 0 && !p.skip(",") {
			return t, false
		}
		e, ok := p.read(depth + 1)
		if !ok {
			return t, false
		}
		t.Elements = append(t.Elements, e)
	}
	return t, p.skip(">")
}

func (p *hiveTypeReader) fields(depth int) (t Type, ok bool) {
	t.Kind = Row
	if !p.skip("<") {
		return t, false
	}
	for {
		name := p.word("<>(),:")
		if name == "" || !p.skip(":") {
			return t, false
		}
		e, ok := p.read(depth + 1)
		if !ok {
			return t, false
		}
		t.Elements, t.Fields = append(t.Elements, e), append(t.Fields, name)
		if p.skip(">") {
			return t, true
		}
		if !p.skip(",") {
			return t, false
		}
	}
}

func (p *hiveTypeReader) params() (params []int, ok bool) {
	if !p.skip("(") {
		return nil, true
	}
	for {
		n, err := strconv.Atoi(p.word("<>(),:"))
		if err != nil {
			return nil, false
		}
		params = append(params, n)
		if p.skip(")") {
			return params, true
		}
		if !p.skip(",") {
			return nil, false
		}
	}
}

func hiveScalar(name string, params []int) (Type, bool) {
	switch name {
	case "string":
		return Type{Kind: Varchar}, params == nil
	case "binary":
		return Type{Kind: Varbinary}, params == nil
	case "float":
		return Type{Kind: Real}, params == nil
	case "timestamp":
		return Type{Kind: Timestamp, Precision: 3}, params == nil
	case "decimal":
		if params == nil {
			params = []int{10, 0}
		}
	case "varchar", "char":
		if len(params) != 1 {
			return Type{}, false
		}
	case "time", "json", "unknown", "uuid":
		return Type{}, false // no types of Hive's
	}
	return scalarType(name, params)
}
