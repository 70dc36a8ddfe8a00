// Package larder is Larder's own API on the wire: what an operator asks of a server and AWS has no
// operation for. It is signed like any other, with the scope "larder", and its errors have the form of
// the other REST-JSON services (docs/decisions/own-api.md). It decides nothing.
package larder

import (
	"errors"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/verify"
)

// New returns the service.
func New(verifier *verify.Verifier) *awshttp.Service {
	a := &api{verifier: verifier}
	return &awshttp.Service{
		Name:     "larder",
		Scope:    "larder",
		Protocol: awshttp.RESTJSON,
		Operations: []awshttp.Operation{
			{Name: "VerifyFeatureGroup", Method: http.MethodPost, Path: "/larder/FeatureGroup/{FeatureGroupName}/Verify",
				Action: "larder:VerifyFeatureGroup", Handle: awshttp.JSON(a.verifyFeatureGroup)},
		},
		Error: toError,
	}
}

// api holds what the operations work on.
type api struct{ verifier *verify.Verifier }

// codes gives each kind its code and status.
var codes = map[feature.Kind]struct {
	code   string
	status int
}{
	feature.Invalid:     {"ValidationException", http.StatusBadRequest},
	feature.Unsupported: {"ValidationException", http.StatusBadRequest},
	feature.NotFound:    {"ResourceNotFoundException", http.StatusNotFound},
	feature.Forbidden:   {"AccessDeniedException", http.StatusForbidden},
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
