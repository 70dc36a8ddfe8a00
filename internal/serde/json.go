package serde

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// This file reads the text of JSON, from r.at of the line on.

// mostDepth is how deep objects and arrays that nobody wants may be nested.
const mostDepth = 1000

// syntax is a line that is no JSON.
func (r *Reader) syntax(what string) error {
	return r.fail(cursorError, "Row is not a valid JSON Object - JSONException: %s at %d [character %d line %d]", what, r.at, r.at+1, r.lines.number)
}

// peek is the next character that is no blank; 0 at the end.
func (r *Reader) peek() byte {
	for ; r.at < len(r.line); r.at++ {
		switch c := r.line[r.at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// skipSign takes one of two signs; other tells whether it was the second.
func (r *Reader) skipSign(one, two byte) (other bool, err error) {
	switch c := r.peek(); c {
	case one, two:
		r.at++
		return c == two, nil
	}
	return false, r.syntax("Expected a '" + string(one) + "' or '" + string(two) + "'")
}

// text reads a string, without its quotes and escapes. It is good until the row after.
func (r *Reader) text() ([]byte, error) {
	if r.peek() != '"' {
		return nil, r.syntax("Expected a '\"'")
	}
	r.at++
	rest := r.line[r.at:]
	end := bytes.IndexByte(rest, '"')
	if end < 0 {
		return nil, r.syntax("Unterminated string")
	}
	if bytes.IndexByte(rest[:end], '\\') < 0 {
		r.at += end + 1
		return rest[:end], nil
	}
	start := len(r.texts)
	for r.at < len(r.line) {
		switch c := r.line[r.at]; c {
		case '"':
			r.at++
			return r.texts[start:len(r.texts):len(r.texts)], nil
		case '\\':
			if err := r.escape(); err != nil {
				return nil, err
			}
		default:
			r.texts = append(r.texts, c)
			r.at++
		}
	}
	return nil, r.syntax("Unterminated string")
}

var escapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', '\'': '\''}

// escape reads a backslash and what it stands for.
func (r *Reader) escape() error {
	if r.at+1 >= len(r.line) {
		return r.syntax("Unterminated escape sequence")
	}
	c := r.line[r.at+1]
	if c == 'u' {
		first, ok := r.hex(r.at + 2)
		if !ok {
			return r.syntax("Invalid escape sequence")
		}
		r.at += 6
		if utf16.IsSurrogate(first) {
			second, ok := r.hex(r.at + 2)
			both := utf16.DecodeRune(first, second)
			if ok && r.line[r.at] == '\\' && r.line[r.at+1] == 'u' && both != utf8.RuneError {
				first = both
				r.at += 6
			} else {
				first = utf8.RuneError
			}
		}
		r.texts = utf8.AppendRune(r.texts, first)
		return nil
	}
	plain, ok := escapes[c]
	if !ok {
		return r.syntax("Invalid escape sequence")
	}
	r.texts = append(r.texts, plain)
	r.at += 2
	return nil
}

// hex reads four hexadecimal digits at a place.
func (r *Reader) hex(at int) (rune, bool) {
	if at+4 > len(r.line) {
		return 0, false
	}
	n, err := strconv.ParseUint(string(r.line[at:at+4]), 16, 16)
	return rune(n), err == nil
}

// literal reads what is not in quotes: a number, true, false or null. OpenX takes any word.
func (r *Reader) literal() ([]byte, error) {
	start := r.at
	for r.at < len(r.line) && bytes.IndexByte([]byte(",:]}[{\" \t\r\n"), r.line[r.at]) < 0 {
		r.at++
	}
	text := r.line[start:r.at]
	switch {
	case len(text) == 0:
		return nil, r.syntax("Expected a value")
	case r.format.Form == OpenXJSON, isWord(text), isNumber(text):
		return text, nil
	}
	r.at = start
	return nil, r.syntax("Unrecognized token '" + shown(text) + "'")
}

func isWord(text []byte) bool {
	return string(text) == "true" || string(text) == "false" || string(text) == "null"
}

// isNumber holds the grammar of JSON's numbers.
func isNumber(text []byte) bool {
	if len(text) > 0 && text[0] == '-' {
		text = text[1:]
	}
	count := func() (n int) {
		for n < len(text) && text[n] >= '0' && text[n] <= '9' {
			n++
		}
		text = text[n:]
		return n
	}
	zero := len(text) > 0 && text[0] == '0'
	if n := count(); n == 0 || n > 1 && zero {
		return false
	}
	if len(text) > 0 && text[0] == '.' {
		text = text[1:]
		if count() == 0 {
			return false
		}
	}
	if len(text) > 0 && (text[0] == 'e' || text[0] == 'E') {
		if text = text[1:]; len(text) > 0 && (text[0] == '+' || text[0] == '-') {
			text = text[1:]
		}
		if count() == 0 {
			return false
		}
	}
	return len(text) == 0
}

// skip reads a value that nobody wants.
func (r *Reader) skip(depth int) error {
	if depth > mostDepth {
		return r.syntax("Objects are nested too deeply")
	}
	switch r.peek() {
	case '{':
		return r.object(func([]byte) error { return r.skip(depth + 1) })
	case '[':
		return r.elements(func() error { return r.skip(depth + 1) })
	case '"':
		kept := len(r.texts)
		_, err := r.text()
		r.texts = r.texts[:kept]
		return err
	}
	_, err := r.literal()
	return err
}

// object reads an object. each is called with a name, good until it returns, and reads the value.
func (r *Reader) object(each func(name []byte) error) error {
	r.at++
	if r.peek() == '}' {
		r.at++
		return nil
	}
	for {
		name, err := r.text()
		if err != nil {
			return err
		}
		if r.peek() != ':' {
			return r.syntax("Expected a ':'")
		}
		r.at++
		if err := each(name); err != nil {
			return err
		}
		if end, err := r.skipSign(',', '}'); end || err != nil {
			return err
		}
	}
}

// elements reads an array. each is called for each element and reads it.
func (r *Reader) elements(each func() error) error {
	r.at++
	if r.peek() == ']' {
		r.at++
		return nil
	}
	for {
		if err := each(); err != nil {
			return err
		}
		if end, err := r.skipSign(',', ']'); end || err != nil {
			return err
		}
	}
}

// compact reads a value and returns it without the blanks between its parts.
func (r *Reader) compact() ([]byte, error) {
	r.peek()
	begin := r.at
	if err := r.skip(0); err != nil {
		return nil, err
	}
	start, quoted := len(r.texts), false
	for i := begin; i < r.at; i++ {
		c := r.line[i]
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			r.texts = append(r.texts, c)
			i++
			c = r.line[i]
		case !quoted && (c == ' ' || c == '\t'):
			continue
		}
		r.texts = append(r.texts, c)
	}
	return r.texts[start:len(r.texts):len(r.texts)], nil
}
