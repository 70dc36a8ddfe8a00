package s3

import (
	"context"
	"encoding/xml"
)

type ownershipXML struct {
	XMLName xml.Name `xml:"OwnershipControls"`
	Xmlns   string   `xml:"xmlns,attr,omitempty"`
	Rule    []struct{ ObjectOwnership string }
}

// bucketOwnerEnforced is the one way to own objects that there is.
const bucketOwnerEnforced = "BucketOwnerEnforced"

// GetBucketOwnershipControls: GET /{Bucket}?ownershipControls, s3:GetBucketOwnershipControls
//
// Supported: every member. It is BucketOwnerEnforced, unless it was deleted.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketOwnershipControls(ctx context.Context, r *request) error {
	text, err := s.store.Document(ctx, r.bucket, ownershipDocument)
	if err != nil {
		return err
	}
	if text == removed {
		return r.missingConfiguration("OwnershipControlsNotFoundError", "The bucket ownership controls were not found")
	}
	return r.writeXML(ownershipXML{Xmlns: namespace, Rule: []struct{ ObjectOwnership string }{{bucketOwnerEnforced}}})
}

var getBucketOwnershipControlsMembers = members(`Bucket ExpectedBucketOwner`)
