package sagemaker_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/google/go-cmp/cmp"
)

func TestGroupThatIsNotThere(t *testing.T) {
	w := newWorld(t)
	for _, op := range []string{"DescribeFeatureGroup", "DeleteFeatureGroup"} {
		for _, name := range []string{"none", arn + "none"} {
			status, code, reply := w.raw(op, `{"FeatureGroupName":"`+name+`"}`)
			if status != 400 || code != "ResourceNotFound" || !strings.Contains(reply, "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name [none]") {
				t.Errorf("%s(%s) = %d %s %s", op, name, status, code, reply)
			}
		}
	}
}

func TestDeleteFeatureGroupThenMakeItAgain(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		w.create("g")
		status, _, reply := w.raw("DeleteFeatureGroup", `{"FeatureGroupName":"`+arn+`g"}`)
		if status != 200 || reply != "" {
			t.Errorf("DeleteFeatureGroup = %d %q; want 200 and no body", status, reply)
		}
	}
	_, err := w.DescribeFeatureGroup(t.Context(), &client.DescribeFeatureGroupInput{FeatureGroupName: aws.String("g")})
	if codeOf(err) != "ResourceNotFound" {
		t.Errorf("DescribeFeatureGroup = %v; want ResourceNotFound", err)
	}
}

func TestGroupWhoseTableIsTakenIsCreateFailedUntilItIsDeleted(t *testing.T) {
	w := newWorld(t)
	with := func(name, table string) string {
		return toJSON(t, tree(t, `{'FeatureGroupName':'`+name+`',`+keys+`,`+offline(`'DataCatalogConfig':{'Catalog':'AwsDataCatalog','Database':'d','TableName':'`+table+`'}`)+`}`))
	}
	w.must("CreateFeatureGroup", with("first", "t"))
	w.must("CreateFeatureGroup", with("g", "t"))
	got := w.describe("FeatureGroupStatus", "FailureReason", "OfflineStoreStatus", "OfflineStoreConfig")
	reason, _ := got["FailureReason"].(string)
	delete(got, "FailureReason")
	want := tree(t, `{'FeatureGroupStatus':'CreateFailed','OfflineStoreConfig':{'DisableGlueTableCreation':false,'S3StorageConfig':{'S3Uri':'s3://lake','ResolvedOutputS3Uri':'s3://lake/123456789012/sagemaker/us-east-1/offline-store/g-1700000001/data'}}}`)
	if diff := cmp.Diff(want, got); diff != "" || !strings.Contains(reason, "Table t already exists") {
		t.Errorf("it failed because %q (-want +got):\n%s", reason, diff)
	}
	w.refused("UpdateFeatureGroup", `{"FeatureGroupName":"g","FeatureAdditions":[{"FeatureName":"x","FeatureType":"String"}]}`, invalid, "CreateFailed")
	w.refused("CreateFeatureGroup", with("g", "u"), "ResourceInUse", "already exists")
	w.must("DeleteFeatureGroup", `{"FeatureGroupName":"g"}`)
	w.must("CreateFeatureGroup", with("g", "u"))
	if got := w.describe("FeatureGroupStatus"); got["FeatureGroupStatus"] != "Created" {
		t.Errorf("made again it is %v", got)
	}
}

func TestDeleteFeatureGroupRefuses(t *testing.T) {
	w := newWorld(t)
	w.refused("DeleteFeatureGroup", `{}`, invalid, "FeatureGroupName is missing")
	w.refused("DeleteFeatureGroup", `{"FeatureGroupName":""}`, invalid, "feature group name")
	w.refused("DeleteFeatureGroup", `{"FeatureGroupName":"a b"}`, invalid, "feature group name")
}
