package s3

import "context"

// GetObjectLockConfiguration: GET /{Bucket}?object-lock, s3:GetBucketObjectLockConfiguration
//
// Supported: every member; no bucket has object lock.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getObjectLockConfiguration(ctx context.Context, r *request) error {
	return s.noConfiguration(ctx, r, "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket")
}

var getObjectLockConfigurationMembers = members(`Bucket ExpectedBucketOwner`)
