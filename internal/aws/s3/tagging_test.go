package s3_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// tags returns an object's tags as Key=Value.
func (w world) tags(t *testing.T, name string) []string {
	t.Helper()
	out, err := w.client.GetObjectTagging(t.Context(), &awss3.GetObjectTaggingInput{Bucket: b1, Key: key(name)})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, tag := range out.TagSet {
		all = append(all, *tag.Key+"="+*tag.Value)
	}
	return all
}

func wantTags(t *testing.T, w world, name string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, w.tags(t, name)); diff != "" {
		t.Errorf("tags of %s (-want +got):\n%s", name, diff)
	}
}

func TestObjectTags(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	put, err := w.client.PutObject(ctx, &awss3.PutObjectInput{Bucket: b1, Key: key("k"), Body: strings.NewReader("body"), Tagging: aws.String("a=1&b%20c=%C3%A4%2B"), Metadata: map[string]string{"m": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	wantTags(t, w, "k", "a=1", "b c=ä+")
	before, err := w.client.HeadObject(ctx, &awss3.HeadObjectInput{Bucket: b1, Key: key("k")})
	if err != nil || aws.ToInt32(before.TagCount) != 2 {
		t.Errorf("HeadObject = %+v, %v", before, err)
	}
	tagging := &types.Tagging{TagSet: []types.Tag{{Key: aws.String("z"), Value: aws.String("")}}}
	if _, err := w.client.PutObjectTagging(ctx, &awss3.PutObjectTaggingInput{Bucket: b1, Key: key("k"), Tagging: tagging}); err != nil {
		t.Fatal(err)
	}
	wantTags(t, w, "k", "z=")
	after, body := w.get(t, &awss3.GetObjectInput{Key: key("k")})
	if string(body) != "body" || *after.ETag != *put.ETag || !after.LastModified.Equal(*before.LastModified) || after.Metadata["m"] != "1" || *after.TagCount != 1 {
		t.Errorf("GetObject after PutObjectTagging = %+v", after)
	}
	if _, err := w.client.DeleteObjectTagging(ctx, &awss3.DeleteObjectTaggingInput{Bucket: b1, Key: key("k")}); err != nil {
		t.Fatal(err)
	}
	wantTags(t, w, "k")
	if out, _ := w.get(t, &awss3.GetObjectInput{Key: key("k")}); out.TagCount != nil {
		t.Errorf("TagCount = %d of an object without tags", *out.TagCount)
	}
	_, err = w.client.PutObjectTagging(ctx, &awss3.PutObjectTaggingInput{Bucket: b1, Key: key("absent"), Tagging: tagging})
	wantError(t, err, 404, "NoSuchKey")
	_, err = w.client.GetObjectTagging(ctx, &awss3.GetObjectTaggingInput{Bucket: aws.String("absent"), Key: key("k")})
	wantError(t, err, 404, "NoSuchBucket")
}

func TestRefusedTags(t *testing.T) {
	w := newWorld(t, false)
	w.put(t, "k", nil)
	long := func(n int) string { return strings.Repeat("ä", n) }
	for _, c := range []struct {
		name string
		tags [][2]string
		code string
	}{
		{"longest", [][2]string{{long(128), long(256)}}, ""},
		{"key too long", [][2]string{{long(129), ""}}, "InvalidTag"},
		{"value too long", [][2]string{{"a", long(257)}}, "InvalidTag"},
		{"no key", [][2]string{{"", "a"}}, "InvalidTag"},
		{"twice", [][2]string{{"a", "1"}, {"a", "2"}}, "InvalidTag"},
		{"Amazon's", [][2]string{{"aws:a", "1"}}, "InvalidTag"},
		{"character", [][2]string{{"a", "<1>"}}, "InvalidTag"},
		{"every other character", [][2]string{{"+-=._:/@ 1", "+-=._:/@ 日本"}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var set []types.Tag
			for _, tag := range c.tags {
				set = append(set, types.Tag{Key: aws.String(tag[0]), Value: aws.String(tag[1])})
			}
			_, err := w.client.PutObjectTagging(t.Context(), &awss3.PutObjectTaggingInput{Bucket: b1, Key: key("k"), Tagging: &types.Tagging{TagSet: set}})
			if got := codeOf(err); got != c.code {
				t.Errorf("err = %v, want %q", err, c.code)
			}
		})
	}
}

func TestTagsOfCopiesAndUploads(t *testing.T) {
	w := newWorld(t, false)
	ctx := t.Context()
	if _, err := w.client.PutObject(ctx, &awss3.PutObjectInput{Bucket: b1, Key: key("src"), Body: strings.NewReader("x"), Tagging: aws.String("a=1"), Metadata: map[string]string{"m": "1"}, StorageClass: "STANDARD_IA"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		in   awss3.CopyObjectInput
		tags []string
		meta map[string]string
	}{
		{"plain", awss3.CopyObjectInput{Tagging: aws.String("b=2")}, []string{"a=1"}, map[string]string{"m": "1"}},
		{"tags", awss3.CopyObjectInput{TaggingDirective: "REPLACE", Tagging: aws.String("b=2")}, []string{"b=2"}, map[string]string{"m": "1"}},
		{"no-tags", awss3.CopyObjectInput{TaggingDirective: "REPLACE"}, nil, map[string]string{"m": "1"}},
		{"metadata", awss3.CopyObjectInput{MetadataDirective: "REPLACE", Metadata: map[string]string{"n": "2"}}, []string{"a=1"}, map[string]string{"n": "2"}},
		{"both", awss3.CopyObjectInput{MetadataDirective: "REPLACE", TaggingDirective: "REPLACE", Tagging: aws.String("b=2")}, []string{"b=2"}, map[string]string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.in.Bucket, c.in.Key, c.in.CopySource = b1, key(c.name), aws.String("b-1/src")
			if _, err := w.client.CopyObject(ctx, &c.in); err != nil {
				t.Fatal(err)
			}
			wantTags(t, w, c.name, c.tags...)
			out, _ := w.get(t, &awss3.GetObjectInput{Key: key(c.name)})
			if !cmp.Equal(out.Metadata, c.meta, cmpopts.EquateEmpty()) || out.StorageClass != "" {
				t.Errorf("metadata %v, storage class %q; want %v and the standard one", out.Metadata, out.StorageClass, c.meta)
			}
		})
	}
	_, err := w.client.CopyObject(ctx, &awss3.CopyObjectInput{Bucket: b1, Key: key("src"), CopySource: aws.String("b-1/src"), TaggingDirective: "REPLACE"})
	wantError(t, err, 400, "InvalidRequest")
	_, err = w.client.CopyObject(ctx, &awss3.CopyObjectInput{Bucket: b1, Key: key("x"), CopySource: aws.String("b-1/src"), TaggingDirective: "MERGE"})
	wantError(t, err, 400, "InvalidArgument")
	if _, err := w.client.CopyObject(ctx, &awss3.CopyObjectInput{Bucket: b1, Key: key("src"), CopySource: aws.String("b-1/src"), StorageClass: "INTELLIGENT_TIERING"}); err != nil {
		t.Errorf("copy to itself with another storage class: %v", err)
	}
	wantTags(t, w, "src", "a=1")
	complete, _ := w.upload(t, &awss3.CreateMultipartUploadInput{Key: key("parts"), Tagging: aws.String("p=1"), StorageClass: "GLACIER_IR"}, [][]byte{[]byte("small")})
	if _, err := w.client.CompleteMultipartUpload(ctx, complete); err != nil {
		t.Fatal(err)
	}
	wantTags(t, w, "parts", "p=1")
	list, err := w.client.ListObjectsV2(ctx, &awss3.ListObjectsV2Input{Bucket: b1})
	if err != nil {
		t.Fatal(err)
	}
	classes := map[string]types.ObjectStorageClass{}
	for _, o := range list.Contents {
		classes[*o.Key] = o.StorageClass
	}
	if classes["parts"] != "GLACIER_IR" || classes["src"] != "INTELLIGENT_TIERING" || classes["plain"] != "STANDARD" {
		t.Errorf("storage classes %v", classes)
	}
}

func TestTagsAndOverwritesTogether(t *testing.T) {
	w := newWorld(t, false)
	w.put(t, "k", []byte("0"))
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for n := range 10 {
				body := []byte(fmt.Sprint(i, n))
				if _, err := w.client.PutObject(t.Context(), &awss3.PutObjectInput{Bucket: b1, Key: key("k"), Body: bytes.NewReader(body)}); err != nil {
					t.Error(err)
				}
				_, err := w.client.PutObjectTagging(t.Context(), &awss3.PutObjectTaggingInput{Bucket: b1, Key: key("k"), Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("a"), Value: aws.String(fmt.Sprint(i))}}}})
				if code := codeOf(err); code != "" && code != "OperationAborted" {
					t.Error(err)
				}
				out, got := w.get(t, &awss3.GetObjectInput{Key: key("k")})
				if want := `"` + md5hex(got) + `"`; *out.ETag != want {
					t.Errorf("the object is %q with ETag %s", got, *out.ETag)
				}
			}
		})
	}
	wg.Wait()
}
