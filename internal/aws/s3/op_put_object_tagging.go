package s3

import (
	"context"
	"net/http"
)

// PutObjectTagging: PUT /{Bucket}/{Key}?tagging, s3:PutObjectTagging
//
// Supported: up to 10 tags, which replace all that were there. ETag and Last-Modified stay.
// Refused:   versionId other than null.
// Differs:   none known.
func (s *service) putObjectTagging(ctx context.Context, r *request) error {
	if err := r.version(); err != nil {
		return err
	}
	text, err := r.bodyTags(maxObjectTags)
	if err != nil {
		return err
	}
	if err := s.store.SetHeader(ctx, r.object(), tagHeader, text); err != nil {
		return err
	}
	r.w.WriteHeader(http.StatusOK)
	return nil
}

var putObjectTaggingMembers = members(`Bucket Key Tagging Tagging.TagSet Tagging.TagSet.Key Tagging.TagSet.Value ChecksumAlgorithm
	ContentMD5 ExpectedBucketOwner RequestPayer VersionId`)
