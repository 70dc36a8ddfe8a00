package s3

import (
	"context"
	"net/http"
)

// DeleteBucketTagging: DELETE /{Bucket}?tagging, s3:PutBucketTagging
//
// Supported: every member. A bucket without tags is no error.
// Refused:   nothing.
// Differs:   none known.
func (s *service) deleteBucketTagging(ctx context.Context, r *request) error {
	return s.setDocument(ctx, r, taggingDocument, "", http.StatusNoContent)
}

var deleteBucketTaggingMembers = members(`Bucket ExpectedBucketOwner`)
