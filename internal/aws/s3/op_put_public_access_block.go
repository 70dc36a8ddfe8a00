package s3

import (
	"context"
	"encoding/json"
	"net/http"
)

// PutPublicAccessBlock: PUT /{Bucket}?publicAccessBlock, s3:PutBucketPublicAccessBlock
//
// Supported: every member.
// Refused:   nothing.
// Differs:   only the answer of GetPublicAccessBlock changes: nothing is ever public.
func (s *service) putPublicAccessBlock(ctx context.Context, r *request) error {
	var in accessBlockXML
	if err := r.needXML(&in); err != nil {
		return err
	}
	text, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return s.setDocument(ctx, r, accessBlockDocument, string(text), http.StatusOK)
}

var putPublicAccessBlockMembers = members(`Bucket PublicAccessBlockConfiguration PublicAccessBlockConfiguration.BlockPublicAcls
	PublicAccessBlockConfiguration.BlockPublicPolicy PublicAccessBlockConfiguration.IgnorePublicAcls
	PublicAccessBlockConfiguration.RestrictPublicBuckets ChecksumAlgorithm ContentMD5 ExpectedBucketOwner`,
	withoutEffect("PublicAccessBlockConfiguration", "kept and shown; nothing is ever public"))
