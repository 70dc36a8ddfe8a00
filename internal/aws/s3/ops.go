package s3

import (
	"context"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

type level uint8

const (
	ofService level = iota
	ofBucket
	ofObject
)

// An operation is one row of the table. Matching is strict: the request must have every
// parameter of needs, and none that is in neither list; so a sub-resource that is not had is never
// taken for the plain operation on the same path, which might overwrite or delete.
type operation struct {
	name, action string
	method       string
	level        level
	copies       bool     // X-Amz-Copy-Source is set
	needs        []string // query parameters that choose it; "name=value" demands a value
	takes        []string // further query parameters
	headers      []string // X-Amz-… headers it understands, beside those of every operation, lower case
	ofObject     bool     // checksums are of the object, not of the body
	members      []awshttp.Member
	handle       func(s *service, ctx context.Context, r *request) error
}

// path is what the operation is bound to, as the headers of its file have it.
func (o operation) path() string {
	path := [...]string{"/", "/{Bucket}", "/{Bucket}/{Key}"}[o.level]
	if len(o.needs) > 0 {
		path += "?" + strings.Join(o.needs, "&")
	}
	if o.copies {
		path += " with x-amz-copy-source"
	}
	return path
}

func join(lists ...[]string) []string {
	var all []string
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// operations returns the table. Dispatch, authorisation, metrics and docs/compat.md come from it.
func operations() []operation {
	return append(append([]operation{
		{name: "ListBuckets", action: "s3:ListAllMyBuckets", method: "GET", level: ofService,
			takes: []string{"max-buckets", "continuation-token", "prefix", "bucket-region"}, members: listBucketsMembers, handle: (*service).listBuckets},
	}, bucketOperations()...), objectOperations()...)
}

// bucketOperations are the rows of buckets, and of the lists of what is in them.
func bucketOperations() []operation {
	acl := []string{"x-amz-acl"}
	checksums := checksumHeaders()
	paging := []string{"delimiter", "encoding-type", "max-keys", "prefix"}
	listing := []string{"x-amz-optional-object-attributes"}
	return []operation{
		{name: "CreateBucket", action: "s3:CreateBucket", method: "PUT", level: ofBucket,
			headers: join(acl, checksums, []string{"x-amz-object-ownership", "x-amz-bucket-object-lock-enabled"}), members: createBucketMembers, handle: (*service).createBucket},
		{name: "HeadBucket", action: "s3:ListBucket", method: "HEAD", level: ofBucket,
			members: headBucketMembers, handle: (*service).headBucket},
		{name: "DeleteBucket", action: "s3:DeleteBucket", method: "DELETE", level: ofBucket,
			members: deleteBucketMembers, handle: (*service).deleteBucket},
		{name: "GetBucketLocation", action: "s3:GetBucketLocation", method: "GET", level: ofBucket, needs: []string{"location"},
			members: getBucketLocationMembers, handle: (*service).getBucketLocation},
		{name: "ListObjects", action: "s3:ListBucket", method: "GET", level: ofBucket,
			takes: join(paging, []string{"marker"}), headers: listing, members: listObjectsMembers, handle: (*service).listObjects},
		{name: "ListObjectsV2", action: "s3:ListBucket", method: "GET", level: ofBucket, needs: []string{"list-type=2"},
			takes: join(paging, []string{"continuation-token", "fetch-owner", "start-after"}), headers: listing, members: listObjectsV2Members, handle: (*service).listObjectsV2},
		{name: "ListObjectVersions", action: "s3:ListBucketVersions", method: "GET", level: ofBucket, needs: []string{"versions"},
			takes: join(paging, []string{"key-marker", "version-id-marker"}), headers: listing, members: listObjectVersionsMembers, handle: (*service).listObjectVersions},
		{name: "DeleteObjects", action: "s3:DeleteObject", method: "POST", level: ofBucket, needs: []string{"delete"},
			headers: join(checksums, []string{"x-amz-bypass-governance-retention"}), members: deleteObjectsMembers, handle: (*service).deleteObjects},
		{name: "ListMultipartUploads", action: "s3:ListBucketMultipartUploads", method: "GET", level: ofBucket, needs: []string{"uploads"},
			takes: []string{"delimiter", "encoding-type", "key-marker", "max-uploads", "prefix", "upload-id-marker"}, members: listMultipartUploadsMembers, handle: (*service).listMultipartUploads},

		{name: "GetBucketAcl", action: "s3:GetBucketAcl", method: "GET", level: ofBucket, needs: []string{"acl"},
			members: getBucketAclMembers, handle: (*service).getBucketAcl},
		{name: "PutBucketAcl", action: "s3:PutBucketAcl", method: "PUT", level: ofBucket, needs: []string{"acl"},
			headers: join(acl, checksums), members: putBucketAclMembers, handle: (*service).putBucketAcl},
		{name: "GetBucketPolicy", action: "s3:GetBucketPolicy", method: "GET", level: ofBucket, needs: []string{"policy"},
			members: getBucketPolicyMembers, handle: (*service).getBucketPolicy},
		{name: "DeleteBucketPolicy", action: "s3:DeleteBucketPolicy", method: "DELETE", level: ofBucket, needs: []string{"policy"},
			members: deleteBucketPolicyMembers, handle: (*service).deleteBucketPolicy},
		{name: "PutBucketPolicy", action: "s3:PutBucketPolicy", method: "PUT", level: ofBucket, needs: []string{"policy"},
			headers: join(checksums, []string{"x-amz-confirm-remove-self-bucket-access"}), members: putBucketPolicyMembers, handle: (*service).putBucketPolicy},
		{name: "GetBucketPolicyStatus", action: "s3:GetBucketPolicyStatus", method: "GET", level: ofBucket, needs: []string{"policyStatus"},
			members: getBucketPolicyStatusMembers, handle: (*service).getBucketPolicyStatus},
		{name: "GetBucketEncryption", action: "s3:GetEncryptionConfiguration", method: "GET", level: ofBucket, needs: []string{"encryption"},
			members: getBucketEncryptionMembers, handle: (*service).getBucketEncryption},
		{name: "PutBucketEncryption", action: "s3:PutEncryptionConfiguration", method: "PUT", level: ofBucket, needs: []string{"encryption"},
			headers: checksums, members: putBucketEncryptionMembers, handle: (*service).putBucketEncryption},
		{name: "DeleteBucketEncryption", action: "s3:PutEncryptionConfiguration", method: "DELETE", level: ofBucket, needs: []string{"encryption"},
			members: deleteBucketEncryptionMembers, handle: (*service).deleteBucketEncryption},
		{name: "GetBucketTagging", action: "s3:GetBucketTagging", method: "GET", level: ofBucket, needs: []string{"tagging"},
			members: getBucketTaggingMembers, handle: (*service).getBucketTagging},
		{name: "PutBucketTagging", action: "s3:PutBucketTagging", method: "PUT", level: ofBucket, needs: []string{"tagging"},
			headers: checksums, members: putBucketTaggingMembers, handle: (*service).putBucketTagging},
		{name: "DeleteBucketTagging", action: "s3:PutBucketTagging", method: "DELETE", level: ofBucket, needs: []string{"tagging"},
			members: deleteBucketTaggingMembers, handle: (*service).deleteBucketTagging},
		{name: "GetBucketOwnershipControls", action: "s3:GetBucketOwnershipControls", method: "GET", level: ofBucket, needs: []string{"ownershipControls"},
			members: getBucketOwnershipControlsMembers, handle: (*service).getBucketOwnershipControls},
		{name: "PutBucketOwnershipControls", action: "s3:PutBucketOwnershipControls", method: "PUT", level: ofBucket, needs: []string{"ownershipControls"},
			headers: checksums, members: putBucketOwnershipControlsMembers, handle: (*service).putBucketOwnershipControls},
		{name: "DeleteBucketOwnershipControls", action: "s3:PutBucketOwnershipControls", method: "DELETE", level: ofBucket, needs: []string{"ownershipControls"},
			members: deleteBucketOwnershipControlsMembers, handle: (*service).deleteBucketOwnershipControls},
		{name: "GetPublicAccessBlock", action: "s3:GetBucketPublicAccessBlock", method: "GET", level: ofBucket, needs: []string{"publicAccessBlock"},
			members: getPublicAccessBlockMembers, handle: (*service).getPublicAccessBlock},
		{name: "PutPublicAccessBlock", action: "s3:PutBucketPublicAccessBlock", method: "PUT", level: ofBucket, needs: []string{"publicAccessBlock"},
			headers: checksums, members: putPublicAccessBlockMembers, handle: (*service).putPublicAccessBlock},
		{name: "DeletePublicAccessBlock", action: "s3:PutBucketPublicAccessBlock", method: "DELETE", level: ofBucket, needs: []string{"publicAccessBlock"},
			members: deletePublicAccessBlockMembers, handle: (*service).deletePublicAccessBlock},
		{name: "GetBucketVersioning", action: "s3:GetBucketVersioning", method: "GET", level: ofBucket, needs: []string{"versioning"},
			members: getBucketVersioningMembers, handle: (*service).getBucketVersioning},
		{name: "PutBucketVersioning", action: "s3:PutBucketVersioning", method: "PUT", level: ofBucket, needs: []string{"versioning"},
			headers: checksums, members: putBucketVersioningMembers, handle: (*service).putBucketVersioning},

		{name: "GetBucketCors", action: "s3:GetBucketCORS", method: "GET", level: ofBucket, needs: []string{"cors"},
			members: getBucketCorsMembers, handle: (*service).getBucketCors},
		{name: "DeleteBucketCors", action: "s3:PutBucketCORS", method: "DELETE", level: ofBucket, needs: []string{"cors"},
			members: deleteBucketCorsMembers, handle: (*service).deleteBucketCors},
		{name: "GetBucketLifecycleConfiguration", action: "s3:GetLifecycleConfiguration", method: "GET", level: ofBucket, needs: []string{"lifecycle"},
			members: getBucketLifecycleConfigurationMembers, handle: (*service).getBucketLifecycleConfiguration},
		{name: "DeleteBucketLifecycle", action: "s3:PutLifecycleConfiguration", method: "DELETE", level: ofBucket, needs: []string{"lifecycle"},
			members: deleteBucketLifecycleMembers, handle: (*service).deleteBucketLifecycle},
		{name: "GetBucketReplication", action: "s3:GetReplicationConfiguration", method: "GET", level: ofBucket, needs: []string{"replication"},
			members: getBucketReplicationMembers, handle: (*service).getBucketReplication},
		{name: "DeleteBucketReplication", action: "s3:PutReplicationConfiguration", method: "DELETE", level: ofBucket, needs: []string{"replication"},
			members: deleteBucketReplicationMembers, handle: (*service).deleteBucketReplication},
		{name: "GetBucketWebsite", action: "s3:GetBucketWebsite", method: "GET", level: ofBucket, needs: []string{"website"},
			members: getBucketWebsiteMembers, handle: (*service).getBucketWebsite},
		{name: "DeleteBucketWebsite", action: "s3:DeleteBucketWebsite", method: "DELETE", level: ofBucket, needs: []string{"website"},
			members: deleteBucketWebsiteMembers, handle: (*service).deleteBucketWebsite},
		{name: "GetBucketLogging", action: "s3:GetBucketLogging", method: "GET", level: ofBucket, needs: []string{"logging"},
			members: getBucketLoggingMembers, handle: (*service).getBucketLogging},
		{name: "GetBucketNotificationConfiguration", action: "s3:GetBucketNotification", method: "GET", level: ofBucket, needs: []string{"notification"},
			members: getBucketNotificationConfigurationMembers, handle: (*service).getBucketNotificationConfiguration},
		{name: "GetBucketRequestPayment", action: "s3:GetBucketRequestPayment", method: "GET", level: ofBucket, needs: []string{"requestPayment"},
			members: getBucketRequestPaymentMembers, handle: (*service).getBucketRequestPayment},
		{name: "GetBucketAccelerateConfiguration", action: "s3:GetAccelerateConfiguration", method: "GET", level: ofBucket, needs: []string{"accelerate"},
			members: getBucketAccelerateConfigurationMembers, handle: (*service).getBucketAccelerateConfiguration},
		{name: "GetObjectLockConfiguration", action: "s3:GetBucketObjectLockConfiguration", method: "GET", level: ofBucket, needs: []string{"object-lock"},
			members: getObjectLockConfigurationMembers, handle: (*service).getObjectLockConfiguration},
	}
}

// objectOperations are the rows of objects and of uploads.
func objectOperations() []operation {
	sse := []string{
		"x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id",
		"x-amz-server-side-encryption-bucket-key-enabled", "x-amz-server-side-encryption-context",
	}
	acl := []string{"x-amz-acl"}
	checksums := checksumHeaders()
	storage := []string{"x-amz-storage-class", "x-amz-tagging"}
	copySource := []string{
		"x-amz-copy-source", "x-amz-copy-source-if-match", "x-amz-copy-source-if-none-match", "x-amz-copy-source-if-modified-since",
		"x-amz-copy-source-if-unmodified-since", "x-amz-source-expected-bucket-owner",
	}
	reading := []string{
		"response-cache-control", "response-content-disposition", "response-content-encoding", "response-content-language",
		"response-content-type", "response-expires", "partNumber", "versionId",
	}
	version := []string{"versionId"}
	return []operation{
		{name: "PutObject", action: "s3:PutObject", method: "PUT", level: ofObject,
			headers: join(acl, sse, storage, checksums), members: putObjectMembers, handle: (*service).putObject},
		{name: "CopyObject", action: "s3:PutObject", method: "PUT", level: ofObject, copies: true,
			headers: join(acl, sse, storage, copySource, []string{"x-amz-metadata-directive", "x-amz-tagging-directive", "x-amz-checksum-algorithm"}), members: copyObjectMembers, handle: (*service).copyObject},
		{name: "GetObject", action: "s3:GetObject", method: "GET", level: ofObject,
			takes: reading, headers: []string{"x-amz-checksum-mode"}, members: getObjectMembers, handle: (*service).getObject},
		{name: "HeadObject", action: "s3:GetObject", method: "HEAD", level: ofObject,
			takes: reading, headers: []string{"x-amz-checksum-mode"}, members: headObjectMembers, handle: (*service).headObject},
		{name: "GetObjectAttributes", action: "s3:GetObjectAttributes", method: "GET", level: ofObject, needs: []string{"attributes"},
			takes: version, headers: []string{"x-amz-object-attributes", "x-amz-max-parts", "x-amz-part-number-marker"}, members: getObjectAttributesMembers, handle: (*service).getObjectAttributes},
		{name: "DeleteObject", action: "s3:DeleteObject", method: "DELETE", level: ofObject,
			takes: version, headers: []string{"x-amz-bypass-governance-retention"}, members: deleteObjectMembers, handle: (*service).deleteObject},
		{name: "GetObjectTagging", action: "s3:GetObjectTagging", method: "GET", level: ofObject, needs: []string{"tagging"},
			takes: version, members: getObjectTaggingMembers, handle: (*service).getObjectTagging},
		{name: "PutObjectTagging", action: "s3:PutObjectTagging", method: "PUT", level: ofObject, needs: []string{"tagging"},
			takes: version, headers: checksums, members: putObjectTaggingMembers, handle: (*service).putObjectTagging},
		{name: "DeleteObjectTagging", action: "s3:DeleteObjectTagging", method: "DELETE", level: ofObject, needs: []string{"tagging"},
			takes: version, members: deleteObjectTaggingMembers, handle: (*service).deleteObjectTagging},
		{name: "GetObjectAcl", action: "s3:GetObjectAcl", method: "GET", level: ofObject, needs: []string{"acl"},
			takes: version, members: getObjectAclMembers, handle: (*service).getObjectAcl},
		{name: "PutObjectAcl", action: "s3:PutObjectAcl", method: "PUT", level: ofObject, needs: []string{"acl"},
			takes: version, headers: join(acl, checksums), members: putObjectAclMembers, handle: (*service).putObjectAcl},
		{name: "GetObjectRetention", action: "s3:GetObjectRetention", method: "GET", level: ofObject, needs: []string{"retention"},
			takes: version, members: getObjectRetentionMembers, handle: (*service).getObjectRetention},
		{name: "GetObjectLegalHold", action: "s3:GetObjectLegalHold", method: "GET", level: ofObject, needs: []string{"legal-hold"},
			takes: version, members: getObjectLegalHoldMembers, handle: (*service).getObjectLegalHold},

		{name: "CreateMultipartUpload", action: "s3:PutObject", method: "POST", level: ofObject, needs: []string{"uploads"},
			headers: join(acl, sse, storage, []string{"x-amz-checksum-algorithm", "x-amz-checksum-type"}), members: createMultipartUploadMembers, handle: (*service).createMultipartUpload},
		{name: "UploadPart", action: "s3:PutObject", method: "PUT", level: ofObject, needs: []string{"partNumber", "uploadId"},
			headers: checksums, members: uploadPartMembers, handle: (*service).uploadPart},
		{name: "UploadPartCopy", action: "s3:PutObject", method: "PUT", level: ofObject, copies: true, needs: []string{"partNumber", "uploadId"},
			headers: join(copySource, []string{"x-amz-copy-source-range"}), members: uploadPartCopyMembers, handle: (*service).uploadPartCopy},
		{name: "ListParts", action: "s3:ListMultipartUploadParts", method: "GET", level: ofObject, needs: []string{"uploadId"},
			takes: []string{"max-parts", "part-number-marker"}, members: listPartsMembers, handle: (*service).listParts},
		{name: "CompleteMultipartUpload", action: "s3:PutObject", method: "POST", level: ofObject, needs: []string{"uploadId"},
			headers: join(checksums, []string{"x-amz-checksum-type", "x-amz-mp-object-size"}), ofObject: true, members: completeMultipartUploadMembers, handle: (*service).completeMultipartUpload},
		{name: "AbortMultipartUpload", action: "s3:AbortMultipartUpload", method: "DELETE", level: ofObject, needs: []string{"uploadId"},
			members: abortMultipartUploadMembers, handle: (*service).abortMultipartUpload},
	}
}

func checksumHeaders() []string {
	return []string{
		"x-amz-checksum-crc32", "x-amz-checksum-crc32c", "x-amz-checksum-crc64nvme", "x-amz-checksum-sha1", "x-amz-checksum-sha256",
		"x-amz-sdk-checksum-algorithm", "x-amz-trailer", "x-amz-decoded-content-length",
	}
}
