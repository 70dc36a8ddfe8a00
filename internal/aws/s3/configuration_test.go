package s3_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
)

// raw sends a signed request and returns the status and the body.
func (w world) raw(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	reply, got := awstest.Do(t, w.server, r, "s3")
	return reply.StatusCode, string(got)
}

func TestBucketsHaveNoConfigurations(t *testing.T) {
	w := newWorld(t, false)
	for _, c := range []struct {
		name   string
		status int
		want   string
	}{
		{"policy", 404, "<Code>NoSuchBucketPolicy</Code>"},
		{"policyStatus", 404, "<Code>NoSuchBucketPolicy</Code>"},
		{"encryption", 404, "<Code>ServerSideEncryptionConfigurationNotFoundError</Code>"},
		{"tagging", 404, "<Code>NoSuchTagSet</Code>"},
		{"cors", 404, "<Code>NoSuchCORSConfiguration</Code>"},
		{"lifecycle", 404, "<Code>NoSuchLifecycleConfiguration</Code>"},
		{"replication", 404, "<Code>ReplicationConfigurationNotFoundError</Code>"},
		{"website", 404, "<Code>NoSuchWebsiteConfiguration</Code>"},
		{"object-lock", 404, "<Code>ObjectLockConfigurationNotFoundError</Code>"},
		{"ownershipControls", 200, "<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>"},
		{"publicAccessBlock", 200, "<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets>"},
		{"versioning", 200, `<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></VersioningConfiguration>`},
		{"logging", 200, `<BucketLoggingStatus xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></BucketLoggingStatus>`},
		{"notification", 200, `<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></NotificationConfiguration>`},
		{"accelerate", 200, `<AccelerateConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></AccelerateConfiguration>`},
		{"requestPayment", 200, "<Payer>BucketOwner</Payer>"},
		{"acl", 200, "<Permission>FULL_CONTROL</Permission>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, body := w.raw(t, "GET", "/b-1?"+c.name, "")
			if status != c.status || !strings.Contains(body, c.want) {
				t.Errorf("%d %s, want %d with %s", status, body, c.status, c.want)
			}
			if status, body := w.raw(t, "GET", "/absent?"+c.name, ""); status != 404 || !strings.Contains(body, "<Code>NoSuchBucket</Code>") {
				t.Errorf("of a bucket that is not there: %d %s", status, body)
			}
		})
	}
	for _, name := range []string{"policy", "encryption", "tagging", "cors", "lifecycle", "replication", "website", "ownershipControls", "publicAccessBlock"} {
		t.Run("delete "+name, func(t *testing.T) {
			if status, body := w.raw(t, "DELETE", "/b-1?"+name, ""); status != 204 || body != "" {
				t.Errorf("%d %q, want 204", status, body)
			}
			if status, body := w.raw(t, "DELETE", "/absent?"+name, ""); status != 404 || !strings.Contains(body, "<Code>NoSuchBucket</Code>") {
				t.Errorf("of a bucket that is not there: %d %s", status, body)
			}
		})
	}
	if _, err := w.client.HeadBucket(t.Context(), &awss3.HeadBucketInput{Bucket: b1}); err != nil {
		t.Errorf("the bucket suffered: %v", err)
	}
}

