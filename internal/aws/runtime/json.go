package runtime

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// A reader reads one JSON text from its beginning. The strings that it returns share the text,
// unless they were escaped. Its errors are *unreadable.
type reader struct {
	s     string
	at    int
	depth int
	// broken is the first rule on shapes that the text breaks. It keeps nobody from reading on: what
	// is no JSON is said first.
	broken error
}

// maxDepth bounds how deep unknown members may nest.
const maxDepth = 100

// readJSON checks that body is one JSON object and hands each of its members that names has to
// member, as reader.members does. No body counts as {}. Its error is a SerializationException, or
// the first rule on shapes that the body breaks.
func readJSON(body []byte, names []string, member func(r *reader, name string) error) error {
	r := &reader{s: string(body)}
	if !utf8.ValidString(r.s) {
		return r.fail("it is not valid UTF-8").refusal()
	}
	r.space()
	if r.at == len(r.s) {
		return nil
	}
	err := r.members(names, member)
	if r.space(); err == nil && r.at < len(r.s) {
		err = r.fail("something follows the JSON object")
	}
	if err != nil {
		return refused(err)
	}
	return r.broken
}

// An unreadable says where a text is not what it should be. It becomes a SerializationException.
type unreadable struct {
	at   int
	why  string
	path string // of the member that is of another type, as "Entries[0].Record"; "" if it is no JSON
}

func (u *unreadable) Error() string { return u.why }

// refused is an error as the caller is told of it.
func refused(err error) error {
	var u *unreadable
	if errors.As(err, &u) {
		return u.refusal()
	}
	return err
}

// refusal is u as the caller is told of it.
func (u *unreadable) refusal() *awshttp.Error {
	why := u.why
	if strings.HasPrefix(why, mustBe) {
		why = cmp.Or(strings.TrimPrefix(u.path, "."), "the body") + why
	}
	return &awshttp.Error{
		Status: http.StatusBadRequest, Code: "SerializationException",
		Message: fmt.Sprintf("the body of the request cannot be read: at byte %d, %s", u.at, why),
	}
}

// within says in which member or element an unreadable is.
func within(step string, err error) error {
	var u *unreadable
	if errors.As(err, &u) && strings.HasPrefix(u.why, mustBe) {
		u.path = step + u.path
	}
	return err
}

// breaks notes that the text breaks a rule.
func (r *reader) breaks(format string, args ...any) {
	if r.broken == nil {
		r.broken = feature.Errorf(feature.Invalid, format, args...)
	}
}

func (r *reader) fail(why string) *unreadable { return &unreadable{at: r.at, why: why} }

// mustBe begins what is said of a value of another type.
const mustBe = " must be "

// expected is the error of a value that is not what it must be.
func (r *reader) expected(what string) error {
	if r.space(); r.at == len(r.s) {
		return r.fail(what + " was expected")
	}
	return r.fail(mustBe + what)
}

