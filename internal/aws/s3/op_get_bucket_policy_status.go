package s3

import (
	"context"
	"encoding/xml"
)

type policyStatusXML struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ PolicyStatus"`
	IsPublic bool
}

// GetBucketPolicyStatus: GET /{Bucket}?policyStatus, s3:GetBucketPolicyStatus
//
// Supported: every member. No policy that is kept is public.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketPolicyStatus(ctx context.Context, r *request) error {
	text, err := s.store.Document(ctx, r.bucket, policyDocument)
	if err != nil {
		return err
	}
	if text == "" {
		return r.missingConfiguration("NoSuchBucketPolicy", "The bucket policy does not exist")
	}
	return r.writeXML(policyStatusXML{})
}

var getBucketPolicyStatusMembers = members(`Bucket ExpectedBucketOwner`)
