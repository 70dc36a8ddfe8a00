package scalar

import (
	"math"
	"math/big"
	"sort"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/jsonpath"
)

func cannotCast(v *document, to string) error {
	return fail("INVALID_CAST_ARGUMENT", "Cannot cast '%s' to %s", v, to)
}

// jsonCasts take values of JSON apart and put them together: a cast between JSON and a type is built
// of them.
func jsonCasts() []Function {
	object := func(keys, values []Element[string], ordered bool) (string, error) {
		v := &document{kind: '{'}
		at := make([]int, len(keys))
		for i := range keys {
			at[i] = i
		}
		if ordered {
			sort.SliceStable(at, func(a, b int) bool { return keys[at[a]].Value < keys[at[b]].Value })
		}
		for _, i := range at {
			v.names = append(v.names, keys[i].Value)
			v.members = append(v.members, raw(values[i]))
		}
		return v.String(), nil
	}
	return []Function{
		of1("larder_json_string", func(s string) (string, error) { return string(jsonpath.AppendString(nil, s)), nil }),
		of1("larder_json_double", func(f float64) (string, error) {
			if math.IsNaN(f) || math.IsInf(f, 0) {
				return `"` + javaDouble(f) + `"`, nil
			}
			return javaDouble(f), nil
		}),
		of1("larder_json_array", func(elements []Element[string]) (string, error) {
			v := &document{kind: '['}
			for _, e := range elements {
				v.members = append(v.members, raw(e))
			}
			return v.String(), nil
		}),
		of2("larder_json_row", func(names, values []Element[string]) (string, error) { return object(names, values, false) }),
		of2("larder_json_map", func(keys, values []Element[string]) (string, error) { return object(keys, values, true) }),
		of2("larder_json_scalar", jsonScalar),
		of2("larder_json_elements", func(text, to string) ([]Element[string], error) {
			v, err := container(text, to, '[', "array")
			if err != nil {
				return nil, err
			}
			return v.texts(), nil
		}),
		of2("larder_json_keys", func(text, to string) ([]Element[string], error) {
			v, err := container(text, to, '{', "object")
			if err != nil {
				return nil, err
			}
			return elements(v.names), nil
		}),
		of2("larder_json_values", func(text, to string) ([]Element[string], error) {
			v, err := container(text, to, '{', "object")
			if err != nil {
				return nil, err
			}
			return v.texts(), nil
		}),
		of4("larder_json_field", jsonField),
	}
}

// raw is a text that is JSON already, or null.
func raw(e Element[string]) *document {
	if e.Null {
		return &document{kind: 'n', text: "null"}
	}
	return &document{kind: '0', text: e.Value}
}

func (v *document) texts() []Element[string] {
	out := make([]Element[string], len(v.members))
	for i, m := range v.members {
		out[i].Value = m.String()
	}
	return out
}

// container is the object or array that a cast to a type wants; null is NULL.
func container(text, to string, kind byte, word string) (*document, error) {
	v, ok := readJSON(text)
	switch {
	case ok && v.kind == kind:
		return v, nil
	case ok && v.kind == 'n':
		return nil, errNull
	}
	return nil, fail("INVALID_CAST_ARGUMENT", "Cannot cast to %s. Expected a json %s, but got %s", to, word, text)
}

// jsonField is the field of a row: by its place in an array, by its name in an object.
func jsonField(text, to string, index int64, name string) (string, error) {
	v, ok := readJSON(text)
	switch {
	case ok && v.kind == 'n':
		return "", errNull
	case ok && v.kind == '[':
		if index < int64(len(v.members)) {
			return v.members[index].String(), nil
		}
	case ok && v.kind == '{':
		for i, n := range v.names {
			if strings.EqualFold(n, name) {
				return v.members[i].String(), nil
			}
		}
		return "", errNull
	}
	return "", fail("INVALID_CAST_ARGUMENT", "Cannot cast to %s. Expected a json array, or object, but got %s", to, text)
}

// jsonScalar is the text that a cast from varchar reads to the value that a scalar of JSON has as a
// varchar, bigint, double, boolean or decimal.
func jsonScalar(text, to string) (string, error) {
	v, ok := readJSON(text)
	if !ok {
		return "", fail("INVALID_CAST_ARGUMENT", "Cannot cast '%s' to %s", text, to)
	}
	kind, _, _ := strings.Cut(to, "(")
	switch v.kind {
	case 'n':
		return "", errNull
	case '"':
		return v.text, nil
	case 't':
		if kind == "varchar" || kind == "boolean" {
			return v.text, nil
		}
		return strconv.Itoa(boolInt(v.text == "true")), nil
	case '0':
		return jsonNumber(v, kind, to)
	}
	return "", cannotCast(v, to)
}

func jsonNumber(v *document, kind, to string) (string, error) {
	whole := !strings.ContainsAny(v.text, ".eE")
	f, err := strconv.ParseFloat(v.text, 64)
	if err != nil && !math.IsInf(f, 0) {
		return "", cannotCast(v, to)
	}
	switch kind {
	case "boolean":
		return strconv.FormatBool(f != 0), nil
	case "varchar":
		if !whole {
			return javaDouble(f), nil
		}
	case "tinyint", "smallint", "integer", "bigint":
		if !whole {
			i, _ := new(big.Float).SetFloat64(math.Floor(math.Abs(f) + 0.5)).Int(nil)
			if i == nil {
				return "", cannotCast(v, to)
			}
			if f < 0 {
				i.Neg(i)
			}
			return i.String(), nil
		}
	}
	return v.text, nil
}
