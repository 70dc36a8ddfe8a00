package awshttp

import (
	"cmp"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
)

// A scratch is memory for building the text to sign, reused from request to request.
type scratch struct {
	text  []byte
	pairs []pair
}

// A pair is a query parameter, encoded canonically.
type pair struct{ key, value string }

// A pathForm is how a service's canonical path is made of the path on the wire.
type pathForm uint8

const (
	encodedTwice pathForm = iota // every service but S3
	asSent                       // S3
	encodedOnce                  // S3, of a client that escapes less on the wire than it signs
)

// appendCanonicalRequest appends what a signature is of. It is false if the query string
// cannot be read in one way only.
func (s *scratch) appendCanonicalRequest(b []byte, r *http.Request, c *claim, form pathForm, payloadHash string) ([]byte, bool) {
	b = append(b, r.Method...)
	b = append(b, '\n')
	b = appendPath(b, r, form)
	b = append(b, '\n')
	b, ok := s.appendQuery(b, r.URL.RawQuery, c.presigned)
	if !ok {
		return b, false
	}
	b = append(b, '\n')
	for rest := c.signedHeaders; rest != ""; {
		var name string
		name, rest, _ = strings.Cut(rest, ";")
		b = append(b, name...)
		b = append(b, ':')
		b = appendHeader(b, r, name)
		b = append(b, '\n')
	}
	b = append(b, '\n')
	b = append(b, c.signedHeaders...)
	b = append(b, '\n')
	return append(b, payloadHash...), true
}

func appendPath(b []byte, r *http.Request, form pathForm) []byte {
	path := r.URL.EscapedPath()
	if path == "" {
		return append(b, '/')
	}
	switch form {
	case asSent:
		return append(b, path...)
	case encodedOnce:
		return appendEscaped(b, r.URL.Path, true)
	default:
		return appendEscaped(b, path, true)
	}
}

// appendQuery appends the query string in canonical form, without X-Amz-Signature if presigned.
func (s *scratch) appendQuery(b []byte, query string, presigned bool) ([]byte, bool) {
	if query == "" {
		return b, true
	}
	// A semicolon separates parameters for some readers and not for others.
	if strings.IndexByte(query, ';') >= 0 {
		return b, false
	}
	s.pairs = s.pairs[:0]
	for query != "" {
		var part string
		part, query, _ = strings.Cut(query, "&")
		if part == "" {
			continue
		}
		key, value, _ := strings.Cut(part, "=")
		key, okKey := canonicalText(key)
		value, okValue := canonicalText(value)
		if !okKey || !okValue {
			return b, false
		}
		if presigned && key == "X-Amz-Signature" {
			continue
		}
		s.pairs = append(s.pairs, pair{key, value})
	}
	slices.SortFunc(s.pairs, func(x, y pair) int {
		return cmp.Or(strings.Compare(x.key, y.key), strings.Compare(x.value, y.value))
	})
	for i, p := range s.pairs {
		if i > 0 {
			b = append(b, '&')
		}
		b = append(b, p.key...)
		b = append(b, '=')
		b = append(b, p.value...)
	}
	return b, true
}

// canonicalText returns a part of a query string with its escapes made canonical; it is s itself if they
// are.
func canonicalText(s string) (string, bool) {
	canonical := true
	for i := 0; i < len(s); i++ {
		switch {
		case unreserved(s[i]):
		case s[i] == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return "", false
			}
			if isLowerHex(s[i+1]) || isLowerHex(s[i+2]) || unreserved(unhex(s[i+1])<<4|unhex(s[i+2])) {
				canonical = false
			}
			i += 2
		default:
			canonical = false
		}
	}
	if canonical {
		return s, true
	}
	plain := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '%':
			plain = append(plain, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		case '+':
			plain = append(plain, ' ')
		default:
			plain = append(plain, s[i])
		}
	}
	return string(appendEscaped(nil, string(plain), false)), true
}

// appendEscaped appends s with all but letters, digits, "-_.~" (and "/" if slash) percent-encoded.
func appendEscaped(b []byte, s string, slash bool) []byte {
	const digits = "0123456789ABCDEF"
	for i := 0; i < len(s); i++ {
		if c := s[i]; unreserved(c) || slash && c == '/' {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return b
}

// appendHeader appends the values of a header, named in lower case, as they are signed: trimmed, inner
// spaces folded, joined by commas.
func appendHeader(b []byte, r *http.Request, name string) []byte {
	// net/http moves these out of the header map.
	switch name {
	case "host":
		return appendFolded(b, r.Host)
	case "content-length":
		if _, ok := r.Header["Content-Length"]; !ok && r.ContentLength >= 0 {
			return strconv.AppendInt(b, r.ContentLength, 10)
		}
	case "transfer-encoding":
		return append(b, strings.Join(r.TransferEncoding, ",")...)
	}
	for i, v := range r.Header[headerKey(name)] {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendFolded(b, v)
	}
	return b
}

func appendFolded(b []byte, v string) []byte {
	v = strings.Trim(v, " \t")
	for i := 0; i < len(v); i++ {
		if v[i] == ' ' && i > 0 && v[i-1] == ' ' {
			continue
		}
		b = append(b, v[i])
	}
	return b
}

// headerKey is textproto.CanonicalMIMEHeaderKey without memory for the names that SDKs sign.
func headerKey(name string) string {
	switch name {
	case "amz-sdk-invocation-id":
		return "Amz-Sdk-Invocation-Id"
	case "amz-sdk-request":
		return "Amz-Sdk-Request"
	case "content-type":
		return "Content-Type"
	case "x-amz-content-sha256":
		return "X-Amz-Content-Sha256"
	case "x-amz-date":
		return "X-Amz-Date"
	case "x-amz-target":
		return "X-Amz-Target"
	}
	return textproto.CanonicalMIMEHeaderKey(name)
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '_' || c == '.' || c == '~'
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'F' || isLowerHex(c)
}

func isLowerHex(c byte) bool { return 'a' <= c && c <= 'f' }

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	default:
		return c - 'A' + 10
	}
}
