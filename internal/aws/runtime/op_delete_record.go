package runtime

import (
	"context"
	"net/http"
	"net/url"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// DeleteRecord: DELETE /FeatureGroup/{FeatureGroupName}, sagemaker:DeleteRecord
//
// Supported: every member.
// Refused:   nothing.
// Differs:   EventTime may be in every form that PutRecord takes for the group.
func (a *api) deleteRecord(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	group, err := groupOf(c)
	if err != nil {
		return err
	}
	d, err := decodeDeleteRecord(c.Params)
	if err != nil {
		return err
	}
	d.Group, d.Accepted = group, c.Received
	if err := a.store.Delete(ctx, d); err != nil {
		return err
	}
	return c.WriteJSON(w, nil)
}

// decodeDeleteRecord reads the query string of DeleteRecord.
func decodeDeleteRecord(params url.Values) (*featurestore.Delete, error) {
	d := &featurestore.Delete{}
	var err error
	if d.ID, err = required(params, "RecordIdentifierValueAsString"); err != nil {
		return nil, err
	}
	if d.EventTime, err = required(params, "EventTime"); err != nil {
		return nil, err
	}
	if d.Stores, err = toStores(params["TargetStores"]); err != nil {
		return nil, err
	}
	mode, given, err := param(params, "DeletionMode")
	switch {
	case err != nil:
		return nil, err
	case mode == "HardDelete":
		d.Mode = feature.HardDelete
	case given && mode != "SoftDelete":
		return nil, feature.Errorf(feature.Invalid, "DeletionMode %q is not one of SoftDelete, HardDelete", mode)
	}
	return d, nil
}

var deleteRecordMembers = []awshttp.Member{
	{Path: "FeatureGroupName"},
	{Path: "RecordIdentifierValueAsString"},
	{Path: "EventTime"},
	{Path: "TargetStores", Note: "a store that is named twice counts once"},
	{Path: "DeletionMode"},
}
