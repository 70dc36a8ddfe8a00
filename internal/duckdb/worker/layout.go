package worker

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a worker reads no files but its plan's
)

// A layout is a column's type in Trino's words, which say more of how it is printed than the engine's
// type: row("a" char(3), "b" array(timestamp(6))).
type layout struct {
	word   string // timestamp with time zone, char, row, …
	digits int    // the first number in parentheses
	zone   *time.Location
	names  []string // of a row's fields
	inside []layout // of the elements of an array, a map or a row
}

// at is the layout of what is inside; the zero value says nothing.
func (l layout) at(i int) layout {
	if i < len(l.inside) {
		return l.inside[i]
	}
	return layout{}
}

// readLayout reads what trino.Type.Layout writes. The server made it: an error is its fault.
func readLayout(text string) (layout, error) {
	r := &layoutReader{rest: text}
	l := r.read(0)
	if r.err == nil && r.rest != "" {
		r.fail("an end")
	}
	if r.err != nil {
		return layout{}, fmt.Errorf("the layout %q: %w", text, r.err)
	}
	return l, nil
}

type layoutReader struct {
	rest string
	err  error
}

func (r *layoutReader) fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s is missing before %q", what, r.rest)
	}
	r.rest = ""
}

func (r *layoutReader) skip(s string) bool {
	rest, ok := strings.CutPrefix(r.rest, s)
	if ok {
		r.rest = rest
	}
	return ok
}

func (r *layoutReader) read(depth int) layout {
	if depth > 200 {
		r.fail("an end of nesting")
		return layout{}
	}
	var l layout
	i := strings.IndexAny(r.rest, "(),")
	if i < 0 {
		i = len(r.rest)
	}
	l.word, r.rest = r.rest[:i], r.rest[i:]
	nested := l.word == "array" || l.word == "map" || l.word == "row"
	switch {
	case nested && r.skip("("):
		r.list(&l, depth)
	case r.skip("("):
		r.numbers(&l)
	}
	if r.skip(" with time zone") {
		l.word += " with time zone"
		if r.skip(` "`) {
			r.zone(&l, r.quoted())
		}
	}
	return l
}

// numbers reads what is in the parentheses of decimal(5,2).
func (r *layoutReader) numbers(l *layout) {
	inside, rest, ok := strings.Cut(r.rest, ")")
	first, _, _ := strings.Cut(inside, ",")
	n, err := strconv.Atoi(first)
	if !ok || err != nil {
		r.fail("a number")
		return
	}
	l.digits, r.rest = n, rest
}

func (r *layoutReader) list(l *layout, depth int) {
	for {
		if l.word == "row" {
			if !r.skip(`"`) {
				r.fail("a name")
				return
			}
			l.names = append(l.names, r.quoted())
			if !r.skip(" ") {
				r.fail("a type")
				return
			}
		}
		l.inside = append(l.inside, r.read(depth+1))
		if r.err != nil || r.skip(")") {
			return
		}
		if !r.skip(", ") {
			r.fail("a comma")
			return
		}
	}
}

// quoted reads up to the closing quote.
func (r *layoutReader) quoted() string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(r.rest, `"`)
		if !ok {
			r.fail("a quote")
			return ""
		}
		b.WriteString(before)
		r.rest = after
		if !r.skip(`"`) {
			return b.String()
		}
		b.WriteByte('"')
	}
}

func (r *layoutReader) zone(l *layout, name string) {
	if t, err := time.Parse("-07:00", name); err == nil {
		_, offset := t.Zone()
		l.zone = time.FixedZone(name, offset)
		return
	}
	var err error
	if l.zone, err = time.LoadLocation(name); err != nil {
		r.err = err
	}
}
