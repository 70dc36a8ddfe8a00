package s3

import (
	"context"
	"net/http"
)

// DeleteBucketEncryption: DELETE /{Bucket}?encryption, s3:PutEncryptionConfiguration
//
// Supported: every member. What is put from now on shows the encryption that it asked for itself.
// Refused:   nothing.
// Differs:   the bucket has no default then; S3 goes back to AES256.
func (s *service) deleteBucketEncryption(ctx context.Context, r *request) error {
	return s.setDocument(ctx, r, encryptionDocument, "", http.StatusNoContent)
}

var deleteBucketEncryptionMembers = members(`Bucket ExpectedBucketOwner`)
