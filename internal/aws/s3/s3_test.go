package s3_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"hash/crc64"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

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

func TestObjectRoundTrip(t *testing.T) {
	both(t, func(t *testing.T, w world) {
		for _, n := range []int{0, 1, 65536, 3 << 20} {
			body := random(n)
			put, err := w.client.PutObject(t.Context(), &awss3.PutObjectInput{
				Bucket: b1, Key: key("k"), Body: bytes.NewReader(body), ContentType: aws.String("text/csv"), ContentEncoding: aws.String("gzip"),
				CacheControl: aws.String("no-store"), Metadata: map[string]string{"Owner-Name": "päul"}, ServerSideEncryption: types.ServerSideEncryptionAwsKms, SSEKMSKeyId: aws.String("alias/k"),
			})
			if err != nil {
				t.Fatal(err)
			}
			sum := base64.StdEncoding.EncodeToString(crc32.NewIEEE().Sum(nil))
			if n > 0 {
				h := crc32.NewIEEE()
				h.Write(body)
				sum = base64.StdEncoding.EncodeToString(h.Sum(nil))
			}
			if got, want := aws.ToString(put.ETag), `"`+md5hex(body)+`"`; got != want {
				t.Errorf("ETag = %s, want %s", got, want)
			}
			if got := aws.ToString(put.ChecksumCRC32); got != sum {
				t.Errorf("%d bytes: ChecksumCRC32 of PutObject = %q, want %q", n, got, sum)
			}
			get, got := w.get(t, &awss3.GetObjectInput{Key: key("k"), ChecksumMode: types.ChecksumModeEnabled})
			if !bytes.Equal(got, body) {
				t.Errorf("read %d bytes, not the %d that were put", len(got), n)
			}
			head, err := w.client.HeadObject(t.Context(), &awss3.HeadObjectInput{Bucket: b1, Key: key("k")})
			if err != nil {
				t.Fatal(err)
			}
			type shown struct {
				ETag, Type, Encoding, Cache, SSE, KeyID string
				Length                                  int64
				Meta                                    map[string]string
			}
			want := shown{`"` + md5hex(body) + `"`, "text/csv", "gzip", "no-store", "aws:kms", "alias/k", int64(n), map[string]string{"owner-name": "päul"}}
			fromGet := shown{*get.ETag, *get.ContentType, aws.ToString(get.ContentEncoding), *get.CacheControl, string(get.ServerSideEncryption), *get.SSEKMSKeyId, *get.ContentLength, get.Metadata}
			fromHead := shown{*head.ETag, *head.ContentType, aws.ToString(head.ContentEncoding), *head.CacheControl, string(head.ServerSideEncryption), *head.SSEKMSKeyId, *head.ContentLength, head.Metadata}
			if diff := cmp.Diff(want, fromGet); diff != "" {
				t.Errorf("GetObject (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want, fromHead); diff != "" {
				t.Errorf("HeadObject (-want +got):\n%s", diff)
			}
			if get.ChecksumType != types.ChecksumTypeFullObject || aws.ToString(get.ChecksumCRC32) != sum {
				t.Errorf("GetObject shows checksum %q of type %q, want %q FULL_OBJECT", aws.ToString(get.ChecksumCRC32), get.ChecksumType, sum)
			}
			if head.ChecksumCRC32 != nil {
				t.Error("HeadObject shows a checksum without ChecksumMode")
			}
			if put.ServerSideEncryption != types.ServerSideEncryptionAwsKms {
				t.Errorf("PutObject says encryption %q", put.ServerSideEncryption)
			}
		}
	})
}

func TestAnyKeyWorks(t *testing.T) {
	keys := []string{
		"plain", "a b", "a+b", "ä/ö/日本", "//", "/leading", "trailing/", "a//b", "..", "../../etc/passwd", "a/../b", ".", "%41", "100%", "a%2Fb", "q?x=y&z", "#hash", "semi;colon", `quote"'`, "emoji-🦊", strings.Repeat("x", 1024), "a\\b", "*", "~", "a\tb",
	}
	both(t, func(t *testing.T, w world) {
		for _, k := range keys {
			w.put(t, k, []byte("body of "+k))
		}
		for _, k := range keys {
			if _, got := w.get(t, &awss3.GetObjectInput{Key: key(k)}); string(got) != "body of "+k {
				t.Errorf("key %q reads %q", k, got)
			}
		}
		for _, encoding := range []types.EncodingType{"", types.EncodingTypeUrl} {
			list, err := w.client.ListObjectsV2(t.Context(), &awss3.ListObjectsV2Input{Bucket: b1, EncodingType: encoding})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, o := range list.Contents {
				k := *o.Key
				if encoding != "" {
					k = unescape(t, k)
				}
				got = append(got, k)
			}
			want := slices.Sorted(slices.Values(keys))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("ListObjectsV2, encoding %q (-want +got):\n%s", encoding, diff)
			}
		}
		var ids []types.ObjectIdentifier
		for _, k := range keys {
			ids = append(ids, types.ObjectIdentifier{Key: key(k)})
		}
		out, err := w.client.DeleteObjects(t.Context(), &awss3.DeleteObjectsInput{Bucket: b1, Delete: &types.Delete{Objects: ids}})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Deleted) != len(keys) || len(out.Errors) != 0 {
			t.Errorf("DeleteObjects deleted %d of %d, errors %v", len(out.Deleted), len(keys), out.Errors)
		}
		if _, err := w.client.DeleteBucket(t.Context(), &awss3.DeleteBucketInput{Bucket: b1}); err != nil {
			t.Errorf("DeleteBucket: %v", err)
		}
	})
	t.Run("too long", func(t *testing.T) {
		w := newWorld(t, false)
		_, err := w.client.PutObject(t.Context(), &awss3.PutObjectInput{Bucket: b1, Key: key(strings.Repeat("x", 1025)), Body: strings.NewReader("x")})
		wantError(t, err, 400, "KeyTooLongError")
	})
}

