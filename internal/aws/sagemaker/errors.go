package sagemaker

import (
	"errors"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// codes gives each kind its code, status, and the words that the service begins a message with
// (contract §1.2, §11.2).
var codes = map[feature.Kind]struct {
	code   string
	status int
	prefix string
}{
	feature.Invalid:       {"ValidationException", http.StatusBadRequest, "Validation Error: "},
	feature.Unsupported:   {"ValidationException", http.StatusBadRequest, "Validation Error: "},
	feature.NotFound:      {"ResourceNotFound", http.StatusBadRequest, "Resource Not Found: "},
	feature.Exists:        {"ResourceInUse", http.StatusBadRequest, "Resource Already Exists: "},
	feature.LimitExceeded: {"ResourceLimitExceeded", http.StatusBadRequest, "Resource Limit Exceeded: "},
	feature.Conflict:      {"ResourceInUse", http.StatusBadRequest, "Resource In Use: "},
	feature.Forbidden:     {"AccessDeniedException", http.StatusBadRequest, ""},
	feature.Unavailable:   {"ServiceUnavailable", http.StatusServiceUnavailable, ""},
}

// toError puts an error into the service's words, nil for a fault.
func toError(_ string, err error) *awshttp.Error {
	var e *feature.Error
	if !errors.As(err, &e) {
		return nil
	}
	c, ok := codes[e.Kind]
	if !ok {
		return nil
	}
	return &awshttp.Error{Status: c.status, Code: c.code, Message: c.prefix + e.Text}
}
