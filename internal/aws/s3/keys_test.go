package s3_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
)

// wantSame compares without regard to order.
func wantSame(t *testing.T, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// hardKeys are keys that some client, server or path cleaner in between has got wrong.
var hardKeys = []string{
	"plain", "a b", "a+b", "ä/ö/日本", "//", "/leading", "trailing/", "a//b", "..", "../../etc/passwd", "a/../b", ".", "./a", "%41", "100%", "a%2Fb", "%zz",
	"q?x=y&z", "#hash", "semi;colon", `quote"'`, "<tag>&amp;", "emoji-🦊", strings.Repeat("x", 1024), strings.Repeat("ä", 512), `a\b`, "*", "~", "a\tb", "a\nb", "a\r\nb",
	"\x01control\x1f", "del\x7f", "nul\x00byte", "a,b", "$a=b@c:d", "c\u0301", "\ufffe\uffff", "\U0010fffd\u2401", " ", " a ", "?tagging", "?uploads", "b-1/nested", "year=2026/month=11/x.parquet",
}

// encodeKey escapes a key for a path, as SDKs do.
func encodeKey(k string) string {
	return strings.ReplaceAll(strings.ReplaceAll(url.QueryEscape(k), "+", "%20"), "%2F", "/")
}

// A style is a way to say which bucket is meant.
type style struct {
	name, host string
	prefix     string // of paths
}

// call sends a signed request for a key, with headers as name and value in turn.
func (w world) call(t *testing.T, s style, method, k, query, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.server.URL+s.prefix+"/"+encodeKey(k)+query, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = s.host
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	awstest.Sign(t, r, awstest.Key(), "s3", awstest.Region, time.Now())
	reply, err := w.server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	got, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply, string(got)
}

// TestHardKeysInEveryOperationAndStyle sends each key through each operation that names a key, by each way of
// addressing.
func TestHardKeysInEveryOperationAndStyle(t *testing.T) {
	for _, s := range []style{
		{"path", "", "/b-1"}, {"localhost", "b-1.localhost:9000", ""}, {"own name", "b-1.larder.internal", ""}, {"Amazon's", "b-1.s3.us-east-1.amazonaws.com", ""},
	} {
		t.Run(s.name, func(t *testing.T) {
			w := newWorld(t, false)
			for _, k := range hardKeys {
				w.useKey(t, s, k)
			}
			w.useListings(t, s)
			w.useDeletes(t, s)
		})
	}
}

func (w world) useKey(t *testing.T, s style, k string) {
	t.Helper()
	step := func(status int, want, method, query, body string, headers ...string) string {
		t.Helper()
		reply, got := w.call(t, s, method, k, query, body, headers...)
		if reply.StatusCode != status || !strings.Contains(got, want) {
			t.Errorf("%s %q%s: %d %.300s, want %d with %q", method, k, query, reply.StatusCode, got, status, want)
		}
		return got
	}
	step(200, "", "PUT", "", "body of "+k)
	step(200, "body of "+k, "GET", "", "")
	step(200, "", "HEAD", "", "")
	step(206, "ody", "GET", "", "", "Range", "bytes=1-3")
	step(200, "", "PUT", "?tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>")
	step(200, "<Value>1</Value>", "GET", "?tagging", "")
	step(200, "<ObjectSize>", "GET", "?attributes", "", "X-Amz-Object-Attributes", "ObjectSize")
	step(200, "FULL_CONTROL", "GET", "?acl", "")
	step(200, "<ETag>", "PUT", "", "", "X-Amz-Copy-Source", "/b-1/"+encodeKey(k), "X-Amz-Metadata-Directive", "REPLACE", "X-Amz-Meta-Copied", "yes")
	var up struct{ UploadId string }
	unmarshal(t, step(200, "<UploadId>", "POST", "?uploads", ""), &up)
	id := "uploadId=" + url.QueryEscape(up.UploadId)
	step(200, "", "PUT", "?partNumber=1&"+id, "part")
	var part struct{ ETag string }
	unmarshal(t, step(200, "<ETag>", "PUT", "?partNumber=2&"+id, "", "X-Amz-Copy-Source", "b-1/"+encodeKey(k)), &part)
	step(200, "<PartNumber>2</PartNumber>", "GET", "?"+id, "")
	step(200, "<ETag>", "POST", "?"+id, "<CompleteMultipartUpload><Part><PartNumber>2</PartNumber><ETag>"+part.ETag+"</ETag></Part></CompleteMultipartUpload>")
	step(200, "body of "+k, "GET", "", "")
	unmarshal(t, step(200, "<UploadId>", "POST", "?uploads", ""), &up)
	step(204, "", "DELETE", "?uploadId="+url.QueryEscape(up.UploadId), "")
}

// unmarshal reads a document, of which only elements without keys are looked at.
func unmarshal(t *testing.T, text string, into any) {
	t.Helper()
	if i := strings.LastIndex(text, "</Key>"); i >= 0 { // keys may have what XML has not
		text = text[:strings.Index(text, "<Key>")] + text[i+len("</Key>"):]
	}
	if err := xml.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

func (w world) useListings(t *testing.T, s style) {
	t.Helper()
	root := style{host: s.host, prefix: s.prefix}
	for _, query := range []string{"?list-type=2&encoding-type=url", "?encoding-type=url", "?versions&encoding-type=url"} {
		reply, body := w.call(t, root, "GET", "", query, "")
		var page struct {
			Contents []struct{ Key string }
			Version  []struct{ Key string }
		}
		if err := xml.Unmarshal([]byte(body), &page); err != nil || reply.StatusCode != 200 {
			t.Fatalf("%s: %d, %v", query, reply.StatusCode, err)
		}
		var got []string
		for _, o := range slices.Concat(page.Contents, page.Version) {
			got = append(got, unescape(t, o.Key))
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(hardKeys)), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	for _, k := range hardKeys { // each is found by itself
		_, body := w.call(t, root, "GET", "", "?list-type=2&encoding-type=url&max-keys=1&prefix="+url.QueryEscape(k), "")
		if !strings.Contains(body, "<Key>"+encodeKey(k)+"</Key>") && !strings.Contains(body, "<Key>"+strings.ReplaceAll(encodeKey(k), "~", "%7E")+"</Key>") {
			t.Errorf("prefix %q finds %s", k, body)
		}
	}
}

func (w world) useDeletes(t *testing.T, s style) {
	t.Helper()
	var raw, references strings.Builder
	for i, k := range hardKeys {
		switch i % 3 {
		case 0:
			if reply, body := w.call(t, s, "DELETE", k, "", ""); reply.StatusCode != 204 {
				t.Errorf("DELETE %q: %d %s", k, reply.StatusCode, body)
			}
		case 1:
			raw.WriteString("<Object><Key>" + escapeMarkup(k) + "</Key></Object>")
		case 2:
			references.WriteString("<Object><Key>")
			for _, r := range k {
				fmt.Fprintf(&references, "&#x%X;", r)
			}
			references.WriteString("</Key></Object>")
		}
	}
	for _, c := range []struct{ quiet, keys string }{{"", raw.String()}, {"<Quiet>true</Quiet>", references.String()}} {
		reply, body := w.call(t, style{host: s.host, prefix: s.prefix}, "POST", "", "?delete", "<Delete>"+c.quiet+c.keys+"</Delete>")
		if reply.StatusCode != 200 || strings.Contains(body, "<Error>") || strings.Contains(body, "<Deleted>") != (c.quiet == "") {
			t.Errorf("DeleteObjects: %d %s", reply.StatusCode, body)
		}
	}
	list, err := w.client.ListObjectsV2(t.Context(), &awss3.ListObjectsV2Input{Bucket: b1, EncodingType: "url"})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range list.Contents {
		t.Errorf("%s is still there", *o.Key)
	}
}

// escapeMarkup writes a key as a careless client does: what XML has not stays as it is.
func escapeMarkup(k string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;").Replace(k)
}

func TestDocumentsShowControlCharactersAsReferences(t *testing.T) {
	w := newWorld(t, false)
	w.put(t, "a\x01\ufffe\U0010fffdb", nil)
	_, body := w.call(t, style{prefix: "/b-1"}, "GET", "", "?list-type=2", "")
	if want := "<Key>a&#x1;&#xfffe;\U0010fffdb</Key>"; !strings.Contains(body, want) {
		t.Errorf("%s, want %s in it", body, want)
	}
}

func TestDeleteObjectsByETag(t *testing.T) {
	w := newWorld(t, false)
	tag := w.put(t, "a", []byte("1")).ETag
	w.put(t, "b", []byte("2"))
	w.put(t, "c", []byte("3"))
	out, err := w.client.DeleteObjects(t.Context(), &awss3.DeleteObjectsInput{Bucket: b1, Delete: &types.Delete{Objects: []types.ObjectIdentifier{
		{Key: key("a"), ETag: tag}, {Key: key("b"), ETag: tag}, {Key: key("c")}, {Key: key("absent"), ETag: tag}, {Key: key("c"), VersionId: aws.String("v")},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	var deleted, failed []string
	for _, d := range out.Deleted {
		deleted = append(deleted, *d.Key)
	}
	for _, e := range out.Errors {
		failed = append(failed, *e.Key+" "+*e.Code)
	}
	wantSame(t, []string{"a", "c"}, deleted)
	wantSame(t, []string{"b PreconditionFailed", "absent NoSuchKey", "c NoSuchVersion"}, failed)
	_, err = w.client.HeadObject(t.Context(), &awss3.HeadObjectInput{Bucket: b1, Key: key("b")})
	if err != nil {
		t.Errorf("b is gone: %v", err)
	}
}
