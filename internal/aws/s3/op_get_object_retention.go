package s3

import "context"

// GetObjectRetention: GET /{Bucket}/{Key}?retention, s3:GetObjectRetention
//
// Supported: every member; no bucket has object lock, and S3's error says so.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getObjectRetention(ctx context.Context, r *request) error {
	if _, err := s.store.Bucket(ctx, r.bucket); err != nil {
		return err
	}
	return invalidRequest("Bucket is missing Object Lock Configuration")
}

var getObjectRetentionMembers = members(`Bucket Key ExpectedBucketOwner RequestPayer VersionId`)
