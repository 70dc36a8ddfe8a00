package parquet

import (
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// A Kind is what the values of a column of somebody's file are.
type Kind uint8

// The kinds, and the member of a Vector that has their values.
const (
	OfBoolean  Kind = iota + 1 // Ints: 0 or 1
	OfInt                      // Ints
	OfUnsigned                 // Ints, to be read as uint64
	OfSingle                   // Floats, each a float32
	OfDouble                   // Floats
	OfText                     // Text
	OfDecimal                  // Text: digits with a point
	OfInstant                  // Ints and Nanos: since 1970
	OfDay                      // Ints: days since 1970
)

// A Field is a column of somebody's file: one at its top level that has one value a row, or a list.
type Field struct {
	Name string
	Kind Kind // of each element, if it is a list; 0: what this package does not read
	List bool
	// Nanos tells of instants that they are counted in nanoseconds.
	Nanos bool
	Type  string // in words, for people

	leaf           int
	maxDef, maxRep int
	elementDef     int // an element with a lower definition level is none
	form           form
	convert        func(v *Vector, value parquet.Value)
}

// A Vector is the values of one column in some rows. It is overwritten by the next.
type Vector struct {
	Kind Kind
	// Of a list column Ends tells for each row where its elements end, and Present whether it has
	// a list; else an element is a row.
	Ends    []int
	Present []bool
	Null    []bool // of each element
	Ints    []int64
	Nanos   []int32
	Floats  []float64
	Text    []byte
	Offsets []int // of each element, where its text ends
}

// TextOf returns the text of an element.
func (v *Vector) TextOf(i int) []byte {
	start := 0
	if i > 0 {
		start = v.Offsets[i-1]
	}
	return v.Text[start:v.Offsets[i]]
}

// An Element is one value of some Kind, out of a vector.
type Element struct {
	Kind  Kind
	Int   int64 // as in Vector.Ints
	Nanos int32
	Float float64
	Text  []byte
}

// Element returns an element that is not null. Its Text shares the memory of v.
func (v *Vector) Element(i int) Element {
	e := Element{Kind: v.Kind}
	switch v.Kind {
	case OfSingle, OfDouble:
		e.Float = v.Floats[i]
	case OfText, OfDecimal:
		e.Text = v.TextOf(i)
	case OfInstant:
		e.Int, e.Nanos = v.Ints[i], v.Nanos[i]
	default:
		e.Int = v.Ints[i]
	}
	return e
}

// Reset takes all values away, and keeps their memory.
func (v *Vector) Reset() {
	v.Ends, v.Present, v.Null = v.Ends[:0], v.Present[:0], v.Null[:0]
	v.Ints, v.Nanos, v.Floats, v.Text, v.Offsets = v.Ints[:0], v.Nanos[:0], v.Floats[:0], v.Text[:0], v.Offsets[:0]
}

// ErrDamaged is in the chain of what is wrong with the bytes of somebody's file.
var ErrDamaged = errors.New("the file is no Parquet file, or it is damaged or cut off")

// ErrUnread is in the chain of what is right in somebody's file, and not read here.
var ErrUnread = errors.New("the file is not read")

// A Reader reads somebody's file. It is for one goroutine.
type Reader struct {
	file   *parquet.File
	in     io.ReaderAt
	size   int64
	own    bool
	Fields []Field
}

// OpenOwn is OpenReader for a file that this server wrote: its page index is believed, and its pages are not
// looked through before they are expanded.
func OpenOwn(r io.ReaderAt, size int64) (*Reader, error) {
	read, err := OpenReader(r, size)
	if err == nil {
		read.own = true
	}
	return read, err
}

// OpenReader reads the schema of a file. ErrDamaged; an error of r is in the chain too.
func OpenReader(r io.ReaderAt, size int64) (_ *Reader, err error) {
	defer recovered(&err)
	if err := guardFooter(r, size); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	f, err := parquet.OpenFile(r, size, parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	read := &Reader{file: f, in: r, size: size}
	for _, c := range f.Root().Columns() {
		read.Fields = append(read.Fields, fieldOf(c))
	}
	return read, nil
}

// recovered makes an error of a panic: the library has some for bytes that nobody expects.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: %v", ErrDamaged, r)
	}
}

