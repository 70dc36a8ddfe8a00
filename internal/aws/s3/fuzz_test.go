package s3

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
)

// newFuzzed serves a store in memory that has the bucket "b-1" with three objects.
func newFuzzed(t testing.TB) *httptest.Server {
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
	store := bucket.New(db.Objects(), blobs, bucket.Options{Account: awstest.Account, Region: usEast1})
	if err := store.CreateBucket(t.Context(), "b-1"); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"a", "d/1", "d/2"} {
		if _, err := store.Put(t.Context(), bucket.ObjectRef{Bucket: "b-1", Key: k}, strings.NewReader(k), bucket.Content{}, nil); err != nil {
			t.Fatal(err)
		}
	}
	return awstest.NewServer(t, New(store))
}

// FuzzBodies sends any document to every operation that reads one: the answer is never a fault.
func FuzzBodies(f *testing.F) {
	paths := []struct{ method, path string }{
		{"POST", "/b-1?delete"}, {"PUT", "/b-1?tagging"}, {"PUT", "/b-1/a?tagging"}, {"PUT", "/b-1?acl"}, {"PUT", "/b-1?encryption"}, {"PUT", "/b-1?publicAccessBlock"},
		{"PUT", "/b-1?ownershipControls"}, {"PUT", "/b-1?versioning"}, {"PUT", "/b-1?policy"}, {"PUT", "/b-2"}, {"POST", "/b-1/a?uploadId=x"},
	}
	for i, seed := range []string{
		`<Delete><Object><Key>a&#x1;</Key><VersionId>null</VersionId></Object><Quiet>true</Quiet></Delete>`,
		`<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>`, `<Tagging xmlns="x"/>`,
		`<AccessControlPolicy><Owner><ID>x</ID></Owner><AccessControlList><Grant><Grantee xsi:type="CanonicalUser"/></Grant></AccessControlList></AccessControlPolicy>`,
		`<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`,
		`<PublicAccessBlockConfiguration><BlockPublicAcls>maybe</BlockPublicAcls></PublicAccessBlockConfiguration>`,
		`<OwnershipControls><Rule/></OwnershipControls>`, `<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>`,
		`{"Statement":{"Effect":"Allow","Principal":{"AWS":["1"]},"Action":["s3:*"],"Resource":"arn:aws:s3:::b-1"}}`,
		`<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>`,
		`<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"x"</ETag></Part></CompleteMultipartUpload>`,
	} {
		f.Add(uint8(i), []byte(seed))
	}
	server := newFuzzed(f)
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		p := paths[int(which)%len(paths)]
		r, err := http.NewRequestWithContext(t.Context(), p.method, server.URL+p.path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if reply, text := awstest.Do(t, server, r, "s3"); reply.StatusCode >= 500 && reply.StatusCode != http.StatusNotImplemented {
			t.Errorf("%s %s: %d %s", p.method, p.path, reply.StatusCode, text)
		}
	})
}

// FuzzListings sends any parameters to the listings: what is answered is XML that can be read back,
// and a page is never longer than it may be.
func FuzzListings(f *testing.F) {
	for _, seed := range []string{
		"list-type=2&prefix=d/&delimiter=/&max-keys=1&encoding-type=url", "marker=a&max-keys=0", "versions&key-marker=a&version-id-marker=null",
		"uploads&prefix=%00&max-uploads=1&key-marker=x&upload-id-marker=y", "list-type=2&continuation-token=AWEAAAAA", "max-keys=-1", "delimiter=%EF%BF%BE&prefix=%01",
	} {
		f.Add(seed)
	}
	server := newFuzzed(f)
	f.Fuzz(func(t *testing.T, query string) {
		if strings.Contains(query, "#") {
			return
		}
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/b-1?"+values.Encode(), nil)
		if err != nil {
			return
		}
		reply, text := awstest.Do(t, server, r, "s3")
		if reply.StatusCode >= 500 && reply.StatusCode != http.StatusNotImplemented {
			t.Errorf("%s: %d %s", query, reply.StatusCode, text)
		}
		var page struct {
			MaxKeys  *int
			Contents []struct{ Key string }
		}
		if reply.StatusCode != http.StatusOK || values.Get("encoding-type") != "url" {
			return
		}
		if err := xml.Unmarshal(text, &page); err != nil && utf8.ValidString(query) && !strings.Contains(string(text), "&#x") {
			t.Errorf("%s: %v: %s", query, err, text)
		}
		if page.MaxKeys != nil && len(page.Contents) > *page.MaxKeys {
			t.Errorf("%s: %d keys, may be %d", query, len(page.Contents), *page.MaxKeys)
		}
	})
}

// FuzzKeyText sends any key through XML and back.
func FuzzKeyText(f *testing.F) {
	for _, seed := range []string{"", "a\x00b\x1f", mark, mark + mark + "\u2401", "\ufffe", "&#x1;", "<&>", "\r\n\t"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, key string) {
		if !utf8.ValidString(key) {
			return
		}
		type document struct{ Key keyText }
		text, err := xml.Marshal(document{keyText(key)})
		if err != nil {
			t.Fatal(err)
		}
		var back document
		if err := xml.Unmarshal(text, &back); err != nil || string(back.Key) != key {
			t.Errorf("%q is %q in XML and %q back: %v", key, text, back.Key, err)
		}
		var plain bytes.Buffer // as a client may send it
		plain.WriteString("<document><Key>")
		for i, r := range key {
			switch {
			case strings.ContainsRune("&<>\r", r) || i%2 == 0:
				plain.WriteString("&#" + strings.Repeat("0", i%3) + strconv.Itoa(int(r)) + ";")
			default:
				plain.WriteRune(r)
			}
		}
		plain.WriteString("</Key></document>")
		if err := xml.Unmarshal(disguiseBody(plain.Bytes()), &back); err != nil || string(back.Key) != key {
			t.Errorf("%q is read as %q from %q: %v", key, back.Key, plain.String(), err)
		}
	})
}

// FuzzHeaders reads what else comes from outside as text: sources and ranges of copies, tags, policies.
func FuzzHeaders(f *testing.F) {
	for _, seed := range []string{"/b/k?versionId=null", "b/%ZZ", "bytes=0-5", "bytes=5-0", "a=1&b=%C3%A4", "a&a", `{"Statement":[]}`, `{"Statement":{"Principal":{"AWS":"*"}}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := &request{header: http.Header{"X-Amz-Copy-Source": {text}, tagHeader: {text}}}
		if from, err := r.copySource(); err == nil && (from.Key == "" || strings.Contains(from.Bucket, "/")) {
			t.Errorf("%q is the source %+v", text, from)
		}
		if span, err := copyRange(text); err == nil && (span.First < 0 || span.First > span.Last) {
			t.Errorf("%q is the range %+v", text, span)
		}
		if tags, err := r.headerTags(); err == nil {
			list, err := tagsOf(tags)
			if err != nil || tagText(list) != tags || len(list) > maxObjectTags {
				t.Errorf("%q are the tags %q, and read again %v, %v", text, tags, list, err)
			}
		}
		_ = checkPolicy("b-1", text) // it must not panic
	})
}
