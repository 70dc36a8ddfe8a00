package trino

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"sort"
	"strings"
)

// jsonLiteral is JSON '…': the text in the form that json_parse gives it.
func jsonLiteral(x *xTyped, invalid error) (node, error) {
	text, ok := canonicalJSON(x.text)
	if !ok {
		return nil, invalid
	}
	return &literal{t: Type{Kind: JSON}, sql: quote(text), text: text}, nil
}

// canonicalJSON writes JSON as Trino keeps it: no white space between tokens, members ordered by their
// names. Numbers stay as they are written.
func canonicalJSON(text string) (string, bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return "", false
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return "", false
	}
	var b bytes.Buffer
	writeJSON(&b, v)
	return b.String(), !strings.ContainsRune(b.String(), 0)
}

func writeJSON(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case map[string]any:
		names := make([]string, 0, len(v))
		for n := range v {
			names = append(names, n)
		}
		sort.Strings(names)
		for i, n := range names {
			b.WriteString([]string{",", "{"}[boolInt(i == 0)])
			writeScalarJSON(b, n)
			b.WriteByte(':')
			writeJSON(b, v[n])
		}
		b.WriteString([]string{"}", "{}"}[boolInt(len(names) == 0)])
	case []any:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, e)
		}
		b.WriteByte(']')
	case json.Number:
		b.WriteString(v.String())
	default:
		writeScalarJSON(b, v)
	}
}

// writeScalarJSON writes a text, a boolean or null; nothing is escaped that need not be.
func writeScalarJSON(b *bytes.Buffer, v any) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	// Encoding a string, a boolean or nil cannot fail.
	_ = e.Encode(v)
	b.Truncate(b.Len() - 1) // Encode ends with a newline
}
