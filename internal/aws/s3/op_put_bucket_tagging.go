package s3

import (
	"context"
	"net/http"
)

// PutBucketTagging: PUT /{Bucket}?tagging, s3:PutBucketTagging
//
// Supported: up to 50 tags, which replace all that were there.
// Refused:   nothing.
// Differs:   none known.
func (s *service) putBucketTagging(ctx context.Context, r *request) error {
	text, err := r.bodyTags(maxBucketTags)
	if err != nil {
		return err
	}
	return s.setDocument(ctx, r, taggingDocument, text, http.StatusNoContent)
}

var putBucketTaggingMembers = members(`Bucket Tagging Tagging.TagSet Tagging.TagSet.Key Tagging.TagSet.Value ChecksumAlgorithm ContentMD5
	ExpectedBucketOwner`)
