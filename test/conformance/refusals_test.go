package conformance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/larder-dev/larder/test/wiretest"
)

// A call is a good request of one protocol, which a case spoils.
type call struct {
	method, path string
	header       http.Header
	body         string
	service      string // of the credential scope
	key, secret  string
	at           time.Time
	presign      bool
	unsigned     bool
	after        func(*http.Request) // what is done to the request after it was signed
}

// A reply is what a server answered, as it came.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// send signs the call, spoils it, and returns the status and the error code of the reply.
func (c call) send(t *testing.T) (status int, errorCode string) {
	t.Helper()
	got := c.do(t)
	if got.status < 300 {
		return got.status, ""
	}
	return got.status, errorOf(got.header, got.body)
}

// do signs the call, spoils it, and returns the reply.
func (c call) do(t *testing.T) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), c.method, os.Getenv("AWS_ENDPOINT_URL")+c.path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = c.header.Clone()
	sum := sha256.Sum256([]byte(c.body))
	payload := hex.EncodeToString(sum[:])
	if c.service == "s3" {
		r.Header.Set("X-Amz-Content-Sha256", payload)
	}
	credentials := aws.Credentials{AccessKeyID: c.key, SecretAccessKey: c.secret}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = c.service == "s3" })
	region := os.Getenv("AWS_REGION")
	switch {
	case c.unsigned:
	case c.presign:
		q := r.URL.Query()
		q.Set("X-Amz-Expires", "60")
		r.URL.RawQuery = q.Encode()
		if c.service == "s3" {
			payload = "UNSIGNED-PAYLOAD"
			r.Header.Del("X-Amz-Content-Sha256")
		}
		signed, headers, err := signer.PresignHTTP(t.Context(), credentials, r, payload, c.service, region, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if r.URL, err = url.Parse(signed); err != nil {
			t.Fatal(err)
		}
		for name, values := range headers {
			r.Header[name] = values
		}
	default:
		if err := signer.SignHTTP(context.Background(), credentials, r, payload, c.service, region, c.at); err != nil {
			t.Fatal(err)
		}
	}
	if c.after != nil {
		c.after(r)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{got.StatusCode, got.Header, text}
}

// errorOf finds the error code where each protocol has it.
func errorOf(header http.Header, body []byte) string {
	var asJSON struct {
		Type string `json:"__type"`
	}
	if json.Unmarshal(body, &asJSON) == nil && asJSON.Type != "" {
		return asJSON.Type
	}
	if name := header.Get("X-Amzn-Errortype"); name != "" {
		return name
	}
	var asXML struct {
		Code  string `xml:"Code"`       // S3
		Query string `xml:"Error>Code"` // STS, IAM
	}
	if xml.Unmarshal(body, &asXML) == nil {
		return asXML.Code + asXML.Query
	}
	return "none in " + string(body)
}

// setBody replaces the body by another of the same length.
func setBody(text string) func(*http.Request) {
	return func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(text)) }
}

