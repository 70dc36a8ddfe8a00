package s3

import "context"

// GetBucketNotificationConfiguration: GET /{Bucket}?notification, s3:GetBucketNotification
//
// Supported: every member; nobody is notified, and the document is empty.
// Refused:   nothing.
// Differs:   none known.
func (s *service) getBucketNotificationConfiguration(ctx context.Context, r *request) error {
	return s.emptyConfiguration(ctx, r, "NotificationConfiguration")
}

var getBucketNotificationConfigurationMembers = members(`Bucket ExpectedBucketOwner`)
