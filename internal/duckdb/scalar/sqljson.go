package scalar

import (
	"encoding/binary"
	"errors"
	"sort"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/jsonpath"
)

// sqlJSONFunctions are those of the SQL standard: JSON_EXISTS, JSON_QUERY and JSON_VALUE, whose second
// argument is a jsonpath.Call, and what JSON_ARRAY and JSON_OBJECT are made with.
func sqlJSONFunctions() []Function {
	calls := &cache[*jsonpath.Prepared]{make: jsonpath.Decode}
	return append(jsonEncodings(),
		of3("larder_json_exists", func(text, call string, values []Element[string]) (bool, error) {
			p, err := calls.get(call)
			if err != nil {
				return false, err
			}
			found, err := p.Exists(text, pointers(values))
			if err != nil {
				return false, raised(err)
			}
			if found == nil {
				return false, errNull
			}
			return *found, nil
		}),
		of3("larder_json_query", func(text, call string, values []Element[string]) (string, error) {
			p, err := calls.get(call)
			if err != nil {
				return "", err
			}
			out, err := p.Query(text, pointers(values))
			if err != nil {
				return "", raised(err)
			}
			if out == nil {
				return "", errNull
			}
			return *out, nil
		}),
		of3("larder_json_value", func(text, call string, values []Element[string]) ([]Element[string], error) {
			p, err := calls.get(call)
			if err != nil {
				return nil, err
			}
			outcome, value, err := p.Value(text, pointers(values))
			return []Element[string]{{Value: outcome}, {Value: value}}, err
		}),
		of3("larder_json_value_text", func(text, call string, values []Element[string]) (string, error) {
			p, err := calls.get(call)
			if err != nil {
				return "", err
			}
			outcome, value, err := p.Value(text, pointers(values))
			if err == nil && outcome != jsonpath.Found {
				err = errNull
			}
			return value, err
		}),
		of1("larder_json_input", jsonInput),
		of2("larder_json_array_of", func(elements []Element[string], absent bool) (string, error) {
			v := &document{kind: '['}
			for _, e := range elements {
				if !e.Null || !absent {
					v.members = append(v.members, raw(e))
				}
			}
			return v.String(), nil
		}),
		of4("larder_json_object_of", jsonObjectOf),
	)
}

func pointers(values []Element[string]) []*string {
	out := make([]*string, len(values))
	for i := range values {
		if !values[i].Null {
			out[i] = &values[i].Value
		}
	}
	return out
}

// raised is an error in the words that the engine's own have.
func raised(err error) error {
	var f *jsonpath.Failure
	if errors.As(err, &f) {
		return fail(f.Code, "%s", f.Message)
	}
	return err
}

// jsonInput is a text of JSON in the form that it has inside of other JSON.
func jsonInput(text string) (string, error) {
	i, err := jsonpath.Read(text)
	if err != nil {
		return "", raised(err)
	}
	if i == nil {
		return "", errNull
	}
	out, _ := i.JSON() // what is read from JSON has JSON
	return out, nil
}

// jsonObjectOf orders the members as Java's hash tables do: so the text is the one that Athena gives.
func jsonObjectOf(keys, values []Element[string], absent, unique bool) (string, error) {
	v := &document{kind: '{'}
	seen := map[string]bool{}
	for i, k := range keys {
		switch {
		case k.Null:
			return "", invalid("null value passed for JSON object key to JSON_OBJECT function")
		case values[i].Null && absent:
			continue
		case seen[k.Value] && unique:
			return "", invalid("duplicate key passed to JSON_OBJECT function")
		case seen[k.Value]:
			return "", fail("NOT_SUPPORTED", "cannot construct a JSON object with duplicate key")
		}
		seen[k.Value] = true
		v.names = append(v.names, k.Value)
		v.members = append(v.members, raw(values[i]))
	}
	sort.Stable(&byJavaHash{v, javaTableSize(len(v.names))})
	return v.String(), nil
}

// javaTableSize is the size of a java.util.HashMap of so many entries that has grown one by one.
func javaTableSize(entries int) uint32 {
	size := uint32(16)
	for entries > int(size)*3/4 {
		size *= 2
	}
	return size
}

// byJavaHash orders the members of an object by their places in a java.util.HashMap.
type byJavaHash struct {
	v    *document
	size uint32
}

func (o *byJavaHash) Len() int { return len(o.v.names) }

func (o *byJavaHash) Less(i, j int) bool {
	return javaPlace(o.v.names[i], o.size) < javaPlace(o.v.names[j], o.size)
}

func (o *byJavaHash) Swap(i, j int) {
	o.v.names[i], o.v.names[j] = o.v.names[j], o.v.names[i]
	o.v.members[i], o.v.members[j] = o.v.members[j], o.v.members[i]
}

func javaPlace(name string, size uint32) uint32 {
	var hash uint32
	for _, unit := range utf16.Encode([]rune(name)) {
		hash = hash*31 + uint32(unit)
	}
	return (hash ^ hash>>16) & (size - 1)
}

// jsonEncodings read and write JSON in bytes, of which the first is the least.
func jsonEncodings() []Function {
	return []Function{
		of1("larder_from_utf16", func(b []byte) (string, error) {
			units := make([]uint16, len(b)/2)
			for i := range units {
				units[i] = binary.LittleEndian.Uint16(b[2*i:])
			}
			return string(utf16.Decode(units)), nil
		}),
		of1("larder_to_utf16", func(s string) ([]byte, error) {
			var out []byte
			for _, unit := range utf16.Encode([]rune(s)) {
				out = binary.LittleEndian.AppendUint16(out, unit)
			}
			return out, nil
		}),
		of1("larder_from_utf32", func(b []byte) (string, error) {
			var out strings.Builder
			for ; len(b) >= 4; b = b[4:] {
				r := binary.LittleEndian.Uint32(b)
				if r > utf8.MaxRune {
					r = utf8.RuneError
				}
				out.WriteRune(rune(r))
			}
			return out.String(), nil
		}),
		of1("larder_to_utf32", func(s string) ([]byte, error) {
			var out []byte
			for _, r := range s {
				out = binary.LittleEndian.AppendUint32(out, uint32(r))
			}
			return out, nil
		}),
	}
}
