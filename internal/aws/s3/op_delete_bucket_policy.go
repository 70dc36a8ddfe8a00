package s3

import (
	"context"
	"net/http"
)

// DeleteBucketPolicy: DELETE /{Bucket}?policy, s3:DeleteBucketPolicy
//
// Supported: every member. A bucket without a policy is no error.
// Refused:   nothing.
// Differs:   none known.
func (s *service) deleteBucketPolicy(ctx context.Context, r *request) error {
	return s.setDocument(ctx, r, policyDocument, "", http.StatusNoContent)
}

var deleteBucketPolicyMembers = members(`Bucket ExpectedBucketOwner`)
