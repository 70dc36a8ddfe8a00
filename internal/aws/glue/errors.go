package glue

import (
	"errors"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// codes gives each kind its code and status (contract §6.1).
var codes = map[feature.Kind]struct {
	code   string
	status int
}{
	feature.Invalid:     {"InvalidInputException", http.StatusBadRequest},
	feature.Unsupported: {"InvalidInputException", http.StatusBadRequest},
	feature.NotFound:    {"EntityNotFoundException", http.StatusBadRequest},
	feature.Exists:      {"AlreadyExistsException", http.StatusBadRequest},
	feature.Conflict:    {"ConcurrentModificationException", http.StatusBadRequest},
	feature.Forbidden:   {"AccessDeniedException", http.StatusBadRequest},
	feature.Unavailable: {"ServiceUnavailable", http.StatusServiceUnavailable},
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
	return &awshttp.Error{Status: c.status, Code: c.code, Message: e.Text}
}
