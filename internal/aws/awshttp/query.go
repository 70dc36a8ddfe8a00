package awshttp

import (
	"context"
	"net/http"
)

// XML makes a handler for Query operations: it calls f and encodes what f returns, by its xml
// tags, inside <NameResult>. A nil *Out answers without a result.
func XML[Out any](f func(ctx context.Context, c *Call) (*Out, error)) Handler {
	return func(ctx context.Context, c *Call, w http.ResponseWriter) error { panic("not written yet") }
}
