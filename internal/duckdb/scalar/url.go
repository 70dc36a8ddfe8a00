package scalar

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

func urlFunctions() []Function {
	part := func(name string, get func(u *uri) string) Function {
		return of1(name, func(s string) (string, error) {
			u, ok := parseURI(s)
			if !ok {
				return "", errNull
			}
			return get(u), nil // a part that is not there is the empty text
		})
	}
	return []Function{
		part("larder_url_protocol", func(u *uri) string { return u.scheme }),
		part("larder_url_host", func(u *uri) string { return u.host }),
		part("larder_url_path", func(u *uri) string { return percentDecode(u.path) }),
		part("larder_url_query", func(u *uri) string { return percentDecode(u.query) }),
		part("larder_url_fragment", func(u *uri) string { return percentDecode(u.fragment) }),
		of1("larder_url_port", func(s string) (int64, error) {
			u, ok := parseURI(s)
			if !ok || u.port < 0 {
				return 0, errNull
			}
			return u.port, nil
		}),
		of2("larder_url_parameter", urlParameter),
		of1("larder_url_encode", func(s string) (string, error) { return urlEncode(s), nil }),
		of1("larder_url_decode", formDecode),
	}
}

// A uri is what java.net.URI makes of a text, which is RFC 2396 with RFC 2732's addresses.
type uri struct {
	scheme, host, path, query, fragment string
	port                                int64
	hasQuery                            bool
}

const (
	uriUnreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()"
	uriPath       = uriUnreserved + ":@&=+$,/;"
	uriAny        = uriUnreserved + ";/?:@&=+$,[]"
)

// parseURI reports false where java.net.URI has a syntax error.
func parseURI(s string) (*uri, bool) {
	u := &uri{port: -1}
	s, fragment, _ := strings.Cut(s, "#")
	u.fragment = fragment
	if !legal(fragment, uriAny) {
		return nil, false
	}
	if i := strings.IndexAny(s, ":/?"); i >= 0 && s[i] == ':' {
		if i == 0 || !validScheme(s[:i]) {
			return nil, false
		}
		u.scheme, s = s[:i], s[i+1:]
		if s == "" {
			return nil, false
		}
		if s[0] != '/' { // opaque, mailto:…: it has neither path nor query
			return u, legal(s, uriAny)
		}
	}
	s, u.query, u.hasQuery = strings.Cut(s, "?")
	if !legal(u.query, uriAny) {
		return nil, false
	}
	if rest, ok := strings.CutPrefix(s, "//"); ok {
		authority, path := rest, ""
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			authority, path = rest[:i], rest[i:]
		}
		if authority == "" && (path == "" && !u.hasQuery) {
			return nil, false
		}
		if !u.authority(authority) {
			return nil, false
		}
		s = path
	}
	u.path = s
	return u, legal(s, uriPath)
}

func validScheme(s string) bool {
	for i, c := range s {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", c)) {
			return false
		}
	}
	return true
}

// legal tells whether s has only characters of set, escapes, and letters beyond ASCII.
func legal(s, set string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return false
			}
			i += 2
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r < 0xa0 || r == 0xa0 || r == 0x1680 || r >= 0x2000 && r <= 0x200a || r == 0x2028 || r == 0x2029 || r == 0x202f || r == 0x205f || r == 0x3000 {
				return false // controls and spaces
			}
			i += n - 1
		case strings.IndexByte(set, c) < 0:
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// authority reads user, host and port. What is no host of a server is kept by Java as a name of
// some registry, and then there is no host.
func (u *uri) authority(s string) bool {
	host := s
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		if !legal(host[:i], uriUnreserved+";:&=+$,") {
			return false
		}
		host = host[i+1:]
	}
	port := ""
	if strings.HasPrefix(host, "[") {
		end := strings.IndexByte(host, ']')
		if end < 0 || !legal(host[1:end], "0123456789abcdefABCDEF:.%") {
			return false
		}
		host, port = host[:end+1], host[end+1:]
		if port != "" && port[0] != ':' {
			return false
		}
		port = strings.TrimPrefix(port, ":")
	} else if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host, port = host[:i], host[i+1:]
	}
	n := int64(-1)
	if port != "" {
		var err error
		if n, err = strconv.ParseInt(port, 10, 32); err != nil || port[0] == '-' || port[0] == '+' {
			return legal(s, uriUnreserved+"$,;:@&=+")
		}
	}
	if !serverHost(host) {
		return legal(s, uriUnreserved+"$,;:@&=+")
	}
	u.host, u.port = host, n
	return true
}

// serverHost tells whether a name is an address, or labels of letters, digits and hyphens of which
// the last begins with a letter.
func serverHost(host string) bool {
	if strings.HasPrefix(host, "[") {
		return true
	}
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	numbers := 0
	for _, l := range labels {
		if l == "" || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for _, c := range l {
			if c != '-' && (c >= utf8.RuneSelf || !strings.ContainsRune(uriUnreserved[:62], c)) {
				return false
			}
		}
		if n, err := strconv.Atoi(l); err == nil && n <= 255 {
			numbers++
		}
	}
	last := labels[len(labels)-1][0]
	return last > '9' || numbers == 4 && len(labels) == 4
}

// percentDecode reads the escapes of a part that is legal.
func percentDecode(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	text, err := url.PathUnescape(s)
	if err != nil {
		return s
	}
	return fromUTF8([]byte(text), "\ufffd")
}

func urlParameter(s, name string) (string, error) {
	u, ok := parseURI(s)
	if !ok || !u.hasQuery {
		return "", errNull
	}
	for _, arg := range strings.Split(u.query, "&") {
		key, value, _ := strings.Cut(arg, "=")
		if key == name {
			return formDecode(value)
		}
	}
	return "", errNull
}

func urlEncode(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.*", c) >= 0:
			b.WriteByte(c)
		case c == ' ':
			b.WriteByte('+')
		default:
			const digits = "0123456789ABCDEF"
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return b.String()
}

func formDecode(s string) (string, error) {
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		if i+2 >= len(s) {
			return "", invalid("URLDecoder: Incomplete trailing escape (%%) pattern")
		}
		if !isHex(s[i+1]) || !isHex(s[i+2]) {
			return "", invalid("URLDecoder: Illegal hex characters in escape (%%) pattern - Error at index 0 in: \"%s\"", s[i+1:i+3])
		}
		i += 2
	}
	text, err := url.QueryUnescape(s)
	if err != nil {
		return "", invalid("%s", err)
	}
	return fromUTF8([]byte(text), "\ufffd"), nil
}
