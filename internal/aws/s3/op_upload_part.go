package s3

import (
	"context"
	"net/http"
	"strconv"

	"github.com/larder-dev/larder/internal/bucket"
)

func (r *request) upload() bucket.UploadRef {
	return bucket.UploadRef{ObjectRef: r.object(), ID: r.query.Get("uploadId")}
}

// partNumber reads which part is meant.
func (r *request) partNumber() (int, error) {
	text := r.query.Get("partNumber")
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, invalidArgument("partNumber", text, "Part number must be an integer between 1 and 10000, inclusive")
	}
	return n, nil
}

// UploadPart: PUT /{Bucket}/{Key}?partNumber&uploadId, s3:PutObject
//
// Supported: the body and its digests as in PutObject, in any order and at once.
// Refused:   SSE-C.
// Differs:   a part without the checksum that the upload asked for is taken, and it is computed.
func (s *service) uploadPart(ctx context.Context, r *request) error {
	n, err := r.partNumber()
	if err != nil {
		return err
	}
	c, err := r.content()
	if err != nil {
		return err
	}
	p, err := s.store.PutPart(ctx, r.upload(), n, r.Request.Body, c)
	if err != nil {
		return err
	}
	r.w.Header().Set("Etag", quoted(p.ETag))
	for algorithm, text := range p.Checksums {
		r.w.Header().Set(checksumHeader(algorithm), text)
	}
	r.w.WriteHeader(http.StatusOK)
	return nil
}

var uploadPartMembers = members(`Bucket Key PartNumber UploadId Body ChecksumAlgorithm ChecksumCRC32 ChecksumCRC32C ChecksumCRC64NVME
	ChecksumMD5 ChecksumSHA1 ChecksumSHA256 ChecksumSHA512 ChecksumXXHASH128 ChecksumXXHASH3 ChecksumXXHASH64
	ContentLength ContentMD5 ExpectedBucketOwner RequestPayer SSECustomerAlgorithm SSECustomerKey
	SSECustomerKeyMD5`)
