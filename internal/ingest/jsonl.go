package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/larder-dev/larder/internal/feature"
)

// readJSONL reads one JSON object a line. A member is a feature, of any number of them; null is no
// value. A number and a text keep their text, true and false are theirs; a list is of a collection.
func readJSONL(in io.Reader, out *intake) error {
	lines := bufio.NewReaderSize(in, 256<<10)
	if err := skipMark(lines); err != nil {
		return err
	}
	d := newObjectDecoder(out.group, out.columns)
	for {
		line, err := readLine(lines)
		switch {
		case err == io.EOF:
			return nil
		case err == errRecordTooLong:
			return tooLong(out.row + 1)
		case err != nil:
			return err
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		fields, err := d.decode(line)
		if err != nil {
			err = out.refuse(err.Error())
		} else {
			err = out.fields(fields)
		}
		if err != nil {
			return err
		}
	}
}

// readLine returns a line, which the next call overwrites.
func readLine(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if err == nil || err == io.EOF && len(line) > 0 {
		return line, nil
	}
	if err != bufio.ErrBufferFull {
		return nil, err
	}
	whole := bytes.Clone(line)
	for err == bufio.ErrBufferFull {
		if len(whole) > maxText {
			return nil, errRecordTooLong
		}
		line, err = in.ReadSlice('\n')
		whole = append(whole, line...)
	}
	if err == io.EOF {
		err = nil
	}
	return whole, err
}

// An objectDecoder takes JSON objects apart.
type objectDecoder struct {
	group    *feature.Group
	mapping  map[string]feature.Name
	ordinals map[string]int // of names seen, -1 to leave out
	fields   []feature.Field
	text     []byte
	at       int
}

func newObjectDecoder(g *feature.Group, mapping map[string]feature.Name) *objectDecoder {
	return &objectDecoder{group: g, mapping: mapping, ordinals: map[string]int{}}
}

var (
	errNoObject = errors.New("the line is no JSON object")
	errNested   = errors.New("a value is an object or a list of what is no text and no number; give texts, numbers or lists of them")
)

// decode returns the fields of an object, which the next call overwrites.
func (d *objectDecoder) decode(line []byte) ([]feature.Field, error) {
	// One look by a parser that is known to be right; what follows may then trust the grammar.
	if !json.Valid(line) || line[0] != '{' {
		return nil, errNoObject
	}
	d.text, d.at, d.fields = line, 1, d.fields[:0]
	for d.space() != '}' {
		if d.text[d.at] == ',' {
			d.at++
			d.space()
		}
		name, err := d.string()
		if err != nil {
			return nil, err
		}
		d.space()
		d.at++ // the colon
		d.space()
		var f feature.Field
		if err := d.value(&f); err != nil {
			return nil, fmt.Errorf("the member %q: %w", name, err)
		}
		ordinal, err := d.ordinal(name)
		if err != nil {
			return nil, err
		}
		if ordinal >= 0 {
			f.Name = d.group.Definitions[ordinal].Name
			d.fields = append(d.fields, f)
		}
	}
	return d.fields, nil
}

func (d *objectDecoder) ordinal(name string) (int, error) {
	if at, ok := d.ordinals[name]; ok {
		return at, nil
	}
	at, err := ordinalOf(d.group, d.mapping, name)
	if err == nil && len(d.ordinals) < 10_000 { // names come from outside
		d.ordinals[name] = at
	}
	return at, err
}

// space skips white space and returns the character after it.
func (d *objectDecoder) space() byte {
	for {
		switch c := d.text[d.at]; c {
		case ' ', '\t', '\r', '\n':
			d.at++
		default:
			return c
		}
	}
}

// value reads a value.
func (d *objectDecoder) value(f *feature.Field) (err error) {
	switch d.text[d.at] {
	case '"':
		f.Text, err = d.string()
	case '[':
		f.Listed, f.List = true, []string{}
		d.at++
		for d.space() != ']' {
			if d.text[d.at] == ',' {
				d.at++
				d.space()
			}
			var element feature.Field
			if c := d.text[d.at]; c == '[' || c == '{' || c == 'n' {
				return errNested
			}
			if err := d.value(&element); err != nil {
				return err
			}
			f.List = append(f.List, element.Text)
		}
		d.at++
	case '{':
		return errNested
	case 'n':
		f.Null = true
		d.at += len("null")
	default:
		start := d.at
		for !bytes.ContainsRune([]byte(",}] \t\r\n"), rune(d.text[d.at])) {
			d.at++
		}
		f.Text = string(d.text[start:d.at])
	}
	return err
}

// string reads a text. Bytes that are no UTF-8 stay, for the check to find.
func (d *objectDecoder) string() (string, error) {
	start := d.at + 1
	escaped := false
	for d.at = start; d.text[d.at] != '"'; d.at++ {
		if d.text[d.at] == '\\' {
			escaped = true
			d.at++
		}
	}
	d.at++
	if !escaped {
		return string(d.text[start : d.at-1]), nil
	}
	var text string
	err := json.Unmarshal(d.text[start-1:d.at], &text)
	return text, err
}
