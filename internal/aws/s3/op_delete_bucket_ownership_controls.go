package s3

import (
	"context"
	"net/http"
)

// DeleteBucketOwnershipControls: DELETE /{Bucket}?ownershipControls, s3:PutBucketOwnershipControls
//
// Supported: every member.
// Refused:   nothing.
// Differs:   only the answer of GetBucketOwnershipControls changes: ACLs that say otherwise are refused as before.
func (s *service) deleteBucketOwnershipControls(ctx context.Context, r *request) error {
	return s.setDocument(ctx, r, ownershipDocument, removed, http.StatusNoContent)
}

var deleteBucketOwnershipControlsMembers = members(`Bucket ExpectedBucketOwner`)
