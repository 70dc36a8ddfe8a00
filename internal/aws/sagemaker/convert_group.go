package sagemaker

import (
	"math"

	"github.com/larder-dev/larder/internal/feature"
)

// toGroup makes what a caller asks for of the request. The rules of groups are feature.NewGroup's;
// here are those of shapes, and what the nouns have no word for.
func toGroup(in *createFeatureGroupRequest) (*feature.Group, error) {
	g := &feature.Group{RoleARN: text(in.RoleArn), Description: text(in.Description)}
	name, err := required("FeatureGroupName", in.FeatureGroupName)
	if err != nil {
		return nil, err
	}
	g.Name = feature.GroupName(name)
	if in.FeatureDefinitions == nil {
		return nil, missing("FeatureDefinitions")
	}
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
	if g.Online, g.OnlineOff, err = toOnline(in.OnlineStoreConfig); err != nil {
		return nil, err
	}
	if g.Offline, err = toOffline(in.OfflineStoreConfig); err != nil {
		return nil, err
	}
	if in.ThroughputConfig != nil {
		if _, err := required("ThroughputConfig.ThroughputMode", in.ThroughputConfig.ThroughputMode); err != nil {
			return nil, err
		}
		if g.Throughput, err = toThroughput(in.ThroughputConfig); err != nil {
			return nil, err
		}
	}
	if in.RoleArn != nil && *in.RoleArn == "" {
		return nil, feature.Errorf(feature.Invalid, "The execution role ARN is invalid. RoleArn is empty; leave it out or give the ARN of a role")
	}
	g.Tags, err = toTags(in.Tags)
	return g, err
}

func toDefinitions(in []featureDefinition) ([]feature.Definition, error) {
	definitions := make([]feature.Definition, 0, len(in))
	for i := range in {
		d, err := toDefinition(&in[i])
		if err != nil {
			return nil, err
		}
		definitions = append(definitions, *d)
	}
	return definitions, nil
}

func toDefinition(in *featureDefinition) (*feature.Definition, error) {
	name, err := required("the FeatureName of a feature", in.FeatureName)
	if err != nil {
		return nil, err
	}
	d := &feature.Definition{Name: feature.Name(name)}
	of := " of the feature " + clip(name)
	word, err := required("the FeatureType"+of, in.FeatureType)
	if err != nil {
		return nil, err
	}
	if _, err := oneOf("the FeatureType"+of, in.FeatureType, "Integral", "Fractional", "String"); err != nil {
		return nil, err
	}
	for d.Type = feature.String; d.Type.String() != word; {
		d.Type++
	}
	if word, err = oneOf("the CollectionType"+of, in.CollectionType, "List", "Set", "Vector"); err != nil {
		return nil, err
	}
	for d.Collection.String() != word {
		d.Collection++
	}
	if in.CollectionConfig == nil {
		return d, nil
	}
	d.Dimension, err = toDimension(d, in.CollectionConfig)
	return d, err
}

// toDimension reads the config of a collection. It has one member, and that is of a Vector.
func toDimension(d *feature.Definition, in *collectionConfig) (int, error) {
	switch {
	case d.Collection != feature.Vector:
		return 0, feature.Errorf(feature.Invalid, "the feature %s has a CollectionConfig, which only a feature of the CollectionType Vector has; leave it out", clip(string(d.Name)))
	case in.VectorConfig == nil:
		return 0, feature.Errorf(feature.Invalid, "the CollectionConfig of the feature %s has none of its members; give VectorConfig", clip(string(d.Name)))
	case in.VectorConfig.Dimension == nil:
		return 0, missing("the VectorConfig.Dimension of the feature " + clip(string(d.Name)))
	}
	n := *in.VectorConfig.Dimension
	if n < 1 || n > 8192 {
		return 0, feature.Errorf(feature.Invalid, "the Dimension of the feature %s is %d; it must be 1 to 8192", clip(string(d.Name)), n)
	}
	return int(n), nil
}

// toOnline returns the online store that is asked for, or what is said of one that is not enabled.
func toOnline(in *onlineStoreConfig) (on, off *feature.Online, err error) {
	if in == nil {
		return nil, nil, nil
	}
	o := &feature.Online{}
	if o.StorageType, err = toStorageType(in.StorageType); err != nil {
		return nil, nil, err
	}
	if o.TTL, err = toTTL(in.TtlDuration); err != nil {
		return nil, nil, err
	}
	if in.SecurityConfig != nil {
		o.KMSKeyID = text(in.SecurityConfig.KmsKeyId)
	}
	if in.EnableOnlineStore == nil || !*in.EnableOnlineStore {
		return nil, o, nil
	}
	return o, nil, nil
}

func toStorageType(in *string) (string, error) {
	return oneOf("OnlineStoreConfig.StorageType", in, feature.Standard, feature.StandardV2, feature.InMemory)
}

// toTTL reads a time to live. One without unit and value is none (contract §1.5), as absent is.
func toTTL(in *ttlDuration) (*feature.TTL, error) {
	if in == nil || in.Unit == nil && in.Value == nil {
		return nil, nil
	}
	if in.Unit == nil || in.Value == nil {
		return nil, feature.Errorf(feature.Invalid, "OnlineStoreConfig.TtlDuration has one of Unit and Value; they come together")
	}
	unit, err := oneOf("OnlineStoreConfig.TtlDuration.Unit", in.Unit, "Seconds", "Minutes", "Hours", "Days", "Weeks")
	if err != nil {
		return nil, err
	}
	// The members of the model are 32 bits wide, and so are the clients that Describe answers.
	if *in.Value < 1 || *in.Value > math.MaxInt32 {
		return nil, feature.Errorf(feature.Invalid, "OnlineStoreConfig.TtlDuration.Value is %d; it must be 1 to %d", *in.Value, math.MaxInt32)
	}
	return &feature.TTL{Unit: feature.TTLUnit(unit), Value: *in.Value}, nil
}

// toOffline returns nil if no offline store is asked for. ResolvedOutputS3Uri is of replies only.
func toOffline(in *offlineStoreConfig) (*feature.Offline, error) {
	if in == nil {
		return nil, nil
	}
	if in.S3StorageConfig == nil {
		return nil, missing("OfflineStoreConfig.S3StorageConfig")
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
		o.Table = &feature.TableRef{}
		for _, m := range []struct {
			name  string
			given *string
			held  *string
		}{{"Catalog", c.Catalog, &o.Table.Catalog}, {"Database", c.Database, &o.Table.Database}, {"TableName", c.TableName, &o.Table.Table}} {
			if *m.held, err = required("OfflineStoreConfig.DataCatalogConfig."+m.name, m.given); err != nil {
				return nil, err
			}
		}
	}
	return o, nil
}

// toThroughput reads a ThroughputConfig. No units is what OnDemand has anyway: Terraform sends 0 with
// it.
func toThroughput(in *throughputConfig) (*feature.Throughput, error) {
	mode, err := oneOf("ThroughputConfig.ThroughputMode", in.ThroughputMode, feature.OnDemand, feature.Provisioned)
	if err != nil {
		return nil, err
	}
	t := &feature.Throughput{Mode: mode, Read: in.ProvisionedReadCapacityUnits, Write: in.ProvisionedWriteCapacityUnits}
	if mode == feature.OnDemand && zero(t.Read) && zero(t.Write) {
		t.Read, t.Write = nil, nil
	}
	return t, nil
}

func zero(n *int64) bool { return n == nil || *n == 0 }
