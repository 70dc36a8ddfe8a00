package runtime

import (
	"context"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// PutRecord: PUT /FeatureGroup/{FeatureGroupName}, sagemaker:PutRecord
//
// Supported: Record, TargetStores.
// Refused:   TtlDuration; ValueAsStringList, because no feature is a collection yet.
// Differs:   a String event time may also be Unix time in seconds ("1700000000"); offline rows
// are in SQL at once.
func (a *api) putRecord(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	in, err := decodePutRecord(c.Body)
	if err != nil {
		return err
	}
	if in.TtlDuration {
		return feature.Errorf(feature.Unsupported, "TtlDuration is not supported by this server yet; leave it out")
	}
	stores, err := toStores(in.TargetStores)
	if err != nil {
		return err
	}
	err = a.store.Put(ctx, &featurestore.Put{Group: groupOf(c), Fields: in.Record, Stores: stores, Accepted: c.Received})
	if err != nil {
		return err
	}
	return c.WriteJSON(w, nil)
}