func TestBuckets(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	c := w.client
	list, err := c.ListBuckets(ctx, &awss3.ListBucketsInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Buckets) != 1 || *list.Buckets[0].Name != "b-1" || list.Buckets[0].CreationDate.IsZero() {
		t.Errorf("ListBuckets = %+v", list.Buckets)
	}
	head, err := c.HeadBucket(ctx, &awss3.HeadBucketInput{Bucket: b1})
	if err != nil || *head.BucketRegion != awstest.Region {
		t.Errorf("HeadBucket = %+v, %v", head, err)
	}
	_, err = c.HeadBucket(ctx, &awss3.HeadBucketInput{Bucket: aws.String("absent")})
	wantError(t, err, 404, "NotFound")
	_, err = c.HeadBucket(ctx, &awss3.HeadBucketInput{Bucket: b1, ExpectedBucketOwner: aws.String("999999999999")})
	wantError(t, err, 403, "Forbidden")
	if _, err = c.HeadBucket(ctx, &awss3.HeadBucketInput{Bucket: b1, ExpectedBucketOwner: aws.String(awstest.Account)}); err != nil {
		t.Errorf("HeadBucket by its owner: %v", err)
	}
	if _, err = c.CreateBucket(ctx, &awss3.CreateBucketInput{Bucket: b1}); err != nil {
		t.Errorf("CreateBucket again in us-east-1: %v", err)
	}
	_, err = c.CreateBucket(ctx, &awss3.CreateBucketInput{Bucket: aws.String("No_Bucket")})
	wantError(t, err, 400, "InvalidBucketName")
	_, err = c.CreateBucket(ctx, &awss3.CreateBucketInput{Bucket: aws.String("b-2"), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}})
	wantError(t, err, 400, "IllegalLocationConstraintException")
	_, err = c.PutObject(ctx, &awss3.PutObjectInput{Bucket: aws.String("absent"), Key: key("k"), Body: strings.NewReader("x")})
	wantError(t, err, 404, "NoSuchBucket")
	_, err = c.ListObjectsV2(ctx, &awss3.ListObjectsV2Input{Bucket: aws.String("absent")})
	wantError(t, err, 404, "NoSuchBucket")
	w.put(t, "k", []byte("x"))
	_, err = c.DeleteBucket(ctx, &awss3.DeleteBucketInput{Bucket: b1})
	wantError(t, err, 409, "BucketNotEmpty")
	location, err := c.GetBucketLocation(ctx, &awss3.GetBucketLocationInput{Bucket: b1})
	if err != nil || location.LocationConstraint != "" {
		t.Errorf("GetBucketLocation = %v, %v", location, err)
	}
}

func TestBucketsOutsideUSEast1(t *testing.T) {
	w := serve(t, "eu-west-1", false)
	ctx := t.Context()
	in := &awss3.CreateBucketInput{Bucket: b1, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}}
	if _, err := w.client.CreateBucket(ctx, in); err != nil {
		t.Fatal(err)
	}
	_, err := w.client.CreateBucket(ctx, in)
	wantError(t, err, 409, "BucketAlreadyOwnedByYou")
	_, err = w.client.CreateBucket(ctx, &awss3.CreateBucketInput{Bucket: aws.String("b-2")})
	wantError(t, err, 400, "IllegalLocationConstraintException")
	location, err := w.client.GetBucketLocation(ctx, &awss3.GetBucketLocationInput{Bucket: b1})
	if err != nil || location.LocationConstraint != "eu-west-1" {
		t.Errorf("GetBucketLocation = %v, %v", location, err)
	}
}

func TestRanges(t *testing.T) {
	w := newWorld(t, false)
	body := random(1000)
	put := w.put(t, "k", body)
	for _, c := range []struct {
		name, header, want string
		first, last        int
	}{
		{"beginning", "bytes=0-99", "bytes 0-99/1000", 0, 99},
		{"middle", "bytes=100-100", "bytes 100-100/1000", 100, 100},
		{"open end", "bytes=900-", "bytes 900-999/1000", 900, 999},
		{"beyond the end", "bytes=990-5000", "bytes 990-999/1000", 990, 999},
		{"last bytes", "bytes=-10", "bytes 990-999/1000", 990, 999},
		{"more last bytes than there are", "bytes=-5000", "bytes 0-999/1000", 0, 999},
		{"several", "bytes=0-1,5-6", "", 0, 999},
		{"backwards", "bytes=5-1", "", 0, 999},
		{"other unit", "lines=0-1", "", 0, 999},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, got := w.get(t, &awss3.GetObjectInput{Key: key("k"), Range: aws.String(c.header), IfMatch: put.ETag})
			if !bytes.Equal(got, body[c.first:c.last+1]) {
				t.Errorf("got %d bytes", len(got))
			}
			if r := aws.ToString(out.ContentRange); r != c.want {
				t.Errorf("Content-Range = %q, want %q", r, c.want)
			}
		})
	}
	_, err := w.client.GetObject(t.Context(), &awss3.GetObjectInput{Bucket: b1, Key: key("k"), Range: aws.String("bytes=1000-")})
	wantError(t, err, 416, "InvalidRange")
}

