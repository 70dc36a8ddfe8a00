package jsonpath

import (
	"fmt"
	"strings"
)

type tokenKind int

const (
	endToken     tokenKind = iota
	wordToken              // a name or a key word: key words are names where a name may stand
	stringToken            // text is what it means
	integerToken           // without sign, as the others
	decimalToken
	doubleToken
	variableToken // text is the name behind the dollar
	signToken     // one of signs
)

type token struct {
	kind   tokenKind
	text   string
	offset int
}

// signs are tried in order: the longer first.
var signs = []string{"..", "==", "<>", "!=", "<=", ">=", "&&", "||", ".", "*", "/", "%", "+", "-", "(", ")", "[", "]", ",", "?", "$", "@", "!", "<", ">"}

// scan parts a path into its tokens; the last is the end.
func scan(text string) ([]token, error) {
	var out []token
	for at := 0; at < len(text); {
		c := text[at]
		begin := at
		switch {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			at++
			continue
		case c == '"':
			s, end, ok := quoted(text, at)
			if !ok {
				return nil, &SyntaxError{at, "a string without its closing quote"}
			}
			out, at = append(out, token{stringToken, s, begin}), end
		case letter(c):
			at = word(text, at)
			out = append(out, token{wordToken, text[begin:at], begin})
		case c == '$' && at+1 < len(text) && letter(text[at+1]):
			at = word(text, at+1)
			out = append(out, token{variableToken, text[begin+1 : at], begin})
		case digit(c), c == '.' && at+1 < len(text) && digit(text[at+1]):
			var kind tokenKind
			kind, at = number(text, at)
			out = append(out, token{kind, text[begin:at], begin})
		default:
			sign := ""
			for _, s := range signs {
				if strings.HasPrefix(text[at:], s) {
					sign = s
					break
				}
			}
			if sign == "" {
				return nil, &SyntaxError{at, fmt.Sprintf("'%s' is not part of a path", string([]rune(text[at:])[0]))}
			}
			out, at = append(out, token{signToken, sign, begin}), at+len(sign)
		}
	}
	return append(out, token{kind: endToken, offset: len(text)}), nil
}

// quoted reads a string in double quotes, in which two of them are one.
func quoted(text string, at int) (s string, end int, ok bool) {
	var b strings.Builder
	for i := at + 1; i < len(text); i++ {
		if text[i] != '"' {
			b.WriteByte(text[i])
			continue
		}
		if i+1 == len(text) || text[i+1] != '"' {
			return b.String(), i + 1, true
		}
		b.WriteByte('"')
		i++
	}
	return "", 0, false
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

func digit(c byte) bool { return c >= '0' && c <= '9' }

func word(text string, at int) int {
	for at < len(text) && (letter(text[at]) || digit(text[at])) {
		at++
	}
	return at
}

// number finds the end of a number: 1, 1.5, .5, 1., 1e3.
func number(text string, at int) (tokenKind, int) {
	digits := func() {
		for at < len(text) && digit(text[at]) {
			at++
		}
	}
	kind := integerToken
	digits()
	if at < len(text) && text[at] == '.' && !strings.HasPrefix(text[at:], "..") && !(at+1 < len(text) && letter(text[at+1]) && text[at+1]|0x20 != 'e') {
		kind = decimalToken
		at++
		digits()
	}
	if at < len(text) && text[at]|0x20 == 'e' {
		exponent := at + 1
		if exponent < len(text) && (text[exponent] == '+' || text[exponent] == '-') {
			exponent++
		}
		if exponent < len(text) && digit(text[exponent]) {
			kind, at = doubleToken, exponent
			digits()
		}
	}
	return kind, at
}
