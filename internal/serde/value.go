package serde

// A Value is one value of a row. Which members count is what its type says.
type Value struct {
	Null bool
	// Int is a boolean (0 or 1), a whole number, the days of a date and the microseconds of a timestamp since 1970,
	// and the lower half of a decimal's digits as one whole number.
	Int   int64
	High  int64 // the upper half of a decimal
	Float float64
	Bytes []byte // of texts and binary
	// Items are the elements of an array, the fields of a struct, and of a map its keys and values in turn.
	Items []Value
}

// item adds an item and returns it. It may be one of an earlier row: whoever sets it sets all that counts.
func (v *Value) item() *Value {
	if n := len(v.Items); n < cap(v.Items) {
		v.Items = v.Items[:n+1]
	} else {
		v.Items = append(v.Items, Value{})
	}
	return &v.Items[len(v.Items)-1]
}

// begin makes v a value with no items yet.
func (v *Value) begin() { v.Null, v.Items = false, v.Items[:0] }

func (v *Value) setNull() { v.Null = true }

func (v *Value) setInt(n int64) { v.Null, v.Int = false, n }

func (v *Value) setBytes(b []byte) { v.Null, v.Bytes = false, b }

// key is a text that two keys of a map share when they are equal.
func (v *Value) key(t *Type) string {
	switch t.Kind {
	case String, Varchar, Char, Binary:
		return string(v.Bytes)
	case Float, Double:
		return string(AppendDouble(nil, v.Float))
	}
	return string(AppendDecimal(nil, v.High, uint64(v.Int), 0))
}

// Resize gives v so many items. Those that it had may be among them.
func (v *Value) Resize(n int) {
	if n > cap(v.Items) {
		v.Items = append(v.Items[:cap(v.Items)], make([]Value, n-cap(v.Items))...)
	}
	v.Items = v.Items[:n]
}