func (r *reader) space() {
	for r.at < len(r.s) {
		switch r.s[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

// take consumes c if it comes next, after white space.
func (r *reader) take(c byte) bool {
	r.space()
	if r.at < len(r.s) && r.s[r.at] == c {
		r.at++
		return true
	}
	return false
}

// null consumes a null if one comes next.
func (r *reader) null() bool {
	r.space()
	if strings.HasPrefix(r.s[r.at:], "null") {
		r.at += len("null")
		return true
	}
	return false
}

// object reads an object, a member at a time.
func (r *reader) object(member func(r *reader, key string) error) error {
	if !r.take('{') {
		return r.expected("an object")
	}
	if r.depth++; r.depth > maxDepth {
		return r.fail("the nesting is too deep")
	}
	defer func() { r.depth-- }()
	if r.take('}') {
		return nil
	}
	for {
		if r.space(); r.at < len(r.s) && r.s[r.at] != '"' {
			return r.fail("the name of a member was expected")
		}
		key, err := r.text()
		if err != nil {
			return err
		}
		if !r.take(':') {
			return r.fail("':' was expected")
		}
		if err := member(r, key); err != nil {
			return err
		}
		if r.take('}') {
			return nil
		}
		if !r.take(',') {
			return r.fail("',' or '}' was expected")
		}
	}
}

// members reads an object and hands those of its members that names has, at most 32, to member, which
// must read the value. Others are skipped, and a null is as if the member were not there. A member
// that is there twice is refused, because it would say two things (docs/decisions/record-json.md).
func (r *reader) members(names []string, member func(r *reader, name string) error) error {
	var seen uint32
	return r.object(func(r *reader, key string) error {
		i := slices.Index(names, key)
		if i < 0 {
			return r.skip()
		}
		if seen&(1<<i) != 0 {
			return r.fail("the member " + key + " is there for the second time")
		}
		seen |= 1 << i
		if r.null() {
			return nil
		}
		if err := member(r, names[i]); err != nil {
			return within("."+names[i], err)
		}
		return nil
	})
}

// array reads an array, an element at a time.
func (r *reader) array(element func(r *reader) error) error {
	if !r.take('[') {
		return r.expected("an array")
	}
	if r.depth++; r.depth > maxDepth {
		return r.fail("the nesting is too deep")
	}
	defer func() { r.depth-- }()
	if r.take(']') {
		return nil
	}
	for i := 0; ; i++ {
		if err := element(r); err != nil {
			return within("["+strconv.Itoa(i)+"]", err)
		}
		if r.take(']') {
			return nil
		}
		if !r.take(',') {
			return r.fail("',' or ']' was expected")
		}
	}
}

// text reads a string.
func (r *reader) text() (string, error) {
	if !r.take('"') {
		return "", r.expected("a string")
	}
	from := r.at
	for ; r.at < len(r.s); r.at++ {
		switch c := r.s[r.at]; {
		case c == '"':
			s := r.s[from:r.at]
			r.at++
			return s, nil
		case c == '\\':
			return r.escaped(from)
		case c < ' ':
			return "", r.fail("a string has a control character that is not escaped")
		}
	}
	return "", r.fail("a string has no end")
}

// escaped reads on a string that began at from and has its first escape at r.at.
func (r *reader) escaped(from int) (string, error) {
	b := append(make([]byte, 0, r.at-from+64), r.s[from:r.at]...)
	for r.at < len(r.s) {
		c := r.s[r.at]
		switch {
		case c == '"':
			r.at++
			return string(b), nil
		case c < ' ':
			return "", r.fail("a string has a control character that is not escaped")
		case c != '\\':
			b = append(b, c)
			r.at++
			continue
		}
		var err error
		if b, err = r.escape(b); err != nil {
			return "", err
		}
	}
	return "", r.fail("a string has no end")
}

// escape reads one escape and appends what it stands for.
func (r *reader) escape(b []byte) ([]byte, error) {
	if r.at+1 >= len(r.s) {
		return nil, r.fail("a string has no end")
	}
	c := r.s[r.at+1]
	if c != 'u' {
		i := strings.IndexByte(`"\/bfnrt`, c)
		if i < 0 {
			return nil, r.fail("a string has an escape that JSON does not know")
		}
		r.at += 2
		return append(b, "\"\\/\b\f\n\r\t"[i]), nil
	}
	u, ok := r.hex(r.at + 2)
	if !ok {
		return nil, r.fail(`four hexadecimal digits must follow \u`)
	}
	if !utf16.IsSurrogate(u) {
		r.at += 6
		return utf8.AppendRune(b, u), nil
	}
	if strings.HasPrefix(r.s[r.at+6:], `\u`) {
		if low, ok := r.hex(r.at + 8); ok {
			if u = utf16.DecodeRune(u, low); u != utf8.RuneError {
				r.at += 12
				return utf8.AppendRune(b, u), nil
			}
		}
	}
	return nil, r.fail("a string has half of a surrogate pair, which is no character")
}

func (r *reader) hex(at int) (rune, bool) {
	if at+4 > len(r.s) {
		return 0, false
	}
	var u rune
	for _, c := range []byte(r.s[at : at+4]) {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		u = u<<4 | rune(c)
	}
	return u, true
}

// skip reads over a value of any type.
func (r *reader) skip() error {
	r.space()
	if r.at == len(r.s) {
		return r.fail("a value was expected")
	}
	switch r.s[r.at] {
	case '{':
		return r.object(func(r *reader, _ string) error { return r.skip() })
	case '[':
		return r.array((*reader).skip)
	case '"':
		_, err := r.text()
		return err
	}
	for _, word := range []string{"null", "true", "false"} {
		if strings.HasPrefix(r.s[r.at:], word) {
			r.at += len(word)
			return nil
		}
	}
	return r.number()
}

// number reads over -?(0|[1-9]digits)[.digits][(e|E)[+-]digits].
func (r *reader) number() error {
	digits := func() bool {
		from := r.at
		for r.at < len(r.s) && r.s[r.at] >= '0' && r.s[r.at] <= '9' {
			r.at++
		}
		return r.at > from
	}
	next := func(set string) bool {
		if r.at < len(r.s) && strings.IndexByte(set, r.s[r.at]) >= 0 {
			r.at++
			return true
		}
		return false
	}
	next("-")
	if !next("0") && !digits() || next(".") && !digits() {
		return r.fail("a value was expected")
	}
	if next("eE") {
		next("+-")
		if !digits() {
			return r.fail("a number has no exponent")
		}
	}
	return nil
}

const wholeNumber = "a whole number of 32 bits"

// integer reads a whole number of 32 bits, as the integers of the service are.
func (r *reader) integer() (int64, error) {
	r.space()
	from := r.at
	if from < len(r.s) && r.s[from] != '-' && (r.s[from] < '0' || r.s[from] > '9') {
		return 0, r.expected(wholeNumber)
	}
	if err := r.number(); err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(r.s[from:r.at], 10, 32)
	if err != nil {
		r.at = from
		return 0, r.expected(wholeNumber)
	}
	return n, nil
}

// boolean reads true or false.
func (r *reader) boolean() (bool, error) {
	r.space()
	for _, word := range []string{"true", "false"} {
		if strings.HasPrefix(r.s[r.at:], word) {
			r.at += len(word)
			return word == "true", nil
		}
	}
	return false, r.expected("true or false")
}

// texts reads an array of strings; a null in it is refused.
func (r *reader) texts() ([]string, error) {
	list := []string{}
	err := r.array(func(r *reader) error {
		s, err := r.text()
		list = append(list, s)
		return err
	})
	return list, err
}
