package s3

import "context"

// GetObjectAcl: GET /{Bucket}/{Key}?acl, s3:GetObjectAcl
//
// Supported: every member; the owner has FULL_CONTROL, and nobody else anything.
// Refused:   versionId other than null.
// Differs:   none known.
func (s *service) getObjectAcl(ctx context.Context, r *request) error {
	if err := r.version(); err != nil {
		return err
	}
	if _, err := s.store.Get(ctx, r.object()); err != nil {
		return err
	}
	return r.writeXML(s.acl())
}

var getObjectAclMembers = members(`Bucket Key ExpectedBucketOwner RequestPayer VersionId`)
