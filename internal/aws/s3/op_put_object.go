package s3

import (
	"context"
	"net/http"
)

// PutObject: PUT /{Bucket}/{Key}, s3:PutObject
//
// Supported: the body plain or aws-chunked; Content-MD5; CRC32, CRC32C, CRC64NVME, SHA1, SHA256 as header or
// trailer; If-Match, If-None-Match: *; Cache-Control, Content-Disposition, Content-Encoding, Content-Language,
// Content-Type, Expires, x-amz-meta-*, x-amz-tagging; x-amz-acl private and bucket-owner-full-control; the storage
// classes whose objects are read without being restored.
// Refused:   other ACLs, storage classes and encryptions, SSE-C, object lock, website redirects, append.
// Differs:   x-amz-server-side-encryption AES256 and aws:kms, with key ID and bucket key, are kept and given back, and
// the bytes are as well protected as the disk is (docs/decisions/s3-by-hand.md). An object without a checksum gets none; S3 adds CRC64NVME.
func (s *service) putObject(ctx context.Context, r *request) error {
	c, err := r.content()
	if err != nil {
		return err
	}
	if c.Headers, err = s.newHeaders(ctx, r); err != nil {
		return err
	}
	only, err := r.only()
	if err != nil {
		return err
	}
	o, err := s.store.Put(ctx, r.object(), r.Request.Body, c, only)
	if err != nil {
		return err
	}
	h := r.w.Header()
	h.Set("Etag", quoted(o.ETag))
	setChecksums(h, o.Checksums)
	r.setEncryption(o.Headers)
	r.w.WriteHeader(http.StatusOK)
	return nil
}

var putObjectMembers = members(`Bucket Key ACL Body BucketKeyEnabled CacheControl ChecksumAlgorithm ChecksumCRC32 ChecksumCRC32C
	ChecksumCRC64NVME ChecksumMD5 ChecksumSHA1 ChecksumSHA256 ChecksumSHA512 ChecksumXXHASH128 ChecksumXXHASH3
	ChecksumXXHASH64 ContentDisposition ContentEncoding ContentLanguage ContentLength ContentMD5 ContentType
	ExpectedBucketOwner Expires GrantFullControl GrantRead GrantReadACP GrantWriteACP IfMatch IfNoneMatch Metadata
	ObjectLockEventHold ObjectLockEventHoldDurationDays ObjectLockEventHoldDurationYears ObjectLockLegalHoldStatus
	ObjectLockMode ObjectLockRetainUntilDate RequestPayer SSECustomerAlgorithm SSECustomerKey SSECustomerKeyMD5
	SSEKMSEncryptionContext SSEKMSKeyId ServerSideEncryption StorageClass Tagging WebsiteRedirectLocation
	WriteOffsetBytes`)
