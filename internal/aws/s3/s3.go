// Package s3 answers the S3 API over package bucket. It stores nothing.
package s3

import (
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/bucket"
)

// New returns the service over a store.
func New(store *bucket.Store) *awshttp.Service {
	return &awshttp.Service{Name: "s3", Scope: "s3", Protocol: awshttp.RESTXML}
}
