package scalar

import (
	"encoding/json"
	"errors"
	"io"
	"sort"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/jsonpath"
)

// A document is a value of JSON, its members in the order of the text.
type document struct {
	kind    byte   // { [ " 0 t (true, false) n (null)
	text    string // of a string, a number or a boolean
	names   []string
	members []*document // of an object, beside names, or of an array
}

// readJSON reads a text that is one value of JSON.
func readJSON(text string) (*document, bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, err := readValue(d, 0)
	if err != nil {
		return nil, false
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, false
	}
	return v, true
}

// maxNesting is deeper than any use of JSON, and less than a stack holds.
const maxNesting = 1000

var errNesting = errors.New("nested too deeply")

func readValue(d *json.Decoder, depth int) (*document, error) {
	if depth > maxNesting {
		return nil, errNesting
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		v := &document{kind: byte(t)}
		for d.More() {
			if t == '{' {
				name, err := d.Token()
				if err != nil {
					return nil, err
				}
				text, ok := name.(string)
				if !ok {
					return nil, errors.New("a name that is no string")
				}
				v.names = append(v.names, text)
			}
			member, err := readValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			v.members = append(v.members, member)
		}
		_, err := d.Token()
		return v, err
	case string:
		return &document{kind: '"', text: t}, nil
	case json.Number:
		return &document{kind: '0', text: t.String()}, nil
	case bool:
		return &document{kind: 't', text: strconv.FormatBool(t)}, nil
	}
	return &document{kind: 'n', text: "null"}, nil
}

// sorted orders the members of all objects by their names; of members with one name the last stays.
func (v *document) sorted() {
	for _, m := range v.members {
		m.sorted()
	}
	if v.kind != '{' {
		return
	}
	last := map[string]*document{}
	for i, n := range v.names {
		last[n] = v.members[i]
	}
	v.names, v.members = v.names[:0], v.members[:0]
	for n := range last {
		v.names = append(v.names, n)
	}
	sort.Strings(v.names)
	for _, n := range v.names {
		v.members = append(v.members, last[n])
	}
}

func (v *document) scalar() bool { return v.kind != '{' && v.kind != '[' }

// write prints without white space.
func (v *document) write(b []byte) []byte {
	switch v.kind {
	case '{', '[':
		b = append(b, v.kind)
		for i, m := range v.members {
			if i > 0 {
				b = append(b, ',')
			}
			if v.kind == '{' {
				b = append(jsonpath.AppendString(b, v.names[i]), ':')
			}
			b = m.write(b)
		}
		return append(b, v.kind+2) // } and ] stand two behind { and [
	case '"':
		return jsonpath.AppendString(b, v.text)
	}
	return append(b, v.text...)
}

func (v *document) String() string { return string(v.write(nil)) }

