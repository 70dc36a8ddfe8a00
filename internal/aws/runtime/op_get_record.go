package runtime

import (
	"context"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetRecord: GET /FeatureGroup/{FeatureGroupName}, sagemaker:GetRecord
//
// Supported: RecordIdentifierValueAsString, FeatureName (repeated), ExpirationTimeResponse.
// Refused:   nothing.
// Differs:   none known. There is never an ExpiresAt, because no record has an expiry yet.
func (a *api) getRecord(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	id, err := param(c.Params, "RecordIdentifierValueAsString")
	if err != nil {
		return err
	}
	if c.Params.Has("ExpirationTimeResponse") {
		if err := checkExpiration(c.Params.Get("ExpirationTimeResponse")); err != nil {
			return err
		}
	}
	names, err := toNames(c.Params["FeatureName"])
	if err != nil {
		return err
	}
	found, err := a.store.Get(ctx, groupOf(c), id, names)
	if err != nil {
		return err
	}
	if found == nil {
		return c.WriteJSON(w, []byte("{}"))
	}
	body := append(make([]byte, 0, recordSize(found)+2), '{')
	return c.WriteJSON(w, append(appendRecord(body, found), '}'))
}
