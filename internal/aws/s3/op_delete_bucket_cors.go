package s3

import "context"

// DeleteBucketCors: DELETE /{Bucket}?cors, s3:PutBucketCORS
//
// Supported: every member. No bucket has rules, so there is nothing to delete, which is no error.
// Refused:   nothing.
// Differs:   none known.
func (s *service) deleteBucketCors(ctx context.Context, r *request) error {
	return s.nothingToDelete(ctx, r)
}

var deleteBucketCorsMembers = members(`Bucket ExpectedBucketOwner`)
