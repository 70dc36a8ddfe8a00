package feature

import (
	"slices"
	"unicode/utf8"
)

// The limits of records (contract §1.13, §2.1).
const (
	MaxRecordBytes     = 350 << 10 // names and values together
	MaxIdentifierBytes = 2 << 10
	MaxValueChars      = 358_400
	MaxElements        = 358_400 // of a collection
)

// A Field is one feature of a record as a caller gives it.
type Field struct {
	Name Name
	Text string
	List []string // of a collection; an empty one is no value (contract §11.27)
	// Listed tells that the caller gave a list, Null that it gave neither: no value, the same as
	// leaving the feature out.
	Listed, Null bool
}

// Check makes a record of the fields of a put (contract §3.3), or says which field breaks which
// rule (Invalid). The record keeps the texts as given and does not retain fields.
func (g *Group) Check(fields []Field) (*Record, error) {
	if len(fields) == 0 {
		return nil, Errorf(Invalid, "the record is empty; it must have the features %q and %q of the feature group %s", g.RecordIdentifier, g.EventTime, g.Name)
	}
	values, err := g.values(fields)
	if err != nil {
		return nil, err
	}
	values = slices.DeleteFunc(values, func(v Value) bool { return v.Ordinal < 0 })
	return g.keyed(values)
}

