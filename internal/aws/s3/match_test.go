package s3

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/larder-dev/larder/internal/bucket"
)

func FuzzMatch(f *testing.F) {
	for _, seed := range []struct{ method, host, path, query string }{
		{"GET", "127.0.0.1:9000", "/", ""}, {"PUT", "localhost", "/b/k", "partNumber=1&uploadId=x"}, {"GET", "b.localhost", "/k", "versionId=null"},
		{"POST", "127.0.0.1", "/b", "delete="}, {"DELETE", "x", "/b/../k", "X-Amz-Signature=1"}, {"HEAD", "[::1]:80", "/b/", "x-id=HeadBucket"},
	} {
		f.Add(seed.method, seed.host, seed.path, seed.query)
	}
	service := New(bucket.New(nil, nil, bucket.Options{Account: "123456789012", Region: usEast1}))
	known := map[string]operation{}
	for _, o := range operations() {
		known[o.name] = o
	}
	f.Fuzz(func(t *testing.T, method, host, path, query string) {
		if strings.Contains(host, ".") && !strings.HasSuffix(host, ".localhost") && !strings.HasSuffix(host, ".amazonaws.com") {
			return // such a host asks the index
		}
		r := &http.Request{Method: method, Host: host, URL: &url.URL{Path: path, RawQuery: query}, Header: http.Header{}}
		name := service.Match(r)
		if name == "" {
			return
		}
		o := known[name]
		if o.method != method {
			t.Errorf("%s %s?%s is %s", method, path, query, name)
		}
		for key := range r.URL.Query() {
			if !o.fits(url.Values{key: r.URL.Query()[key]}) && len(o.needs) == 0 {
				t.Errorf("%s takes no parameter %q", name, key)
			}
		}
	})
}

func TestMatch(t *testing.T) {
	service := New(bucket.New(nil, nil, bucket.Options{Account: "123456789012", Region: usEast1}))
	for _, c := range []struct{ method, target, copySource, want string }{
		{"GET", "/", "", "ListBuckets"},
		{"GET", "/?x-id=ListBuckets", "", "ListBuckets"},
		{"PUT", "/b", "", "CreateBucket"},
		{"PUT", "/b/", "", "CreateBucket"},
		{"PUT", "/b?acl", "", "PutBucketAcl"},
		{"PUT", "/b?policy", "", "PutBucketPolicy"},
		{"PUT", "/b?cors", "", ""},
		{"PUT", "/b?lifecycle", "", ""},
		{"PUT", "/b?policy&acl", "", ""},
		{"PUT", "/b?somethingNew", "", ""},
		{"HEAD", "/b", "", "HeadBucket"},
		{"DELETE", "/b", "", "DeleteBucket"},
		{"DELETE", "/b?lifecycle", "", "DeleteBucketLifecycle"},
		{"DELETE", "/b?analytics", "", ""},
		{"GET", "/b", "", "ListObjects"},
		{"GET", "/b?list-type=2&prefix=&delimiter=%2F&encoding-type=url", "", "ListObjectsV2"},
		{"GET", "/b?list-type=3", "", ""},
		{"GET", "/b?location", "", "GetBucketLocation"},
		{"GET", "/b?versions", "", "ListObjectVersions"},
		{"GET", "/b?x-log=1", "", "ListObjects"},
		{"GET", "/b?uploads", "", "ListMultipartUploads"},
		{"POST", "/b?delete", "", "DeleteObjects"},
		{"POST", "/b", "", ""},
		{"PUT", "/b/k", "", "PutObject"},
		{"PUT", "/b/k?x-id=PutObject", "", "PutObject"},
		{"PUT", "/b/k", "/b/src", "CopyObject"},
		{"PUT", "/b/k?tagging", "", "PutObjectTagging"},
		{"PUT", "/b/k?retention", "", ""},
		{"PUT", "/b/k?partNumber=1&uploadId=u", "", "UploadPart"},
		{"PUT", "/b/k?partNumber=1", "", ""},
		{"PUT", "/b/k?partNumber=1&uploadId=u", "/b/src", "UploadPartCopy"},
		{"GET", "/b/k?partNumber=1", "", "GetObject"},
		{"GET", "/b/k?versionId=null&response-content-type=x", "", "GetObject"},
		{"GET", "/b/k?acl", "", "GetObjectAcl"},
		{"GET", "/b/k?attributes", "", "GetObjectAttributes"},
		{"GET", "/b/k?torrent", "", ""},
		{"GET", "/b/k?tagging", "", "GetObjectTagging"},
		{"GET", "/b/k?uploadId=u", "", "ListParts"},
		{"HEAD", "/b/k", "", "HeadObject"},
		{"DELETE", "/b/k", "", "DeleteObject"},
		{"DELETE", "/b/k?uploadId=u", "", "AbortMultipartUpload"},
		{"POST", "/b/k?uploads", "", "CreateMultipartUpload"},
		{"POST", "/b/k?uploadId=u", "", "CompleteMultipartUpload"},
		{"POST", "/b/k?restore", "", ""},
		{"GET", "/b/k?X-Amz-Algorithm=x&X-Amz-Signature=y", "", "GetObject"},
		{"PATCH", "/b/k", "", ""},
		{"OPTIONS", "/b/k", "", ""},
		{"GET", "/b/../k", "", "GetObject"},
		{"GET", "/b//", "", "GetObject"},
	} {
		r := httptest.NewRequest(c.method, "http://127.0.0.1:9000"+c.target, nil)
		if c.copySource != "" {
			r.Header.Set("X-Amz-Copy-Source", c.copySource)
		}
		if got := service.Match(r); got != c.want {
			t.Errorf("%s %s (copy of %q) is %q, want %q", c.method, c.target, c.copySource, got, c.want)
		}
	}
}
