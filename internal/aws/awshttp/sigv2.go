package awshttp

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/larder-dev/larder/internal/access"
)

// Signature Version 2 in the query string, for S3 alone: boto3 presigns with it unless told
// otherwise. It signs the method, Content-MD5, Content-Type, the expiry, all X-Amz headers, the bucket with
// the path, and of the query string the parameters of olderParameters. What else a query string
// has would be anybody's to add, so here nothing else may be in it.

// olderParameters are the query parameters that the signature is of.
var olderParameters = []string{
	"accelerate", "acl", "cors", "delete", "lifecycle", "location", "logging", "notification", "object-lock", "partNumber", "policy",
	"replication", "requestPayment", "response-cache-control", "response-content-disposition", "response-content-encoding",
	"response-content-language", "response-content-type", "response-expires", "tagging", "uploadId", "uploads", "versionId",
	"versioning", "versions", "website",
}

// isOlder tells a query string that has a signature of Version 2.
func isOlder(query url.Values) bool { return query.Has("AWSAccessKeyId") }

// readOlderClaim reads a signature of Version 2. The claim's request is r without its signature:
// headers that stand in the query string, where presigners put them, are headers again.
func readOlderClaim(r *http.Request, params url.Values) (claim, *flaw) {
	c := claim{
		presigned: true, service: "s3",
		keyID: params.Get("AWSAccessKeyId"), signature: params.Get("Signature"), stamp: params.Get("Expires"),
	}
	seconds, err := strconv.ParseInt(c.stamp, 10, 64)
	if err != nil || seconds < 0 || c.signature == "" {
		return c, &flaw{presignMalformed, "Query-string authentication version 2 requires the Signature, Expires and AWSAccessKeyId parameters; Expires is a number of seconds since 1970"}
	}
	c.at = time.Unix(seconds, 0)
	plain := *r
	plain.Header = r.Header.Clone()
	rest := url.Values{}
	for name, values := range params {
		if len(values) != 1 {
			return c, &flaw{presignMalformed, "the query parameter " + strconv.Quote(name) + " is there twice"}
		}
		lower := strings.ToLower(name)
		switch {
		case name == "AWSAccessKeyId" || name == "Signature" || name == "Expires":
		case strings.HasPrefix(lower, "x-amz-") || lower == "content-type" || lower == "content-md5":
			if strings.ContainsFunc(values[0], unicode.IsControl) { // as no header can, and the text to sign has lines
				return c, &flaw{presignMalformed, "the query parameter " + strconv.Quote(name) + " is no header's value"}
			}
			if held, ok := plain.Header[http.CanonicalHeaderKey(name)]; ok && !slices.Equal(held, values) {
				return c, &flaw{presignMalformed, name + " is in the query string and in the headers, and is not the same"}
			}
			plain.Header.Set(name, values[0])
		case slices.Contains(olderParameters, name):
			rest[name] = values
		default:
			return c, &flaw{presignMalformed, "a signature of version 2 does not cover the query parameter " + strconv.Quote(name) + "; sign with " + algorithm}
		}
	}
	plain.URL = new(url.URL)
	*plain.URL = *r.URL
	plain.URL.RawQuery = rest.Encode()
	c.older = &plain
	c.payloadHash = first(plain.Header, "X-Amz-Content-Sha256")
	if strings.HasPrefix(c.payloadHash, "STREAMING-AWS4") {
		return c, &flaw{presignMalformed, "signed chunks do not go with a signature of version 2; sign with " + algorithm}
	}
	return c, nil
}

// verifyOlder proves that the holder of key signed r, whose bucket is named by its host unless
// bucket is "".
func verifyOlder(r *http.Request, c *claim, key access.Key, bucket string) *Error {
	mac := hmac.New(sha1.New, []byte(key.Secret))
	mac.Write([]byte(olderText(r, c, bucket)))
	if !equal([]byte(base64.StdEncoding.EncodeToString(mac.Sum(nil))), c.signature) {
		return refuse(RESTXML, wrongSignature, "The request signature we calculated does not match the signature you provided. Check your key and signing method.")
	}
	return nil
}

// olderText is what a signature of Version 2 is of.
func olderText(r *http.Request, c *claim, bucket string) string {
	var b strings.Builder
	for _, line := range []string{r.Method, first(r.Header, "Content-Md5"), first(r.Header, "Content-Type"), c.stamp} {
		b.WriteString(line + "\n")
	}
	for _, name := range slices.SortedFunc(maps.Keys(r.Header), func(x, y string) int { return cmp.Compare(strings.ToLower(x), strings.ToLower(y)) }) {
		if !strings.HasPrefix(name, "X-Amz-") {
			continue
		}
		var values []string
		for _, v := range r.Header[name] {
			values = append(values, strings.TrimSpace(v))
		}
		b.WriteString(strings.ToLower(name) + ":" + strings.Join(values, ",") + "\n")
	}
	if bucket != "" {
		b.WriteString("/" + bucket)
	}
	b.WriteString(cmp.Or(r.URL.EscapedPath(), "/"))
	query := r.URL.Query()
	between := "?"
	for _, name := range slices.Sorted(maps.Keys(query)) {
		b.WriteString(between + name)
		if value := query.Get(name); value != "" {
			b.WriteString("=" + value)
		}
		between = "&"
	}
	return b.String()
}
