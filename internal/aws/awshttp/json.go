package awshttp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// JSON makes a handler for JSON11 and RESTJSON operations: it decodes Call.Body into a new In
// (no body counts as {}), calls f and encodes what f returns. A nil *Out is an empty 200. A body
// that is not JSON, or a member of another JSON type, is a SerializationException; unknown members are
// ignored and null counts as absent. Names of members are matched without regard to case, as encoding/json
// does. Labels of the path and query parameters are in c, for f to read.
func JSON[In, Out any](f func(ctx context.Context, c *Call, in *In) (*Out, error)) Handler {
	return func(ctx context.Context, c *Call, w http.ResponseWriter) error {
		in := new(In)
		if err := c.DecodeJSON(in); err != nil {
			return err
		}
		out, err := f(ctx, c, in)
		if err != nil {
			return err
		}
		if out == nil {
			return c.WriteJSON(w, nil)
		}
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(out); err != nil {
			return fmt.Errorf("encode reply: %w", err)
		}
		return c.WriteJSON(w, bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	}
}

// WriteJSON answers 200 with a body that is JSON already, or with none.
func (c *Call) WriteJSON(w http.ResponseWriter, body []byte) error {
	h := w.Header()
	h["Content-Type"] = []string{contentType(c.Service.Protocol)}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(http.StatusOK)
	// The client may be gone; there is nobody else to tell.
	_, _ = w.Write(body)
	return nil
}

func contentType(p Protocol) string {
	if p == JSON11 {
		return "application/x-amz-json-1.1"
	}
	return "application/json"
}

// DecodeJSON decodes Call.Body into in, a pointer. Its error is a SerializationException that names the
// member.
func (c *Call) DecodeJSON(in any) error {
	if len(bytes.TrimSpace(c.Body)) == 0 {
		return nil
	}
	// The decoder would put U+FFFD in their place, and a value would silently be another one.
	if !utf8.Valid(c.Body) {
		return c.notJSON("the body is not valid UTF-8")
	}
	if at := loneSurrogate(c.Body); at >= 0 {
		return c.notJSON("the escape at byte %d is half of a surrogate pair, which is no character", at)
	}
	err := json.Unmarshal(c.Body, in)
	if err == nil {
		return nil
	}
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &mismatch) && mismatch.Field == "":
		return c.notJSON("the body must be a JSON object, and is: %s", mismatch.Value)
	case errors.As(err, &mismatch):
		return c.notJSON("member %s must be %s, and is: %.64s", mismatch.Field, jsonKind(mismatch.Type), mismatch.Value)
	case errors.As(err, &syntax):
		return c.notJSON("the body is not JSON, at byte %d: %s", syntax.Offset, syntax.Error())
	default:
		return c.notJSON("the body cannot be read: %s", err)
	}
}

func (c *Call) notJSON(format string, args ...any) *Error {
	return refuse(c.Service.Protocol, unreadable, format, args...)
}

// jsonKind says what JSON a Go type is read from.
func jsonKind(t reflect.Type) string {
	if t == reflect.TypeFor[Timestamp]() {
		return "a timestamp (a number of seconds since 1970, or ISO-8601 text)"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a string"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number in the range of its type"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Pointer:
		return jsonKind(t.Elem())
	default:
		return "an object"
	}
}

// loneSurrogate returns where a \u escape is half of a surrogate pair, -1 if none is. Anything
// else that is wrong with the text is for the decoder to find.
func loneSurrogate(body []byte) int {
	for i := bytes.IndexByte(body, '\\'); i >= 0 && i+1 < len(body); {
		next := i + 2
		switch unit := escapedUnit(body[i:]); {
		case unit < 0xD800 || unit > 0xDFFF:
		case unit < 0xDC00 && next+4 < len(body) && isLowSurrogate(escapedUnit(body[i+6:])):
			next = i + 12
		default:
			return i
		}
		if next >= len(body) {
			return -1
		}
		skip := bytes.IndexByte(body[next:], '\\')
		if skip < 0 {
			return -1
		}
		i = next + skip
	}
	return -1
}

func isLowSurrogate(unit int) bool { return unit >= 0xDC00 && unit <= 0xDFFF }

// escapedUnit reads \uXXXX at the start of b; it is -1 if there is none.
func escapedUnit(b []byte) int {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(strings.ToLower(string(b[2:6])), 16, 16)
	if err != nil {
		return -1
	}
	return int(n)
}
