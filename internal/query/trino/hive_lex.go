package trino

import "strings"

type hiveKind int

const (
	hiveEnd hiveKind = iota
	hiveWord
	hiveName   // in backticks, or in double quotes where a name is due
	hiveString // in single or double quotes
	hiveNumber
	hiveSymbol
)

// A hiveToken is a token of Hive's DDL. Text is without quotes and escapes.
type hiveToken struct {
	pos
	kind hiveKind
	text string
	raw  string // as written
}

// A hiveLexer reads Hive's tokens: strings have either quote and backslash escapes, names have backticks.
type hiveLexer struct {
	src          []rune
	at           int
	line, column int
}

func newHiveLexer(text string) *hiveLexer { return &hiveLexer{src: []rune(text), line: 1, column: 1} }

func (l *hiveLexer) peek(n int) rune {
	if l.at+n < len(l.src) {
		return l.src[l.at+n]
	}
	return 0
}

func (l *hiveLexer) skip(n int) {
	for ; n > 0 && l.at < len(l.src); n-- {
		if l.src[l.at] == '\n' {
			l.line, l.column = l.line+1, 0
		}
		l.at, l.column = l.at+1, l.column+1
	}
}

// space skips white space and comments.
func (l *hiveLexer) space() {
	for l.at < len(l.src) {
		switch c := l.peek(0); {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			l.skip(1)
		case c == '-' && l.peek(1) == '-':
			for l.at < len(l.src) && l.peek(0) != '\n' {
				l.skip(1)
			}
		case c == '/' && l.peek(1) == '*':
			l.skip(2)
			for l.at < len(l.src) && (l.peek(0) != '*' || l.peek(1) != '/') {
				l.skip(1)
			}
			l.skip(2)
		default:
			return
		}
	}
}

func isWordRune(c rune) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// next reads a token. A quote that is never closed is an error.
func (l *hiveLexer) next() (hiveToken, error) {
	l.space()
	t := hiveToken{pos: pos{l.line, l.column, l.at, l.at}}
	switch c := l.peek(0); {
	case l.at >= len(l.src):
		t.raw = "<EOF>"
		return t, nil
	case isWordRune(c):
		for isWordRune(l.peek(0)) && l.at < len(l.src) {
			l.skip(1)
		}
		t.kind, t.text = hiveWord, string(l.src[t.start:l.at])
		if strings.Trim(t.text, "0123456789") == "" {
			t.kind = hiveNumber
		}
	case c == '\'' || c == '"' || c == '`':
		text, ok := l.quoted(c)
		if !ok {
			return t, &Error{"SYNTAX_ERROR", t.line, t.column, "the quote that begins here is never closed"}
		}
		t.kind, t.text = hiveString, text
		if c == '`' {
			t.kind = hiveName
		}
	default:
		l.skip(1)
		t.kind, t.text = hiveSymbol, string(c)
	}
	t.stop = l.at - 1
	t.raw = string(l.src[t.start:l.at])
	return t, nil
}

// quoted reads up to the closing quote. Backslash escapes hold in strings; a doubled backtick in names.
func (l *hiveLexer) quoted(q rune) (string, bool) {
	var b strings.Builder
	l.skip(1)
	for l.at < len(l.src) {
		c := l.peek(0)
		switch {
		case c == q && q == '`' && l.peek(1) == '`':
			l.skip(1)
		case c == q:
			l.skip(1)
			return b.String(), true
		case c == '\\' && q != '`' && l.at+1 < len(l.src):
			l.skip(1)
			c = unescape(l.peek(0))
		}
		b.WriteRune(c)
		l.skip(1)
	}
	return "", false
}

// unescape gives the character that a backslash and c stand for.
func unescape(c rune) rune {
	switch c {
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	case 'b':
		return '\b'
	case '0':
		return 0
	}
	return c
}
