package s3

import (
	"context"
	"net/http"
)

// DeleteObjectTagging: DELETE /{Bucket}/{Key}?tagging, s3:DeleteObjectTagging
//
// Supported: every member. An object without tags is no error.
// Refused:   versionId other than null.
// Differs:   none known.
func (s *service) deleteObjectTagging(ctx context.Context, r *request) error {
	if err := r.version(); err != nil {
		return err
	}
	if err := s.store.SetHeader(ctx, r.object(), tagHeader, ""); err != nil {
		return err
	}
	r.w.WriteHeader(http.StatusNoContent)
	return nil
}

var deleteObjectTaggingMembers = members(`Bucket Key ExpectedBucketOwner VersionId`)