func TestConditions(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	tag := w.put(t, "k", []byte("one")).ETag
	other := aws.String(`"00000000000000000000000000000000"`)
	past, future := aws.Time(time.Now().Add(-time.Hour)), aws.Time(time.Now().Add(time.Hour))
	read := func(change func(*awss3.GetObjectInput)) error {
		in := &awss3.GetObjectInput{Bucket: b1, Key: key("k")}
		change(in)
		_, err := w.client.GetObject(ctx, in)
		return err
	}
	for _, c := range []struct {
		name   string
		change func(*awss3.GetObjectInput)
		status int
		code   string
	}{
		{"If-Match other", func(in *awss3.GetObjectInput) { in.IfMatch = other }, 412, "PreconditionFailed"},
		{"If-None-Match same", func(in *awss3.GetObjectInput) { in.IfNoneMatch = tag }, 304, "NotModified"},
		{"If-Modified-Since later", func(in *awss3.GetObjectInput) { in.IfModifiedSince = future }, 304, "NotModified"},
		{"If-Unmodified-Since earlier", func(in *awss3.GetObjectInput) { in.IfUnmodifiedSince = past }, 412, "PreconditionFailed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var response *smithyhttp.ResponseError
			if err := read(c.change); !errors.As(err, &response) || response.HTTPStatusCode() != c.status {
				t.Errorf("err = %v, want status %d", err, c.status)
			}
		})
	}
	for name, change := range map[string]func(*awss3.GetObjectInput){
		"If-Match same":             func(in *awss3.GetObjectInput) { in.IfMatch = tag },
		"If-Match any":              func(in *awss3.GetObjectInput) { in.IfMatch = aws.String("*") },
		"If-None-Match other":       func(in *awss3.GetObjectInput) { in.IfNoneMatch = other },
		"If-Modified-Since earlier": func(in *awss3.GetObjectInput) { in.IfModifiedSince = past },
		"If-Match outweighs date":   func(in *awss3.GetObjectInput) { in.IfMatch = tag; in.IfUnmodifiedSince = past },
	} {
		if err := read(change); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	write := func(k string, match, none *string) error {
		_, err := w.client.PutObject(ctx, &awss3.PutObjectInput{Bucket: b1, Key: key(k), Body: strings.NewReader("two"), IfMatch: match, IfNoneMatch: none})
		return err
	}
	wantError(t, write("k", nil, aws.String("*")), 412, "PreconditionFailed")
	wantError(t, write("k", other, nil), 412, "PreconditionFailed")
	wantError(t, write("absent", tag, nil), 404, "NoSuchKey")
	wantError(t, write("k", nil, tag), 501, "NotImplemented")
	if err := write("new", nil, aws.String("*")); err != nil {
		t.Errorf("If-None-Match * of a new key: %v", err)
	}
	if err := write("k", tag, nil); err != nil {
		t.Errorf("If-Match of the right ETag: %v", err)
	}
	_, err := w.client.DeleteObject(ctx, &awss3.DeleteObjectInput{Bucket: b1, Key: key("k"), IfMatch: other})
	wantError(t, err, 412, "PreconditionFailed")
}

func TestConcurrentCreatorsOneWins(t *testing.T) {
	w := newWorld(t, false)
	var wg sync.WaitGroup
	won := make(chan int, 20)
	for i := range 20 {
		wg.Go(func() {
			_, err := w.client.PutObject(context.Background(), &awss3.PutObjectInput{Bucket: b1, Key: key("once"), Body: strings.NewReader(fmt.Sprint(i)), IfNoneMatch: aws.String("*")})
			if err == nil {
				won <- i
			}
		})
	}
	wg.Wait()
	close(won)
	if len(won) != 1 {
		t.Fatalf("%d puts with If-None-Match: * succeeded, want 1", len(won))
	}
	if _, got := w.get(t, &awss3.GetObjectInput{Key: key("once")}); string(got) != fmt.Sprint(<-won) {
		t.Errorf("the object is %q, not the winner's", got)
	}
}

