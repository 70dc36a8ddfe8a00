package awshttp

import (
	"context"
	"net/http"
)

// JSON makes a handler for JSON11 and RESTJSON operations: it decodes Call.Body into a new In
// (no body counts as {}), calls f and encodes what f returns. A nil *Out is an empty 200. A body
// that is not JSON, or a member of another JSON type, is a SerializationException; unknown members are
// ignored and null counts as absent. Labels of the path and query parameters are in c, for f to read.
func JSON[In, Out any](f func(ctx context.Context, c *Call, in *In) (*Out, error)) Handler {
	return func(ctx context.Context, c *Call, w http.ResponseWriter) error {
		panic("not written yet")
	}
}
