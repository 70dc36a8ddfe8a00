package conformance

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/larder-dev/larder/test/wiretest"
)

// eachTransport runs f over http, where bodies are signed whole, and over https on the same port,
// where the SDK sends aws-chunked bodies with a trailing checksum.
func eachTransport(t *testing.T, f func(t *testing.T, c *s3.Client, bucket string)) {
	c := wiretest.FromEnvironment(t)
	pem, err := os.ReadFile(os.Getenv("AWS_CA_BUNDLE"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	port, err := url.Parse(*c.Config.BaseEndpoint)
	if err != nil {
		t.Fatal(err)
	}
	secure := s3.NewFromConfig(c.Config, func(o *s3.Options) {
		o.BaseEndpoint = aws.String("https://127.0.0.1:" + port.Port())
		o.HTTPClient = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	})
	for name, client := range map[string]*s3.Client{"http": c.S3, "https": secure} {
		t.Run(name, func(t *testing.T) {
			bucket := fmt.Sprintf("s3-%x", time.Now().UnixNano())
			if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
				t.Fatal(err)
			}
			f(t, client, bucket)
		})
	}
}

func read(t *testing.T, c *s3.Client, in *s3.GetObjectInput) (string, *s3.GetObjectOutput) {
	t.Helper()
	got, err := c.GetObject(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), got
}

func TestObjectsComeBackAsTheyWerePut(t *testing.T) {
	eachTransport(t, func(t *testing.T, c *s3.Client, bucket string) {
		for _, key := range []string{"plain.txt", "a folder/with spaces+plus&amp;.csv", "ünïcode/№ 1/雪", "trailing/", "a//b", "../up", "q?x=1#y"} {
			text := "content of " + key
			put, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(text),
				ContentType: aws.String("text/plain"), Metadata: map[string]string{"origin": "test"}})
			if err != nil {
				t.Fatalf("%s: %v", key, err)
			}
			body, got := read(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: &key, ChecksumMode: types.ChecksumModeEnabled})
			expect(t, key, body, text)
			expect(t, "type", aws.ToString(got.ContentType), "text/plain")
			expect(t, "metadata", got.Metadata, map[string]string{"origin": "test"})
			expect(t, "etag", aws.ToString(got.ETag), aws.ToString(put.ETag))
			if aws.ToString(cmp.Or(got.ChecksumCRC32, got.ChecksumCRC64NVME)) == "" {
				t.Errorf("%s: the checksum that the SDK sent does not come back", key)
			}
		}
		_, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: aws.String("nothing")})
		expect(t, "missing key", code(err), "NoSuchKey")
		_, err = c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &bucket, Key: aws.String("nothing")})
		expect(t, "missing key by HEAD", code(err), "NotFound")
	})
}

func TestObjectRangesAndConditions(t *testing.T) {
	eachTransport(t, func(t *testing.T, c *s3.Client, bucket string) {
		key, text := "digits", "0123456789"
		put, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(text)})
		if err != nil {
			t.Fatal(err)
		}
		for span, want := range map[string]string{"bytes=2-4": "234", "bytes=7-": "789", "bytes=-3": "789", "bytes=5-99": "56789"} {
			body, got := read(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: &key, Range: &span, IfMatch: put.ETag})
			expect(t, span, body, want)
			if !strings.HasSuffix(aws.ToString(got.ContentRange), "/10") {
				t.Errorf("%s: Content-Range is %q", span, aws.ToString(got.ContentRange))
			}
		}
		_, err = c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key, Range: aws.String("bytes=10-")})
		expect(t, "range after the end", code(err), "InvalidRange")
		_, err = c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key, IfMatch: aws.String(`"other"`)})
		expect(t, "If-Match of another", code(err), "PreconditionFailed")
	})
}

func TestMultipartUpload(t *testing.T) {
	eachTransport(t, func(t *testing.T, c *s3.Client, bucket string) {
		key := "large/object.bin"
		created, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: &key,
			ContentType: aws.String("application/x-test")})
		if err != nil {
			t.Fatal(err)
		}
		parts := [][]byte{bytes.Repeat([]byte("one."), 5<<18), bytes.Repeat([]byte("two,"), 5<<18), []byte("the end")}
		done := make([]types.CompletedPart, len(parts))
		for _, i := range []int{2, 0, 1} {
			number := aws.Int32(int32(i + 1))
			got, err := c.UploadPart(t.Context(), &s3.UploadPartInput{Bucket: &bucket, Key: &key, UploadId: created.UploadId,
				PartNumber: number, Body: bytes.NewReader(parts[i])})
			if err != nil {
				t.Fatal(err)
			}
			done[i] = types.CompletedPart{PartNumber: number, ETag: got.ETag, ChecksumCRC32: got.ChecksumCRC32}
		}
		_, err = c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &bucket, Key: &key})
		expect(t, "before it is complete", code(err), "NotFound")
		complete := &s3.CompleteMultipartUploadInput{Bucket: &bucket, Key: &key, UploadId: created.UploadId,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: done}}
		if _, err := c.CompleteMultipartUpload(t.Context(), complete); err != nil {
			t.Fatal(err)
		}
		body, got := read(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
		if body != string(bytes.Join(parts, nil)) {
			t.Errorf("the object has %d bytes, and is not its parts", len(body))
		}
		expect(t, "type", aws.ToString(got.ContentType), "application/x-test")
		if !strings.HasSuffix(aws.ToString(got.ETag), `-3"`) {
			t.Errorf("ETag is %s", aws.ToString(got.ETag))
		}
		across, _ := read(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: &key, Range: aws.String(fmt.Sprintf("bytes=%d-%d", 5<<20-2, 5<<20+1))})
		expect(t, "a range across two parts", across, "e.tw")
	})
}

func TestListObjects(t *testing.T) {
	c := wiretest.FromEnvironment(t)
	bucket := fmt.Sprintf("list-%x", time.Now().UnixNano())
	if _, err := c.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 25 {
		key := fmt.Sprintf("f%d/k %d+é", i%3, i)
		want = append(want, key)
		if _, err := c.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader("x")}); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(want)
	var keys []string
	pages := s3.NewListObjectsV2Paginator(c.S3, &s3.ListObjectsV2Input{Bucket: &bucket, MaxKeys: aws.Int32(7)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Contents {
			keys = append(keys, *o.Key)
		}
	}
	expect(t, "all keys", keys, want)
	folders, err := c.S3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &bucket, Delimiter: aws.String("/")})
	if err != nil {
		t.Fatal(err)
	}
	var prefixes []string
	for _, p := range folders.CommonPrefixes {
		prefixes = append(prefixes, *p.Prefix)
	}
	expect(t, "folders", prefixes, []string{"f0/", "f1/", "f2/"})
	if _, err := c.S3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &bucket, Key: &want[0]}); err != nil {
		t.Fatal(err)
	}
	under, err := c.S3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: aws.String("f0/")})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "left under f0/", int(aws.ToInt32(under.KeyCount)), 8)
	buckets, err := c.S3.ListBuckets(t.Context(), &s3.ListBucketsInput{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(buckets.Buckets, func(b types.Bucket) bool { return *b.Name == bucket && b.CreationDate != nil }) {
		t.Errorf("ListBuckets does not show %s with a date", bucket)
	}
	_, err = c.S3.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: &bucket, ExpectedBucketOwner: aws.String("999999999999")})
	expect(t, "HeadBucket for another owner", code(err), "Forbidden")
}
