package s3

import (
	"context"
	"net/http"
)

// AbortMultipartUpload: DELETE /{Bucket}/{Key}?uploadId, s3:AbortMultipartUpload
//
// Supported: all but x-amz-if-match-initiated-time.
// Refused:   x-amz-if-match-initiated-time.
// Differs:   none known.
func (s *service) abortMultipartUpload(ctx context.Context, r *request) error {
	if err := s.store.Abort(ctx, r.upload()); err != nil {
		return err
	}
	r.w.WriteHeader(http.StatusNoContent)
	return nil
}

var abortMultipartUploadMembers = members(`Bucket Key UploadId ExpectedBucketOwner IfMatchInitiatedTime RequestPayer`,
	refused("IfMatchInitiatedTime", "it is for directory buckets"),
)
