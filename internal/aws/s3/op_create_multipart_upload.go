package s3

import (
	"context"
	"encoding/xml"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
)

type createUploadXML struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ InitiateMultipartUploadResult"`
	Bucket   string
	Key      keyText
	UploadID string `xml:"UploadId"`
}

// CreateMultipartUpload: POST /{Bucket}/{Key}?uploads, s3:PutObject
//
// Supported: x-amz-checksum-algorithm, x-amz-checksum-type, and the headers that PutObject supports.
// Refused:   what PutObject refuses.
// Differs:   an upload lasts until it is completed or aborted.
func (s *service) createMultipartUpload(ctx context.Context, r *request) error {
	headers, err := s.newHeaders(ctx, r)
	if err != nil {
		return err
	}
	algorithm := strings.ToUpper(r.header.Get("X-Amz-Checksum-Algorithm"))
	full := algorithm == bucket.CRC64NVME
	switch kind := r.header.Get("X-Amz-Checksum-Type"); {
	case kind == "":
	case algorithm == "":
		return invalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
	case kind == "FULL_OBJECT", kind == "COMPOSITE":
		full = kind == "FULL_OBJECT"
	default:
		return invalidRequest("Value for x-amz-checksum-type header is invalid: %s.", kind)
	}
	u, err := s.store.CreateUpload(ctx, r.object(), headers, algorithm, full)
	if err != nil {
		return err
	}
	r.setEncryption(headers)
	if u.Checksum != "" {
		r.w.Header().Set("X-Amz-Checksum-Algorithm", u.Checksum)
		r.w.Header().Set("X-Amz-Checksum-Type", uploadChecksumType(u))
	}
	return r.writeXML(createUploadXML{Bucket: r.bucket, Key: keyText(r.key), UploadID: u.ID})
}

func uploadChecksumType(u *bucket.Upload) string {
	switch {
	case u.Checksum == "":
		return ""
	case u.FullObject:
		return "FULL_OBJECT"
	}
	return "COMPOSITE"
}

var createMultipartUploadMembers = members(`Bucket Key ACL BucketKeyEnabled CacheControl ChecksumAlgorithm ChecksumType ContentDisposition ContentEncoding
	ContentLanguage ContentType ExpectedBucketOwner Expires GrantFullControl GrantRead GrantReadACP GrantWriteACP
	Metadata ObjectLockEventHold ObjectLockEventHoldDurationDays ObjectLockEventHoldDurationYears
	ObjectLockLegalHoldStatus ObjectLockMode ObjectLockRetainUntilDate RequestPayer SSECustomerAlgorithm
	SSECustomerKey SSECustomerKeyMD5 SSEKMSEncryptionContext SSEKMSKeyId ServerSideEncryption StorageClass Tagging
	WebsiteRedirectLocation`)
