package s3

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/bucket"
)

// maxMetadata is what the names and values of x-amz-meta headers may have together.
const maxMetadata = 2 << 10

// always are the X-Amz headers that any request may have: they sign, trace, or demand what is
// true or checked of every request. The C++ SDK, which pyarrow has, sends its API's version.
var always = []string{
	"x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-amz-user-agent", "x-amz-expected-bucket-owner", "x-amz-request-payer",
	"x-amz-api-version", "x-amz-cf-id", "x-amz-te",
}

// signing are the parameters of a presigned URL that are not headers moved there.
var signing = []string{
	"x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-signedheaders", "x-amz-signature", "x-amz-security-token", "x-amz-content-sha256",
}

// headers returns the headers of a request. Those who presign a URL may move X-Amz headers into
// its query string, where they are signed like all of it.
func headers(r *http.Request, query url.Values) http.Header {
	h, cloned := r.Header, false
	for name, values := range query {
		lower := strings.ToLower(name)
		if !strings.HasPrefix(lower, "x-amz-") || slices.Contains(signing, lower) {
			continue
		}
		if !cloned {
			h, cloned = h.Clone(), true
		}
		h[http.CanonicalHeaderKey(name)] = values
	}
	return h
}

// checkHeaders refuses what the operation does not understand. S3 ignores headers that it does not
// know; here one that asks for something must not be dropped in silence.
func checkHeaders(o operation, h http.Header) error {
	for name, values := range h {
		name = strings.ToLower(name)
		if !strings.HasPrefix(name, "x-amz-") || slices.Contains(always, name) || slices.Contains(o.headers, name) {
			continue
		}
		if strings.HasPrefix(name, "x-amz-meta-") && slices.Contains(o.headers, "x-amz-storage-class") {
			continue
		}
		if strings.HasPrefix(name, "x-amz-grant-") {
			return noACL()
		}
		if o.method != http.MethodGet && o.method != http.MethodHead || strings.Contains(name, "customer") {
			return notImplemented("A header you provided implies functionality that is not implemented: %s: %s.", name, strings.Join(values, ","))
		}
	}
	return checkValues(h)
}

// checkValues refuses the values that are not honoured of headers that are understood.
func checkValues(h http.Header) error {
	switch acl := h.Get("X-Amz-Acl"); acl {
	case "", "private", "bucket-owner-full-control": // what every object has
	default:
		return noACL()
	}
	switch class := h.Get(classHeader); class {
	case "", standard, "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "REDUCED_REDUNDANCY":
	case "GLACIER", "DEEP_ARCHIVE", "EXPRESS_ONEZONE", "OUTPOSTS", "SNOW", "FSX_OPENZFS", "FSX_ONTAP":
		return notImplemented("The storage class %q is not implemented: use one whose objects are read without being restored.", class)
	default:
		return &awshttp.Error{Status: http.StatusBadRequest, Code: "InvalidStorageClass", Message: "The storage class you specified is not valid: " + class + "."}
	}
	switch kind := h.Get("X-Amz-Server-Side-Encryption"); kind {
	case "", "AES256", "aws:kms":
	default:
		return notImplemented("The server-side encryption %q is not implemented: use AES256 or aws:kms.", kind)
	}
	if h.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id") != "" && h.Get("X-Amz-Server-Side-Encryption") != "aws:kms" {
		return invalidArgument("x-amz-server-side-encryption-aws-kms-key-id", "", "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms")
	}
	return nil
}

func noACL() error {
	return &awshttp.Error{Status: http.StatusBadRequest, Code: "AccessControlListNotSupported", Message: "The bucket does not allow ACLs. Leave the ACL out, or ask for private or bucket-owner-full-control."}
}

// classHeader is under what the storage class is kept, if it is not the standard one.
const (
	classHeader = "X-Amz-Storage-Class"
	standard    = "STANDARD"
)

// kept are the headers of a write that readers get back.
var kept = []string{
	"Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Type", "Expires",
	"X-Amz-Server-Side-Encryption", "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", "X-Amz-Server-Side-Encryption-Bucket-Key-Enabled",
}

// newHeaders picks the headers that are kept with a new object: its own, its tags and the encryption
// of its bucket.
func (s *service) newHeaders(ctx context.Context, r *request) (map[string]string, error) {
	out, err := objectHeaders(r.header)
	if err != nil {
		return nil, err
	}
	tags, err := r.headerTags()
	if err != nil {
		return nil, err
	}
	if tags != "" {
		out[tagHeader] = tags
	}
	return out, s.encrypt(ctx, r, out)
}

