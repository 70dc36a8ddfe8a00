package s3_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
)

// older signs a URL as boto3 does unless told otherwise: Signature Version 2. resource is the path with
// the bucket, and the parameters that are signed.
func older(method, resource, extra string, expires time.Time) url.Values {
	at := fmt.Sprint(expires.Unix())
	mac := hmac.New(sha1.New, []byte(awstest.Key().Secret))
	mac.Write([]byte(method + "\n" + extra + at + "\n" + resource))
	return url.Values{
		"AWSAccessKeyId": {awstest.Key().ID}, "Expires": {at},
		"Signature": {base64.StdEncoding.EncodeToString(mac.Sum(nil))},
	}
}

func TestPresignedByTheOlderSignature(t *testing.T) {
	w := newWorld(t, false)
	w.put(t, "dir/a b", []byte("body"))
	soon := time.Now().Add(time.Hour)
	long := time.Now().Add(20 * 365 * 24 * time.Hour)
	with := func(v url.Values, more ...string) url.Values {
		for i := 0; i < len(more); i += 2 {
			v.Add(more[i], more[i+1])
		}
		return v
	}
	for _, c := range []struct {
		name, method, host, path string
		query                    url.Values
		header                   []string
		status                   int
		want                     string
	}{
		{"read", "GET", "", "/b-1/dir/a%20b", older("GET", "/b-1/dir/a%20b", "\n\n", soon), nil, 200, "body"},
		{"for long", "GET", "", "/b-1/dir/a%20b", older("GET", "/b-1/dir/a%20b", "\n\n", long), nil, 200, "body"},
		{"a range", "GET", "", "/b-1/dir/a%20b", older("GET", "/b-1/dir/a%20b", "\n\n", soon), []string{"Range", "bytes=1-2"}, 206, "od"},
		{"by host", "GET", "b-1.localhost:9000", "/dir/a%20b", older("GET", "/b-1/dir/a%20b", "\n\n", soon), nil, 200, "body"},
		{"overridden", "GET", "", "/b-1/dir/a%20b", with(older("GET", "/b-1/dir/a%20b?response-content-type=a/b", "\n\n", soon), "response-content-type", "a/b"), nil, 200, "body"},
		{"write", "PUT", "", "/b-1/new", older("PUT", "/b-1/new", "\n\n", soon), nil, 200, ""},
		{"typed", "PUT", "", "/b-1/new", with(older("PUT", "/b-1/new", "\ntext/csv\n", soon), "content-type", "text/csv"), nil, 200, ""},
		{"typed by header", "PUT", "", "/b-1/new", older("PUT", "/b-1/new", "\ntext/csv\n", soon), []string{"Content-Type", "text/csv"}, 200, ""},
		{"metadata", "PUT", "", "/b-1/new", with(older("PUT", "x-amz-meta-a:1\n/b-1/new", "\n\n", soon), "x-amz-meta-a", "1"), nil, 200, ""},
		{"expired", "GET", "", "/b-1/dir/a%20b", older("GET", "/b-1/dir/a%20b", "\n\n", time.Now().Add(-time.Second)), nil, 403, "<Code>AccessDenied</Code>"},
		{"another key", "GET", "", "/b-1/dir", older("GET", "/b-1/dir/a%20b", "\n\n", soon), nil, 403, "<Code>SignatureDoesNotMatch</Code>"},
		{"another bucket by host", "GET", "b-2.localhost", "/b-1/dir/a%20b", older("GET", "/b-1/dir/a%20b", "\n\n", soon), nil, 403, "<Code>SignatureDoesNotMatch</Code>"},
		{"another method", "DELETE", "", "/b-1/dir/a%20b", older("GET", "/b-1/dir/a%20b", "\n\n", soon), nil, 403, "<Code>SignatureDoesNotMatch</Code>"},
		{"another type", "PUT", "", "/b-1/new", older("PUT", "/b-1/new", "\ntext/csv\n", soon), []string{"Content-Type", "text/plain"}, 403, "<Code>SignatureDoesNotMatch</Code>"},
		{"two types", "PUT", "", "/b-1/new", with(older("PUT", "/b-1/new", "\ntext/csv\n", soon), "content-type", "text/csv"), []string{"Content-Type", "text/plain"}, 400, "<Code>AuthorizationQueryParametersError</Code>"},
		{"a header more", "PUT", "", "/b-1/new", older("PUT", "/b-1/new", "\n\n", soon), []string{"X-Amz-Meta-A", "1"}, 403, "<Code>SignatureDoesNotMatch</Code>"},
		{"a parameter that is not signed", "GET", "", "/b-1", with(older("GET", "/b-1", "\n\n", soon), "list-type", "2"), nil, 400, "<Code>AuthorizationQueryParametersError</Code>"},
		{"a sub-resource more", "PUT", "", "/b-1/dir/a%20b", with(older("PUT", "/b-1/dir/a%20b", "\n\n", soon), "tagging", ""), nil, 403, "<Code>SignatureDoesNotMatch</Code>"},
		{"no expiry", "GET", "", "/b-1/dir/a%20b", url.Values{"AWSAccessKeyId": {awstest.Key().ID}, "Signature": {"x"}}, nil, 400, "<Code>AuthorizationQueryParametersError</Code>"},
		{"two signatures", "GET", "", "/b-1/dir/a%20b", with(older("GET", "/b-1/dir/a%20b", "\n\n", soon), "X-Amz-Signature", "x"), nil, 400, "<Code>InvalidArgument</Code>"},
		{"a parameter twice", "GET", "", "/b-1/dir/a%20b", with(older("GET", "/b-1/dir/a%20b", "\n\n", soon), "Expires", "1"), nil, 400, "<Code>AuthorizationQueryParametersError</Code>"},
		{"another service", "POST", "", "/", older("POST", "/", "\n\n", soon), []string{"X-Amz-Target", "SageMaker.ListFeatureGroups"}, 400, "accepted for S3 only"},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := ""
			if c.method == "PUT" {
				body = "new"
			}
			r, err := http.NewRequestWithContext(t.Context(), c.method, w.server.URL+c.path+"?"+c.query.Encode(), strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Host = c.host
			for i := 0; i < len(c.header); i += 2 {
				r.Header.Set(c.header[i], c.header[i+1])
			}
			if _, got := do(t, w, r, c.status); !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q in it", got, c.want)
			}
		})
	}
	if _, got := w.get(t, &awss3.GetObjectInput{Key: key("new")}); string(got) != "new" {
		t.Errorf("the object is %q", got)
	}
	if out, _ := w.get(t, &awss3.GetObjectInput{Key: key("new")}); out.Metadata["a"] != "1" {
		t.Errorf("metadata %v", out.Metadata)
	}
}
