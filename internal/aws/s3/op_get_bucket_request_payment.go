package s3

import (
	"context"
	"encoding/xml"
)

type requestPaymentXML struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ RequestPaymentConfiguration"`
	Payer   string
}

// GetBucketRequestPayment: GET /{Bucket}?requestPayment, s3:GetBucketRequestPayment
//
// Supported: every member; it is the bucket's owner.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketRequestPayment(ctx context.Context, r *request) error {
	if _, err := s.store.Bucket(ctx, r.bucket); err != nil {
		return err
	}
	return r.writeXML(requestPaymentXML{Payer: "BucketOwner"})
}

var getBucketRequestPaymentMembers = members(`Bucket ExpectedBucketOwner`)
