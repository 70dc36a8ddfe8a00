package runtime

import (
	"errors"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// codes gives each kind its code, status, and the words that the service begins a message with
// (contract §2.9, §11.2). CHOICE: throttling is a ThrottlingException, which no model of the
// runtime has and every client repeats (contract §0.4, U21).
var codes = map[feature.Kind]struct {
	code   string
	status int
	prefix string
}{
	feature.Invalid:     {"ValidationError", http.StatusBadRequest, "Validation Error: "},
	feature.Unsupported: {"ValidationError", http.StatusBadRequest, "Validation Error: "},
	feature.NotFound:    {"ResourceNotFound", http.StatusNotFound, "Resource Not Found: "},
	feature.Conflict:    {"ValidationError", http.StatusBadRequest, "Validation Error: "},
	feature.Outdated:    {"ConflictException", http.StatusConflict, ""},
	feature.Forbidden:   {"AccessForbidden", http.StatusForbidden, ""},
	feature.Throttled:   {"ThrottlingException", http.StatusBadRequest, ""},
	feature.Unavailable: {"ServiceUnavailable", http.StatusServiceUnavailable, ""},
}

// toError puts an error into the service's words, nil for a fault.
func toError(op string, err error) *awshttp.Error {
	var e *feature.Error
	if !errors.As(err, &e) {
		return nil
	}
	c, ok := codes[e.Kind]
	if !ok {
		return nil
	}
	if e.Kind == feature.NotFound && (op == "PutRecord" || op == "DeleteRecord") {
		// These two have no ResourceNotFound in the service's model (contract §11.3).
		c.code, c.status = "ValidationError", http.StatusBadRequest
	}
	return &awshttp.Error{Status: c.status, Code: c.code, Message: c.prefix + e.Text}
}

// retriable tells whether the same call may succeed later. In a batch, what is so goes to the list
// of what was not processed.
func retriable(err error) bool {
	kind := feature.KindOf(err)
	return kind == feature.Throttled || kind == feature.Unavailable
}
