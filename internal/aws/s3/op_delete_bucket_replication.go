package s3

import "context"

// DeleteBucketReplication: DELETE /{Bucket}?replication, s3:PutReplicationConfiguration
//
// Supported: every member. No bucket has replication, so there is nothing to delete, which is no error.
// Refused:   nothing.
// Differs:   none known.
func (s *service) deleteBucketReplication(ctx context.Context, r *request) error {
	return s.nothingToDelete(ctx, r)
}

var deleteBucketReplicationMembers = members(`Bucket ExpectedBucketOwner`)
