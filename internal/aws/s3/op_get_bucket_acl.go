package s3

import "context"

// GetBucketAcl: GET /{Bucket}?acl, s3:GetBucketAcl
//
// Supported: every member; the owner has FULL_CONTROL, and nobody else anything.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketAcl(ctx context.Context, r *request) error {
	if _, err := s.store.Bucket(ctx, r.bucket); err != nil {
		return err
	}
	return r.writeXML(s.acl())
}

var getBucketAclMembers = members(`Bucket ExpectedBucketOwner`)