// Rule 0.4-2, 0.4-3, 0.4-5, 0.4-7.
func TestRequestsThatAreNotWhatWasSignedAreRefused(t *testing.T) {
	w := newWorld(t)
	form := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	target := func(name string) http.Header {
		return http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amz-Target": {name}}
	}
	record := `{"Record":[{"FeatureName":"id","ValueAsString":"spoilt"},{"FeatureName":"at","ValueAsString":"2026-01-01T00:00:00Z"}]}`
	describe := fmt.Sprintf(`{"FeatureGroupName":%q}`, w.group)
	good := map[string]call{
		"SageMaker": {method: "POST", path: "/", header: target("SageMaker.DescribeFeatureGroup"), body: describe, service: "sagemaker"},
		"Athena":    {method: "POST", path: "/", header: target("AmazonAthena.GetWorkGroup"), body: `{"WorkGroup":"primary"}`, service: "athena"},
		"Glue":      {method: "POST", path: "/", header: target("AWSGlue.GetDatabases"), body: `{}`, service: "glue"},
		"runtime":   {method: "PUT", path: "/FeatureGroup/" + w.group, header: http.Header{"Content-Type": {"application/json"}}, body: record, service: "sagemaker"},
		"STS":       {method: "POST", path: "/", header: form, body: "Action=GetCallerIdentity&Version=2011-06-15", service: "sts"},
		"IAM":       {method: "POST", path: "/", header: form, body: "Action=GetRole&RoleName=larder&Version=2010-05-08", service: "iam"},
		"S3":        {method: "PUT", path: "/" + w.bucket + "/spoilt", header: http.Header{}, body: "the content of an object", service: "s3"},
	}
	for service, c := range good {
		c.key, c.secret, c.at = os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), time.Now()
		good[service] = c
	}
	spoils := []struct {
		name  string
		spoil func(*call)
		// the code by service; JSON stands for SageMaker, Athena and Glue, Query for STS and IAM
		want map[string]string
	}{
		{"unsigned", func(c *call) { c.unsigned = true }, map[string]string{"JSON": "MissingAuthenticationTokenException",
			"runtime": "MissingAuthenticationTokenException", "Query": "MissingAuthenticationToken", "S3": "AccessDenied"}},
		{"wrong key", func(c *call) { c.key = "AKIANOBODYHASTHISKEY" }, map[string]string{"JSON": "UnrecognizedClientException",
			"runtime": "UnrecognizedClientException", "Query": "InvalidClientTokenId", "S3": "InvalidAccessKeyId"}},
		{"wrong signature", func(c *call) { c.secret += "x" }, map[string]string{"JSON": "InvalidSignatureException",
			"runtime": "InvalidSignatureException", "Query": "SignatureDoesNotMatch", "S3": "SignatureDoesNotMatch"}},
		{"body changed after signing", func(c *call) { c.after = setBody(strings.Repeat("x", len(c.body))) }, map[string]string{
			"JSON": "InvalidSignatureException", "runtime": "InvalidSignatureException", "Query": "SignatureDoesNotMatch", "S3": "XAmzContentSHA256Mismatch"}},
		{"20 minutes old", func(c *call) { c.at = c.at.Add(-20 * time.Minute) }, map[string]string{"JSON": "RequestExpired",
			"runtime": "RequestExpired", "Query": "RequestExpired", "S3": "RequestTimeTooSkewed"}},
		{"scope of another service", func(c *call) { c.service = map[bool]string{true: "glue", false: "athena"}[c.service == "athena"] },
			map[string]string{"JSON": "InvalidSignatureException", "runtime": "InvalidSignatureException", "Query": "SignatureDoesNotMatch",
				"S3": "UnknownOperationException"}}, // as Athena answers what names none of its operations
	}
	protocols := map[string]string{"SageMaker": "JSON", "Athena": "JSON", "Glue": "JSON", "runtime": "runtime", "STS": "Query", "IAM": "Query", "S3": "S3"}
	for service, c := range good {
		for _, s := range spoils {
			t.Run(service+" "+s.name, func(t *testing.T) {
				spoilt := c
				s.spoil(&spoilt)
				status, got := spoilt.send(t)
				if want := s.want[protocols[service]]; got != want || status < 400 || status >= 500 {
					t.Errorf("status %d, code %s; want %s", status, got, want)
				}
			})
		}
		if protocols[service] == "JSON" {
			t.Run(service+" unsigned target", func(t *testing.T) {
				spoilt := c
				name := c.header.Get("X-Amz-Target")
				spoilt.header = http.Header{"Content-Type": {"application/x-amz-json-1.1"}}
				spoilt.after = func(r *http.Request) { r.Header.Set("X-Amz-Target", name) }
				if _, got := spoilt.send(t); got != "InvalidSignatureException" {
					t.Errorf("code %s", got)
				}
			})
		}
		if service != "S3" {
			t.Run(service+" presigned", func(t *testing.T) {
				spoilt := c
				spoilt.presign = true
				if status, got := spoilt.send(t); status < 400 || status >= 500 || got == "" {
					t.Errorf("status %d, code %q", status, got)
				}
			})
		}
	}
	// Nothing of all that happened; and the good requests do work.
	if got := w.get("spoilt"); got != nil {
		t.Errorf("a refused record is there: %v", got)
	}
	_, err := w.S3.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &w.bucket, Key: aws.String("spoilt")})
	expect(t, "a refused object", code(err), "NotFound")
	for service, c := range good {
		c.at = time.Now()
		if status, got := c.send(t); status != http.StatusOK {
			t.Errorf("%s as it was signed: status %d, code %s", service, status, got)
		}
	}
}

// A tamperer changes one byte of the last chunk of every body that has the word in it.
type tamperer struct{ word string }

func (c tamperer) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		at := bytes.LastIndex(body, []byte(c.word))
		if at >= 0 {
			body[at] ^= 1
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	return http.DefaultClient.Do(r)
}

func TestChunkedBodiesThatChangedAreRefused(t *testing.T) {
	c := wiretest.FromEnvironment(t)
	bucket := fmt.Sprintf("chunks-%x", time.Now().UnixNano())
	if _, err := c.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
		t.Fatal(err)
	}
	// An unseekable body is sent aws-chunked: its payload is unsigned, a trailing checksum vouches for it.
	text := strings.Repeat("some content, ", 9000) + "the end"
	put := func(client *s3.Client) error {
		_, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: aws.String("k"), Body: struct{ io.Reader }{strings.NewReader(text)},
			ContentLength: aws.Int64(int64(len(text)))}, s3.WithAPIOptions(v4.SwapComputePayloadSHA256ForUnsignedPayloadMiddleware))
		return err
	}
	tampered := s3.NewFromConfig(c.Config, func(o *s3.Options) { o.HTTPClient = tamperer{"the end"}; o.RetryMaxAttempts = 1 })
	if err := put(tampered); err == nil {
		t.Error("a changed body was taken")
	}
	created, err := c.S3.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: aws.String("k")})
	if err != nil {
		t.Fatal(err)
	}
	part := &s3.UploadPartInput{Bucket: &bucket, Key: aws.String("k"), UploadId: created.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader(text)}
	_, err = tampered.UploadPart(t.Context(), part)
	expect(t, "a changed part", code(err), "XAmzContentSHA256Mismatch")
	parts, err := c.S3.ListParts(t.Context(), &s3.ListPartsInput{Bucket: &bucket, Key: aws.String("k"), UploadId: created.UploadId})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "parts", len(parts.Parts), 0)
	_, err = c.S3.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &bucket, Key: aws.String("k")})
	expect(t, "the object", code(err), "NotFound")
}
