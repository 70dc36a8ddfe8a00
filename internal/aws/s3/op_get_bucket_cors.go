package s3

import "context"

// GetBucketCors: GET /{Bucket}?cors, s3:GetBucketCORS
//
// Supported: every member; no bucket has rules.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketCors(ctx context.Context, r *request) error {
	return s.noConfiguration(ctx, r, "NoSuchCORSConfiguration", "The CORS configuration does not exist")
}

var getBucketCorsMembers = members(`Bucket ExpectedBucketOwner`)
