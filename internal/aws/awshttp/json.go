package awshttp

import (
	"bytes"
	"context"
	jsonv1 "encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// JSON makes a handler for JSON11 and RESTJSON operations: it decodes Call.Body into a new In (see
// DecodeJSON), calls f and encodes what f returns. A nil *Out is an empty 200. Labels of the path and query
// parameters are in c, for f to read.
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
		body, err := encodeJSON(out)
		if err != nil {
			return fmt.Errorf("encode reply: %w", err)
		}
		return c.WriteJSON(w, body)
	}
}

// encodeJSON writes v for a client. Nothing is escaped for HTML's sake, and what is not UTF-8 becomes
// U+FFFD: an error's text may quote anything. Members with omitempty are left out if they are nil; a pointer
// to "" is written.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := jsonv1.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
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

// DecodeJSON decodes Call.Body into in, a pointer (docs/decisions/json.md): no body counts as {}, names of
// members count with their case, unknown ones are ignored, null counts as absent. Its error is a
// SerializationException that names the member: text that is not JSON or not UTF-8, half of a surrogate
// pair, a member that is there twice, a value of another JSON type.
func (c *Call) DecodeJSON(in any) error {
	if len(bytes.TrimSpace(c.Body)) == 0 {
		return nil
	}
	err := json.Unmarshal(c.Body, in)
	var syntax *jsontext.SyntacticError
	var mismatch *json.SemanticError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax) && errors.Is(err, jsontext.ErrDuplicateName):
		return c.notJSON("member %.200s is there twice; give it once", memberPath(syntax.JSONPointer))
	case errors.As(err, &syntax) && errors.Is(err, io.ErrUnexpectedEOF):
		return c.notJSON("the body is not JSON: it ends too early, at byte %d", syntax.ByteOffset)
	case errors.As(err, &syntax):
		return c.notJSON("the body is not JSON, at byte %d: %s", syntax.ByteOffset, syntax.Err)
	case errors.As(err, &mismatch) && mismatch.JSONPointer == "":
		return c.notJSON("the body must be a JSON object, and is %s", givenKind(mismatch))
	case errors.As(err, &mismatch):
		return c.notJSON("member %.200s must be %s, and is %s", memberPath(mismatch.JSONPointer), jsonKind(mismatch.GoType), givenKind(mismatch))
	default:
		return c.notJSON("the body cannot be read: %s", err)
	}
}

func (c *Call) notJSON(format string, args ...any) *Error {
	return refuse(c.Service.Protocol, unreadable, format, args...)
}

// memberPath writes a pointer as Tags[0].Key.
func memberPath(p jsontext.Pointer) string {
	var path strings.Builder
	for name := range p.Tokens() {
		switch _, err := strconv.ParseUint(name, 10, 64); {
		case err == nil:
			path.WriteString("[" + name + "]")
		case path.Len() > 0:
			path.WriteString("." + name)
		default:
			path.WriteString(name)
		}
	}
	return path.String()
}

// givenKind says what JSON came where something else was due.
func givenKind(e *json.SemanticError) string {
	kinds := map[jsontext.Kind]string{
		'n': "null", 't': "a boolean", 'f': "a boolean", '"': "a string", '0': "a number",
		'{': "an object", '}': "an object", '[': "a list", ']': "a list",
	}
	if len(e.JSONValue) == 0 {
		return kinds[e.JSONKind]
	}
	return fmt.Sprintf("%s: %.64s", kinds[e.JSONKind], e.JSONValue)
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
