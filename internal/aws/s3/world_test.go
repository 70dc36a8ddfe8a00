package s3_test

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/access"
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
	"github.com/larder-dev/larder/internal/aws/s3"
	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
)

// newStore returns a store over the real backends on a file system in memory.
func newStore(t testing.TB, region string) *bucket.Store {
	t.Helper()
	fs := vfs.NewMem()
	db, err := embedded.Open("/data/db", fs, embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	blobs, err := blob.Open("/data/blobs", fs)
	if err != nil {
		t.Fatal(err)
	}
	return bucket.New(db.Objects(), blobs, bucket.Options{Account: awstest.Account, Region: region})
}

// A world is a server and a client of it. The bucket "b-1" is there.
type world struct {
	server *httptest.Server
	client *awss3.Client
}

func newWorld(t testing.TB, secure bool) world {
	t.Helper()
	w := serve(t, awstest.Region, secure)
	if _, err := w.client.CreateBucket(t.Context(), &awss3.CreateBucketInput{Bucket: aws.String("b-1")}); err != nil {
		t.Fatal(err)
	}
	return w
}

func serve(t testing.TB, region string, secure bool) world {
	t.Helper()
	handler := awshttp.NewHandler(awshttp.Config{
		Keys:     access.NewKeyring(awstest.Key()),
		Services: []*awshttp.Service{s3.New(newStore(t, region))},
		Log:      slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	server := httptest.NewUnstartedServer(handler)
	if secure {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	config := awstest.Config(server)
	config.Region = region
	config.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenSupported // as a loaded config has it
	config.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenSupported
	return world{server, awss3.NewFromConfig(config, func(o *awss3.Options) { o.UsePathStyle = true })}
}

// both runs a test over http, where today's SDKs send checksums as headers, and over https, where
// they send aws-chunked bodies with trailers.
func both(t *testing.T, test func(t *testing.T, w world)) {
	t.Run("http", func(t *testing.T) { test(t, newWorld(t, false)) })
	t.Run("https", func(t *testing.T) { test(t, newWorld(t, true)) })
}

func key(name string) *string { return aws.String(name) }

var b1 = aws.String("b-1")

func (w world) put(t testing.TB, name string, body []byte) *awss3.PutObjectOutput {
	t.Helper()
	out, err := w.client.PutObject(t.Context(), &awss3.PutObjectInput{Bucket: b1, Key: key(name), Body: bytes.NewReader(body)})
	if err != nil {
		t.Fatalf("PutObject %q: %v", name, err)
	}
	return out
}

func (w world) get(t testing.TB, in *awss3.GetObjectInput) (*awss3.GetObjectOutput, []byte) {
	t.Helper()
	in.Bucket = b1
	out, err := w.client.GetObject(t.Context(), in)
	if err != nil {
		t.Fatalf("GetObject %q: %v", *in.Key, err)
	}
	defer out.Body.Close()
	body, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatalf("GetObject %q: read: %v", *in.Key, err)
	}
	return out, body
}

// wantError checks status and code; of a HEAD the SDK makes the code from the status.
func wantError(t testing.TB, err error, status int, code string) {
	t.Helper()
	var response *smithyhttp.ResponseError
	var api smithy.APIError
	if !errors.As(err, &response) || !errors.As(err, &api) {
		t.Errorf("err = %v, want %d %s", err, status, code)
		return
	}
	if response.HTTPStatusCode() != status || api.ErrorCode() != code {
		t.Errorf("err = %v, want %d %s", err, status, code)
	}
}

func random(n int) []byte {
	b := make([]byte, n)
	src := rand.NewChaCha8([32]byte{1})
	_, _ = src.Read(b) // never fails
	return b
}

func md5hex(b []byte) string { sum := md5.Sum(b); return hex.EncodeToString(sum[:]) }

func do(t *testing.T, w world, r *http.Request, status int) (*http.Response, string) {
	t.Helper()
	reply, err := w.server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	if reply.StatusCode != status {
		t.Errorf("%s %s: status %d, want %d: %s", r.Method, r.URL, reply.StatusCode, status, body)
	}
	return reply, string(body)
}
