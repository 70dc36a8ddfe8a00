package sagemaker

import (
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// fromGroup describes a group as the service does (contract §1.4).
func fromGroup(g *feature.Group) *describeFeatureGroupResponse {
	out := &describeFeatureGroupResponse{
		FeatureGroupArn:             g.ARN,
		FeatureGroupName:            string(g.Name),
		RecordIdentifierFeatureName: string(g.RecordIdentifier),
		EventTimeFeatureName:        string(g.EventTime),
		FeatureDefinitions:          make([]featureDefinition, len(g.Definitions)),
		CreationTime:                awshttp.NewTimestamp(g.Created),
		LastModifiedTime:            awshttp.NewTimestamp(g.Modified),
		OnlineStoreConfig:           fromOnline(g),
		OfflineStoreConfig:          fromOffline(g.Offline, g.Status),
		ThroughputConfig:            fromThroughput(g.Throughput),
		RoleArn:                     optional(g.RoleARN),
		FeatureGroupStatus:          g.Status.String(),
		LastUpdateStatus:            fromUpdateStatus(g.LastUpdate),
		FailureReason:               optional(g.Failure),
		Description:                 optional(g.Description),
	}
	for i := range g.Definitions {
		out.FeatureDefinitions[i] = fromDefinition(&g.Definitions[i])
	}
	if status := featurestore.OfflineStatusOf(g); status != "" {
		out.OfflineStoreStatus = &offlineStoreStatus{Status: string(status)}
	}
	return out
}

func fromDefinition(d *feature.Definition) featureDefinition {
	name, typ := string(d.Name), d.Type.String()
	out := featureDefinition{FeatureName: &name, FeatureType: &typ, CollectionType: optional(d.Collection.String())}
	if d.Collection == feature.Vector {
		dimension := int64(d.Dimension)
		out.CollectionConfig = &collectionConfig{VectorConfig: &vectorConfig{Dimension: &dimension}}
	}
	return out
}

// fromOnline echoes what was given: nothing is filled in but EnableOnlineStore.
func fromOnline(g *feature.Group) *onlineStoreConfig {
	o, enabled := g.Online, g.Online != nil
	if o == nil {
		o = g.OnlineOff
	}
	if o == nil {
		return nil
	}
	out := &onlineStoreConfig{EnableOnlineStore: &enabled, StorageType: optional(o.StorageType)}
	if o.KMSKeyID != "" {
		out.SecurityConfig = &securityConfig{KmsKeyId: &o.KMSKeyID}
	}
	if o.TTL != nil {
		unit := string(o.TTL.Unit)
		out.TtlDuration = &ttlDuration{Unit: &unit, Value: &o.TTL.Value}
	}
	return out
}

// fromThroughput echoes what was given, and says OnDemand if nothing was.
func fromThroughput(t *feature.Throughput) *throughputConfig {
	if t == nil {
		t = &feature.Throughput{Mode: feature.OnDemand}
	}
	return &throughputConfig{
		ThroughputMode: &t.Mode, ProvisionedReadCapacityUnits: t.Read, ProvisionedWriteCapacityUnits: t.Write,
	}
}

func fromUpdateStatus(u *feature.UpdateStatus) *lastUpdateStatus {
	if u == nil {
		return nil
	}
	return &lastUpdateStatus{Status: u.Status, FailureReason: optional(u.Failure)}
}

// fromOffline echoes what was given, with the resolved location at all times and the table from
// when it is there.
func fromOffline(o *feature.Offline, status feature.Status) *offlineStoreConfig {
	if o == nil {
		return nil
	}
	out := &offlineStoreConfig{
		S3StorageConfig: &s3StorageConfig{
			S3Uri: &o.S3URI, KmsKeyId: optional(o.KMSKeyID), ResolvedOutputS3Uri: &o.Resolved,
		},
		DisableGlueTableCreation: &o.DisableTable,
		TableFormat:              optional(o.TableFormat),
	}
	if t := o.Table; t != nil && status != feature.Creating && status != feature.CreateFailed {
		out.DataCatalogConfig = &dataCatalogConfig{TableName: &t.Table, Catalog: &t.Catalog, Database: &t.Database}
	}
	return out
}
