package sagemaker

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
)

// FuzzCreateThenDescribe says that whatever request makes a group, describing the group gives
// back what the request gave.
func FuzzCreateThenDescribe(f *testing.F) {
	f.Add([]byte(`{"FeatureGroupName":"g","RecordIdentifierFeatureName":"id","EventTimeFeatureName":"at","FeatureDefinitions":[{"FeatureName":"id","FeatureType":"String"},{"FeatureName":"at","FeatureType":"Fractional"}],
		"OnlineStoreConfig":{"EnableOnlineStore":true,"SecurityConfig":{"KmsKeyId":"k"},"StorageType":"Standard"},"RoleArn":"arn:aws:iam::123456789012:role/r","Description":"d","Tags":[{"Key":"k","Value":"v"}],
		"OfflineStoreConfig":{"S3StorageConfig":{"S3Uri":"s3://b/p/","KmsKeyId":"k"},"DisableGlueTableCreation":true,"TableFormat":"Default","DataCatalogConfig":{"Catalog":"AwsDataCatalog","Database":"d","TableName":"t"}}}`))
	f.Add([]byte(`{"FeatureGroupName":"g","FeatureDefinitions":[{"CollectionConfig":{"VectorConfig":{"Dimension":3}}}],"ThroughputConfig":{"ThroughputMode":"Provisioned"}}`))
	f.Add([]byte(`{"OnlineStoreConfig":{},"OfflineStoreConfig":{},"Tags":[{}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		in := &createFeatureGroupRequest{}
		if json.Unmarshal(body, in) != nil {
			return
		}
		asked, err := toGroup(in)
		if err != nil {
			if feature.KindOf(err) == feature.Fault {
				t.Fatalf("toGroup: %v; an error of the caller's has a kind", err)
			}
			return
		}
		g, err := feature.NewGroup(asked, feature.Place{Account: "123456789012", Region: "us-east-1"}, time.Unix(1700000000, 0), false)
		if err != nil {
			if feature.KindOf(err) == feature.Fault {
				t.Fatalf("NewGroup: %v; an error of the caller's has a kind", err)
			}
			return
		}
		g.Status = feature.Created
		out := fromGroup(g)
		got := []any{out.FeatureGroupName, out.RecordIdentifierFeatureName, out.EventTimeFeatureName, out.FeatureDefinitions, text(out.RoleArn), text(out.Description)}
		want := []any{*in.FeatureGroupName, *in.RecordIdentifierFeatureName, *in.EventTimeFeatureName, in.FeatureDefinitions, text(in.RoleArn), text(in.Description)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the group differs (-given +described):\n%s", diff)
		}
		if (in.OnlineStoreConfig == nil) != (out.OnlineStoreConfig == nil) || (in.OfflineStoreConfig == nil) != (out.OfflineStoreConfig == nil) {
			t.Errorf("a store is described that was not given, or the other way round: %s", body)
		}
		if o := in.OfflineStoreConfig; o != nil {
			d := out.OfflineStoreConfig
			if *d.S3StorageConfig.S3Uri != *o.S3StorageConfig.S3Uri || text(d.TableFormat) != text(o.TableFormat) || text(d.S3StorageConfig.KmsKeyId) != text(o.S3StorageConfig.KmsKeyId) {
				t.Errorf("the offline store differs: %s", body)
			}
		}
	})
}
