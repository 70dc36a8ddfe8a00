package s3

import "context"

// GetBucketLogging: GET /{Bucket}?logging, s3:GetBucketLogging
//
// Supported: every member; nothing is logged into buckets, and the document is empty.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketLogging(ctx context.Context, r *request) error {
	return s.emptyConfiguration(ctx, r, "BucketLoggingStatus")
}

var getBucketLoggingMembers = members(`Bucket ExpectedBucketOwner`)
