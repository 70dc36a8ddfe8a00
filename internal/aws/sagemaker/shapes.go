package sagemaker

import "github.com/larder-dev/larder/internal/aws/awshttp"

// The shapes of contract §1.1, with the members that this server reads or writes. Members are
// pointers where being absent means something.

type createFeatureGroupRequest struct {
	FeatureGroupName            *string
	RecordIdentifierFeatureName *string
	EventTimeFeatureName        *string
	FeatureDefinitions          []featureDefinition
	OnlineStoreConfig           *onlineStoreConfig
	OfflineStoreConfig          *offlineStoreConfig
	ThroughputConfig            *throughputConfig
	RoleArn                     *string
	Description                 *string
	Tags                        []tag
}

type createFeatureGroupResponse struct {
	FeatureGroupArn string
}

type featureDefinition struct {
	FeatureName      *string
	FeatureType      *string
	CollectionType   *string           `json:",omitempty"`
	CollectionConfig *collectionConfig `json:",omitempty"`
}

// A collectionConfig is a union: it has one of its members, of which AWS knows one so far.
type collectionConfig struct {
	VectorConfig *vectorConfig
}

type vectorConfig struct {
	Dimension *int64
}

type onlineStoreConfig struct {
	SecurityConfig    *securityConfig `json:",omitempty"`
	EnableOnlineStore *bool
	TtlDuration       *ttlDuration `json:",omitempty"`
	StorageType       *string      `json:",omitempty"`
}

type securityConfig struct {
	KmsKeyId *string `json:",omitempty"`
}

type ttlDuration struct {
	Unit  *string
	Value *int64
}

type offlineStoreConfig struct {
	S3StorageConfig          *s3StorageConfig
	DisableGlueTableCreation *bool
	DataCatalogConfig        *dataCatalogConfig `json:",omitempty"`
	TableFormat              *string            `json:",omitempty"`
}

type s3StorageConfig struct {
	S3Uri               *string
	KmsKeyId            *string `json:",omitempty"`
	ResolvedOutputS3Uri *string `json:",omitempty"`
}

type dataCatalogConfig struct {
	TableName *string
	Catalog   *string
	Database  *string
}

type throughputConfig struct {
	ThroughputMode                *string
	ProvisionedReadCapacityUnits  *int64 `json:",omitempty"`
	ProvisionedWriteCapacityUnits *int64 `json:",omitempty"`
}

type tag struct {
	Key   *string
	Value *string
}

type describeFeatureGroupRequest struct {
	FeatureGroupName *string
	NextToken        *string
}

type describeFeatureGroupResponse struct {
	FeatureGroupArn             string
	FeatureGroupName            string
	RecordIdentifierFeatureName string
	EventTimeFeatureName        string
	FeatureDefinitions          []featureDefinition
	CreationTime                *awshttp.Timestamp
	LastModifiedTime            *awshttp.Timestamp  `json:",omitempty"`
	OnlineStoreConfig           *onlineStoreConfig  `json:",omitempty"`
	OfflineStoreConfig          *offlineStoreConfig `json:",omitempty"`
	ThroughputConfig            *throughputConfig
	RoleArn                     *string `json:",omitempty"`
	FeatureGroupStatus          string
	OfflineStoreStatus          *offlineStoreStatus `json:",omitempty"`
	LastUpdateStatus            *lastUpdateStatus   `json:",omitempty"`
	FailureReason               *string             `json:",omitempty"`
	Description                 *string             `json:",omitempty"`
	OnlineStoreTotalSizeBytes   int64
}

type lastUpdateStatus struct {
	Status        string
	FailureReason *string `json:",omitempty"`
}

type offlineStoreStatus struct {
	Status string
}

type listFeatureGroupsRequest struct {
	NameContains             *string
	FeatureGroupStatusEquals *string
	OfflineStoreStatusEquals *string
	CreationTimeAfter        *awshttp.Timestamp
	CreationTimeBefore       *awshttp.Timestamp
	SortOrder                *string
	SortBy                   *string
	MaxResults               *int64
	NextToken                *string
}

type listFeatureGroupsResponse struct {
	FeatureGroupSummaries []featureGroupSummary
	NextToken             *string `json:",omitempty"`
}

type featureGroupSummary struct {
	FeatureGroupName   string
	FeatureGroupArn    string
	CreationTime       *awshttp.Timestamp
	FeatureGroupStatus string
	OfflineStoreStatus *offlineStoreStatus `json:",omitempty"`
}

type deleteFeatureGroupRequest struct {
	FeatureGroupName *string
}

type updateFeatureGroupRequest struct {
	FeatureGroupName  *string
	FeatureAdditions  []featureDefinition
	OnlineStoreConfig *onlineStoreConfigUpdate
	ThroughputConfig  *throughputConfig
}

type onlineStoreConfigUpdate struct {
	TtlDuration *ttlDuration
	StorageType *string
}

type updateFeatureGroupResponse struct {
	FeatureGroupArn string
}

type describeFeatureMetadataRequest struct {
	FeatureGroupName *string
	FeatureName      *string
}

type describeFeatureMetadataResponse struct {
	FeatureGroupArn  string
	FeatureGroupName string
	FeatureName      string
	FeatureType      string
	CreationTime     *awshttp.Timestamp
	LastModifiedTime *awshttp.Timestamp
	Description      *string            `json:",omitempty"`
	Parameters       []featureParameter `json:",omitzero"`
}

type featureParameter struct {
	Key   *string
	Value *string
}

type updateFeatureMetadataRequest struct {
	FeatureGroupName   *string
	FeatureName        *string
	Description        *string
	ParameterAdditions []featureParameter
	ParameterRemovals  []*string
}

type addTagsRequest struct {
	ResourceArn *string
	Tags        []tag
}

type addTagsResponse struct {
	Tags []tag
}

type listTagsRequest struct {
	ResourceArn *string
	NextToken   *string
	MaxResults  *int64
}

type listTagsResponse struct {
	Tags      []tag
	NextToken *string `json:",omitempty"`
}

type deleteTagsRequest struct {
	ResourceArn *string
	TagKeys     []*string
}

type deleteTagsResponse struct{}
