package trino

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// decodeUnicode reads the text of U&'…': \0041 and \+01F600 are code points, \\ is the escape
// character itself. problem is what is wrong, in Trino's words.
func decodeUnicode(text, escape string) (decoded, problem string) {
	e, size := utf8.DecodeRuneInString(escape)
	switch {
	case size == 0:
		return "", "Empty Unicode escape character"
	case size != len(escape):
		return "", "Invalid Unicode escape character: " + escape
	case e == '+' || e == '"' || e == '\'' || e == ' ' || isHex(e):
		return "", "Invalid Unicode escape character: " + escape
	}
	var b strings.Builder
	for rest := text; rest != ""; {
		before, after, found := strings.Cut(rest, escape)
		b.WriteString(before)
		if !found {
			break
		}
		if after, ok := strings.CutPrefix(after, escape); ok {
			b.WriteString(escape)
			rest = after
			continue
		}
		digits := 4
		if long, ok := strings.CutPrefix(after, "+"); ok {
			after, digits = long, 6
		}
		if len(after) < digits {
			return "", "Incomplete escape sequence: " + after
		}
		n, err := strconv.ParseUint(after[:digits], 16, 32)
		switch {
		case err != nil:
			return "", "Invalid hexadecimal digit: " + after[:digits]
		case n >= 0xD800 && n < 0xE000:
			return "", "Invalid escaped character: " + after[:digits] + ". Escaped character is a surrogate. Use '\\+123456' instead."
		case n > utf8.MaxRune:
			return "", "Invalid escaped character: " + after[:digits]
		}
		b.WriteRune(rune(n))
		rest = after[digits:]
	}
	return b.String(), ""
}

func isHex(r rune) bool {
	return r < utf8.RuneSelf && strings.ContainsRune("0123456789abcdefABCDEF", r)
}
