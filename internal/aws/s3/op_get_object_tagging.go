package s3

import "context"

// GetObjectTagging: GET /{Bucket}/{Key}?tagging, s3:GetObjectTagging
//
// Supported: every member.
// Refused:   versionId other than null.
// Differs:   none known.
func (s *service) getObjectTagging(ctx context.Context, r *request) error {
	if err := r.version(); err != nil {
		return err
	}
	o, err := s.store.Get(ctx, r.object())
	if err != nil {
		return err
	}
	return r.writeTags(o.Headers[tagHeader])
}

var getObjectTaggingMembers = members(`Bucket Key ExpectedBucketOwner RequestPayer VersionId`)
