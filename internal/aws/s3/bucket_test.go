package s3_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
)

func TestBuckets(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	c := w.client
	list, err := c.ListBuckets(ctx, &awss3.ListBucketsInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Buckets) != 1 || *list.Buckets[0].Name != "b-1" || list.Buckets[0].CreationDate.IsZero() {
		t.Errorf("ListBuckets = %+v", list.Buckets)
	}
	head, err := c.HeadBucket(ctx, &awss3.HeadBucketInput{Bucket: b1})
	if err != nil || *head.BucketRegion != awstest.Region {
		t.Errorf("HeadBucket = %+v, %v", head, err)
	}
	_, err = c.HeadBucket(ctx, &awss3.HeadBucketInput{Bucket: aws.String("absent")})
	wantError(t, err, 404, "NotFound")
	_, err = c.HeadBucket(ctx, &awss3.HeadBucketInput{Bucket: b1, ExpectedBucketOwner: aws.String("999999999999")})
	wantError(t, err, 403, "Forbidden")
	if _, err = c.HeadBucket(ctx, &awss3.HeadBucketInput{Bucket: b1, ExpectedBucketOwner: aws.String(awstest.Account)}); err != nil {
		t.Errorf("HeadBucket by its owner: %v", err)
	}
	if _, err = c.CreateBucket(ctx, &awss3.CreateBucketInput{Bucket: b1}); err != nil {
		t.Errorf("CreateBucket again in us-east-1: %v", err)
	}
	_, err = c.CreateBucket(ctx, &awss3.CreateBucketInput{Bucket: aws.String("No_Bucket")})
	wantError(t, err, 400, "InvalidBucketName")
	_, err = c.CreateBucket(ctx, &awss3.CreateBucketInput{Bucket: aws.String("b-2"), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}})
	wantError(t, err, 400, "IllegalLocationConstraintException")
	_, err = c.PutObject(ctx, &awss3.PutObjectInput{Bucket: aws.String("absent"), Key: key("k"), Body: strings.NewReader("x")})
	wantError(t, err, 404, "NoSuchBucket")
	_, err = c.ListObjectsV2(ctx, &awss3.ListObjectsV2Input{Bucket: aws.String("absent")})
	wantError(t, err, 404, "NoSuchBucket")
	w.put(t, "k", []byte("x"))
	_, err = c.DeleteBucket(ctx, &awss3.DeleteBucketInput{Bucket: b1})
	wantError(t, err, 409, "BucketNotEmpty")
	location, err := c.GetBucketLocation(ctx, &awss3.GetBucketLocationInput{Bucket: b1})
	if err != nil || location.LocationConstraint != "" {
		t.Errorf("GetBucketLocation = %v, %v", location, err)
	}
}

func TestBucketsOutsideUSEast1(t *testing.T) {
	w := serve(t, "eu-west-1", false)
	ctx := t.Context()
	in := &awss3.CreateBucketInput{Bucket: b1, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}}
	if _, err := w.client.CreateBucket(ctx, in); err != nil {
		t.Fatal(err)
	}
	_, err := w.client.CreateBucket(ctx, in)
	wantError(t, err, 409, "BucketAlreadyOwnedByYou")
	_, err = w.client.CreateBucket(ctx, &awss3.CreateBucketInput{Bucket: aws.String("b-2")})
	wantError(t, err, 400, "IllegalLocationConstraintException")
	location, err := w.client.GetBucketLocation(ctx, &awss3.GetBucketLocationInput{Bucket: b1})
	if err != nil || location.LocationConstraint != "eu-west-1" {
		t.Errorf("GetBucketLocation = %v, %v", location, err)
	}
}
