package s3

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A keyText is a key, or a part of one, in a document. Keys may have characters that XML 1.0 has
// not, written or as references, and encoding/xml refuses them. So they pass through it in disguise:
// the mark, and a picture for the character; the mark itself twice. S3 writes such characters as
// references, and many readers then refuse the document: encoding-type=url is there for that.
type keyText string

const (
	mark    = "\U0010fffd"
	picture = 0x2400 // the pictures of the characters 0 to 31, then those of U+FFFE and U+FFFF
)

// longestReference is how many bytes between &# and ; are looked at, the ; too.
const longestReference = 12

// pictureOf returns the picture of a character that XML has not, 0 for the others.
func pictureOf(r rune) rune {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return 0
	case r >= 0 && r < 0x20:
		return picture + r
	case r == 0xfffe || r == 0xffff:
		return picture + 0x20 + r - 0xfffe
	}
	return 0
}

// characterOf is the inverse of pictureOf.
func characterOf(p rune) (rune, bool) {
	switch r := p - picture; {
	case r >= 0 && r < 0x20:
		return r, true
	case r == 0x20 || r == 0x21:
		return 0xfffe + r - 0x20, true
	}
	return 0, false
}

// MarshalText implements encoding.TextMarshaler: the key in disguise.
func (k keyText) MarshalText() ([]byte, error) {
	return disguise([]byte(k)), nil
}

// UnmarshalText implements encoding.TextUnmarshaler: the key out of its disguise.
func (k *keyText) UnmarshalText(text []byte) error {
	*k = keyText(undisguise(text, func(r rune) string { return string(r) }))
	return nil
}

// disguise replaces the characters that XML has not.
func disguise(text []byte) []byte {
	if !bytes.ContainsFunc(text, func(r rune) bool { return pictureOf(r) != 0 || string(r) == mark }) {
		return text
	}
	var out []byte
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch p := pictureOf(r); {
		case p != 0:
			out = utf8.AppendRune(append(out, mark...), p)
		case string(text[:n]) == mark:
			out = append(append(out, mark...), mark...)
		default:
			out = append(out, text[:n]...)
		}
		text = text[n:]
	}
	return out
}

// disguiseBody disguises a whole document, in which such characters may be references too.
func disguiseBody(body []byte) []byte {
	body = disguise(body)
	if !bytes.Contains(body, []byte("&#")) {
		return body
	}
	var out []byte
	for {
		before, rest, found := bytes.Cut(body, []byte("&#"))
		out = append(out, before...)
		if !found {
			return out
		}
		digits, _, closed := bytes.Cut(rest[:min(len(rest), longestReference)], []byte(";"))
		r := rune(-1)
		if closed {
			r = reference(string(digits))
		}
		switch p := pictureOf(r); {
		case p != 0:
			out = utf8.AppendRune(append(out, mark...), p)
		case string(r) == mark:
			out = append(append(out, mark...), mark...)
		default:
			out, body = append(out, "&#"...), rest
			continue
		}
		body = rest[len(digits)+1:]
	}
}

// reference reads the number of a character reference, -1 if it is none.
func reference(digits string) rune {
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n > utf8.MaxRune {
		return -1
	}
	return rune(n)
}

// undisguise writes out what is in disguise, by show.
func undisguise(text []byte, show func(rune) string) []byte {
	if !bytes.Contains(text, []byte(mark)) {
		return text
	}
	var out []byte
	for {
		before, rest, found := bytes.Cut(text, []byte(mark))
		out = append(out, before...)
		if !found {
			return out
		}
		r, n := utf8.DecodeRune(rest)
		if c, ok := characterOf(r); ok {
			out = append(out, show(c)...)
		} else {
			out = append(out, rest[:n]...) // the mark itself
		}
		text = rest[n:]
	}
}
