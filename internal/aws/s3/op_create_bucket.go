package s3

import (
	"context"
	"encoding/xml"
	"errors"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/bucket"
)

type createBucketXML struct {
	XMLName            xml.Name `xml:"CreateBucketConfiguration"`
	LocationConstraint string
	Location           *struct{ Type string }
	Bucket             *struct{ Type string }
	Tags               *struct{ Tag []string }
}

// usEast1 is the region that S3 treats differently: it has no name in a LocationConstraint.
const usEast1 = "us-east-1"

// CreateBucket: PUT /{Bucket}, s3:CreateBucket
//
// Supported: LocationConstraint, x-amz-acl private, x-amz-object-ownership BucketOwnerEnforced.
// Refused:   other ACLs and ownerships, object lock, Location and Bucket (directory buckets), Tags.
// Differs:   us-east-1 makes no bucket in another region.
func (s *service) createBucket(ctx context.Context, r *request) error {
	switch ownership := r.header.Get("X-Amz-Object-Ownership"); ownership {
	case "", "BucketOwnerEnforced":
	default:
		return notImplemented("Object ownership %q is not implemented: every object belongs to the bucket's owner, BucketOwnerEnforced.", ownership)
	}
	if lock := r.header.Get("X-Amz-Bucket-Object-Lock-Enabled"); lock != "" && lock != "false" && lock != "False" {
		return notImplemented("Object lock is not implemented: x-amz-bucket-object-lock-enabled: %s.", lock)
	}
	var in createBucketXML
	if _, err := r.readXML(&in); err != nil {
		return err
	}
	if in.Location != nil || in.Bucket != nil || in.Tags != nil {
		return notImplemented("Directory buckets, and tags of a bucket from its start, are not implemented: put tags with PutBucketTagging.")
	}
	if err := s.checkLocation(in.LocationConstraint); err != nil {
		return err
	}
	err := s.store.CreateBucket(ctx, r.bucket)
	var e *bucket.Error
	if errors.As(err, &e) && e.Reason == bucket.BucketExists && s.store.Region() == usEast1 {
		err = nil // S3 lets the owner make a bucket again there, and there only
	}
	if err != nil {
		return err
	}
	r.w.Header().Set("Location", "/"+r.bucket)
	r.w.WriteHeader(http.StatusOK)
	return nil
}

func (s *service) checkLocation(constraint string) error {
	region := s.store.Region()
	if constraint == usEast1 {
		return &awshttp.Error{Status: http.StatusBadRequest, Code: "InvalidLocationConstraint", Message: "The specified location-constraint is not valid: us-east-1 is asked for by leaving it out."}
	}
	if constraint == "" {
		constraint = usEast1
	}
	if constraint == region {
		return nil
	}
	name := constraint
	if constraint == usEast1 {
		name = "unspecified"
	}
	return &awshttp.Error{
		Status: http.StatusBadRequest, Code: "IllegalLocationConstraintException",
		Message: "The " + name + " location constraint is incompatible for the region specific endpoint this request was sent to: this server is in " + region + ".",
	}
}

var createBucketMembers = members(`Bucket ACL BucketNamespace CreateBucketConfiguration CreateBucketConfiguration.Bucket
	CreateBucketConfiguration.Bucket.DataRedundancy CreateBucketConfiguration.Bucket.Type
	CreateBucketConfiguration.Location CreateBucketConfiguration.Location.Name
	CreateBucketConfiguration.Location.Type CreateBucketConfiguration.LocationConstraint
	CreateBucketConfiguration.Tags CreateBucketConfiguration.Tags.Key CreateBucketConfiguration.Tags.Value
	GrantFullControl GrantRead GrantReadACP GrantWrite GrantWriteACP ObjectLockEnabledForBucket ObjectOwnership`,
	refused("CreateBucketConfiguration.Bucket", "it is for directory buckets"),
	refused("CreateBucketConfiguration.Bucket.DataRedundancy", "it is for directory buckets"),
	refused("CreateBucketConfiguration.Bucket.Type", "it is for directory buckets"),
	refused("CreateBucketConfiguration.Location", "it is for directory buckets"),
	refused("CreateBucketConfiguration.Location.Name", "it is for directory buckets"),
	refused("CreateBucketConfiguration.Location.Type", "it is for directory buckets"),
	refused("CreateBucketConfiguration.Tags", "put them with PutBucketTagging"),
	refused("CreateBucketConfiguration.Tags.Key", "put them with PutBucketTagging"),
	refused("CreateBucketConfiguration.Tags.Value", "put them with PutBucketTagging"),
	refused("BucketNamespace", "there is one account"),
	noted("CreateBucketConfiguration.LocationConstraint", "the region of the server"),
	noted("ObjectOwnership", "BucketOwnerEnforced; others are refused"),
	noted("ObjectLockEnabledForBucket", "false; true is refused"),
)