func TestBucketPolicy(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	const allow = `{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/r"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b-1/*"}]}`
	for _, c := range []struct {
		name, policy string
		status       int
		code         string
	}{
		{"no JSON", `<Policy/>`, 400, "MalformedPolicy"},
		{"nothing", ``, 400, "MalformedPolicy"},
		{"no statement", `{"Version":"2012-10-17"}`, 400, "MalformedPolicy"},
		{"no principal", strings.Replace(allow, `"Principal":{"AWS":"arn:aws:iam::123456789012:role/r"},`, "", 1), 400, "MalformedPolicy"},
		{"another bucket", strings.Replace(allow, "b-1/*", "b-2/*", 1), 400, "MalformedPolicy"},
		{"another service", strings.Replace(allow, "s3:GetObject", "sqs:SendMessage", 1), 400, "MalformedPolicy"},
		{"another effect", strings.Replace(allow, "Allow", "Maybe", 1), 400, "MalformedPolicy"},
		{"too long", strings.Replace(allow, `"a"`, `"`+strings.Repeat("a", 20<<10)+`"`, 1), 400, "MalformedPolicy"},
		{"denies", strings.Replace(allow, "Allow", "Deny", 1), 501, "NotImplemented"},
		{"everybody", strings.Replace(allow, `{"AWS":"arn:aws:iam::123456789012:role/r"}`, `"*"`, 1), 403, "AccessDenied"},
		{"everybody of AWS", strings.Replace(allow, `"arn:aws:iam::123456789012:role/r"`, `["arn:aws:iam::123456789012:role/r","*"]`, 1), 403, "AccessDenied"},
		{"not somebody", strings.Replace(allow, "Principal", "NotPrincipal", 1), 403, "AccessDenied"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := w.client.PutBucketPolicy(ctx, &awss3.PutBucketPolicyInput{Bucket: b1, Policy: aws.String(c.policy)})
			wantError(t, err, c.status, c.code)
		})
	}
	if _, err := w.client.PutBucketPolicy(ctx, &awss3.PutBucketPolicyInput{Bucket: b1, Policy: aws.String(allow)}); err != nil {
		t.Fatal(err)
	}
	got, err := w.client.GetBucketPolicy(ctx, &awss3.GetBucketPolicyInput{Bucket: b1})
	if err != nil || *got.Policy != allow {
		t.Errorf("GetBucketPolicy = %+v, %v", got, err)
	}
	status, err := w.client.GetBucketPolicyStatus(ctx, &awss3.GetBucketPolicyStatusInput{Bucket: b1})
	if err != nil || *status.PolicyStatus.IsPublic {
		t.Errorf("GetBucketPolicyStatus = %+v, %v", status, err)
	}
	if _, err := w.client.DeleteBucketPolicy(ctx, &awss3.DeleteBucketPolicyInput{Bucket: b1}); err != nil {
		t.Fatal(err)
	}
	_, err = w.client.GetBucketPolicy(ctx, &awss3.GetBucketPolicyInput{Bucket: b1})
	wantError(t, err, 404, "NoSuchBucketPolicy")
}

func TestBucketTags(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	tags := []types.Tag{{Key: aws.String("cost center"), Value: aws.String("ä+1/2=3")}, {Key: aws.String("empty"), Value: aws.String("")}}
	if _, err := w.client.PutBucketTagging(ctx, &awss3.PutBucketTaggingInput{Bucket: b1, Tagging: &types.Tagging{TagSet: tags}}); err != nil {
		t.Fatal(err)
	}
	got, err := w.client.GetBucketTagging(ctx, &awss3.GetBucketTaggingInput{Bucket: b1})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tags, got.TagSet, cmpopts.IgnoreUnexported(types.Tag{})); diff != "" {
		t.Errorf("GetBucketTagging (-want +got):\n%s", diff)
	}
	if _, err := w.client.DeleteBucketTagging(ctx, &awss3.DeleteBucketTaggingInput{Bucket: b1}); err != nil {
		t.Fatal(err)
	}
	_, err = w.client.GetBucketTagging(ctx, &awss3.GetBucketTaggingInput{Bucket: b1})
	wantError(t, err, 404, "NoSuchTagSet")
	_, err = w.client.PutBucketTagging(ctx, &awss3.PutBucketTaggingInput{Bucket: aws.String("absent"), Tagging: &types.Tagging{TagSet: tags}})
	wantError(t, err, 404, "NoSuchBucket")
}

func TestBucketEncryptionIsThatOfNewObjects(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	put := func(rule types.ServerSideEncryptionByDefault) error {
		_, err := w.client.PutBucketEncryption(ctx, &awss3.PutBucketEncryptionInput{Bucket: b1, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &rule, BucketKeyEnabled: aws.Bool(true)}},
		}})
		return err
	}
	wantError(t, put(types.ServerSideEncryptionByDefault{SSEAlgorithm: "aws:kms:dsse"}), 501, "NotImplemented")
	wantError(t, put(types.ServerSideEncryptionByDefault{SSEAlgorithm: "ROT13"}), 400, "MalformedXML")
	wantError(t, put(types.ServerSideEncryptionByDefault{SSEAlgorithm: "AES256", KMSMasterKeyID: aws.String("k")}), 400, "InvalidArgument")
	w.put(t, "before", nil)
	if err := put(types.ServerSideEncryptionByDefault{SSEAlgorithm: "aws:kms", KMSMasterKeyID: aws.String("alias/k")}); err != nil {
		t.Fatal(err)
	}
	got, err := w.client.GetBucketEncryption(ctx, &awss3.GetBucketEncryptionInput{Bucket: b1})
	if err != nil {
		t.Fatal(err)
	}
	if rule := got.ServerSideEncryptionConfiguration.Rules[0]; rule.ApplyServerSideEncryptionByDefault.SSEAlgorithm != "aws:kms" || *rule.ApplyServerSideEncryptionByDefault.KMSMasterKeyID != "alias/k" || !*rule.BucketKeyEnabled {
		t.Errorf("GetBucketEncryption = %+v", rule)
	}
	if out := w.put(t, "after", nil); out.ServerSideEncryption != "aws:kms" || aws.ToString(out.SSEKMSKeyId) != "alias/k" || !aws.ToBool(out.BucketKeyEnabled) {
		t.Errorf("PutObject = %+v", out)
	}
	copied, err := w.client.CopyObject(ctx, &awss3.CopyObjectInput{Bucket: b1, Key: key("copy"), CopySource: aws.String("b-1/before")})
	if err != nil || copied.ServerSideEncryption != "aws:kms" {
		t.Errorf("CopyObject = %+v, %v", copied, err)
	}
	for name, want := range map[string]types.ServerSideEncryption{"before": "", "after": "aws:kms", "copy": "aws:kms"} {
		if head, err := w.client.HeadObject(ctx, &awss3.HeadObjectInput{Bucket: b1, Key: key(name)}); err != nil || head.ServerSideEncryption != want {
			t.Errorf("HeadObject of %s = %+v, %v, want %q", name, head, err, want)
		}
	}
	if _, err := w.client.DeleteBucketEncryption(ctx, &awss3.DeleteBucketEncryptionInput{Bucket: b1}); err != nil {
		t.Fatal(err)
	}
	if out := w.put(t, "last", nil); out.ServerSideEncryption != "" {
		t.Errorf("PutObject after the encryption was deleted = %+v", out)
	}
}

