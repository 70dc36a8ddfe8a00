package runtime

import (
	"context"
	"net/http"
	"net/url"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// GetRecord: GET /FeatureGroup/{FeatureGroupName}, sagemaker:GetRecord
//
// Supported: every member.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getRecord(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	group, err := groupOf(c)
	if err != nil {
		return err
	}
	in, err := decodeGetRecord(c.Params)
	if err != nil {
		return err
	}
	body := a.takeBody()
	defer a.giveBody(body)
	*body = append(*body, '{')
	got := a.store.Get(ctx, &featurestore.Want{Group: group, IDs: []string{in.id}, Names: in.names}, func(_ int, f *featurestore.Found) {
		*body = appendRecord(*body, f, in.expires)
	})
	if got.Err != nil {
		return got.Err
	}
	if got.Refused != nil {
		return got.Refused[0]
	}
	*body = append(*body, '}')
	return c.WriteJSON(w, *body)
}

// A getRecordRequest is the query string of GetRecord.
type getRecordRequest struct {
	id      string
	names   []feature.Name
	expires bool
}

func decodeGetRecord(params url.Values) (in getRecordRequest, err error) {
	if in.id, err = required(params, "RecordIdentifierValueAsString"); err != nil {
		return in, err
	}
	expiration, given, err := param(params, "ExpirationTimeResponse")
	if err != nil {
		return in, err
	}
	if in.expires, err = toExpiration(expiration, given); err != nil {
		return in, err
	}
	in.names, err = toNames(params["FeatureName"])
	return in, err
}

var getRecordMembers = []awshttp.Member{
	{Path: "FeatureGroupName"},
	{Path: "RecordIdentifierValueAsString"},
	{Path: "FeatureNames", Note: "the query parameter FeatureName, repeated; neither the identifier nor the event time is added"},
	{Path: "ExpirationTimeResponse"},
}
