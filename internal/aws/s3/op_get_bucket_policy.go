package s3

import (
	"context"
	"io"
	"strconv"
)

// GetBucketPolicy: GET /{Bucket}?policy, s3:GetBucketPolicy
//
// Supported: every member. The policy is the text that was put.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketPolicy(ctx context.Context, r *request) error {
	text, err := s.store.Document(ctx, r.bucket, policyDocument)
	if err != nil {
		return err
	}
	if text == "" {
		return r.missingConfiguration("NoSuchBucketPolicy", "The bucket policy does not exist")
	}
	r.w.Header().Set("Content-Type", "application/json")
	r.w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = io.WriteString(r.w, text) // a client that has gone cannot be told
	return nil
}

var getBucketPolicyMembers = members(`Bucket ExpectedBucketOwner`)