func TestPublicAccessBlockAndOwnership(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	block := &types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true), IgnorePublicAcls: aws.Bool(false), BlockPublicPolicy: aws.Bool(true), RestrictPublicBuckets: aws.Bool(false)}
	if _, err := w.client.PutPublicAccessBlock(ctx, &awss3.PutPublicAccessBlockInput{Bucket: b1, PublicAccessBlockConfiguration: block}); err != nil {
		t.Fatal(err)
	}
	got, err := w.client.GetPublicAccessBlock(ctx, &awss3.GetPublicAccessBlockInput{Bucket: b1})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(block, got.PublicAccessBlockConfiguration, cmpopts.IgnoreUnexported(types.PublicAccessBlockConfiguration{})); diff != "" {
		t.Errorf("GetPublicAccessBlock (-want +got):\n%s", diff)
	}
	if _, err := w.client.DeletePublicAccessBlock(ctx, &awss3.DeletePublicAccessBlockInput{Bucket: b1}); err != nil {
		t.Fatal(err)
	}
	_, err = w.client.GetPublicAccessBlock(ctx, &awss3.GetPublicAccessBlockInput{Bucket: b1})
	wantError(t, err, 404, "NoSuchPublicAccessBlockConfiguration")
	own := func(o types.ObjectOwnership) error {
		_, err := w.client.PutBucketOwnershipControls(ctx, &awss3.PutBucketOwnershipControlsInput{Bucket: b1, OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: o}}}})
		return err
	}
	wantError(t, own("ObjectWriter"), 501, "NotImplemented")
	wantError(t, own("Nobody"), 400, "MalformedXML")
	if _, err := w.client.DeleteBucketOwnershipControls(ctx, &awss3.DeleteBucketOwnershipControlsInput{Bucket: b1}); err != nil {
		t.Fatal(err)
	}
	_, err = w.client.GetBucketOwnershipControls(ctx, &awss3.GetBucketOwnershipControlsInput{Bucket: b1})
	wantError(t, err, 404, "OwnershipControlsNotFoundError")
	if err := own("BucketOwnerEnforced"); err != nil {
		t.Fatal(err)
	}
	if got, err := w.client.GetBucketOwnershipControls(ctx, &awss3.GetBucketOwnershipControlsInput{Bucket: b1}); err != nil || got.OwnershipControls.Rules[0].ObjectOwnership != "BucketOwnerEnforced" {
		t.Errorf("GetBucketOwnershipControls = %+v, %v", got, err)
	}
}

func TestVersioning(t *testing.T) {
	w := newWorld(t, false)
	put := func(c types.VersioningConfiguration) error {
		_, err := w.client.PutBucketVersioning(t.Context(), &awss3.PutBucketVersioningInput{Bucket: b1, VersioningConfiguration: &c})
		return err
	}
	wantError(t, put(types.VersioningConfiguration{Status: "Enabled"}), 501, "NotImplemented")
	wantError(t, put(types.VersioningConfiguration{Status: "Suspended", MFADelete: "Enabled"}), 501, "NotImplemented")
	wantError(t, put(types.VersioningConfiguration{}), 400, "IllegalVersioningConfigurationException")
	if err := put(types.VersioningConfiguration{Status: "Suspended"}); err != nil {
		t.Errorf("Suspended: %v", err)
	}
}

