package serde

import (
	"bytes"
	"io"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// A maker makes random values. Those that a form cannot tell from others it does not make.
type maker struct {
	rt     *rapid.T
	format *Format
	letter *rapid.Generator[rune]
}

// typ is a random type.
func (m *maker) typ(depth int) Type {
	last := Struct
	if depth == 0 {
		last = Binary
	}
	t := Type{Kind: Kind(rapid.IntRange(0, int(last)).Draw(m.rt, "kind"))}
	switch t.Kind {
	case Varchar, Char:
		t.Length = 40
	case Decimal:
		t.Length = rapid.IntRange(1, 38).Draw(m.rt, "digits")
		t.Scale = rapid.IntRange(0, t.Length).Draw(m.rt, "scale")
	case Array:
		t.Elements = []Type{m.typ(depth - 1)}
	case Map:
		key := m.typ(0)
		for key.Kind == Binary || key.Kind == Char || key.Kind == Float || key.Kind == Double || key.Kind == Boolean {
			key = m.typ(0)
		}
		t.Elements = []Type{key, m.typ(depth - 1)}
	case Struct:
		t.Names = []string{"first", "second"}
		t.Elements = []Type{m.typ(depth - 1), m.typ(depth - 1)}
	}
	return t
}

func (m *maker) value(v *Value, t *Type, inside bool) {
	if v.Null = rapid.IntRange(0, 5).Draw(m.rt, "null") == 0 && !inside; v.Null {
		return
	}
	v.Items = v.Items[:0]
	switch t.Kind {
	case String, Varchar, Char, Binary:
		v.Bytes = []byte(rapid.StringOfN(m.letter, 0, 10, -1).Draw(m.rt, "text"))
		if inside && len(v.Bytes) == 0 {
			v.Bytes = []byte("x") // an array of one empty text is an empty array
		}
		if t.Kind == Char {
			v.Bytes = bytes.TrimRight(v.Bytes, " ")
		}
	case Boolean:
		v.Int = int64(rapid.IntRange(0, 1).Draw(m.rt, "boolean"))
	case Tinyint, Smallint, Int, Bigint:
		v.Int = rapid.Int64Range(-1<<(t.bits()-1), 1<<(t.bits()-1)-1).Draw(m.rt, "number")
	case Float:
		v.Float = float64(rapid.Float32().Draw(m.rt, "real"))
	case Double:
		v.Float = rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.Inf(-1), math.NaN()})).Draw(m.rt, "double")
	case Decimal:
		digits := rapid.StringMatching(`-?[0-9]{1,38}`).Draw(m.rt, "digits")
		sign, text := cutSign([]byte(digits))
		text = append(text[:min(len(text), t.Length)], []byte("e-"+string(AppendDecimal(nil, 0, uint64(t.Scale), 0)))...)
		if sign < 0 {
			text = append([]byte("-"), text...)
		}
		if !decimal(v, text, t) {
			m.rt.Fatalf("%s is no %v", text, t)
		}
	case Date:
		v.Int = rapid.Int64Range(-719_162, 2_932_896).Draw(m.rt, "days")
	case Timestamp:
		v.Int = rapid.Int64Range(-719_162, 2_932_896).Draw(m.rt, "days")*microsPerDay + rapid.Int64Range(0, microsPerDay-1).Draw(m.rt, "micros")
	case Array:
		for range rapid.IntRange(0, 3).Draw(m.rt, "length") {
			m.value(v.item(), &t.Elements[0], true)
		}
		if inside && len(v.Items) == 0 {
			m.value(v.item(), &t.Elements[0], true)
		}
	case Map:
		keys := newKeys(&t.Elements[0])
		for range rapid.IntRange(1, 3).Draw(m.rt, "entries") {
			key := Value{}
			if m.value(&key, &t.Elements[0], true); keys.seen(&key) >= 0 {
				continue
			}
			keys.add(&key)
			*v.item() = key
			m.value(v.item(), &t.Elements[1], false)
		}
	case Struct:
		for i := range t.Elements {
			m.value(v.item(), &t.Elements[i], i == 0)
		}
	}
}

// What is written reads back as the same rows, whatever they are: but what has no form of its own in text, a line's end
// in a text and an array of one empty text.
func TestWhatIsWrittenReadsBackEqual(t *testing.T) {
	formats := map[string]func(t testing.TB, columns []Column) *Format{}
	for _, class := range []string{HiveJSONClass, OpenXJSONClass, LazyClass} {
		formats[class] = func(t testing.TB, columns []Column) *Format {
			params := map[string]string{}
			if class == LazyClass {
				params = map[string]string{"field.delim": ",", "collection.delim": ";", "mapkey.delim": "~", "escape.delim": `\`}
			}
			f, err := NewFormat(class, params, nil, columns)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
	}
	for class, format := range formats {
		t.Run(class, func(t *testing.T) {
			letters := []rune("ab ,;:=\\\"'|\x00\x01\x02{}[]Né😀\t")
			if class != LazyClass {
				letters = append(letters, '\n', '\r', 0x7f)
			}
			rapid.Check(t, func(rt *rapid.T) {
				m := &maker{rt: rt, letter: rapid.SampledFrom(letters)}
				var columns []Column
				for i := range rapid.IntRange(1, 4).Draw(rt, "columns") {
					columns = append(columns, Column{Name: string(rune('a' + i)), Type: m.typ(2)})
				}
				m.format = format(t, columns)
				var file []byte
				var want []string
				for range rapid.IntRange(1, 4).Draw(rt, "rows") {
					row := make([]Value, len(columns))
					text := ""
					for i := range row {
						m.value(&row[i], &columns[i].Type, false)
						text += row[i].show(&columns[i].Type) + " | "
					}
					want = append(want, text)
					var err error
					if file, err = m.format.AppendRow(file, columns, row); err != nil {
						rt.Fatal(err)
					}
				}
				r, err := NewReader(m.format, columns, all(columns), bytes.NewReader(file), "f", "")
				if err != nil {
					rt.Fatal(err)
				}
				for _, w := range want {
					row, err := r.Next()
					if err != nil {
						rt.Fatalf("%v in %q", err, file)
					}
					text := ""
					for i := range row {
						text += row[i].show(&columns[i].Type) + " | "
					}
					if text != w {
						rt.Fatalf("%q reads as %s\nwant %s", file, text, w)
					}
				}
				if _, err := r.Next(); err != io.EOF {
					rt.Fatalf("behind the last row: %v", err)
				}
			})
		})
	}
}