// objectHeaders picks the headers that are kept with an object and that readers get back.
func objectHeaders(h http.Header) (map[string]string, error) {
	out := map[string]string{}
	for _, name := range kept {
		if v := strings.Join(h.Values(name), ","); v != "" {
			out[name] = v
		}
	}
	if class := h.Get(classHeader); class != "" && class != standard {
		out[classHeader] = class
	}
	size := 0
	for name, values := range h {
		if short, ok := strings.CutPrefix(name, "X-Amz-Meta-"); ok {
			out[name] = strings.Join(values, ",")
			size += len(short) + len(out[name])
		}
	}
	if size > maxMetadata {
		return nil, &awshttp.Error{
			Status: http.StatusBadRequest, Code: "MetadataTooLarge", Message: "Your metadata headers exceed the maximum allowed metadata size.",
			Members: map[string]any{"Size": strconv.Itoa(size), "MaxSizeAllowed": strconv.Itoa(maxMetadata)},
		}
	}
	return out, nil
}

// content reads how a body is kept. That it is what its headers and trailer say has been proven
// when it has been read to its end.
func (r *request) content() (bucket.Content, error) {
	switch n := r.Request.ContentLength; {
	case n < 0:
		return bucket.Content{}, &awshttp.Error{Status: http.StatusLengthRequired, Code: "MissingContentLength", Message: "You must provide the Content-Length HTTP header."}
	case n > bucket.MaxPut:
		return bucket.Content{}, &awshttp.Error{
			Status: http.StatusBadRequest, Code: "EntityTooLarge", Message: "Your proposed upload exceeds the maximum allowed size. Use a multipart upload.",
			Members: map[string]any{"ProposedSize": n, "MaxSizeAllowed": int64(bucket.MaxPut)},
		}
	}
	var c bucket.Content
	asked := strings.ToUpper(r.header.Get("X-Amz-Sdk-Checksum-Algorithm"))
	for _, algorithm := range bucket.Algorithms() {
		if r.header.Get(checksumHeader(algorithm)) != "" || strings.EqualFold(strings.TrimSpace(r.header.Get("X-Amz-Trailer")), checksumHeader(algorithm)) {
			c.Checksums = append(c.Checksums, algorithm)
		}
	}
	switch trailer := r.header.Get("X-Amz-Trailer"); {
	case trailer != "" && len(c.Checksums) == 0:
		return c, notImplemented("The checksum of the trailer %s is not implemented: use one of %s.", trailer, strings.Join(bucket.Algorithms(), ", "))
	case asked == "" || slices.Contains(c.Checksums, asked):
		return c, nil
	case len(c.Checksums) == 0:
		return c, invalidRequest("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.")
	}
	return c, invalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid: %s.", asked)
}

func checksumHeader(algorithm string) string {
	return http.CanonicalHeaderKey("x-amz-checksum-" + algorithm)
}

// only reads the conditions of a write. If-None-Match of a write is * or nothing.
func (r *request) only() (func(held *bucket.Object) error, error) {
	o := bucket.Only{IfMatch: r.header.Get("If-Match"), IfNoneMatch: r.header.Get("If-None-Match")}
	if o.IfNoneMatch != "" && o.IfNoneMatch != "*" {
		return nil, notImplemented("A header you provided implies functionality that is not implemented: If-None-Match of a write takes * alone, not %s.", o.IfNoneMatch)
	}
	if o.IfMatch != "" && o.IfNoneMatch != "" {
		return nil, notImplemented("A header you provided implies functionality that is not implemented: If-Match together with If-None-Match.")
	}
	return o.Check(), nil
}

// readIf reads the conditions of a read, whose names begin with prefix. A date that cannot be
// read is no condition (RFC 9110 §13.1.3).
func (r *request) readIf(prefix string) bucket.ReadIf {
	c := bucket.ReadIf{Match: r.header.Get(prefix + "If-Match"), NoneMatch: r.header.Get(prefix + "If-None-Match")}
	if t, err := http.ParseTime(r.header.Get(prefix + "If-Modified-Since")); err == nil {
		c.ModifiedSince = t
	}
	if t, err := http.ParseTime(r.header.Get(prefix + "If-Unmodified-Since")); err == nil {
		c.UnmodifiedSince = t
	}
	return c
}

// version refuses versions: an object has one, which S3 calls null.
func (r *request) version() error {
	if id := r.query.Get("versionId"); r.query.Has("versionId") && id != "null" {
		return invalidArgument("versionId", id, "Invalid version id specified: buckets have no versions here.")
	}
	return nil
}

// number reads a query parameter that counts, between low and high; what is above is high.
func (r *request) number(name string, otherwise, low, high int) (int, error) {
	return number(name, r.query.Get(name), otherwise, low, high)
}

func number(name, text string, otherwise, low, high int) (int, error) {
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < int64(low) {
		return 0, invalidArgument(name, text, "Provided %s not an integer or within integer range.", name)
	}
	return int(min(n, int64(high))), nil
}
