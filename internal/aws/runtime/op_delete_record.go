package runtime

import (
	"context"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// DeleteRecord: DELETE /FeatureGroup/{FeatureGroupName}, sagemaker:DeleteRecord
//
// Supported: RecordIdentifierValueAsString, EventTime, TargetStores, DeletionMode.
// Refused:   nothing.
// Differs:   EventTime may be in every form that PutRecord takes for the group.
func (a *api) deleteRecord(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	d := &featurestore.Delete{Group: groupOf(c), Accepted: c.Received}
	var err error
	if d.ID, err = param(c.Params, "RecordIdentifierValueAsString"); err != nil {
		return err
	}
	if d.EventTime, err = param(c.Params, "EventTime"); err != nil {
		return err
	}
	if d.Stores, err = toStores(c.Params["TargetStores"]); err != nil {
		return err
	}
	switch mode := c.Params.Get("DeletionMode"); {
	case mode == "HardDelete":
		d.Mode = feature.HardDelete
	case mode != "SoftDelete" && c.Params.Has("DeletionMode"):
		return feature.Errorf(feature.Invalid, "DeletionMode %q is not one of SoftDelete, HardDelete", mode)
	}
	if err := a.store.Delete(ctx, d); err != nil {
		return err
	}
	return c.WriteJSON(w, nil)
}
