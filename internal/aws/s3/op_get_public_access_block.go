package s3

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
)

type accessBlockXML struct {
	XMLName               xml.Name `xml:"PublicAccessBlockConfiguration" json:"-"`
	Xmlns                 string   `xml:"xmlns,attr,omitempty" json:"-"`
	BlockPublicAcls       bool
	IgnorePublicAcls      bool
	BlockPublicPolicy     bool
	RestrictPublicBuckets bool
}

// GetPublicAccessBlock: GET /{Bucket}?publicAccessBlock, s3:GetBucketPublicAccessBlock
//
// Supported: every member. A bucket blocks all from the start, as S3's do.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getPublicAccessBlock(ctx context.Context, r *request) error {
	text, err := s.store.Document(ctx, r.bucket, accessBlockDocument)
	if err != nil {
		return err
	}
	out := accessBlockXML{BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true}
	switch text {
	case "":
	case removed:
		return r.missingConfiguration("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")
	default:
		if err := json.Unmarshal([]byte(text), &out); err != nil {
			return fmt.Errorf("public access block of bucket %s: %w", r.bucket, err)
		}
	}
	out.Xmlns = namespace
	return r.writeXML(out)
}

var getPublicAccessBlockMembers = members(`Bucket ExpectedBucketOwner`)