func TestACLs(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	w.put(t, "k", []byte("x"))
	got, err := w.client.GetObjectAcl(ctx, &awss3.GetObjectAclInput{Bucket: b1, Key: key("k")})
	if err != nil {
		t.Fatal(err)
	}
	ofBucket, err := w.client.GetBucketAcl(ctx, &awss3.GetBucketAclInput{Bucket: b1})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Grants) != 1 || got.Grants[0].Permission != "FULL_CONTROL" || got.Grants[0].Grantee.Type != "CanonicalUser" ||
		aws.ToString(got.Grants[0].Grantee.ID) != aws.ToString(got.Owner.ID) || aws.ToString(ofBucket.Owner.ID) != aws.ToString(got.Owner.ID) {
		t.Errorf("GetObjectAcl = %+v", got)
	}
	same := &types.AccessControlPolicy{Owner: got.Owner, Grants: got.Grants}
	read := *got.Grants[0].Grantee
	other := read
	other.ID = aws.String("somebody")
	public := types.Grantee{Type: "Group", URI: aws.String("http://acs.amazonaws.com/groups/global/AllUsers")}
	for _, c := range []struct {
		name   string
		canned string
		policy *types.AccessControlPolicy
		code   string
	}{
		{"what is there", "", same, ""},
		{"private", "private", nil, ""},
		{"bucket-owner-full-control", "bucket-owner-full-control", nil, ""},
		{"public-read", "public-read", nil, "AccessControlListNotSupported"},
		{"no grants", "", &types.AccessControlPolicy{Owner: got.Owner}, "AccessControlListNotSupported"},
		{"READ", "", &types.AccessControlPolicy{Owner: got.Owner, Grants: []types.Grant{{Grantee: &read, Permission: "READ"}}}, "AccessControlListNotSupported"},
		{"another", "", &types.AccessControlPolicy{Owner: got.Owner, Grants: []types.Grant{{Grantee: &other, Permission: "FULL_CONTROL"}}}, "AccessControlListNotSupported"},
		{"everybody", "", &types.AccessControlPolicy{Owner: got.Owner, Grants: []types.Grant{{Grantee: &read, Permission: "FULL_CONTROL"}, {Grantee: &public, Permission: "READ"}}}, "AccessControlListNotSupported"},
		{"both", "private", same, "InvalidRequest"},
		{"nothing", "", nil, "MalformedXML"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, ofObject := w.client.PutObjectAcl(ctx, &awss3.PutObjectAclInput{Bucket: b1, Key: key("k"), ACL: types.ObjectCannedACL(c.canned), AccessControlPolicy: c.policy})
			_, ofBucket := w.client.PutBucketAcl(ctx, &awss3.PutBucketAclInput{Bucket: b1, ACL: types.BucketCannedACL(c.canned), AccessControlPolicy: c.policy})
			for _, err := range []error{ofObject, ofBucket} {
				if got := codeOf(err); got != c.code {
					t.Errorf("err = %v, want %q", err, c.code)
				}
			}
		})
	}
	_, err = w.client.GetObjectAcl(ctx, &awss3.GetObjectAclInput{Bucket: b1, Key: key("absent")})
	wantError(t, err, 404, "NoSuchKey")
	_, err = w.client.GetObjectLegalHold(ctx, &awss3.GetObjectLegalHoldInput{Bucket: b1, Key: key("k")})
	wantError(t, err, 400, "InvalidRequest")
	_, err = w.client.GetObjectRetention(ctx, &awss3.GetObjectRetentionInput{Bucket: b1, Key: key("k")})
	wantError(t, err, 400, "InvalidRequest")
}

// codeOf returns the code of an error, "" for none.
func codeOf(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestConfigurationsGoWithTheirBucket(t *testing.T) {
	w := newWorld(t, false)
	ctx := context.WithoutCancel(t.Context())
	tags := &types.Tagging{TagSet: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}}
	if _, err := w.client.PutBucketTagging(ctx, &awss3.PutBucketTaggingInput{Bucket: b1, Tagging: tags}); err != nil {
		t.Fatal(err)
	}
	// In us-east-1 a bucket may be made again, and nothing changes.
	if _, err := w.client.CreateBucket(ctx, &awss3.CreateBucketInput{Bucket: b1}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.client.GetBucketTagging(ctx, &awss3.GetBucketTaggingInput{Bucket: b1}); err != nil {
		t.Errorf("GetBucketTagging: %v", err)
	}
	if _, err := w.client.DeleteBucket(ctx, &awss3.DeleteBucketInput{Bucket: b1}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.client.CreateBucket(ctx, &awss3.CreateBucketInput{Bucket: b1}); err != nil {
		t.Fatal(err)
	}
	_, err := w.client.GetBucketTagging(ctx, &awss3.GetBucketTaggingInput{Bucket: b1})
	wantError(t, err, 404, "NoSuchTagSet")
}
