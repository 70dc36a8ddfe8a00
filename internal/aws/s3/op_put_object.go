package s3

import (
	"context"
	"net/http"

	"github.com/larder-dev/larder/internal/bucket"
)

// PutObject: PUT /{Bucket}/{Key}, s3:PutObject
//
// Supported: the body plain or aws-chunked; Content-MD5; CRC32, CRC32C, CRC64NVME, SHA1, SHA256 as header or
// trailer; If-Match, If-None-Match: *; Cache-Control, Content-Disposition, Content-Encoding, Content-Language,
// Content-Type, Expires, x-amz-meta-*; x-amz-acl private and bucket-owner-full-control; storage class STANDARD.
// Refused:   other ACLs, storage classes and encryptions, SSE-C, tags, object lock, website redirects, append.
// Differs:   x-amz-server-side-encryption AES256 and aws:kms, with key ID and bucket key, are kept and given back, and
// the bytes are as well protected as the disk is (docs/decisions/s3-by-hand.md). An object without a checksum gets none; S3 adds CRC64NVME.
func (s *service) putObject(ctx context.Context, r *request) error {
	c, err := r.content()
	if err != nil {
		return err
	}
	if c.Headers, err = objectHeaders(r.header); err != nil {
		return err
	}
	only, err := r.only()
	if err != nil {
		return err
	}
	o, err := s.store.Put(ctx, bucket.ObjectRef{Bucket: r.bucket, Key: r.key}, r.Request.Body, c, only)
	if err != nil {
		return err
	}
	h := r.w.Header()
	h.Set("Etag", quoted(o.ETag))
	setChecksums(h, o.Checksums)
	setEncryption(h, o.Headers)
	r.w.WriteHeader(http.StatusOK)
	return nil
}
