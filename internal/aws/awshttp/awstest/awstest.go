// Package awstest lets the tests of the wire packages speak to a service as an AWS SDK does:
// signed, over HTTP. It holds no fakes; the handler is the real one.
package awstest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/larder-dev/larder/internal/access"
	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// Region and Account are those of the tests.
const (
	Region  = "us-east-1"
	Account = "123456789012"
)

// Key returns the root key that NewServer knows.
func Key() access.Key {
	return access.Key{
		ID:     "AKIALARDERTESTKEY001",
		Secret: "larder/test/secret/0123456789abcdefghijkl",
		Principal: access.Principal{
			ARN:     "arn:aws:sts::" + Account + ":assumed-role/larder/root",
			UserID:  "AROALARDERTESTROLE01:root",
			Account: Account,
		},
	}
}

// NewServer serves the services to Key's holder until the test ends. Faults are in the test's log.
func NewServer(t testing.TB, services ...*awshttp.Service) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(awshttp.NewHandler(awshttp.Config{
		Keys:     access.NewKeyring(Key()),
		Services: services,
		Log:      slog.New(slog.NewTextHandler(t.Output(), nil)),
	}))
	t.Cleanup(server.Close)
	return server
}

// Config configures an SDK client for the server: its endpoint, Key, one attempt a call. An S3
// client needs UsePathStyle besides.
func Config(server *httptest.Server) aws.Config {
	return aws.Config{
		Region:           Region,
		BaseEndpoint:     aws.String(server.URL),
		HTTPClient:       server.Client(),
		Credentials:      credentials(Key()),
		RetryMaxAttempts: 1,
	}
}

// Sign signs r by the SDK's signer with the headers it has now, for the service of a credential
// scope ("sagemaker", "s3", …). An X-Amz-Content-Sha256 header that r has already is taken as the payload's
// hash; otherwise the body is read, hashed and put back, and for S3 the header is set.
func Sign(t testing.TB, r *http.Request, key access.Key, service, region string, at time.Time) {
	t.Helper()
	hash := r.Header.Get("X-Amz-Content-Sha256")
	if hash == "" {
		hash = bodyHash(t, r)
		if service == "s3" {
			r.Header.Set("X-Amz-Content-Sha256", hash)
		}
	}
	c, _ := credentials(key).Retrieve(r.Context()) // it returns no error
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" })
	if err := signer.SignHTTP(r.Context(), c, r, hash, service, region, at); err != nil {
		t.Fatalf("sign: %v", err)
	}
}

// Do signs r with Key for a service, now, and sends it. The body of the reply has been read.
func Do(t testing.TB, server *httptest.Server, r *http.Request, service string) (*http.Response, []byte) {
	t.Helper()
	Sign(t, r, Key(), service, Region, time.Now())
	reply, err := server.Client().Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatalf("%s %s: read reply: %v", r.Method, r.URL, err)
	}
	return reply, body
}

func bodyHash(t testing.TB, r *http.Request) string {
	t.Helper()
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			t.Fatalf("read body to sign: %v", err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func credentials(key access.Key) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Secret}, nil
	})
}
