package s3

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
)

type encryptionXML struct {
	XMLName xml.Name            `xml:"ServerSideEncryptionConfiguration" json:"-"`
	Xmlns   string              `xml:"xmlns,attr,omitempty" json:"-"`
	Rule    []encryptionRuleXML `json:"rules"`
}

type encryptionRuleXML struct {
	ApplyServerSideEncryptionByDefault *struct {
		SSEAlgorithm   string
		KMSMasterKeyID string `xml:",omitempty"`
	}
	BlockedEncryptionTypes *struct{ EncryptionType []string }
	BucketKeyEnabled       bool
}

// GetBucketEncryption: GET /{Bucket}?encryption, s3:GetEncryptionConfiguration
//
// Supported: every member.
// Refused:   nothing.
// Differs:   a bucket to which no encryption was given has none; S3 shows AES256.
func (s *service) getBucketEncryption(ctx context.Context, r *request) error {
	out, err := s.encryption(ctx, r)
	if err != nil {
		return err
	}
	if out == nil {
		return r.missingConfiguration("ServerSideEncryptionConfigurationNotFoundError", "The server side encryption configuration was not found")
	}
	out.Xmlns = namespace
	return r.writeXML(out)
}

// encryption reads what was given to the bucket, nil if nothing was.
func (s *service) encryption(ctx context.Context, r *request) (*encryptionXML, error) {
	text, err := s.store.Document(ctx, r.bucket, encryptionDocument)
	if err != nil || text == "" {
		return nil, err
	}
	out := &encryptionXML{}
	if err := json.Unmarshal([]byte(text), out); err != nil {
		return nil, fmt.Errorf("encryption of bucket %s: %w", r.bucket, err)
	}
	return out, nil
}

// encrypt gives a new object the encryption of its bucket, if it asks for none of its own.
func (s *service) encrypt(ctx context.Context, r *request, headers map[string]string) error {
	const name = "X-Amz-Server-Side-Encryption"
	if headers[name] != "" {
		return nil
	}
	e, err := s.encryption(ctx, r)
	if err != nil || e == nil {
		return err
	}
	rule := e.Rule[0]
	headers[name] = rule.ApplyServerSideEncryptionByDefault.SSEAlgorithm
	if key := rule.ApplyServerSideEncryptionByDefault.KMSMasterKeyID; key != "" {
		headers[name+"-Aws-Kms-Key-Id"] = key
	}
	if rule.BucketKeyEnabled && headers[name] == "aws:kms" {
		headers[name+"-Bucket-Key-Enabled"] = "true"
	}
	return nil
}

var getBucketEncryptionMembers = members(`Bucket ExpectedBucketOwner`)
