package runtime

import (
	"strconv"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/featurestore"
)

// mostBody is how much memory a body may have to be used again.
const mostBody = 1 << 20

// takeBody returns an empty body; giveBody takes it back once the reply is written.
func (a *api) takeBody() *[]byte {
	b := a.bodies.Get().(*[]byte)
	*b = (*b)[:0]
	return b
}

func (a *api) giveBody(b *[]byte) {
	if cap(*b) <= mostBody {
		a.bodies.Put(b)
	}
}

// appendRecord appends the member Record: the features that have a value, in the order of their
// definitions. If the caller asked for it and the record expires, ExpiresAt follows.
func appendRecord(b []byte, f *featurestore.Found, expires bool) []byte {
	b = append(b, `"Record":[`...)
	for i := range f.Values {
		v := &f.Values[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"FeatureName":"`...)
		b = append(b, f.Group.Definitions[v.Ordinal].Name...) // nothing in a name needs an escape
		if v.List == nil {
			b = appendText(append(b, `","ValueAsString":`...), v.Text)
		} else {
			b = appendTexts(append(b, `","ValueAsStringList":`...), v.List)
		}
		b = append(b, '}')
	}
	b = append(b, ']')
	if expires && f.Expires != nil {
		b = append(append(b, `,"ExpiresAt":"`...), f.Expires.String()...)
		b = append(b, '"')
	}
	return b
}

// appendComma appends the comma before every element of a list but the first.
func appendComma(b []byte, first *bool) []byte {
	if *first {
		*first = false
		return b
	}
	return append(b, ',')
}

// appendTexts appends a JSON array of strings.
func appendTexts(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, s)
	}
	return append(b, ']')
}

// appendText appends a JSON string. What is not UTF-8 becomes U+FFFD, because JSON cannot say it.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[from:i]...), "\ufffd"...)
				from = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		b = append(b, s[from:i]...)
		b = appendEscape(b, c)
		i++
		from = i
	}
	return append(append(b, s[from:]...), '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	b = append(b, `\u00`...)
	if c < 0x10 {
		b = append(b, '0')
	}
	return strconv.AppendUint(b, uint64(c), 16)
}