// values checks fields one by one and makes values of them, sorted. One without a value has the
// complement of its ordinal.
func (g *Group) values(fields []Field) ([]Value, error) {
	values := make([]Value, 0, len(fields))
	size, sorted := 0, true
	expect := 0
	for i := range fields {
		f := &fields[i]
		at := g.ordinalFrom(f.Name, expect)
		if at < 0 {
			return nil, Errorf(Invalid, "the feature group %s has no feature %s; feature names are case-sensitive", g.Name, quote(string(f.Name)))
		}
		expect = at + 1
		// A null still takes its place until the end, so that a feature given twice is found.
		v := Value{Ordinal: at}
		switch def := &g.Definitions[at]; {
		case f.Null:
			v.Ordinal = ^at
		case def.Collection == Scalar && !f.Listed:
			if err := checkText(f.Name, def.Type, f.Text); err != nil {
				return nil, err
			}
			v.Text = f.Text
			size += len(f.Name) + len(f.Text)
		default:
			var err error
			if v.List, err = checkList(def, f); err != nil {
				return nil, err
			}
			if v.List == nil {
				v.Ordinal = ^at
			} else {
				size += len(f.Name) + v.Size()
			}
		}
		sorted = sorted && (len(values) == 0 || ordinal(values[len(values)-1]) < at)
		values = append(values, v)
	}
	if size > MaxRecordBytes {
		return nil, tooLarge(size)
	}
	if !sorted {
		if err := g.sortValues(values); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// checkSize holds the rule on the size of a record: names and values together.
func (g *Group) checkSize(values []Value) error {
	size := 0
	for _, v := range values {
		size += len(g.Definitions[v.Ordinal].Name) + v.Size()
	}
	if size > MaxRecordBytes {
		return tooLarge(size)
	}
	return nil
}

func tooLarge(size int) error {
	return Errorf(Invalid, "the record has %d bytes of feature names and values; the most is %d (350 KB)", size, MaxRecordBytes)
}

// ordinal returns the ordinal of a value that may be null: Check marks those by complement.
func ordinal(v Value) int {
	if v.Ordinal < 0 {
		return ^v.Ordinal
	}
	return v.Ordinal
}

func (g *Group) sortValues(values []Value) error {
	slices.SortFunc(values, func(a, b Value) int { return ordinal(a) - ordinal(b) })
	for i := 1; i < len(values); i++ {
		if at := ordinal(values[i]); at == ordinal(values[i-1]) {
			return Errorf(Invalid, "the feature %q is in the record twice; give each feature once", g.Definitions[at].Name)
		}
	}
	return nil
}

// keyed makes a record of checked values: it finds the identifier and the event time among them.
func (g *Group) keyed(values []Value) (*Record, error) {
	r := &Record{Values: values}
	id, idOK := find(values, g.Ordinal(g.RecordIdentifier))
	if !idOK {
		return nil, Errorf(Invalid, "the record has no value for %q, the record identifier of the feature group %s", g.RecordIdentifier, g.Name)
	}
	if err := checkIdentifier(id); err != nil {
		return nil, err
	}
	r.ID = id
	et := g.Ordinal(g.EventTime)
	text, etOK := find(values, et)
	if !etOK {
		return nil, Errorf(Invalid, "the record has no value for %q, the event time of the feature group %s", g.EventTime, g.Name)
	}
	var err error
	if r.EventTime, err = ParseEventTime(g.Definitions[et].Type, text); err != nil {
		return nil, err
	}
	return r, nil
}

func find(values []Value, ordinal int) (string, bool) {
	i, ok := slices.BinarySearchFunc(values, ordinal, func(v Value, o int) int { return v.Ordinal - o })
	if !ok {
		return "", false
	}
	return values[i].Text, true
}

func checkIdentifier(id string) error {
	if id == "" {
		return Errorf(Invalid, "the record identifier is empty; it must have a value")
	}
	if len(id) > MaxIdentifierBytes {
		return Errorf(Invalid, "the record identifier %s has %d bytes; the most is %d (2 KB)", quote(id), len(id), MaxIdentifierBytes)
	}
	if !utf8.ValidString(id) {
		return Errorf(Invalid, "the record identifier %s is not valid UTF-8", quote(id))
	}
	return nil
}

// Tombstone makes the record that a delete of id at an event time leaves behind (contract §3.4),
// or says which of the two breaks which rule (Invalid).
func (g *Group) Tombstone(id, eventTime string) (*Record, error) {
	if err := g.checkID(id); err != nil {
		return nil, err
	}
	t, err := ParseEventTime(g.Definitions[g.Ordinal(g.EventTime)].Type, eventTime)
	if err != nil {
		return nil, err
	}
	return g.marker(id, t, eventTime), nil
}

// marker makes a tombstone: of the values of id it has but the identifier and the event time, whose
// text is given.
func (g *Group) marker(id string, at EventTime, text string) *Record {
	idAt, etAt := g.Ordinal(g.RecordIdentifier), g.Ordinal(g.EventTime)
	r := &Record{ID: id, EventTime: at, Deleted: true, Values: []Value{{Ordinal: idAt, Text: id}}}
	switch {
	case etAt > idAt:
		r.Values = append(r.Values, Value{Ordinal: etAt, Text: text})
	case etAt < idAt:
		r.Values = []Value{{Ordinal: etAt, Text: text}, r.Values[0]}
	}
	return r
}

// checkText holds the rule of one value.
func checkText(name Name, typ Type, text string) error {
	if len(text) > MaxValueChars && utf8.RuneCountInString(text) > MaxValueChars {
		return Errorf(Invalid, "the value of the feature %q has %d characters; the most is %d", name, utf8.RuneCountInString(text), MaxValueChars)
	}
	switch typ {
	case Integral:
		if !checkIntegral(text) {
			return Errorf(Invalid, "the value %s of the feature %q is not Integral: a whole number of 64 bits, in decimal digits; leave the feature out if it has no value", quote(text), name)
		}
	case Fractional:
		if !checkFractional(text) {
			return Errorf(Invalid, "the value %s of the feature %q is not Fractional: a finite decimal number; leave the feature out if it has no value", quote(text), name)
		}
	case String:
		if !utf8.ValidString(text) {
			return Errorf(Invalid, "the value %s of the feature %q is not valid UTF-8", quote(text), name)
		}
	}
	return nil
}

// ordinalFrom is Ordinal for names that mostly come in the order of definition, with gaps: it
// looks from the expected place on, then at the places before.
func (g *Group) ordinalFrom(name Name, expect int) int {
	for i := expect; i < len(g.Definitions); i++ {
		if g.Definitions[i].Name == name {
			return i
		}
	}
	for i := range min(expect, len(g.Definitions)) {
		if g.Definitions[i].Name == name {
			return i
		}
	}
	return -1
}
