package s3_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
	"github.com/larder-dev/larder/internal/aws/s3"
	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
)

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

func unescape(t *testing.T, s string) string {
	t.Helper()
	out, err := url.QueryUnescape(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestPagesShowOneVersionOfTables replaces a table's files between two pages, as a compaction does.
func TestPagesShowOneVersionOfTables(t *testing.T) {
	fs := vfs.NewMem()
	db, err := embedded.Open("/data/db", fs, embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() // the test reads what was committed, not what is closed
	blobs, err := blob.Open("/data/blobs", fs)
	if err != nil {
		t.Fatal(err)
	}
	store := bucket.New(db.Objects(), blobs, bucket.Options{Account: awstest.Account, Region: awstest.Region})
	w := world{server: awstest.NewServer(t, s3.New(store))}
	w.client = awss3.NewFromConfig(awstest.Config(w.server), func(o *awss3.Options) { o.UsePathStyle = true })
	if err := store.CreateBucket(t.Context(), *b1); err != nil {
		t.Fatal(err)
	}
	stage := func(k string) *bucket.Object {
		o, err := store.Stage(t.Context(), bucket.ObjectRef{Bucket: *b1, Key: k}, strings.NewReader(k), bucket.Content{}, &bucket.Rows{Count: 1})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	files := []string{"t/1", "t/2", "t/3", "t/4"}
	var flush, compaction bucket.Change
	for _, k := range files {
		flush.Put = append(flush.Put, stage(k))
		compaction.Replace = append(compaction.Replace, bucket.ObjectRef{Bucket: *b1, Key: k})
	}
	compaction.Put = []*bucket.Object{stage("t/5")}
	if err := db.Objects().Commit(t.Context(), flush); err != nil {
		t.Fatal(err)
	}
	two := aws.Int32(2)
	page2, err := w.client.ListObjectsV2(t.Context(), &awss3.ListObjectsV2Input{Bucket: b1, MaxKeys: two})
	if err != nil {
		t.Fatal(err)
	}
	page1, err := w.client.ListObjects(t.Context(), &awss3.ListObjectsInput{Bucket: b1, MaxKeys: two})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Objects().Commit(t.Context(), compaction); err != nil {
		t.Fatal(err)
	}
	var got, old, present []string
	next, err := w.client.ListObjectsV2(t.Context(), &awss3.ListObjectsV2Input{Bucket: b1, ContinuationToken: page2.NextContinuationToken})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range slices.Concat(page2.Contents, next.Contents) {
		got = append(got, *o.Key)
	}
	wantSame(t, files, got)
	marked, err := w.client.ListObjects(t.Context(), &awss3.ListObjectsInput{Bucket: b1, Marker: page1.Contents[1].Key})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range slices.Concat(page1.Contents, marked.Contents) {
		old = append(old, *o.Key)
	}
	wantSame(t, files, old)
	for _, k := range files { // who listed them can read them
		if _, body := w.get(t, &awss3.GetObjectInput{Key: key(k)}); string(body) != k {
			t.Errorf("%s reads %q", k, body)
		}
	}
	now, err := w.client.ListObjectsV2(t.Context(), &awss3.ListObjectsV2Input{Bucket: b1})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range now.Contents {
		present = append(present, *o.Key)
	}
	wantSame(t, []string{"t/5"}, present)
}
