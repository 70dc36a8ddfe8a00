package trino

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// An answer is what a server said to a statement. Those of golden/ hold Trino's own words: types as Trino
// names them, values as its protocol writes them.
type answer struct {
	SQL     string
	Error   *failure            `json:",omitempty"`
	Columns []column            `json:",omitempty"`
	Rows    [][]json.RawMessage `json:",omitempty"`
	printed [][]*string         // Larder's rows: they are text already
}

type column struct{ Name, Type string }

type failure struct{ Name, Message string }

func (a *answer) summary() string {
	if a.Error != nil {
		return a.Error.Name + ": " + a.Error.Message
	}
	return strings.Join(a.texts(), " ")
}

// athenaColumns are Trino's columns as Athena calls them (contract §5.4).
func (a *answer) athenaColumns() []column {
	columns := make([]column, len(a.Columns))
	for i, c := range a.Columns {
		t := strings.ToLower(c.Type) // Trino shouts the names of intervals
		if at := strings.Index(t, "("); at >= 0 {
			t = t[:at] + t[strings.LastIndex(t, ")")+1:]
		}
		if t == "real" {
			t = "float"
		}
		columns[i] = column{strings.ToLower(c.Name), t}
	}
	return columns
}

// lowerColumns are the columns with names in lower case: Athena keeps the case in which a statement names a
// column (which test/conformance holds), Trino that of the table.
func (a *answer) lowerColumns() []column {
	columns := slices.Clone(a.Columns)
	for i, c := range columns {
		columns[i].Name = strings.ToLower(c.Name)
	}
	return columns
}

// texts are the rows, a text each.
func (a *answer) texts() []string {
	rows := a.printed
	if rows == nil {
		for _, row := range a.Rows {
			printed := make([]*string, len(row))
			for i, v := range row {
				printed[i] = print(v, parseType(a.Columns[i].Type))
			}
			rows = append(rows, printed)
		}
	}
	texts := make([]string, len(rows))
	for i, row := range rows {
		var b strings.Builder
		for j, v := range row {
			if j > 0 {
				b.WriteString(" | ")
			}
			if v == nil {
				b.WriteString("NULL")
			} else {
				fmt.Fprintf(&b, "%q", *v)
			}
		}
		texts[i] = b.String()
	}
	return texts
}

// print is a value of Trino's protocol in Athena's text form (contract §5.4); nil is NULL.
func print(v json.RawMessage, t typeName) *string {
	if string(v) == "null" {
		return nil
	}
	s := text(v, t)
	return &s
}

func text(v json.RawMessage, t typeName) string {
	if string(v) == "null" {
		return "null"
	}
	switch t.base {
	case "array":
		var elements []json.RawMessage
		mustDecode(v, &elements)
		parts := make([]string, len(elements))
		for i, e := range elements {
			parts[i] = text(e, t.args[0])
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case "map":
		return "{" + strings.Join(entries(v, t.args[1]), ", ") + "}"
	case "row":
		var fields []json.RawMessage
		mustDecode(v, &fields)
		parts := make([]string, len(fields))
		for i, f := range fields {
			name := t.names[i]
			if name == "" {
				name = fmt.Sprintf("field%d", i)
			}
			parts[i] = name + "=" + text(f, t.args[i])
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case "varbinary":
		var encoded string
		mustDecode(v, &encoded)
		raw, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			panic(err)
		}
		pairs := make([]string, len(raw))
		for i, b := range raw {
			pairs[i] = hex.EncodeToString([]byte{b})
		}
		return strings.Join(pairs, " ")
	}
	if v[0] != '"' {
		return string(v)
	}
	var s string
	mustDecode(v, &s)
	if t.base == "timestamp" || t.base == "timestamp with time zone" || t.base == "time" {
		return milliseconds(s)
	}
	return s
}

// entries are those of a map, in the order in which they stand.
func entries(v json.RawMessage, value typeName) []string {
	d := json.NewDecoder(bytes.NewReader(v))
	var parts []string
	if _, err := d.Token(); err != nil {
		panic(err)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			panic(err)
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			panic(err)
		}
		parts = append(parts, fmt.Sprintf("%s=%s", key, text(raw, value)))
	}
	return parts
}

// milliseconds gives the seconds of a time three digits at least, as Larder prints them.
func milliseconds(s string) string {
	return secondsOf.ReplaceAllStringFunc(s, func(t string) string {
		whole, digits, _ := strings.Cut(t, ".")
		return whole + "." + digits + "000"[min(3, len(digits)):]
	})
}

var secondsOf = regexp.MustCompile(`[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?`)

// A typeName is a type of Trino's, taken apart.
type typeName struct {
	base  string
	args  []typeName
	names []string // of the fields of a row
}

func parseType(s string) typeName {
	open := strings.Index(s, "(")
	if open < 0 {
		return typeName{base: s}
	}
	end := strings.LastIndex(s, ")")
	t := typeName{base: s[:open] + s[end+1:]}
	if t.base != "array" && t.base != "map" && t.base != "row" {
		return t
	}
	depth, from := 0, open+1
	for i := open + 1; i <= end; i++ {
		switch {
		case s[i] == '(':
			depth++
		case s[i] == ')' && depth > 0:
			depth--
		case (s[i] == ',' || i == end) && depth == 0:
			arg, name := strings.TrimSpace(s[from:i]), ""
			if t.base == "row" {
				if head, rest, ok := strings.Cut(arg, " "); ok && !strings.HasPrefix(rest, "with time zone") {
					name, arg = strings.Trim(head, `"`), rest
				}
			}
			t.args, t.names, from = append(t.args, parseType(arg)), append(t.names, name), i+1
		}
	}
	return t
}

func mustDecode(raw json.RawMessage, into any) {
	if err := json.Unmarshal(raw, into); err != nil {
		panic(fmt.Sprintf("%s: %v", raw, err))
	}
}

// readGolden reads Trino's answers of a chapter, by statement.
func readGolden(t *testing.T, chapter string) map[string]*answer {
	t.Helper()
	answers := map[string]*answer{}
	for line := range lines(t, "golden/"+chapter+".jsonl") {
		a := &answer{}
		mustDecode(json.RawMessage(line), a)
		answers[a.SQL] = a
	}
	return answers
}
