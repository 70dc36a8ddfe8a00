package serde

import (
	"bytes"
	"errors"
	"math/big"
	"strconv"
	"strings"
)

// readJSON reads the line as the JSON SerDes do. A line that is no JSON ends the query, or is a row of NULLs if the
// table says so.
func (r *Reader) readJSON() error {
	r.at, r.field = 0, 0
	var err error
	switch c := r.peek(); {
	case c == '{':
		err = r.object(r.column)
	case r.format.Form == HiveJSON:
		err = r.syntax("Start of object expected")
	case c == '[':
		err = r.elements(func() error {
			at := r.field
			r.field++
			return r.columnAt(at)
		})
	}
	var fault *Error
	if r.format.IgnoreMalformed && errors.As(err, &fault) && fault.Code == cursorError {
		for i := range r.row {
			r.row[i].setNull()
		}
		return nil
	}
	return err
}

// column reads the value of a member of the line's object.
func (r *Reader) column(name []byte) error {
	name = r.folded(name)
	if at, ok := r.members[loose(name)]; ok {
		r.field = at
		return r.columnAt(at)
	}
	if r.format.Dots && bytes.IndexByte(name, '.') >= 0 {
		if at, ok := r.members[strings.ReplaceAll(loose(name), ".", "_")]; ok && r.place[at] >= 0 && r.row[r.place[at]].Null {
			r.field = at
			return r.columnAt(at)
		}
	}
	return r.skip(0)
}

func (r *Reader) columnAt(at int) error {
	if at >= len(r.columns) || r.place[at] < 0 {
		return r.skip(0)
	}
	return r.value(&r.row[r.place[at]], &r.columns[at].Type)
}

// folded is a member's name as it is looked up.
func (r *Reader) folded(name []byte) []byte {
	if r.format.CaseSensitive {
		return name
	}
	for _, c := range name {
		if c >= 'A' && c <= 'Z' || c >= 0x80 {
			return bytes.ToLower(name)
		}
	}
	return name
}

// value reads a value of a type.
func (r *Reader) value(v *Value, t *Type) error {
	switch c := r.peek(); c {
	case '{', '[':
		return r.nested(v, t, c)
	case '"':
		text, err := r.text()
		if err != nil {
			return err
		}
		return r.jsonScalar(v, text, true, t)
	}
	text, err := r.literal()
	if err != nil {
		return err
	}
	if string(text) == "null" {
		v.setNull()
		return nil
	}
	return r.jsonScalar(v, text, false, t)
}

// nested reads an object or an array, whose first character is c.
func (r *Reader) nested(v *Value, t *Type, c byte) error {
	openX := r.format.Form == OpenXJSON
	switch {
	case t.Kind == Array && c == '[':
		v.begin()
		return r.elements(func() error { return r.value(v.item(), &t.Elements[0]) })
	case t.Kind == Array && openX:
		v.begin()
		return r.value(v.item(), &t.Elements[0])
	case t.Kind == Map && c == '{':
		return r.jsonMap(v, t)
	case t.Kind == Struct && c == '{':
		v.fields(t)
		return r.object(func(name []byte) error { return r.jsonField(v, t, name) })
	case t.Kind == Struct && openX:
		v.fields(t)
		at := 0
		return r.elements(func() error {
			if at++; at > len(t.Elements) {
				return r.skip(0)
			}
			return r.value(&v.Items[at-1], &t.Elements[at-1])
		})
	case t.text() && openX:
		text, err := r.compact()
		if err != nil {
			return err
		}
		v.setBytes(t.cut(text))
		return r.valid(text)
	}
	start := r.at
	if err := r.skip(0); err != nil {
		return err
	}
	if t.Kind == Boolean && openX {
		v.setInt(0)
		return nil
	}
	return r.mismatch(v, r.line[start:r.at], t)
}

// fields makes v a struct of NULLs.
func (v *Value) fields(t *Type) {
	v.begin()
	for range t.Elements {
		v.item().setNull()
	}
}

// mismatch is a value that is not of its column's type.
func (r *Reader) mismatch(v *Value, text []byte, t *Type) error {
	if r.format.NullIfInvalid {
		v.setNull()
		return nil
	}
	return r.unreadable(text, t)
}

// jsonField reads a member of an object that is a struct. Of two with a name the last counts.
func (r *Reader) jsonField(v *Value, t *Type, name []byte) error {
	name = r.folded(name)
	for i, n := range t.Names {
		if r.member(n) == loose(name) {
			return r.value(&v.Items[i], &t.Elements[i])
		}
	}
	if r.format.Dots && bytes.IndexByte(name, '.') >= 0 {
		name = bytes.ReplaceAll(name, []byte("."), []byte("_"))
		for i, n := range t.Names {
			if n == loose(name) && v.Items[i].Null {
				return r.value(&v.Items[i], &t.Elements[i])
			}
		}
	}
	return r.skip(0)
}

// jsonMap reads an object that is a map. Of two with a key the last counts.
func (r *Reader) jsonMap(v *Value, t *Type) error {
	v.begin()
	keys := newKeys(&t.Elements[0])
	return r.object(func(name []byte) error {
		key := v.item()
		if err := r.jsonKey(key, name, &t.Elements[0]); err != nil {
			return err
		}
		at := -1
		if !key.Null {
			at = keys.seen(key)
		}
		if key.Null || at >= 0 {
			v.Items = v.Items[:len(v.Items)-1]
		}
		switch {
		case key.Null:
			return r.skip(0)
		case at >= 0:
			return r.value(&v.Items[2*at+1], &t.Elements[1])
		}
		keys.add(key)
		return r.value(v.item(), &t.Elements[1])
	})
}