func TestDeletedObjectIsGone(t *testing.T) {
	w := newWorld(t, false)
	w.put(t, "k", []byte("x"))
	for range 2 {
		if _, err := w.client.DeleteObject(t.Context(), &awss3.DeleteObjectInput{Bucket: b1, Key: key("k")}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.client.GetObject(t.Context(), &awss3.GetObjectInput{Bucket: b1, Key: key("k")})
	wantError(t, err, 404, "NoSuchKey")
	_, err = w.client.HeadObject(t.Context(), &awss3.HeadObjectInput{Bucket: b1, Key: key("k")})
	wantError(t, err, 404, "NotFound")
}

// listAll lists by pages of a size and returns keys and prefixes in the order they came.
func (w world) listAll(t *testing.T, in awss3.ListObjectsV2Input, size int32) []string {
	t.Helper()
	in.Bucket, in.MaxKeys = b1, &size
	var all []string
	p := awss3.NewListObjectsV2Paginator(w.client, &in)
	for p.HasMorePages() {
		page, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if int(*page.KeyCount) != len(page.Contents)+len(page.CommonPrefixes) || int(*page.KeyCount) > int(size) {
			t.Errorf("KeyCount = %d of %d", *page.KeyCount, size)
		}
		var one []string
		for _, o := range page.Contents {
			one = append(one, *o.Key)
		}
		for _, p := range page.CommonPrefixes {
			one = append(one, *p.Prefix)
		}
		slices.Sort(one)
		all = append(all, one...)
	}
	return all
}

func TestListObjects(t *testing.T) {
	w := newWorld(t, false)
	for _, k := range []string{"a", "b/1", "b/2", "b/c/3", "b-x", "c", "d//e", "d/", "d/f", "z/1", "z/2"} {
		w.put(t, k, []byte(k))
	}
	for i := range 100 {
		w.put(t, fmt.Sprintf("y/%03d", i), nil)
	}
	for _, c := range []struct {
		name                     string
		prefix, delimiter, after string
		want                     []string
	}{
		{"delimiter", "", "/", "", []string{"a", "b-x", "b/", "c", "d/", "y/", "z/"}},
		{"prefix", "b/", "", "", []string{"b/1", "b/2", "b/c/3"}},
		{"prefix and delimiter", "b/", "/", "", []string{"b/1", "b/2", "b/c/"}},
		{"prefix without slash", "b", "/", "", []string{"b-x", "b/"}},
		{"empty name", "d/", "/", "", []string{"d/", "d//", "d/f"}},
		{"start after", "z/", "", "z/1", []string{"z/2"}},
		{"start after within a prefix", "", "/", "y/050", []string{"y/", "z/"}},
		{"long delimiter", "", "/0", "", []string{"a", "b-x", "b/1", "b/2", "b/c/3", "c", "d/", "d//e", "d/f", "y/0", "z/1", "z/2"}},
		{"nothing", "q", "", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, size := range []int32{1, 2, 3, 1000} {
				in := awss3.ListObjectsV2Input{Prefix: aws.String(c.prefix)}
				if c.delimiter != "" {
					in.Delimiter = aws.String(c.delimiter)
				}
				if c.after != "" {
					in.StartAfter = aws.String(c.after)
				}
				if diff := cmp.Diff(c.want, w.listAll(t, in, size)); diff != "" {
					t.Errorf("pages of %d (-want +got):\n%s", size, diff)
				}
			}
		})
	}
	t.Run("version 1", func(t *testing.T) {
		for _, delimiter := range []string{"", "/"} {
			var all []string
			in := &awss3.ListObjectsInput{Bucket: b1, MaxKeys: aws.Int32(2)}
			if delimiter != "" {
				in.Delimiter = &delimiter
			}
			for {
				page, err := w.client.ListObjects(t.Context(), in)
				if err != nil {
					t.Fatal(err)
				}
				var one []string
				for _, o := range page.Contents {
					one = append(one, *o.Key)
				}
				for _, p := range page.CommonPrefixes {
					one = append(one, *p.Prefix)
				}
				slices.Sort(one)
				all = append(all, one...)
				if !*page.IsTruncated {
					break
				}
				in.Marker = aws.String(one[len(one)-1])
				if delimiter != "" && aws.ToString(page.NextMarker) != *in.Marker {
					t.Fatalf("NextMarker = %q, want %q", aws.ToString(page.NextMarker), *in.Marker)
				}
			}
			in2 := awss3.ListObjectsV2Input{}
			if delimiter != "" {
				in2.Delimiter = &delimiter
			}
			if diff := cmp.Diff(w.listAll(t, in2, 1000), all); diff != "" {
				t.Errorf("delimiter %q (-version 2 +version 1):\n%s", delimiter, diff)
			}
		}
	})
	t.Run("max-keys 0", func(t *testing.T) {
		page, err := w.client.ListObjectsV2(t.Context(), &awss3.ListObjectsV2Input{Bucket: b1, MaxKeys: aws.Int32(0)})
		if err != nil || *page.IsTruncated || len(page.Contents) != 0 {
			t.Errorf("page = %+v, %v", page, err)
		}
	})
	t.Run("foreign token", func(t *testing.T) {
		_, err := w.client.ListObjectsV2(t.Context(), &awss3.ListObjectsV2Input{Bucket: b1, ContinuationToken: aws.String("bm9uc2Vuc2U=")})
		wantError(t, err, 400, "InvalidArgument")
	})
}

func TestCopy(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	body := random(100_000)
	_, err := w.client.PutObject(ctx, &awss3.PutObjectInput{Bucket: b1, Key: key("src/ä +1"), Body: bytes.NewReader(body), ContentType: aws.String("text/plain"), Metadata: map[string]string{"a": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	source := aws.String("b-1/src/%C3%A4%20%2B1")
	if _, err := w.client.CopyObject(ctx, &awss3.CopyObjectInput{Bucket: b1, Key: key("kept"), CopySource: source}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.client.CopyObject(ctx, &awss3.CopyObjectInput{Bucket: b1, Key: key("replaced"), CopySource: source, MetadataDirective: types.MetadataDirectiveReplace, Metadata: map[string]string{"b": "2"}}); err != nil {
		t.Fatal(err)
	}
	hashed, err := w.client.CopyObject(ctx, &awss3.CopyObjectInput{Bucket: b1, Key: key("hashed"), CopySource: source, ChecksumAlgorithm: types.ChecksumAlgorithmSha256})
	if err != nil || hashed.CopyObjectResult.ChecksumSHA256 == nil {
		t.Errorf("CopyObject with SHA256 = %+v, %v", hashed, err)
	}
	// The copies do not need the source.
	if _, err := w.client.DeleteObject(ctx, &awss3.DeleteObjectInput{Bucket: b1, Key: key("src/ä +1")}); err != nil {
		t.Fatal(err)
	}
	for k, meta := range map[string]map[string]string{"kept": {"a": "1"}, "replaced": {"b": "2"}, "hashed": {"a": "1"}} {
		out, got := w.get(t, &awss3.GetObjectInput{Key: key(k)})
		if !bytes.Equal(got, body) || !cmp.Equal(out.Metadata, meta) || *out.ETag != `"`+md5hex(body)+`"` {
			t.Errorf("%s: %d bytes, metadata %v, ETag %s", k, len(got), out.Metadata, *out.ETag)
		}
	}
	_, err = w.client.CopyObject(ctx, &awss3.CopyObjectInput{Bucket: b1, Key: key("kept"), CopySource: aws.String("b-1/kept")})
	wantError(t, err, 400, "InvalidRequest")
	_, err = w.client.CopyObject(ctx, &awss3.CopyObjectInput{Bucket: b1, Key: key("x"), CopySource: aws.String("b-1/absent")})
	wantError(t, err, 404, "NoSuchKey")
	_, err = w.client.CopyObject(ctx, &awss3.CopyObjectInput{Bucket: b1, Key: key("x"), CopySource: aws.String("b-1/kept"), CopySourceIfMatch: aws.String(`"0"`)})
	wantError(t, err, 412, "PreconditionFailed")
}

// upload uploads parts at once and out of order.
func (w world) upload(t *testing.T, create *awss3.CreateMultipartUploadInput, parts [][]byte) (*awss3.CompleteMultipartUploadInput, *awss3.CreateMultipartUploadOutput) {
	t.Helper()
	create.Bucket = b1
	up, err := w.client.CreateMultipartUpload(t.Context(), create)
	if err != nil {
		t.Fatal(err)
	}
	done := make([]types.CompletedPart, len(parts))
	var wg sync.WaitGroup
	for _, i := range rand.Perm(len(parts)) {
		wg.Go(func() {
			n := aws.Int32(int32(i + 1))
			out, err := w.client.UploadPart(context.Background(), &awss3.UploadPartInput{Bucket: b1, Key: create.Key, UploadId: up.UploadId, PartNumber: n, Body: bytes.NewReader(parts[i]), ChecksumAlgorithm: create.ChecksumAlgorithm})
			if err != nil {
				t.Errorf("UploadPart %d: %v", *n, err)
				return
			}
			done[i] = types.CompletedPart{PartNumber: n, ETag: out.ETag, ChecksumCRC32: out.ChecksumCRC32, ChecksumCRC64NVME: out.ChecksumCRC64NVME, ChecksumSHA256: out.ChecksumSHA256}
		})
	}
	wg.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return &awss3.CompleteMultipartUploadInput{Bucket: b1, Key: create.Key, UploadId: up.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: done}}, up
}

func TestMultipartUpload(t *testing.T) {
	both(t, func(t *testing.T, w world) {
		ctx := t.Context()
		body := random(5<<20*2 + 12345)
		parts := [][]byte{body[:5<<20], body[5<<20 : 10<<20], body[10<<20:]}
		complete, up := w.upload(t, &awss3.CreateMultipartUploadInput{Key: key("k"), ContentType: aws.String("text/x"), ChecksumAlgorithm: types.ChecksumAlgorithmCrc32}, parts)
		if up.ChecksumType != types.ChecksumTypeComposite {
			t.Errorf("ChecksumType = %q", up.ChecksumType)
		}
		listed, err := w.client.ListParts(ctx, &awss3.ListPartsInput{Bucket: b1, Key: key("k"), UploadId: up.UploadId})
		if err != nil || len(listed.Parts) != 3 || *listed.Parts[2].Size != int64(len(parts[2])) || listed.Parts[0].ChecksumCRC32 == nil {
			t.Errorf("ListParts = %+v, %v", listed, err)
		}
		uploads, err := w.client.ListMultipartUploads(ctx, &awss3.ListMultipartUploadsInput{Bucket: b1})
		if err != nil || len(uploads.Uploads) != 1 || *uploads.Uploads[0].UploadId != *up.UploadId {
			t.Errorf("ListMultipartUploads = %+v, %v", uploads, err)
		}
		if _, err := w.client.HeadObject(ctx, &awss3.HeadObjectInput{Bucket: b1, Key: key("k")}); err == nil {
			t.Error("the object is there before the upload is completed")
		}
		var sums [][]byte
		var etags []byte
		for _, p := range parts {
			h := crc32.NewIEEE()
			h.Write(p)
			sums = append(sums, h.Sum(nil))
			sum := md5.Sum(p)
			etags = append(etags, sum[:]...)
		}
		h := crc32.NewIEEE()
		h.Write(bytes.Join(sums, nil))
		wantSum := base64.StdEncoding.EncodeToString(h.Sum(nil)) + "-3"
		wantTag := `"` + md5hex(etags) + `-3"`
		var first *awss3.CompleteMultipartUploadOutput
		for range 2 { // a client that lost the answer completes again
			out, err := w.client.CompleteMultipartUpload(ctx, complete)
			if err != nil {
				t.Fatal(err)
			}
			if *out.ETag != wantTag || aws.ToString(out.ChecksumCRC32) != wantSum {
				t.Errorf("CompleteMultipartUpload: ETag %s, want %s; CRC32 %s, want %s", *out.ETag, wantTag, aws.ToString(out.ChecksumCRC32), wantSum)
			}
			first = out
		}
		get, got := w.get(t, &awss3.GetObjectInput{Key: key("k"), ChecksumMode: types.ChecksumModeEnabled, IfMatch: first.ETag})
		if !bytes.Equal(got, body) || *get.ContentType != "text/x" || get.ChecksumType != types.ChecksumTypeComposite {
			t.Errorf("read %d bytes of %d, type %s, checksum %s", len(got), len(body), *get.ContentType, get.ChecksumType)
		}
		_, got = w.get(t, &awss3.GetObjectInput{Key: key("k"), Range: aws.String(fmt.Sprintf("bytes=%d-%d", 5<<20-10, 10<<20+10))})
		if !bytes.Equal(got, body[5<<20-10:10<<20+11]) {
			t.Error("a range over three parts is not what was put")
		}
		two, got := w.get(t, &awss3.GetObjectInput{Key: key("k"), PartNumber: aws.Int32(2)})
		if !bytes.Equal(got, parts[1]) || *two.PartsCount != 3 {
			t.Errorf("part 2 has %d bytes of %d parts", len(got), aws.ToInt32(two.PartsCount))
		}
		_, err = w.client.GetObject(ctx, &awss3.GetObjectInput{Bucket: b1, Key: key("k"), PartNumber: aws.Int32(4)})
		wantError(t, err, 416, "InvalidPartNumber")
	})
}

func TestMultipartFullObjectChecksum(t *testing.T) {
	w := newWorld(t, false)
	body := random(5<<20*2 + 1)
	parts := [][]byte{body[:5<<20], body[5<<20 : 10<<20], body[10<<20:]}
	crc := crc64.New(crc64.MakeTable(0x9a6c9329ac4bc9b5))
	crc.Write(body)
	want := base64.StdEncoding.EncodeToString(crc.Sum(nil))
	complete, up := w.upload(t, &awss3.CreateMultipartUploadInput{Key: key("k"), ChecksumAlgorithm: types.ChecksumAlgorithmCrc64nvme}, parts)
	if up.ChecksumType != types.ChecksumTypeFullObject {
		t.Errorf("ChecksumType = %q", up.ChecksumType)
	}
	complete.ChecksumCRC64NVME = aws.String("AAAAAAAAAAA=")
	_, err := w.client.CompleteMultipartUpload(t.Context(), complete)
	wantError(t, err, 400, "BadDigest")
	complete.ChecksumCRC64NVME, complete.MpuObjectSize, complete.ChecksumType = &want, aws.Int64(int64(len(body))), types.ChecksumTypeFullObject
	out, err := w.client.CompleteMultipartUpload(t.Context(), complete)
	if err != nil || *out.ChecksumCRC64NVME != want {
		t.Fatalf("CompleteMultipartUpload = %+v, %v, want %s", out, err, want)
	}
	if _, got := w.get(t, &awss3.GetObjectInput{Key: key("k"), ChecksumMode: types.ChecksumModeEnabled}); !bytes.Equal(got, body) {
		t.Error("the object is not what was put")
	}
}

func TestMultipartRefusals(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	small := [][]byte{[]byte("small"), []byte("last")}
	complete, up := w.upload(t, &awss3.CreateMultipartUploadInput{Key: key("k")}, small)
	try := func(change func(*awss3.CompleteMultipartUploadInput)) error {
		in := *complete
		in.MultipartUpload = &types.CompletedMultipartUpload{Parts: slices.Clone(complete.MultipartUpload.Parts)}
		change(&in)
		_, err := w.client.CompleteMultipartUpload(ctx, &in)
		return err
	}
	wantError(t, try(func(*awss3.CompleteMultipartUploadInput) {}), 400, "EntityTooSmall")
	wantError(t, try(func(in *awss3.CompleteMultipartUploadInput) { slices.Reverse(in.MultipartUpload.Parts) }), 400, "InvalidPartOrder")
	wantError(t, try(func(in *awss3.CompleteMultipartUploadInput) {
		in.MultipartUpload.Parts[1].ETag = in.MultipartUpload.Parts[0].ETag
	}), 400, "InvalidPart")
	wantError(t, try(func(in *awss3.CompleteMultipartUploadInput) { in.MultipartUpload.Parts[1].PartNumber = aws.Int32(7) }), 400, "InvalidPart")
	wantError(t, try(func(in *awss3.CompleteMultipartUploadInput) { in.MultipartUpload.Parts = nil }), 400, "MalformedXML")
	wantError(t, try(func(in *awss3.CompleteMultipartUploadInput) { in.Key = key("other") }), 404, "NoSuchUpload")
	_, err := w.client.UploadPart(ctx, &awss3.UploadPartInput{Bucket: b1, Key: key("k"), UploadId: up.UploadId, PartNumber: aws.Int32(10001), Body: strings.NewReader("x")})
	wantError(t, err, 400, "InvalidArgument")
	if err := try(func(in *awss3.CompleteMultipartUploadInput) { in.MultipartUpload.Parts = in.MultipartUpload.Parts[:1] }); err != nil {
		t.Errorf("one small part alone: %v", err)
	}
	if _, got := w.get(t, &awss3.GetObjectInput{Key: key("k")}); string(got) != "small" {
		t.Errorf("the object is %q", got)
	}
	_, up = w.upload(t, &awss3.CreateMultipartUploadInput{Key: key("k")}, small)
	if _, err := w.client.AbortMultipartUpload(ctx, &awss3.AbortMultipartUploadInput{Bucket: b1, Key: key("k"), UploadId: up.UploadId}); err != nil {
		t.Fatal(err)
	}
	_, err = w.client.AbortMultipartUpload(ctx, &awss3.AbortMultipartUploadInput{Bucket: b1, Key: key("k"), UploadId: up.UploadId})
	wantError(t, err, 404, "NoSuchUpload")
}

func TestUploadPartCopy(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	body := random(6 << 20)
	w.put(t, "src", body)
	up, err := w.client.CreateMultipartUpload(ctx, &awss3.CreateMultipartUploadInput{Bucket: b1, Key: key("dst")})
	if err != nil {
		t.Fatal(err)
	}
	var parts []types.CompletedPart
	for i, span := range []string{"bytes=0-5242879", "bytes=5242880-6291455"} {
		out, err := w.client.UploadPartCopy(ctx, &awss3.UploadPartCopyInput{Bucket: b1, Key: key("dst"), UploadId: up.UploadId, PartNumber: aws.Int32(int32(i + 1)), CopySource: aws.String("/b-1/src"), CopySourceRange: aws.String(span)})
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, types.CompletedPart{PartNumber: aws.Int32(int32(i + 1)), ETag: out.CopyPartResult.ETag})
	}
	if _, err := w.client.CompleteMultipartUpload(ctx, &awss3.CompleteMultipartUploadInput{Bucket: b1, Key: key("dst"), UploadId: up.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}}); err != nil {
		t.Fatal(err)
	}
	if _, got := w.get(t, &awss3.GetObjectInput{Key: key("dst")}); !bytes.Equal(got, body) {
		t.Error("the copy is not the source")
	}
	_, err = w.client.UploadPartCopy(ctx, &awss3.UploadPartCopyInput{Bucket: b1, Key: key("dst"), UploadId: up.UploadId, PartNumber: aws.Int32(1), CopySource: aws.String("/b-1/src"), CopySourceRange: aws.String("bytes=0-6291456")})
	wantError(t, err, 404, "NoSuchUpload")
}

func TestRefusesWhatItDoesNotHonour(t *testing.T) {
	w := newWorld(t, false)
	for _, c := range []struct {
		name   string
		change func(*awss3.PutObjectInput)
		status int
		code   string
	}{
		{"public ACL", func(in *awss3.PutObjectInput) { in.ACL = types.ObjectCannedACLPublicRead }, 400, "AccessControlListNotSupported"},
		{"grant", func(in *awss3.PutObjectInput) { in.GrantRead = aws.String("id=x") }, 400, "AccessControlListNotSupported"},
		{"storage class", func(in *awss3.PutObjectInput) { in.StorageClass = types.StorageClassGlacier }, 501, "NotImplemented"},
		{"tags", func(in *awss3.PutObjectInput) { in.Tagging = aws.String("a=b") }, 501, "NotImplemented"},
		{"SSE-C", func(in *awss3.PutObjectInput) {
			in.SSECustomerAlgorithm, in.SSECustomerKey = aws.String("AES256"), aws.String(strings.Repeat("k", 32))
		}, 501, "NotImplemented"},
		{"double encryption", func(in *awss3.PutObjectInput) { in.ServerSideEncryption = types.ServerSideEncryptionAwsKmsDsse }, 501, "NotImplemented"},
		{"object lock", func(in *awss3.PutObjectInput) {
			in.ObjectLockMode, in.ObjectLockRetainUntilDate = types.ObjectLockModeGovernance, aws.Time(time.Now().Add(time.Hour))
		}, 501, "NotImplemented"},
		{"website", func(in *awss3.PutObjectInput) { in.WebsiteRedirectLocation = aws.String("/x") }, 501, "NotImplemented"},
		{"append", func(in *awss3.PutObjectInput) { in.WriteOffsetBytes = aws.Int64(3) }, 501, "NotImplemented"},
		{"metadata", func(in *awss3.PutObjectInput) { in.Metadata = map[string]string{"a": strings.Repeat("x", 2048)} }, 400, "MetadataTooLarge"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := &awss3.PutObjectInput{Bucket: b1, Key: key("k"), Body: strings.NewReader("x")}
			c.change(in)
			_, err := w.client.PutObject(t.Context(), in, func(o *awss3.Options) { o.DisableS3ExpressSessionAuth = aws.Bool(true) })
			// The SDK refuses to send an SSE-C key over http; then nothing reached the server.
			if c.name == "SSE-C" && !strings.Contains(err.Error(), "StatusCode") {
				return
			}
			wantError(t, err, c.status, c.code)
		})
	}
	t.Run("operations", func(t *testing.T) {
		ctx := t.Context()
		_, err := w.client.GetBucketAcl(ctx, &awss3.GetBucketAclInput{Bucket: b1})
		wantError(t, err, 501, "NotImplemented")
		_, err = w.client.DeleteBucketPolicy(ctx, &awss3.DeleteBucketPolicyInput{Bucket: b1})
		wantError(t, err, 501, "NotImplemented")
		_, err = w.client.PutObjectTagging(ctx, &awss3.PutObjectTaggingInput{Bucket: b1, Key: key("k"), Tagging: &types.Tagging{TagSet: []types.Tag{}}})
		wantError(t, err, 501, "NotImplemented")
		if _, err := w.client.HeadBucket(ctx, &awss3.HeadBucketInput{Bucket: b1}); err != nil {
			t.Errorf("the bucket suffered: %v", err)
		}
		_, err = w.client.HeadObject(ctx, &awss3.HeadObjectInput{Bucket: b1, Key: key("k")})
		wantError(t, err, 404, "NotFound")
	})
}

func TestPresignedURL(t *testing.T) {
	w := newWorld(t, false)
	presign := awss3.NewPresignClient(w.client)
	put, err := presign.PresignPutObject(t.Context(), &awss3.PutObjectInput{Bucket: b1, Key: key("a b"), Metadata: map[string]string{"m": "1"}, ContentType: aws.String("text/plain")})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), put.Method, put.URL, strings.NewReader("by link"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = put.SignedHeader.Clone()
	do(t, w, r, 200)
	get, err := presign.PresignGetObject(t.Context(), &awss3.GetObjectInput{Bucket: b1, Key: key("a b"), ResponseContentDisposition: aws.String("attachment")})
	if err != nil {
		t.Fatal(err)
	}
	r, err = http.NewRequestWithContext(t.Context(), get.Method, get.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	reply, body := do(t, w, r, 200)
	if body != "by link" || reply.Header.Get("Content-Disposition") != "attachment" || reply.Header.Get("X-Amz-Meta-M") != "1" {
		t.Errorf("got %q with headers %v", body, reply.Header)
	}
}

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

func TestChangedBodyStoresNothing(t *testing.T) {
	w := newWorld(t, false)
	for _, n := range []int{10, 200_000} { // below and above what is verified before the handler runs
		body := random(n)
		r, err := http.NewRequestWithContext(t.Context(), "PUT", w.server.URL+"/b-1/k", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		awstest.Sign(t, r, awstest.Key(), "s3", awstest.Region, time.Now())
		body[n-1] ^= 1
		r.Body = io.NopCloser(bytes.NewReader(body))
		_, answer := do(t, w, r, 400)
		if !strings.Contains(answer, "<Code>XAmzContentSHA256Mismatch</Code>") {
			t.Errorf("%d bytes: %s", n, answer)
		}
		_, err = w.client.HeadObject(t.Context(), &awss3.HeadObjectInput{Bucket: b1, Key: key("k")})
		wantError(t, err, 404, "NotFound")
	}
}

func TestVirtualHostStyle(t *testing.T) {
	w := newWorld(t, false)
	w.put(t, "dir/k", []byte("body"))
	for _, c := range []struct {
		name, host, method, path string
		status                   int
		want                     string
	}{
		{"localhost", "b-1.localhost:9000", "GET", "/dir/k", 200, "body"},
		{"amazon's name", "b-1.s3.us-east-1.amazonaws.com", "GET", "/dir/k", 200, "body"},
		{"amazon's name, path style", "s3.us-east-1.amazonaws.com", "GET", "/b-1/dir/k", 200, "body"},
		{"own name", "b-1.larder.internal", "GET", "/dir/k", 200, "body"},
		{"own name, path style", "larder.internal", "GET", "/b-1/dir/k", 200, "body"},
		{"list", "b-1.larder.internal", "GET", "/?list-type=2", 200, "<Key>dir/k</Key>"},
		{"list of one that is not there", "b-2.larder.internal", "GET", "/?list-type=2", 404, "NoSuchBucket"},
		{"make one", "new-1.larder.internal", "PUT", "/", 200, ""},
		{"address", "127.0.0.1:9000", "GET", "/b-1/dir/k", 200, "body"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), c.method, w.server.URL+c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = c.host
			awstest.Sign(t, r, awstest.Key(), "s3", awstest.Region, time.Now())
			if _, body := do(t, w, r, c.status); !strings.Contains(body, c.want) {
				t.Errorf("got %q, want %q in it", body, c.want)
			}
		})
	}
}

func unescape(t *testing.T, s string) string {
	t.Helper()
	out, err := url.QueryUnescape(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
