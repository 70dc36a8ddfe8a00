package athena

import (
	"errors"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// invalidInput is the AthenaErrorCode of what breaks a rule.
const invalidInput = "INVALID_INPUT"

// notFound says how an operation words what is not there; others have InvalidRequestException.
var notFound = map[string]func(text string) *awshttp.Error{
	"GetPreparedStatement": missing, "UpdatePreparedStatement": missing, "DeletePreparedStatement": missing,
	"ListTagsForResource": missing, "TagResource": missing, "UntagResource": missing,
}

// fromCatalog words what is not in the catalog as Athena passes it on: clients take the code of the catalog's
// error out of the last brackets.
func fromCatalog(c *awshttp.Call, err error) error {
	if feature.KindOf(err) != feature.NotFound {
		return err
	}
	return &awshttp.Error{Status: http.StatusBadRequest, Code: "MetadataException",
		Message: err.Error() + " (Service: AmazonDataCatalog; Status Code: 400; Error Code: EntityNotFoundException; Request ID: " + c.RequestID + "; Proxy: null)"}
}

func missing(text string) *awshttp.Error {
	return &awshttp.Error{Status: http.StatusBadRequest, Code: "ResourceNotFoundException", Message: text}
}

// toError puts an error into the service's words, nil for a fault. Athena has one code for most
// that a caller may do wrong (contract §5.2).
func toError(operation string, err error) *awshttp.Error {
	var e *feature.Error
	if !errors.As(err, &e) {
		return nil
	}
	switch e.Kind {
	case feature.NotFound:
		if words, ok := notFound[operation]; ok {
			return words(e.Text)
		}
		fallthrough
	case feature.Invalid, feature.Exists, feature.Conflict, feature.Unsupported:
		return &awshttp.Error{Status: http.StatusBadRequest, Code: "InvalidRequestException", Message: e.Text, Members: map[string]any{"AthenaErrorCode": invalidInput}}
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
