package s3

import "context"

// DeleteBucketWebsite: DELETE /{Bucket}?website, s3:DeleteBucketWebsite
//
// Supported: every member. No bucket has website, so there is nothing to delete, which is no error.
// Refused:   nothing.
// Differs:   none known.
func (s *service) deleteBucketWebsite(ctx context.Context, r *request) error {
	return s.nothingToDelete(ctx, r)
}

var deleteBucketWebsiteMembers = members(`Bucket ExpectedBucketOwner`)
