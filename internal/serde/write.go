package serde

import (
	"encoding/base64"
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// AppendRow appends a row as a line with its end, in a form that can be written: not CSV. *Error: a value that the
// form cannot hold.
func (f *Format) AppendRow(b []byte, columns []Column, row []Value) ([]byte, error) {
	var err error
	if f.Form == Lazy {
		for i := range row {
			if i > 0 {
				b = append(b, f.Separators[0])
			}
			if b, err = f.appendLazy(b, &row[i], &columns[i].Type, 1); err != nil {
				return b, err
			}
		}
		return append(b, '\n'), nil
	}
	w := jsonWriter{f: f, b: b}
	w.sign('{')
	for i := range row {
		w.member(columns[i].Name, &row[i], &columns[i].Type)
	}
	w.sign('}')
	return append(w.b, '\n'), w.err
}

// appendLazy appends a value as LazySimpleSerDe writes it. Separators inside texts are escaped if the format has an
// escape; without one they stand as they are, as in Hive.
func (f *Format) appendLazy(b []byte, v *Value, t *Type, level int) ([]byte, error) {
	if v.Null {
		return append(b, f.Null...), nil
	}
	var err error
	switch t.Kind {
	case Array, Struct:
		for i := range v.Items {
			if i > 0 {
				b = append(b, f.Separators[level])
			}
			of := 0
			if t.Kind == Struct {
				of = i
			}
			if b, err = f.appendLazy(b, &v.Items[i], &t.Elements[of], level+1); err != nil {
				return b, err
			}
		}
		return b, nil
	case Map:
		for i := range v.Items {
			if i > 0 {
				b = append(b, f.Separators[level+i%2])
			}
			if b, err = f.appendLazy(b, &v.Items[i], &t.Elements[i%2], level+2); err != nil {
				return b, err
			}
		}
		return b, nil
	case Binary:
		return base64.StdEncoding.AppendEncode(b, v.Bytes), nil
	case String, Varchar, Char:
		return f.appendEscaped(b, v.Bytes, t), nil
	}
	start := len(b)
	b = appendScalar(b, v, t)
	if len(f.Escape) == 0 {
		return b, nil
	}
	// A number may have a separator in it: the - of -5.
	text := append([]byte(nil), b[start:]...)
	for _, c := range text {
		if f.special(c) {
			return b, &Error{"HIVE_WRITER_DATA_ERROR", "The value " + shown(text) + " has the separator " + strconv.Quote(string(c)) + " in it, and only texts are escaped; choose another separator"}
		}
	}
	return b, nil
}

// special tells whether a byte of a text is escaped.
func (f *Format) special(c byte) bool {
	if c == f.Escape[0] {
		return true
	}
	for _, s := range f.Separators {
		if c == s {
			return true
		}
	}
	return false
}

func (f *Format) appendEscaped(b, text []byte, t *Type) []byte {
	if len(f.Escape) == 0 {
		b = append(b, text...)
	} else {
		for _, c := range text {
			if f.special(c) {
				b = append(b, f.Escape[0])
			}
			b = append(b, c)
		}
	}
	return pad(b, text, t)
}

// pad appends the blanks that a char has at its end.
func pad(b, text []byte, t *Type) []byte {
	if t.Kind == Char {
		for n := utf8.RuneCount(text); n < t.Length; n++ {
			b = append(b, ' ')
		}
	}
	return b
}

// appendScalar appends a number, a boolean, a date or a timestamp.
func appendScalar(b []byte, v *Value, t *Type) []byte {
	switch t.Kind {
	case Boolean:
		return strconv.AppendBool(b, v.Int != 0)
	case Float:
		return AppendReal(b, float32(v.Float))
	case Double:
		return AppendDouble(b, v.Float)
	case Decimal:
		return AppendDecimal(b, v.High, uint64(v.Int), t.Scale)
	case Date:
		return AppendDate(b, v.Int)
	case Timestamp:
		// As many digits of the second as there are.
		at := time.UnixMicro(v.Int).UTC()
		return at.AppendFormat(AppendDate(b, floorDays(v.Int)), " 15:04:05.999999")
	}
	return strconv.AppendInt(b, v.Int, 10)
}

func floorDays(micros int64) int64 {
	days, _ := floorDiv(micros, microsPerDay)
	return days
}

// A jsonWriter writes an object.
type jsonWriter struct {
	f   *Format
	b   []byte
	err error
	// first says that nothing stands before the next part.
	first bool
}

func (w *jsonWriter) sign(c byte) {
	w.b = append(w.b, c)
	w.first = c == '{' || c == '['
}

// next puts a comma before a part that is not the first.
func (w *jsonWriter) next() {
	if !w.first {
		w.b = append(w.b, ',')
	}
	w.first = false
}

func (w *jsonWriter) member(name string, v *Value, t *Type) {
	if v.Null && w.f.Form == OpenXJSON && !w.f.ExplicitNull {
		return
	}
	if own, ok := w.f.Names[name]; ok {
		name = own
	}
	w.next()
	w.b = append(appendJSON(w.b, []byte(name)), ':')
	w.value(v, t)
}

func (w *jsonWriter) value(v *Value, t *Type) {
	switch {
	case v.Null:
		w.b = append(w.b, "null"...)
	case t.Kind == Array:
		w.sign('[')
		for i := range v.Items {
			w.next()
			w.value(&v.Items[i], &t.Elements[0])
		}
		w.sign(']')
	case t.Kind == Struct:
		w.sign('{')
		for i := range v.Items {
			w.member(t.Names[i], &v.Items[i], &t.Elements[i])
		}
		w.sign('}')
	case t.Kind == Map:
		w.sign('{')
		for i := 0; i < len(v.Items); i += 2 {
			w.next()
			w.b = append(w.key(w.b, &v.Items[i], &t.Elements[0]), ':')
			w.value(&v.Items[i+1], &t.Elements[1])
		}
		w.sign('}')
	default:
		w.scalar(v, t)
	}
}

// key appends a key of a map, which is a string whatever its type.
func (w *jsonWriter) key(b []byte, v *Value, t *Type) []byte {
	if t.text() || t.Kind == Binary {
		return appendJSON(b, w.plain(v, t))
	}
	return append(appendScalar(append(b, '"'), v, t), '"')
}

// plain is the text of a text or of binary.
func (w *jsonWriter) plain(v *Value, t *Type) []byte {
	switch {
	case t.Kind == Char:
		return pad(append([]byte(nil), v.Bytes...), v.Bytes, t)
	case t.Kind != Binary:
		return v.Bytes
	case w.f.Form == OpenXJSON:
		return base64.StdEncoding.AppendEncode(nil, v.Bytes)
	}
	if w.err == nil && !utf8.Valid(v.Bytes) {
		w.err = &Error{"HIVE_WRITER_DATA_ERROR", "A value of the type varbinary is not UTF-8, and this SerDe writes binary as text; use to_base64, or PARQUET"}
	}
	return v.Bytes
}

func (w *jsonWriter) scalar(v *Value, t *Type) {
	quoted := t.text() || t.Kind == Binary
	switch {
	case quoted:
		w.b = appendJSON(w.b, w.plain(v, t))
		return
	case t.Kind == Date, t.Kind == Timestamp:
		quoted = true
	case t.Kind == Float, t.Kind == Double:
		quoted = math.IsNaN(v.Float) || math.IsInf(v.Float, 0)
	}
	if quoted {
		w.b = append(w.b, '"')
	}
	w.b = appendScalar(w.b, v, t)
	if quoted {
		w.b = append(w.b, '"')
	}
}

// appendJSON appends a text as a string of JSON.
func appendJSON(b, text []byte) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\r':
			b = append(b, '\\', 'r')
		case c == '\t':
			b = append(b, '\\', 't')
		case c < 0x20 || c == 0x7f:
			b = append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
