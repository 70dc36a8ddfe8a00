package s3

import "context"

// GetBucketVersioning: GET /{Bucket}?versioning, s3:GetBucketVersioning
//
// Supported: every member; no bucket has versions, and the document is empty.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketVersioning(ctx context.Context, r *request) error {
	return s.emptyConfiguration(ctx, r, "VersioningConfiguration")
}

var getBucketVersioningMembers = members(`Bucket ExpectedBucketOwner`)
