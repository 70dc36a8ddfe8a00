package s3

import "context"

// GetBucketAccelerateConfiguration: GET /{Bucket}?accelerate, s3:GetAccelerateConfiguration
//
// Supported: every member; nothing is accelerated, and the document is empty.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketAccelerateConfiguration(ctx context.Context, r *request) error {
	return s.emptyConfiguration(ctx, r, "AccelerateConfiguration")
}

var getBucketAccelerateConfigurationMembers = members(`Bucket ExpectedBucketOwner RequestPayer`)
