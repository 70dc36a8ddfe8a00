package s3

import (
	"context"
	"encoding/xml"
)

type locationXML struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ LocationConstraint"`
	Location string   `xml:",chardata"`
}

// GetBucketLocation: GET /{Bucket}?location, s3:GetBucketLocation
//
// Supported: x-amz-expected-bucket-owner.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketLocation(ctx context.Context, r *request) error {
	b, err := s.store.Bucket(ctx, r.bucket)
	if err != nil {
		return err
	}
	out := locationXML{Location: b.Region}
	if b.Region == usEast1 {
		out.Location = ""
	}
	return r.writeXML(out)
}

var getBucketLocationMembers = members(`Bucket ExpectedBucketOwner`)
