package s3_test

import (
	"bytes"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/larder-dev/larder/internal/bucket"
)

func TestGetObjectAttributes(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	put := w.put(t, "k", []byte("hello"))
	all := types.ObjectAttributesEtag.Values()
	got, err := w.client.GetObjectAttributes(ctx, &awss3.GetObjectAttributesInput{Bucket: b1, Key: key("k"), ObjectAttributes: all})
	if err != nil {
		t.Fatal(err)
	}
	if aws.ToString(got.ETag) != md5hex([]byte("hello")) || aws.ToInt64(got.ObjectSize) != 5 || got.StorageClass != "STANDARD" || got.ObjectParts != nil ||
		aws.ToString(got.Checksum.ChecksumCRC32) != aws.ToString(put.ChecksumCRC32) || got.Checksum.ChecksumType != "FULL_OBJECT" || got.LastModified == nil {
		t.Errorf("GetObjectAttributes = %+v", got)
	}
	got, err = w.client.GetObjectAttributes(ctx, &awss3.GetObjectAttributesInput{Bucket: b1, Key: key("k"), ObjectAttributes: all[:1]})
	if err != nil || got.ETag == nil || got.ObjectSize != nil || got.Checksum != nil || got.StorageClass != "" {
		t.Errorf("GetObjectAttributes of the ETag = %+v, %v", got, err)
	}
	_, err = w.client.GetObjectAttributes(ctx, &awss3.GetObjectAttributesInput{Bucket: b1, Key: key("k"), ObjectAttributes: []types.ObjectAttributes{"Colour"}})
	wantError(t, err, 400, "InvalidArgument")
	_, err = w.client.GetObjectAttributes(ctx, &awss3.GetObjectAttributesInput{Bucket: b1, Key: key("absent"), ObjectAttributes: all})
	wantError(t, err, 404, "NoSuchKey")
	if status, body := w.raw(t, "GET", "/b-1/k?attributes", ""); status != 400 {
		t.Errorf("without x-amz-object-attributes: %d %s", status, body)
	}
}

func TestAttributesOfParts(t *testing.T) {
	w := newWorld(t, false)
	part := bytes.Repeat([]byte{7}, bucket.MinPart)
	complete, _ := w.upload(t, &awss3.CreateMultipartUploadInput{Key: key("parts"), ChecksumAlgorithm: "CRC32C"}, [][]byte{part, part, []byte("last")})
	if _, err := w.client.CompleteMultipartUpload(t.Context(), complete); err != nil {
		t.Fatal(err)
	}
	in := &awss3.GetObjectAttributesInput{Bucket: b1, Key: key("parts"), ObjectAttributes: types.ObjectAttributesEtag.Values(), MaxParts: aws.Int32(2)}
	got, err := w.client.GetObjectAttributes(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if p := got.ObjectParts; *p.TotalPartsCount != 3 || !*p.IsTruncated || len(p.Parts) != 2 || *p.Parts[1].Size != bucket.MinPart || *p.NextPartNumberMarker != "2" || got.Checksum.ChecksumType != "COMPOSITE" {
		t.Errorf("the first page of parts = %+v", p)
	}
	in.PartNumberMarker = got.ObjectParts.NextPartNumberMarker
	got, err = w.client.GetObjectAttributes(t.Context(), in)
	if err != nil || *got.ObjectParts.IsTruncated || len(got.ObjectParts.Parts) != 1 || *got.ObjectParts.Parts[0].PartNumber != 3 || *got.ObjectParts.Parts[0].Size != 4 {
		t.Errorf("the second page of parts = %+v, %v", got.ObjectParts, err)
	}
}

func TestListObjectVersions(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	for _, k := range []string{"a", "b/1", "b/2", "c", "d\x01"} {
		w.put(t, k, []byte(k))
	}
	for _, size := range []int32{1, 2, 1000} {
		for _, delimiter := range []*string{nil, aws.String("/")} {
			in := &awss3.ListObjectVersionsInput{Bucket: b1, MaxKeys: &size, Delimiter: delimiter, EncodingType: "url"}
			var got []string
			for {
				page, err := w.client.ListObjectVersions(ctx, in)
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range page.Versions {
					if *v.VersionId != "null" || !*v.IsLatest || v.ETag == nil {
						t.Errorf("version %+v", v)
					}
					got = append(got, unescape(t, *v.Key))
				}
				for _, p := range page.CommonPrefixes {
					got = append(got, unescape(t, *p.Prefix))
				}
				if !*page.IsTruncated {
					break
				}
				in.KeyMarker, in.VersionIdMarker = aws.String(unescape(t, *page.NextKeyMarker)), page.NextVersionIdMarker
			}
			want := []string{"a", "b/1", "b/2", "c", "d\x01"}
			if delimiter != nil {
				want = []string{"a", "b/", "c", "d\x01"}
			}
			wantSame(t, want, got)
		}
	}
	_, err := w.client.ListObjectVersions(ctx, &awss3.ListObjectVersionsInput{Bucket: b1, VersionIdMarker: aws.String("null")})
	wantError(t, err, 400, "InvalidArgument")
	_, err = w.client.ListObjectVersions(ctx, &awss3.ListObjectVersionsInput{Bucket: b1, KeyMarker: aws.String("a"), VersionIdMarker: aws.String("x")})
	wantError(t, err, 400, "InvalidArgument")
	_, err = w.client.ListObjectVersions(ctx, &awss3.ListObjectVersionsInput{Bucket: aws.String("absent")})
	wantError(t, err, 404, "NoSuchBucket")
}
