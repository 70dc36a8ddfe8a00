package s3

import (
	"context"
	"encoding/xml"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/bucket"
)

// The documents that are kept with a bucket.
const (
	policyDocument      = "policy"            // JSON, as it was put
	taggingDocument     = "tagging"           // as the x-amz-tagging header has tags
	encryptionDocument  = "encryption"        // JSON of bucketEncryption
	ownershipDocument   = "ownershipControls" // none: the default; removed
	accessBlockDocument = "publicAccessBlock" // none: the default; JSON of accessBlockXML; removed
	removed             = "-"                 // stands for a default that was deleted
)

// missingConfiguration is S3's answer where a bucket does not have what is asked for.
func (r *request) missingConfiguration(code, message string) error {
	return &awshttp.Error{Status: http.StatusNotFound, Code: code, Message: message, Members: map[string]any{"BucketName": r.bucket}}
}

// noConfiguration answers for a configuration that no bucket has.
func (s *service) noConfiguration(ctx context.Context, r *request, code, message string) error {
	if _, err := s.store.Bucket(ctx, r.bucket); err != nil {
		return err
	}
	return r.missingConfiguration(code, message)
}

// nothingToDelete answers for a configuration that no bucket has.
func (s *service) nothingToDelete(ctx context.Context, r *request) error {
	if _, err := s.store.Bucket(ctx, r.bucket); err != nil {
		return err
	}
	r.w.WriteHeader(http.StatusNoContent)
	return nil
}

// emptyConfiguration answers with a document that has no element.
func (s *service) emptyConfiguration(ctx context.Context, r *request, name string) error {
	if _, err := s.store.Bucket(ctx, r.bucket); err != nil {
		return err
	}
	return r.writeXML(struct{ XMLName xml.Name }{xml.Name{Space: namespace, Local: name}})
}

// setDocument keeps a document with the bucket, and answers with a status and nothing else.
func (s *service) setDocument(ctx context.Context, r *request, name, text string, status int) error {
	if err := s.store.SetDocument(ctx, bucket.Document{Bucket: r.bucket, Name: name, Text: text}); err != nil {
		return err
	}
	r.w.WriteHeader(status)
	return nil
}
