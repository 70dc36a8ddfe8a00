package s3

import (
	"context"
	"encoding/xml"

	"github.com/larder-dev/larder/internal/bucket"
)

type taggingXML struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ Tagging"`
	TagSet  struct{}
}

// GetObjectTagging: GET /{Bucket}/{Key}?tagging, s3:GetObjectTagging
//
// Supported: it is asked by the AWS CLI before it copies a large object. No object has tags.
// Refused:   versionId other than null.
// Differs:   none known.
func (s *service) getObjectTagging(ctx context.Context, r *request) error {
	if err := r.version(); err != nil {
		return err
	}
	if _, err := s.store.Get(ctx, bucket.ObjectRef{Bucket: r.bucket, Key: r.key}); err != nil {
		return err
	}
	return r.writeXML(taggingXML{})
}
