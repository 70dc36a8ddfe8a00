package sagemaker

import (
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// text returns the string, "" if it is absent.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// optional returns nil for "".
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// required returns the string, which must be there.
func required(member string, s *string) (string, error) {
	if s == nil {
		return "", feature.Errorf(feature.Invalid, "%s is missing; it is required", member)
	}
	return *s, nil
}

// oneOf returns the string, "" if it is absent; it must be one of the values.
func oneOf(member string, s *string, values ...string) (string, error) {
	if s == nil || slices.Contains(values, *s) {
		return text(s), nil
	}
	return "", feature.Errorf(feature.Invalid, "%s %q is not one of %s", member, *s, strings.Join(values, ", "))
}

// toGroup makes what a caller asks for of the request. The rules of groups are feature.NewGroup's;
// here are those of shapes, and what the nouns have no word for.
func toGroup(in *createFeatureGroupRequest) (*feature.Group, error) {
	g := &feature.Group{RoleARN: text(in.RoleArn), Description: text(in.Description)}
	name, err := required("FeatureGroupName", in.FeatureGroupName)
	if err != nil {
		return nil, err
	}
	g.Name = feature.GroupName(name)
	if g.Definitions, err = toDefinitions(in.FeatureDefinitions); err != nil {
		return nil, err
	}
	id, err := required("RecordIdentifierFeatureName", in.RecordIdentifierFeatureName)
	if err != nil {
		return nil, err
	}
	et, err := required("EventTimeFeatureName", in.EventTimeFeatureName)
	if err != nil {
		return nil, err
	}
	g.RecordIdentifier, g.EventTime = feature.Name(id), feature.Name(et)
	if g.Online, err = toOnline(in.OnlineStoreConfig); err != nil {
		return nil, err
	}
	if g.Online == nil && in.OnlineStoreConfig != nil {
		g.OnlineOff = &feature.Online{}
	}
	if g.Offline, err = toOffline(in.OfflineStoreConfig); err != nil {
		return nil, err
	}
	if err := checkThroughput(in.ThroughputConfig); err != nil {
		return nil, err
	}
	if in.RoleArn != nil && *in.RoleArn == "" {
		return nil, feature.Errorf(feature.Invalid, "RoleArn is empty; leave it out or give the ARN of a role")
	}
	for _, t := range in.Tags {
		key, err := required("the Key of a tag", t.Key)
		if err != nil {
			return nil, err
		}
		value, err := required("the Value of the tag "+key, t.Value)
		if err != nil {
			return nil, err
		}
		g.Tags = append(g.Tags, feature.Tag{Key: key, Value: value})
	}
	return g, nil
}

func toDefinitions(in []featureDefinition) ([]feature.Definition, error) {
	definitions := make([]feature.Definition, 0, len(in))
	for _, d := range in {
		name, err := required("the FeatureName of a feature", d.FeatureName)
		if err != nil {
			return nil, err
		}
		if _, err := required("the FeatureType of the feature "+name, d.FeatureType); err != nil {
			return nil, err
		}
		typ, err := toType(name, *d.FeatureType)
		if err != nil {
			return nil, err
		}
		if _, err := oneOf("the CollectionType of the feature "+name, d.CollectionType, "List", "Set", "Vector"); err != nil {
			return nil, err
		}
		if d.CollectionType != nil || d.CollectionConfig != nil {
			return nil, feature.Errorf(feature.Unsupported, "the feature %s is a collection, and collections are not supported by this server yet; leave out CollectionType and CollectionConfig", name)
		}
		definitions = append(definitions, feature.Definition{Name: feature.Name(name), Type: typ})
	}
	return definitions, nil
}

func toType(name, s string) (feature.Type, error) {
	for _, t := range []feature.Type{feature.String, feature.Integral, feature.Fractional} {
		if t.String() == s {
			return t, nil
		}
	}
	return 0, feature.Errorf(feature.Invalid, "the FeatureType %q of the feature %s is not one of Integral, Fractional, String", s, name)
}

// toOnline returns nil if no online store is asked for.
func toOnline(in *onlineStoreConfig) (*feature.Online, error) {
	if in == nil {
		return nil, nil
	}
	storage, err := oneOf("OnlineStoreConfig.StorageType", in.StorageType, "Standard", "Standard_V2", "InMemory")
	if err != nil {
		return nil, err
	}
	if in.TtlDuration != nil {
		return nil, feature.Errorf(feature.Unsupported, "OnlineStoreConfig.TtlDuration is not supported by this server yet; leave it out")
	}
	if in.EnableOnlineStore == nil || !*in.EnableOnlineStore {
		return nil, nil
	}
	o := &feature.Online{StorageType: storage}
	if in.SecurityConfig != nil {
		o.KMSKeyID = text(in.SecurityConfig.KmsKeyId)
	}
	return o, nil
}

// toOffline returns nil if no offline store is asked for. ResolvedOutputS3Uri is of replies only.
func toOffline(in *offlineStoreConfig) (*feature.Offline, error) {
	if in == nil {
		return nil, nil
	}
	if in.S3StorageConfig == nil {
		return nil, feature.Errorf(feature.Invalid, "OfflineStoreConfig.S3StorageConfig is missing; it is required")
	}
	uri, err := required("OfflineStoreConfig.S3StorageConfig.S3Uri", in.S3StorageConfig.S3Uri)
	if err != nil {
		return nil, err
	}
	format, err := oneOf("OfflineStoreConfig.TableFormat", in.TableFormat, "Default", "Glue", "Iceberg")
	if err != nil {
		return nil, err
	}
	o := &feature.Offline{
		S3URI: uri, KMSKeyID: text(in.S3StorageConfig.KmsKeyId), TableFormat: format,
		DisableTable: in.DisableGlueTableCreation != nil && *in.DisableGlueTableCreation,
	}
	if c := in.DataCatalogConfig; c != nil {
		if c.Catalog == nil || c.Database == nil || c.TableName == nil {
			return nil, feature.Errorf(feature.Invalid, "OfflineStoreConfig.DataCatalogConfig lacks a member; Catalog, Database and TableName are required")
		}
		o.Table = &feature.TableRef{Catalog: *c.Catalog, Database: *c.Database, Table: *c.TableName}
	}
	return o, nil
}

func checkThroughput(in *throughputConfig) error {
	if in == nil {
		return nil
	}
	if _, err := required("ThroughputConfig.ThroughputMode", in.ThroughputMode); err != nil {
		return err
	}
	mode, err := oneOf("ThroughputConfig.ThroughputMode", in.ThroughputMode, "OnDemand", "Provisioned")
	if err != nil {
		return err
	}
	if mode == "Provisioned" {
		return feature.Errorf(feature.Unsupported, "ThroughputMode Provisioned is not supported by this server yet; use OnDemand")
	}
	if in.ProvisionedReadCapacityUnits != nil || in.ProvisionedWriteCapacityUnits != nil {
		return feature.Errorf(feature.Invalid, "ThroughputConfig has capacity units, and they do not go with ThroughputMode OnDemand; leave them out")
	}
	return nil
}

// fromGroup describes a group as the service does (contract §1.4).
func fromGroup(g *feature.Group) *describeFeatureGroupResponse {
	onDemand := "OnDemand"
	out := &describeFeatureGroupResponse{
		FeatureGroupArn:             g.ARN,
		FeatureGroupName:            string(g.Name),
		RecordIdentifierFeatureName: string(g.RecordIdentifier),
		EventTimeFeatureName:        string(g.EventTime),
		FeatureDefinitions:          make([]featureDefinition, len(g.Definitions)),
		CreationTime:                awshttp.NewTimestamp(g.Created),
		OnlineStoreConfig:           fromOnline(g),
		OfflineStoreConfig:          fromOffline(g.Offline, g.Status),
		ThroughputConfig:            &throughputConfig{ThroughputMode: &onDemand},
		RoleArn:                     optional(g.RoleARN),
		FeatureGroupStatus:          g.Status.String(),
		FailureReason:               optional(g.Failure),
		Description:                 optional(g.Description),
	}
	for i, d := range g.Definitions {
		name, typ := string(d.Name), d.Type.String()
		out.FeatureDefinitions[i] = featureDefinition{FeatureName: &name, FeatureType: &typ}
	}
	if status := featurestore.OfflineStatusOf(g); status != "" {
		out.OfflineStoreStatus = &offlineStoreStatus{Status: string(status)}
	}
	return out
}

// fromOnline echoes what was given: nothing is filled in.
func fromOnline(g *feature.Group) *onlineStoreConfig {
	o, enabled := g.Online, g.Online != nil
	if g.OnlineOff != nil {
		return &onlineStoreConfig{EnableOnlineStore: &enabled}
	}
	if o == nil {
		return nil
	}
	out := &onlineStoreConfig{EnableOnlineStore: &enabled, StorageType: optional(o.StorageType)}
	if o.KMSKeyID != "" {
		out.SecurityConfig = &securityConfig{KmsKeyId: &o.KMSKeyID}
	}
	return out
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
