package s3

import "context"

// GetBucketWebsite: GET /{Bucket}?website, s3:GetBucketWebsite
//
// Supported: every member; no bucket is a website.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketWebsite(ctx context.Context, r *request) error {
	return s.noConfiguration(ctx, r, "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")
}

var getBucketWebsiteMembers = members(`Bucket ExpectedBucketOwner`)
