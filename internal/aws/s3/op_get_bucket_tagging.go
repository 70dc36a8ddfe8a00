package s3

import "context"

// GetBucketTagging: GET /{Bucket}?tagging, s3:GetBucketTagging
//
// Supported: every member.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketTagging(ctx context.Context, r *request) error {
	text, err := s.store.Document(ctx, r.bucket, taggingDocument)
	if err != nil {
		return err
	}
	if text == "" {
		return r.missingConfiguration("NoSuchTagSet", "The TagSet does not exist")
	}
	return r.writeTags(text)
}

var getBucketTaggingMembers = members(`Bucket ExpectedBucketOwner`)
