package s3

import "context"

// DeleteBucketLifecycle: DELETE /{Bucket}?lifecycle, s3:PutLifecycleConfiguration
//
// Supported: every member. No bucket has rules, so there is nothing to delete, which is no error.
// Refused:   nothing.
// Differs:   none known.
func (s *service) deleteBucketLifecycle(ctx context.Context, r *request) error {
	return s.nothingToDelete(ctx, r)
}

var deleteBucketLifecycleMembers = members(`Bucket ExpectedBucketOwner`)
