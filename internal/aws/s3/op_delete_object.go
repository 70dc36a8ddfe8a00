package s3

import (
	"context"
	"net/http"
)

// DeleteObject: DELETE /{Bucket}/{Key}, s3:DeleteObject
//
// Supported: If-Match; versionId null.
// Refused:   other versions, x-amz-mfa, x-amz-if-match-*.
// Differs:   none known.
func (s *service) deleteObject(ctx context.Context, r *request) error {
	if err := r.version(); err != nil {
		return err
	}
	only, err := r.only()
	if err != nil {
		return err
	}
	if err := s.store.Delete(ctx, r.bucket, []string{r.key}, only); err != nil {
		return err
	}
	r.w.WriteHeader(http.StatusNoContent)
	return nil
}

var deleteObjectMembers = members(`Bucket Key BypassGovernanceRetention ExpectedBucketOwner IfMatch IfMatchLastModifiedTime IfMatchSize MFA
	RequestPayer VersionId`,
	refused("IfMatchLastModifiedTime", "it is for directory buckets"),
	refused("IfMatchSize", "it is for directory buckets"),
)
