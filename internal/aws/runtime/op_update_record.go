package runtime

import (
	"context"
	"net/http"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// UpdateRecord: POST /FeatureGroup/{FeatureGroupName}/Record, sagemaker:PutRecord
//
// Supported: every member. A feature with neither value becomes null.
// Refused:   groups whose StorageType is neither Standard_V2 nor InMemory, as AWS does; with
// `larder serve --extensions` every group with an online store has updates.
// Differs:   none known.
func (a *api) updateRecord(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	group, err := groupOf(c)
	if err != nil {
		return err
	}
	in, err := decodeUpdateRecord(c.Body)
	if err != nil {
		return err
	}
	u, err := toUpdate(group, in, c.Received)
	if err != nil {
		return err
	}
	if err := a.store.Update(ctx, u); err != nil {
		return err
	}
	return c.WriteJSON(w, nil)
}

func toUpdate(group feature.GroupRef, in *updateRecordRequest, received time.Time) (*featurestore.Update, error) {
	if in.RecordIdentifierValueAsString == nil {
		return nil, feature.Errorf(feature.Invalid, "RecordIdentifierValueAsString is missing; it is required")
	}
	u := &featurestore.Update{Group: group, ID: *in.RecordIdentifierValueAsString, Fields: in.Features, Accepted: received}
	var err error
	if err = checkLength("RecordIdentifierValueAsString", u.ID); err != nil {
		return nil, err
	}
	if u.Stores, err = toStores(in.TargetStores); err != nil {
		return nil, err
	}
	if u.TTL, err = toTTL(in.TtlDuration); err != nil {
		return nil, err
	}
	return u, nil
}

var updateRecordMembers = []awshttp.Member{
	{Path: "FeatureGroupName"},
	{Path: "RecordIdentifierValueAsString"},
	{Path: "Features", Note: "the identifier may be among them with the value that it has"},
	{Path: "Features.FeatureName"},
	{Path: "Features.ValueAsString"},
	{Path: "Features.ValueAsStringList", Note: "an empty list makes the feature null; a null in it is a SerializationException"},
	{Path: "TargetStores", Note: "must have OnlineStore; a store that is named twice counts once"},
	{Path: "TtlDuration", Note: "needs the event time among the Features; without it the record keeps its time to live, counted from its event time"},
	{Path: "TtlDuration.Unit"},
	{Path: "TtlDuration.Value"},
}
