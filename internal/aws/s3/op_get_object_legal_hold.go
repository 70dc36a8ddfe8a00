package s3

import "context"

// GetObjectLegalHold: GET /{Bucket}/{Key}?legal-hold, s3:GetObjectLegalHold
//
// Supported: every member; no bucket has object lock, and S3's error says so.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getObjectLegalHold(ctx context.Context, r *request) error {
	if _, err := s.store.Bucket(ctx, r.bucket); err != nil {
		return err
	}
	return invalidRequest("Bucket is missing Object Lock Configuration")
}

var getObjectLegalHoldMembers = members(`Bucket Key ExpectedBucketOwner RequestPayer VersionId`)
