package s3_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"
)

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