// jsonPath reads $.a["b"][0] to the names of its steps.
func jsonPath(path string) ([]string, error) {
	bad := invalid("Invalid JSON path: '%s'", path)
	if path == "" || path[0] != '$' {
		return nil, bad
	}
	steps := []string{}
	for rest := path[1:]; rest != ""; {
		switch {
		case rest[0] == '.':
			n := 1
			for n < len(rest) && rest[n] != '.' && rest[n] != '[' && (rest[n] >= 0x80 || isDigit(rest[n]) || isASCIILetter(rest[n]) || strings.IndexByte("_-:$/@|# ", rest[n]) >= 0) {
				n++
			}
			if n == 1 {
				return nil, bad
			}
			steps, rest = append(steps, rest[1:n]), rest[n:]
		case strings.HasPrefix(rest, `["`):
			var name strings.Builder
			i := 2
			for i < len(rest) && rest[i] != '"' {
				if rest[i] == '\\' {
					if i++; i == len(rest) || rest[i] != '"' && rest[i] != '\\' {
						return nil, bad
					}
				}
				name.WriteByte(rest[i])
				i++
			}
			if !strings.HasPrefix(rest[min(i, len(rest)):], `"]`) {
				return nil, bad
			}
			steps, rest = append(steps, name.String()), rest[i+2:]
		case rest[0] == '[':
			name, after, ok := strings.Cut(rest[1:], "]")
			if !ok || name == "" || strings.ContainsFunc(name, func(r rune) bool {
				return r < 0x80 && !isDigit(byte(r)) && !isASCIILetter(byte(r)) && r != '_' && r != '-'
			}) {
				return nil, bad
			}
			steps, rest = append(steps, name), after
		default:
			return nil, bad
		}
	}
	return steps, nil
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// at follows a path; nil if it leads nowhere.
func (v *document) at(steps []string) *document {
next:
	for _, s := range steps {
		switch v.kind {
		case '{':
			for i, n := range v.names {
				if n == s {
					v = v.members[i]
					continue next
				}
			}
		case '[':
			if i, err := strconv.Atoi(s); err == nil && i >= 0 && i < len(v.members) {
				v = v.members[i]
				continue next
			}
		}
		return nil
	}
	return v
}

func jsonFunctions() []Function {
	paths := &cache[[]string]{make: jsonPath}
	find := func(text, path string) (*document, error) {
		steps, err := paths.get(path)
		if err != nil {
			return nil, err
		}
		v, ok := readJSON(text)
		if !ok {
			return nil, errNull
		}
		if v = v.at(steps); v == nil {
			return nil, errNull
		}
		return v, nil
	}
	array := func(text string) (*document, error) {
		v, ok := readJSON(text)
		if !ok || v.kind != '[' {
			return nil, errNull
		}
		return v, nil
	}
	holds := func(text string, is func(m *document) bool) (bool, error) {
		v, err := array(text)
		if err != nil {
			return false, err
		}
		for _, m := range v.members {
			if is(m) {
				return true, nil
			}
		}
		return false, nil
	}
	return append(jsonCasts(),
		of1("larder_json_parse", func(text string) (string, error) {
			v, ok := readJSON(text)
			if !ok {
				return "", invalid("Cannot convert value to JSON: '%s'", text)
			}
			v.sorted()
			return v.String(), nil
		}),
		of2("larder_json_extract", func(text, path string) (string, error) {
			v, err := find(text, path)
			if err != nil {
				return "", err
			}
			return v.String(), nil
		}),
		of2("larder_json_extract_scalar", func(text, path string) (string, error) {
			v, err := find(text, path)
			if err != nil {
				return "", err
			}
			if !v.scalar() || v.kind == 'n' {
				return "", errNull
			}
			return v.text, nil
		}),
		of2("larder_json_size", func(text, path string) (int64, error) {
			v, err := find(text, path)
			if err != nil {
				return 0, err
			}
			return int64(len(v.members)), nil
		}),
		of1("larder_json_array_length", func(text string) (int64, error) {
			v, err := array(text)
			if err != nil {
				return 0, err
			}
			return int64(len(v.members)), nil
		}),
		of2("larder_json_array_get", func(text string, index int64) (string, error) {
			v, err := array(text)
			if err != nil {
				return "", err
			}
			n := int64(len(v.members))
			if index < 0 {
				index += n
			}
			if index < 0 || index >= n {
				return "", errNull
			}
			return v.members[index].String(), nil
		}),
		of2("larder_json_array_contains_text", func(text, value string) (bool, error) {
			return holds(text, func(m *document) bool { return m.kind == '"' && m.text == value })
		}),
		of2("larder_json_array_contains_boolean", func(text string, value bool) (bool, error) {
			return holds(text, func(m *document) bool { return m.kind == 't' && m.text == strconv.FormatBool(value) })
		}),
		of2("larder_json_array_contains_bigint", func(text string, value int64) (bool, error) {
			return holds(text, func(m *document) bool { return m.kind == '0' && m.text == strconv.FormatInt(value, 10) })
		}),
		of2("larder_json_array_contains_double", func(text string, value float64) (bool, error) {
			return holds(text, func(m *document) bool {
				f, err := strconv.ParseFloat(m.text, 64)
				return m.kind == '0' && strings.ContainsAny(m.text, ".eE") && err == nil && f == value
			})
		}),
		of1("larder_is_json_scalar", func(text string) (bool, error) {
			v, ok := readJSON(text)
			if !ok {
				return false, invalid("Invalid JSON value: %s", text)
			}
			return v.scalar(), nil
		}),
	)
}
