package s3

import (
	"context"
	"encoding/json"
	"net/http"
)

// PutBucketEncryption: PUT /{Bucket}?encryption, s3:PutEncryptionConfiguration
//
// Supported: one rule of AES256 or aws:kms, with key and bucket key. Objects that ask for no encryption of their own
// show it from then on.
// Refused:   aws:kms:dsse, BlockedEncryptionTypes other than SSE-C and NONE.
// Differs:   the bytes are as well protected as the disk is (docs/decisions/s3-by-hand.md).
func (s *service) putBucketEncryption(ctx context.Context, r *request) error {
	var in encryptionXML
	if err := r.needXML(&in); err != nil {
		return err
	}
	if len(in.Rule) != 1 || in.Rule[0].ApplyServerSideEncryptionByDefault == nil {
		return malformedXML("it must have one Rule with ApplyServerSideEncryptionByDefault")
	}
	rule := in.Rule[0].ApplyServerSideEncryptionByDefault
	switch {
	case rule.SSEAlgorithm == "aws:kms:dsse":
		return notImplemented("The server-side encryption %q is not implemented: use AES256 or aws:kms.", rule.SSEAlgorithm)
	case rule.SSEAlgorithm != "AES256" && rule.SSEAlgorithm != "aws:kms":
		return malformedXML("SSEAlgorithm is %q", rule.SSEAlgorithm)
	case rule.KMSMasterKeyID != "" && rule.SSEAlgorithm != "aws:kms":
		return invalidArgument("KMSMasterKeyID", rule.KMSMasterKeyID, "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse")
	}
	if blocked := in.Rule[0].BlockedEncryptionTypes; blocked != nil {
		for _, kind := range blocked.EncryptionType {
			if kind != "SSE-C" && kind != "NONE" { // SSE-C is never taken
				return notImplemented("Blocking the encryption type %q is not implemented.", kind)
			}
		}
	}
	text, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return s.setDocument(ctx, r, encryptionDocument, string(text), http.StatusOK)
}

var putBucketEncryptionMembers = members(`Bucket ServerSideEncryptionConfiguration ServerSideEncryptionConfiguration.Rules
	ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault
	ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault.KMSMasterKeyID
	ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault.SSEAlgorithm
	ServerSideEncryptionConfiguration.Rules.BlockedEncryptionTypes ServerSideEncryptionConfiguration.Rules.BlockedEncryptionTypes.EncryptionType
	ServerSideEncryptionConfiguration.Rules.BucketKeyEnabled ChecksumAlgorithm ContentMD5 ExpectedBucketOwner`,
	withoutEffect("ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault.KMSMasterKeyID", "shown again; no key is used"),
	noted("ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault.SSEAlgorithm", "AES256 and aws:kms"),
	noted("ServerSideEncryptionConfiguration.Rules.BlockedEncryptionTypes.EncryptionType", "SSE-C, which is never taken, and NONE"))
