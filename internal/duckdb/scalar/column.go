package scalar

import (
	"fmt"
	"unsafe"
)

// A Column is the values of one argument where the engine has them. It is valid while Run runs.
type Column struct {
	Data  unsafe.Pointer
	Valid unsafe.Pointer // bits; nil: no value is NULL
	Child *Column        // the elements, of a list
}

func (c *Column) null(row int) bool {
	return c.Valid != nil && *(*uint64)(unsafe.Add(c.Valid, row/64*8))&(1<<(row%64)) == 0
}

// value reads a value of fixed size.
func value[T any](c *Column, row int) T {
	var zero T
	return *(*T)(unsafe.Add(c.Data, row*int(unsafe.Sizeof(zero))))
}

// blob reads bytes, which belong to the engine.
func blob(c *Column, row int) []byte {
	// A string is 16 bytes: its length, then up to 12 bytes of its own or, at 8, a pointer.
	const inline, inlineAt, pointerAt, size = 12, 4, 8, 16
	s := unsafe.Add(c.Data, row*size)
	n := *(*uint32)(s)
	if n <= inline {
		return unsafe.Slice((*byte)(unsafe.Add(s, inlineAt)), n)
	}
	return unsafe.Slice(*(**byte)(unsafe.Add(s, pointerAt)), n)
}

func text(c *Column, row int) string {
	b := blob(c, row)
	return unsafe.String(unsafe.SliceData(b), len(b))
}

func boolean(c *Column, row int) bool { return value[byte](c, row) != 0 }

// list reads a list by the reader of its elements.
func list[T any](element func(*Column, int) T) func(*Column, int) []Element[T] {
	return func(c *Column, row int) []Element[T] {
		entry := value[struct{ offset, length uint64 }](c, row)
		out := make([]Element[T], entry.length)
		for i := range out {
			at := int(entry.offset) + i
			if c.Child.null(at) {
				out[i].Null = true
				continue
			}
			out[i].Value = element(c.Child, at)
		}
		return out
	}
}

// access is the type that A is to the engine, and how a value of it is read.
func access[A any]() (Type, func(*Column, int) A) {
	var zero A
	var t Type
	var read any
	switch any(zero).(type) {
	case bool:
		t, read = Type{Kind: Boolean}, boolean
	case int64:
		t, read = Type{Kind: Bigint}, value[int64]
	case float64:
		t, read = Type{Kind: Double}, value[float64]
	case string:
		t, read = Type{Kind: Varchar}, text
	case []byte:
		t, read = Type{Kind: Blob}, blob
	case []Element[int64]:
		t, read = Type{Kind: Bigint, List: true}, list(value[int64])
	case []Element[float64]:
		t, read = Type{Kind: Double, List: true}, list(value[float64])
	case []Element[string]:
		t, read = Type{Kind: Varchar, List: true}, list(text)
	case []Element[[]byte]:
		t, read = Type{Kind: Blob, List: true}, list(blob)
	default:
		panic(fmt.Sprintf("no engine type for %T", zero))
	}
	return t, read.(func(*Column, int) A)
}