// jsonKey reads a member's name as the key of a map.
func (r *Reader) jsonKey(v *Value, name []byte, t *Type) error {
	if t.Kind >= Tinyint && t.Kind <= Double && r.format.Form == HiveJSON {
		if scalar(v, name, t) {
			return nil
		}
		return r.mismatch(v, name, t)
	}
	return r.jsonScalar(v, name, true, t)
}

// jsonScalar reads a string or a literal as a value.
func (r *Reader) jsonScalar(v *Value, text []byte, quoted bool, t *Type) error {
	openX := r.format.Form == OpenXJSON
	switch {
	case !t.scalar():
		return r.scalarAsNested(v, text, quoted, t)
	case t.text(), t.Kind == Binary && !openX:
		if t.text() && !isASCII(text) {
			if err := r.valid(text); err != nil {
				return err
			}
		}
		v.setBytes(text)
		if t.text() {
			v.Bytes = t.cut(text)
		}
		return nil
	case t.Kind == Boolean:
		n, _ := boolean(text)
		v.setInt(n)
		return nil
	}
	ok := false
	if openX {
		ok = openXScalar(v, text, quoted, t)
	} else {
		ok = hiveScalar(v, text, quoted, t)
	}
	switch {
	case ok:
		return nil
	case openX:
		v.setNull()
		return nil
	}
	return r.mismatch(v, text, t)
}

// scalarAsNested is a string or a literal where an array, a map or a struct is due.
func (r *Reader) scalarAsNested(v *Value, text []byte, quoted bool, t *Type) error {
	blank := quoted && len(trim(text)) == 0
	switch {
	case r.format.Form == HiveJSON:
	case t.Kind == Array && quoted && len(text) == 0, t.Kind == Map && blank:
		v.setNull()
		return nil
	case t.Kind == Array:
		v.begin()
		return r.jsonScalar(v.item(), text, quoted, &t.Elements[0])
	case t.Kind == Struct && blank:
		v.fields(t)
		return nil
	}
	return r.mismatch(v, text, t)
}

// hiveScalar reads numbers, dates and timestamps as Hive's SerDe does: numbers are not in quotes, but for NaN and
// Infinity, which have no other form.
func hiveScalar(v *Value, text []byte, quoted bool, t *Type) bool {
	switch {
	case t.bits() > 0:
		n, ok := int64(0), false
		if !quoted {
			n, ok = roundedDown(text, t)
		}
		v.setInt(n)
		return ok
	case t.Kind == Float || t.Kind == Double:
		if quoted && bytes.ContainsAny(text, "0123456789") {
			return false
		}
	}
	return scalar(v, text, t)
}

// roundedDown reads a number in any form as a whole one.
func roundedDown(text []byte, t *Type) (int64, bool) {
	if n, ok := whole(text, t); ok {
		return n, true
	}
	n, ok := numberOf(text)
	if !ok || len(n.digits)+n.exponent > 19 {
		return 0, false
	}
	digits := n.digits
	if keep := len(digits) + n.exponent; keep <= 0 {
		return 0, true
	} else if n.exponent < 0 {
		digits = digits[:keep]
	}
	all, _ := new(big.Int).SetString(string(digits)+strings.Repeat("0", max(n.exponent, 0)), 10)
	if n.negative {
		all.Neg(all)
	}
	bits := t.bits()
	return all.Int64(), all.IsInt64() && all.Int64()<<(64-bits)>>(64-bits) == all.Int64()
}

// openXScalar reads numbers, dates, timestamps and binary as OpenX's SerDe does: in quotes or not, whole numbers also
// in hexadecimal and octal digits.
func openXScalar(v *Value, text []byte, quoted bool, t *Type) bool {
	switch t.Kind {
	case Tinyint, Smallint, Int, Bigint:
		n, ok := based(text, t.bits())
		if !ok {
			n, ok = roundedDown(text, t)
		}
		v.setInt(n)
		return ok
	case Date:
		if n, ok := based(text, 32); ok {
			return instant(v, n, t)
		}
	case Timestamp:
		if millis, ok := epoch(text); ok {
			return instant(v, millis, t)
		}
	case Binary:
		if !quoted {
			return false
		}
	}
	return scalar(v, text, t)
}

// based reads 12, 0x1f and 017.
func based(text []byte, bits int) (int64, bool) {
	base := 10
	if len(text) > 1 && text[0] == '0' {
		if base, text = 8, text[1:]; len(text) > 1 && (text[0] == 'x' || text[0] == 'X') {
			base, text = 16, text[1:]
		}
		if text[0] == '-' || text[0] == '+' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(loose(text), base, bits)
	return n, err == nil
}

// epoch reads a timestamp that is a number, in milliseconds: 13 digits and more are that, fewer are seconds, which
// may have a fraction.
func epoch(text []byte) (int64, bool) {
	for i, c := range text {
		if (c < '0' || c > '9') && c != '.' && !(i == 0 && (c == '-' || c == '+')) {
			return 0, false
		}
	}
	if bytes.IndexByte(text, '.') >= 0 {
		var v Value
		ok := decimal(&v, text, &Type{Kind: Decimal, Length: 17, Scale: 4})
		return v.Int / 10, ok
	}
	n, err := strconv.ParseInt(loose(text), 10, 64)
	if len(text) < 13 {
		n *= 1000
	}
	return n, err == nil
}
