package s3

import (
	"context"
	"io"
	"net/http"
)

// PutBucketPolicy: PUT /{Bucket}?policy, s3:PutBucketPolicy
//
// Supported: statements that allow something to principals that are named: kept and shown. Whoever has a key may do
// all that they allow anyway.
// Refused:   statements that deny, because policies are not enforced; those that let everybody in, as S3 refuses them
// of a bucket that blocks public policies.
// Differs:   principals and conditions are not looked at.
func (s *service) putBucketPolicy(ctx context.Context, r *request) error {
	body, err := io.ReadAll(io.LimitReader(r.Request.Body, maxXML))
	if err != nil {
		return err
	}
	if err := checkPolicy(r.bucket, string(body)); err != nil {
		return err
	}
	return s.setDocument(ctx, r, policyDocument, string(body), http.StatusNoContent)
}

var putBucketPolicyMembers = members(`Bucket Policy ChecksumAlgorithm ConfirmRemoveSelfBucketAccess ContentMD5 ExpectedBucketOwner`,
	withoutEffect("ConfirmRemoveSelfBucketAccess", "no policy takes access away"),
	noted("Policy", "statements that allow; see above"))
