package runtime

import (
	"context"
	"net/http"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// PutRecord: PUT /FeatureGroup/{FeatureGroupName}, sagemaker:PutRecord
//
// Supported: every member.
// Refused:   nothing.
// Differs:   a String event time may also be Unix time in seconds ("1700000000"); offline rows
// are in SQL at once.
func (a *api) putRecord(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	group, err := groupOf(c)
	if err != nil {
		return err
	}
	in, err := decodePutRecord(c.Body)
	if err != nil {
		return err
	}
	put, err := toPut(group, in, c.Received)
	if err != nil {
		return err
	}
	if err := a.store.Put(ctx, &put); err != nil {
		return err
	}
	return c.WriteJSON(w, nil)
}

func toPut(group feature.GroupRef, in *putRecordRequest, received time.Time) (put featurestore.Put, err error) {
	put = featurestore.Put{Group: group, Fields: in.Record, Accepted: received}
	if put.Stores, err = toStores(in.TargetStores); err != nil {
		return put, err
	}
	put.TTL, err = toTTL(in.TtlDuration)
	return put, err
}

var putRecordMembers = []awshttp.Member{
	{Path: "FeatureGroupName"},
	{Path: "Record"},
	{Path: "Record.FeatureName"},
	{Path: "Record.ValueAsString"},
	{Path: "Record.ValueAsStringList", Note: "an empty list is no value; a null in it is a SerializationException"},
	{Path: "TargetStores", Note: "a store that is named twice counts once"},
	{Path: "TtlDuration", Note: "refused if the record does not go to the online store"},
	{Path: "TtlDuration.Unit"},
	{Path: "TtlDuration.Value"},
}
