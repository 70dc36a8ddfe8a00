package s3

import "context"

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
	handle       func(s *service, ctx context.Context, r *request) error
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
	sse := []string{"x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id", "x-amz-server-side-encryption-bucket-key-enabled"}
	acl := []string{"x-amz-acl"}
	checksums := []string{"x-amz-checksum-crc32", "x-amz-checksum-crc32c", "x-amz-checksum-crc64nvme", "x-amz-checksum-sha1", "x-amz-checksum-sha256", "x-amz-sdk-checksum-algorithm", "x-amz-trailer", "x-amz-decoded-content-length"}
	storage := []string{"x-amz-storage-class", "x-amz-tagging"}
	copySource := []string{"x-amz-copy-source", "x-amz-copy-source-if-match", "x-amz-copy-source-if-none-match", "x-amz-copy-source-if-modified-since", "x-amz-copy-source-if-unmodified-since", "x-amz-source-expected-bucket-owner"}
	overrides := []string{"response-cache-control", "response-content-disposition", "response-content-encoding", "response-content-language", "response-content-type", "response-expires"}
	paging := []string{"delimiter", "encoding-type", "max-keys", "prefix"}
	return []operation{
		{name: "ListBuckets", action: "s3:ListAllMyBuckets", method: "GET", level: ofService,
			takes: []string{"max-buckets", "continuation-token", "prefix", "bucket-region"}, handle: (*service).listBuckets},

		{name: "CreateBucket", action: "s3:CreateBucket", method: "PUT", level: ofBucket,
			headers: join(acl, checksums, []string{"x-amz-object-ownership", "x-amz-bucket-object-lock-enabled"}), handle: (*service).createBucket},
		{name: "HeadBucket", action: "s3:ListBucket", method: "HEAD", level: ofBucket, handle: (*service).headBucket},
		{name: "DeleteBucket", action: "s3:DeleteBucket", method: "DELETE", level: ofBucket, handle: (*service).deleteBucket},
		{name: "GetBucketLocation", action: "s3:GetBucketLocation", method: "GET", level: ofBucket,
			needs: []string{"location"}, handle: (*service).getBucketLocation},
		{name: "ListObjects", action: "s3:ListBucket", method: "GET", level: ofBucket,
			takes: join(paging, []string{"marker"}), headers: []string{"x-amz-optional-object-attributes"}, handle: (*service).listObjects},
		{name: "ListObjectsV2", action: "s3:ListBucket", method: "GET", level: ofBucket,
			needs: []string{"list-type=2"}, takes: join(paging, []string{"continuation-token", "fetch-owner", "start-after"}),
			headers: []string{"x-amz-optional-object-attributes"}, handle: (*service).listObjectsV2},
		{name: "DeleteObjects", action: "s3:DeleteObject", method: "POST", level: ofBucket,
			needs: []string{"delete"}, headers: checksums, handle: (*service).deleteObjects},
		{name: "ListMultipartUploads", action: "s3:ListBucketMultipartUploads", method: "GET", level: ofBucket,
			needs: []string{"uploads"}, takes: []string{"encoding-type", "key-marker", "max-uploads", "prefix", "upload-id-marker"}, handle: (*service).listMultipartUploads},

		{name: "PutObject", action: "s3:PutObject", method: "PUT", level: ofObject,
			headers: join(acl, sse, storage, checksums), handle: (*service).putObject},
		{name: "CopyObject", action: "s3:PutObject", method: "PUT", level: ofObject, copies: true,
			headers: join(acl, sse, storage, copySource, []string{"x-amz-metadata-directive", "x-amz-tagging-directive", "x-amz-checksum-algorithm"}), handle: (*service).copyObject},
		{name: "GetObject", action: "s3:GetObject", method: "GET", level: ofObject,
			takes: join(overrides, []string{"partNumber", "versionId"}), headers: []string{"x-amz-checksum-mode"}, handle: (*service).getObject},
		{name: "HeadObject", action: "s3:GetObject", method: "HEAD", level: ofObject,
			takes: join(overrides, []string{"partNumber", "versionId"}), headers: []string{"x-amz-checksum-mode"}, handle: (*service).getObject},
		{name: "DeleteObject", action: "s3:DeleteObject", method: "DELETE", level: ofObject,
			takes: []string{"versionId"}, handle: (*service).deleteObject},
		{name: "GetObjectTagging", action: "s3:GetObjectTagging", method: "GET", level: ofObject,
			needs: []string{"tagging"}, takes: []string{"versionId"}, handle: (*service).getObjectTagging},

		{name: "CreateMultipartUpload", action: "s3:PutObject", method: "POST", level: ofObject,
			needs: []string{"uploads"}, headers: join(acl, sse, storage, []string{"x-amz-checksum-algorithm", "x-amz-checksum-type"}), handle: (*service).createMultipartUpload},
		{name: "UploadPart", action: "s3:PutObject", method: "PUT", level: ofObject,
			needs: []string{"partNumber", "uploadId"}, headers: checksums, handle: (*service).uploadPart},
		{name: "UploadPartCopy", action: "s3:PutObject", method: "PUT", level: ofObject, copies: true,
			needs: []string{"partNumber", "uploadId"}, headers: join(copySource, []string{"x-amz-copy-source-range"}), handle: (*service).uploadPartCopy},
		{name: "ListParts", action: "s3:ListMultipartUploadParts", method: "GET", level: ofObject,
			needs: []string{"uploadId"}, takes: []string{"max-parts", "part-number-marker"}, handle: (*service).listParts},
		{name: "CompleteMultipartUpload", action: "s3:PutObject", method: "POST", level: ofObject,
			needs: []string{"uploadId"}, headers: join(checksums, []string{"x-amz-checksum-type", "x-amz-mp-object-size"}), ofObject: true, handle: (*service).completeMultipartUpload},
		{name: "AbortMultipartUpload", action: "s3:AbortMultipartUpload", method: "DELETE", level: ofObject,
			needs: []string{"uploadId"}, handle: (*service).abortMultipartUpload},
	}
}