// Rows tells how many rows the file says that it has.
func (r *Reader) Rows() int64 { return r.file.NumRows() }

func fieldOf(c *parquet.Column) Field {
	f := Field{Name: c.Name(), Type: c.String()}
	if c.Repeated() {
		f.List = true
	}
	leaf := c
	for !leaf.Leaf() {
		below := leaf.Columns()
		if len(below) != 1 || !leaf.Leaf() && below[0].Repeated() == f.List && below[0].Repeated() {
			return f // a structure, a map, a list of lists
		}
		leaf = below[0]
		f.List = f.List || leaf.Repeated()
	}
	if leaf != c && !f.List {
		return f // a structure of one member
	}
	f.leaf, f.maxDef, f.maxRep = leaf.Index(), leaf.MaxDefinitionLevel(), leaf.MaxRepetitionLevel()
	f.elementDef = f.maxDef
	if leaf.Optional() && f.List && leaf != c {
		f.elementDef = f.maxDef - 1
	}
	f.Type = leaf.Type().String()
	f.Kind, f.convert = kindOf(leaf.Type())
	if l, ok := annotation(leaf.Type()).(*format.TimestampType); ok {
		_, f.Nanos = l.Unit.Value.(*format.NanoSeconds)
	}
	if !f.List {
		f.form = formOf(leaf.Type(), f.Kind)
	}
	return f
}

// kindOf tells what a type of Parquet is, and how a value of it gets into a vector.
func kindOf(t parquet.Type) (Kind, func(*Vector, parquet.Value)) {
	switch l := annotation(t).(type) {
	case *format.DecimalType:
		return OfDecimal, decimal(t.Kind(), int(l.Scale))
	case *format.DateType:
		return OfDay, int32Value
	case *format.TimestampType:
		switch l.Unit.Value.(type) {
		case *format.MilliSeconds:
			return OfInstant, instant(1e3)
		case *format.MicroSeconds:
			return OfInstant, instant(1e6)
		case *format.NanoSeconds:
			return OfInstant, instant(1e9)
		}
		return 0, nil
	case *format.IntType:
		if !l.IsSigned && t.Kind() == parquet.Int32 {
			return OfInt, func(v *Vector, p parquet.Value) { v.Ints = append(v.Ints, int64(p.Uint32())) }
		}
		if !l.IsSigned {
			return OfUnsigned, int64Value
		}
	case nil, *format.StringType, *format.EnumType, *format.JsonType:
	default:
		return 0, nil
	}
	return physical(t.Kind())
}

// annotation returns what the values of a type stand for: the newer of Parquet's two annotations, or
// what the older one says of times. nil: nothing.
func annotation(t parquet.Type) format.LogicalTypeValue {
	if l := t.LogicalType(); l != nil && l.Value != nil {
		return l.Value
	}
	c := t.ConvertedType()
	if c == nil {
		return nil
	}
	switch *c {
	case deprecated.Date:
		return &format.DateType{}
	case deprecated.TimestampMillis:
		return &format.TimestampType{Unit: format.TimeUnit{Value: &format.MilliSeconds{}}}
	case deprecated.TimestampMicros:
		return &format.TimestampType{Unit: format.TimeUnit{Value: &format.MicroSeconds{}}}
	case deprecated.TimeMillis, deprecated.TimeMicros:
		return &format.TimeType{}
	}
	return nil
}

func physical(k parquet.Kind) (Kind, func(*Vector, parquet.Value)) {
	switch k {
	case parquet.Boolean:
		return OfBoolean, booleanValue
	case parquet.Int32:
		return OfInt, int32Value
	case parquet.Int64:
		return OfInt, int64Value
	case parquet.Int96:
		return OfInstant, int96Value
	case parquet.Float:
		return OfSingle, func(v *Vector, p parquet.Value) { v.Floats = append(v.Floats, float64(p.Float())) }
	case parquet.Double:
		return OfDouble, func(v *Vector, p parquet.Value) { v.Floats = append(v.Floats, p.Double()) }
	case parquet.ByteArray:
		return OfText, func(v *Vector, p parquet.Value) { v.Text = append(v.Text, p.ByteArray()...) }
	}
	return 0, nil
}

