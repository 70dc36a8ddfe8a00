package s3

import (
	"context"
	"net/http"
)

// HeadBucket: HEAD /{Bucket}, s3:ListBucket
//
// Supported: x-amz-expected-bucket-owner.
// Refused:   nothing.
// Differs:   none known.
func (s *service) headBucket(ctx context.Context, r *request) error {
	b, err := s.store.Bucket(ctx, r.bucket)
	if err != nil {
		return err
	}
	r.w.Header().Set("X-Amz-Bucket-Region", b.Region)
	r.w.Header().Set("X-Amz-Access-Point-Alias", "false")
	r.w.Header().Set("Content-Type", "application/xml")
	r.w.WriteHeader(http.StatusOK)
	return nil
}

var headBucketMembers = members(`Bucket ExpectedBucketOwner`)
