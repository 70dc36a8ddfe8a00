package s3

import (
	"context"
	"net/http"
)

// PutBucketOwnershipControls: PUT /{Bucket}?ownershipControls, s3:PutBucketOwnershipControls
//
// Supported: BucketOwnerEnforced.
// Refused:   BucketOwnerPreferred and ObjectWriter, for they turn ACLs on.
// Differs:   none known.
func (s *service) putBucketOwnershipControls(ctx context.Context, r *request) error {
	var in ownershipXML
	if err := r.needXML(&in); err != nil {
		return err
	}
	if len(in.Rule) != 1 {
		return malformedXML("it has %d rules, and must have one", len(in.Rule))
	}
	switch rule := in.Rule[0].ObjectOwnership; rule {
	case bucketOwnerEnforced:
	case "BucketOwnerPreferred", "ObjectWriter":
		return notImplemented("Object ownership %q is not implemented: every object belongs to the bucket's owner, %s.", rule, bucketOwnerEnforced)
	default:
		return malformedXML("ObjectOwnership is %q", rule)
	}
	return s.setDocument(ctx, r, ownershipDocument, "", http.StatusOK)
}

var putBucketOwnershipControlsMembers = members(`Bucket OwnershipControls OwnershipControls.Rules OwnershipControls.Rules.ObjectOwnership
	ChecksumAlgorithm ContentMD5 ExpectedBucketOwner`,
	noted("OwnershipControls.Rules.ObjectOwnership", "BucketOwnerEnforced; others are refused"))