func booleanValue(v *Vector, p parquet.Value) {
	n := int64(0)
	if p.Boolean() {
		n = 1
	}
	v.Ints = append(v.Ints, n)
}

func int32Value(v *Vector, p parquet.Value) { v.Ints = append(v.Ints, int64(p.Int32())) }
func int64Value(v *Vector, p parquet.Value) { v.Ints = append(v.Ints, p.Int64()) }

// int96Value reads what older Spark writes: nanoseconds of a day, and the Julian day.
func int96Value(v *Vector, p parquet.Value) {
	const julian1970 = 2_440_588
	n := p.Int96()
	nanos := int64(uint64(n[1])<<32 | uint64(n[0]))
	v.Ints = append(v.Ints, (int64(n[2])-julian1970)*86400+nanos/1e9)
	v.Nanos = append(v.Nanos, int32(nanos%1e9))
}

func instant(perSecond int64) func(*Vector, parquet.Value) {
	return func(v *Vector, p parquet.Value) {
		sec, rest := p.Int64()/perSecond, p.Int64()%perSecond
		if rest < 0 {
			sec, rest = sec-1, rest+perSecond
		}
		v.Ints = append(v.Ints, sec)
		v.Nanos = append(v.Nanos, int32(rest*(1e9/perSecond)))
	}
}

// decimal writes a decimal as text.
func decimal(kind parquet.Kind, scale int) func(*Vector, parquet.Value) {
	return func(v *Vector, p parquet.Value) {
		var n big.Int
		switch kind {
		case parquet.Int32:
			n.SetInt64(int64(p.Int32()))
		case parquet.Int64:
			n.SetInt64(p.Int64())
		default:
			b := p.ByteArray()
			n.SetBytes(b)
			if len(b) > 0 && b[0]&0x80 != 0 {
				n.Sub(&n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
			}
		}
		v.Text = append(v.Text, pointed(n.String(), scale)...)
	}
}

// pointed puts a point before the last digits.
func pointed(digits string, scale int) string {
	if scale <= 0 {
		return digits + strings.Repeat("0", -scale)
	}
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	return sign + digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
}

// peek returns the next value, nil at the end of the row group.
func (c *walker) peek() (*parquet.Value, error) {
	for c.at == c.n {
		if c.values == nil {
			page, err := c.pages.ReadPage()
			if err == io.EOF {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			c.values = page.Values()
		}
		n, err := c.values.ReadValues(c.buffer)
		c.at, c.n = 0, n
		if err != nil && err != io.EOF {
			return nil, err
		}
		if err == io.EOF || n == 0 {
			c.values = nil
		}
	}
	return &c.buffer[c.at], nil
}

// take adds one value, a null as a zero.
func (c *walker) take(v *Vector, p *parquet.Value) {
	c.at++
	null := p.IsNull()
	v.Null = append(v.Null, null)
	if null {
		c.field.addZero(v)
	} else {
		c.field.convert(v, *p)
	}
	if v.Kind == OfText || v.Kind == OfDecimal {
		v.Offsets = append(v.Offsets, len(v.Text))
	}
}

func (f *Field) addZero(v *Vector) {
	switch f.Kind {
	case OfSingle, OfDouble:
		v.Floats = append(v.Floats, 0)
	case OfInstant:
		v.Ints, v.Nanos = append(v.Ints, 0), append(v.Nanos, 0)
	case OfText, OfDecimal:
	default:
		v.Ints = append(v.Ints, 0)
	}
}

func (c *walker) fillLists(v *Vector, rows int) error {
	for range rows {
		p, err := c.peek()
		if err != nil {
			return err
		}
		if p == nil {
			return io.ErrUnexpectedEOF
		}
		present := p.DefinitionLevel() > 0
		for first := true; ; first = false {
			if p, err = c.peek(); err != nil {
				return err
			}
			if p == nil || !first && p.RepetitionLevel() == 0 {
				break
			}
			if p.DefinitionLevel() < c.field.elementDef {
				c.at++ // no list, or an empty one
				continue
			}
			c.take(v, p)
		}
		v.Present = append(v.Present, present)
		v.Ends = append(v.Ends, len(v.Null))
	}
	return nil
}
