package sagemaker

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// UpdateFeatureGroup: SageMaker.UpdateFeatureGroup, sagemaker:UpdateFeatureGroup
//
// Supported: FeatureGroupName, a name or an ARN, and one of FeatureAdditions, OnlineStoreConfig and
// ThroughputConfig a call. A TtlDuration without Unit and Value, or with both null, removes that of the
// group. StorageType from Standard to Standard_V2; units of 0 go with ThroughputMode OnDemand.
// Refused:   a second update while one is InProgress; other changes of StorageType.
// Differs:   the update is Successful, and readers, SQL and Glue see it, when the call returns. How
// often a day throughput may change is not limited.
func (a *api) updateFeatureGroup(ctx context.Context, _ *awshttp.Call, in *updateFeatureGroupRequest) (*updateFeatureGroupResponse, error) {
	name, err := required("FeatureGroupName", in.FeatureGroupName)
	if err != nil {
		return nil, err
	}
	u, err := toGroupUpdate(in)
	if err != nil {
		return nil, err
	}
	g, err := a.store.UpdateGroup(ctx, feature.GroupRef(name), u)
	if err != nil {
		return nil, err
	}
	return &updateFeatureGroupResponse{FeatureGroupArn: g.ARN}, nil
}

func toGroupUpdate(in *updateFeatureGroupRequest) (*feature.GroupUpdate, error) {
	u := &feature.GroupUpdate{}
	var err error
	if in.FeatureAdditions != nil {
		if u.Additions, err = toDefinitions(in.FeatureAdditions); err != nil {
			return nil, err
		}
	}
	if o := in.OnlineStoreConfig; o != nil {
		u.Online = &feature.OnlineUpdate{}
		if u.Online.StorageType, err = toStorageType(o.StorageType); err != nil {
			return nil, err
		}
		if u.Online.TTL, err = toTTL(o.TtlDuration); err != nil {
			return nil, err
		}
		u.Online.RemoveTTL = o.TtlDuration != nil && u.Online.TTL == nil
	}
	if in.ThroughputConfig != nil {
		if u.Throughput, err = toThroughput(in.ThroughputConfig); err != nil {
			return nil, err
		}
	}
	return u, nil
}

var updateFeatureGroupMembers = []awshttp.Member{
	{Path: "FeatureGroupName"},
	{Path: "FeatureAdditions"},
	{Path: "FeatureAdditions.FeatureName"},
	{Path: "FeatureAdditions.FeatureType"},
	{Path: "FeatureAdditions.CollectionType"},
	{Path: "FeatureAdditions.CollectionConfig"},
	{Path: "FeatureAdditions.CollectionConfig.VectorConfig"},
	{Path: "FeatureAdditions.CollectionConfig.VectorConfig.Dimension"},
	{Path: "OnlineStoreConfig"},
	{Path: "OnlineStoreConfig.TtlDuration", Note: "of records that are written from now on"},
	{Path: "OnlineStoreConfig.TtlDuration.Unit"},
	{Path: "OnlineStoreConfig.TtlDuration.Value"},
	{Path: "OnlineStoreConfig.StorageType", Note: "Standard_V2 for a Standard group, or the type that it has"},
	{Path: "ThroughputConfig", Note: "kept and shown; it binds the group only with `larder serve --throttle`"},
	{Path: "ThroughputConfig.ThroughputMode"},
	{Path: "ThroughputConfig.ProvisionedReadCapacityUnits"},
	{Path: "ThroughputConfig.ProvisionedWriteCapacityUnits"},
}
