package sagemaker

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/aws/awshttp"
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
		if (&awshttp.Call{Service: &awshttp.Service{Protocol: awshttp.JSON11}, Body: body}).DecodeJSON(in) != nil {
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
		if diff := cmp.Diff(echoOf(in.OnlineStoreConfig), out.OnlineStoreConfig); diff != "" {
			t.Errorf("the online store differs (-given +described):\n%s", diff)
		}
		throughput := in.ThroughputConfig
		if throughput == nil || *throughput.ThroughputMode == feature.OnDemand {
			onDemand := feature.OnDemand
			throughput = &throughputConfig{ThroughputMode: &onDemand}
		}
		if diff := cmp.Diff(throughput, out.ThroughputConfig); diff != "" {
			t.Errorf("the throughput differs (-given +described):\n%s", diff)
		}
		if (in.OfflineStoreConfig == nil) != (out.OfflineStoreConfig == nil) {
			t.Errorf("an offline store is described that was not given, or the other way round: %s", body)
		}
		if o := in.OfflineStoreConfig; o != nil {
			d := out.OfflineStoreConfig
			if *d.S3StorageConfig.S3Uri != *o.S3StorageConfig.S3Uri || text(d.TableFormat) != text(o.TableFormat) || text(d.S3StorageConfig.KmsKeyId) != text(o.S3StorageConfig.KmsKeyId) {
				t.Errorf("the offline store differs: %s", body)
			}
		}
	})
}

// echoOf is how Describe shows an online store that was given: without what says nothing.
func echoOf(given *onlineStoreConfig) *onlineStoreConfig {
	if given == nil {
		return nil
	}
	echo := *given
	enabled := given.EnableOnlineStore != nil && *given.EnableOnlineStore
	echo.EnableOnlineStore = &enabled
	if echo.SecurityConfig != nil && text(echo.SecurityConfig.KmsKeyId) == "" {
		echo.SecurityConfig = nil
	}
	if echo.TtlDuration != nil && echo.TtlDuration.Unit == nil {
		echo.TtlDuration = nil
	}
	return &echo
}
