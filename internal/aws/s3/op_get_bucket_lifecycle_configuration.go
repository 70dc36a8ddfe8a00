package s3

import "context"

// GetBucketLifecycleConfiguration: GET /{Bucket}?lifecycle, s3:GetLifecycleConfiguration
//
// Supported: every member; no bucket has rules.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketLifecycleConfiguration(ctx context.Context, r *request) error {
	return s.noConfiguration(ctx, r, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
}

var getBucketLifecycleConfigurationMembers = members(`Bucket ExpectedBucketOwner`)
