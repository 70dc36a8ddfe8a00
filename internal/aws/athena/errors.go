package athena

import (
	"errors"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// toError puts an error into the service's words, nil for a fault. Athena has one code for all
// that a caller may do wrong (contract §5.2).
func toError(_ string, err error) *awshttp.Error {
	var e *feature.Error
	if !errors.As(err, &e) {
		return nil
	}
	switch e.Kind {
	case feature.Invalid, feature.NotFound, feature.Exists, feature.Conflict, feature.Unsupported:
		return &awshttp.Error{Status: http.StatusBadRequest, Code: "InvalidRequestException", Message: e.Text, Members: map[string]any{"AthenaErrorCode": "INVALID_INPUT"}}
	case feature.Forbidden:
		return &awshttp.Error{Status: http.StatusBadRequest, Code: "AccessDeniedException", Message: e.Text}
	case feature.Unavailable:
		return &awshttp.Error{Status: http.StatusServiceUnavailable, Code: "ServiceUnavailable", Message: e.Text}
	}
	return nil
}

// invalid is a request that breaks a rule.
func invalid(format string, args ...any) error {
	return feature.Errorf(feature.Invalid, format, args...)
}

// unsupported is a member that this server does not honour.
func unsupported(format string, args ...any) error {
	return feature.Errorf(feature.Unsupported, format, args...)
}
