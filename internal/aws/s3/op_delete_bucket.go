package s3

import (
	"context"
	"net/http"
)

// DeleteBucket: DELETE /{Bucket}, s3:DeleteBucket
//
// Supported: x-amz-expected-bucket-owner.
// Refused:   nothing.
// Differs:   none known.
func (s *service) deleteBucket(ctx context.Context, r *request) error {
	if err := s.store.DeleteBucket(ctx, r.bucket); err != nil {
		return err
	}
	r.w.WriteHeader(http.StatusNoContent)
	return nil
}

var deleteBucketMembers = members(`Bucket ExpectedBucketOwner`)
