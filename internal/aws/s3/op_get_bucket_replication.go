package s3

import "context"

// GetBucketReplication: GET /{Bucket}?replication, s3:GetReplicationConfiguration
//
// Supported: every member; no bucket is replicated.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketReplication(ctx context.Context, r *request) error {
	return s.noConfiguration(ctx, r, "ReplicationConfigurationNotFoundError", "The replication configuration was not found")
}

var getBucketReplicationMembers = members(`Bucket ExpectedBucketOwner`)
