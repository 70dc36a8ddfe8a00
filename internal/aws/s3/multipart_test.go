package s3_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"hash/crc64"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

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

func TestListMultipartUploadsRollsUp(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	for _, k := range []string{"a", "a", "b/1", "b/2", "c", "d/x"} {
		if _, err := w.client.CreateMultipartUpload(ctx, &awss3.CreateMultipartUploadInput{Bucket: b1, Key: key(k)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, size := range []int32{1, 2, 3, 1000} {
		var got []string
		in := &awss3.ListMultipartUploadsInput{Bucket: b1, MaxUploads: &size, Delimiter: aws.String("/")}
		for {
			page, err := w.client.ListMultipartUploads(ctx, in)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(page.Uploads) + len(page.CommonPrefixes); n > int(size) {
				t.Errorf("a page of %d, may have %d", n, size)
			}
			for _, u := range page.Uploads {
				got = append(got, *u.Key)
			}
			for _, p := range page.CommonPrefixes {
				got = append(got, *p.Prefix)
			}
			if !*page.IsTruncated {
				break
			}
			in.KeyMarker, in.UploadIdMarker = page.NextKeyMarker, page.NextUploadIdMarker
		}
		wantSame(t, []string{"a", "a", "b/", "c", "d/"}, got)
	}
}

func TestCompleteRefusesChecksumsThatAreNotThere(t *testing.T) {
	w := newWorld(t, false)
	complete, _ := w.upload(t, &awss3.CreateMultipartUploadInput{Key: key("k")}, [][]byte{[]byte("x")})
	complete.MultipartUpload.Parts[0].ChecksumSHA512 = aws.String("AAAA")
	_, err := w.client.CompleteMultipartUpload(t.Context(), complete)
	wantError(t, err, 501, "NotImplemented")
}
