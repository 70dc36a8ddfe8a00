package s3

import (
	"context"
	"net/http"
)

// DeletePublicAccessBlock: DELETE /{Bucket}?publicAccessBlock, s3:PutBucketPublicAccessBlock
//
// Supported: every member.
// Refused:   nothing.
// Differs:   only the answer of GetPublicAccessBlock changes: nothing is ever public.
func (s *service) deletePublicAccessBlock(ctx context.Context, r *request) error {
	return s.setDocument(ctx, r, accessBlockDocument, removed, http.StatusNoContent)
}

var deletePublicAccessBlockMembers = members(`Bucket ExpectedBucketOwner`)
