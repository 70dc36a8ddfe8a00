package sagemaker

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// CreateFeatureGroup: SageMaker.CreateFeatureGroup, sagemaker:CreateFeatureGroup
//
// Supported: every member but those refused. A TtlDuration without Unit and Value is none; units of 0 go
// with ThroughputMode OnDemand, as Terraform sends them.
// Refused:   TableFormat Iceberg, an S3Uri that begins with https.
// Differs:   the group is Created when the call returns. A RoleArn is checked for its form and
// its account; it need not exist. With `larder serve --extensions` a group of StorageType InMemory may have
// an offline store.
func (a *api) createFeatureGroup(ctx context.Context, _ *awshttp.Call, in *createFeatureGroupRequest) (*createFeatureGroupResponse, error) {
	asked, err := toGroup(in)
	if err != nil {
		return nil, err
	}
	g, err := a.store.CreateGroup(ctx, asked)
	if err != nil {
		return nil, err
	}
	return &createFeatureGroupResponse{FeatureGroupArn: g.ARN}, nil
}

const sameBytes = "kept and shown; the bytes are as well protected as the disk is, with any key or none"

var createFeatureGroupMembers = []awshttp.Member{
	{Path: "FeatureGroupName"},
	{Path: "RecordIdentifierFeatureName"},
	{Path: "EventTimeFeatureName"},
	{Path: "FeatureDefinitions"},
	{Path: "FeatureDefinitions.FeatureName"},
	{Path: "FeatureDefinitions.FeatureType"},
	{Path: "FeatureDefinitions.CollectionType"},
	{Path: "FeatureDefinitions.CollectionConfig"},
	{Path: "FeatureDefinitions.CollectionConfig.VectorConfig"},
	{Path: "FeatureDefinitions.CollectionConfig.VectorConfig.Dimension"},
	{Path: "OnlineStoreConfig"},
	{Path: "OnlineStoreConfig.SecurityConfig"},
	{Path: "OnlineStoreConfig.SecurityConfig.KmsKeyId", Support: awshttp.WithoutEffect, Note: sameBytes},
	{Path: "OnlineStoreConfig.EnableOnlineStore"},
	{Path: "OnlineStoreConfig.TtlDuration"},
	{Path: "OnlineStoreConfig.TtlDuration.Unit"},
	{Path: "OnlineStoreConfig.TtlDuration.Value"},
	{Path: "OnlineStoreConfig.StorageType", Note: "one engine serves all three; they differ in what may be done (contract §3.6)"},
	{Path: "OfflineStoreConfig"},
	{Path: "OfflineStoreConfig.S3StorageConfig"},
	{Path: "OfflineStoreConfig.S3StorageConfig.S3Uri", Note: "one that begins with https is refused"},
	{Path: "OfflineStoreConfig.S3StorageConfig.KmsKeyId", Support: awshttp.WithoutEffect, Note: sameBytes},
	{Path: "OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri", Support: awshttp.WithoutEffect, Note: "a member of replies, where the server's own stands; Terraform sends back what it read"},
	{Path: "OfflineStoreConfig.DisableGlueTableCreation"},
	{Path: "OfflineStoreConfig.DataCatalogConfig"},
	{Path: "OfflineStoreConfig.DataCatalogConfig.TableName"},
	{Path: "OfflineStoreConfig.DataCatalogConfig.Catalog", Note: "AwsDataCatalog; with DisableGlueTableCreation also the own account"},
	{Path: "OfflineStoreConfig.DataCatalogConfig.Database"},
	{Path: "OfflineStoreConfig.TableFormat", Note: "Default and Glue; Iceberg is refused"},
	{Path: "ThroughputConfig", Note: "kept and shown; it binds the group only with `larder serve --throttle`"},
	{Path: "ThroughputConfig.ThroughputMode"},
	{Path: "ThroughputConfig.ProvisionedReadCapacityUnits"},
	{Path: "ThroughputConfig.ProvisionedWriteCapacityUnits"},
	{Path: "RoleArn", Note: "any role of the account"},
	{Path: "Description"},
	{Path: "Tags"},
	{Path: "Tags.Key"},
	{Path: "Tags.Value"},
}
