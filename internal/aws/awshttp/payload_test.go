package awshttp_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
)

const (
	streamSigned        = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	streamSignedTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	streamTrailer       = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
)

// A stream is an aws-chunked upload to be signed, framed, and spoilt on the way.
type stream struct {
	mode     string   // X-Amz-Content-Sha256
	chunks   []string // data
	trailer  string   // "name:value"
	announce string   // X-Amz-Trailer; "" is that of the trailer
	decoded  int      // X-Amz-Decoded-Content-Length; 0 is right
	head     []string // further headers, signed
	framed   func(body string) string
}

// request signs the stream: the request and the chunks by the SDK's signers, the trailer, which they have no
// signer for, by hand.
func (s stream) request(t *testing.T, f *fixture) *http.Request {
	t.Helper()
	head := append([]string{"X-Amz-Content-Sha256: " + s.mode, "Content-Encoding: gzip,aws-chunked"}, s.head...)
	size := s.decoded
	if size == 0 {
		size = len(strings.Join(s.chunks, ""))
	}
	if size >= 0 {
		head = append(head, fmt.Sprintf("X-Amz-Decoded-Content-Length: %d", size))
	}
	name, _, _ := strings.Cut(s.trailer, ":")
	if s.announce != "" {
		name = s.announce
	}
	if name != "" {
		head = append(head, "X-Amz-Trailer: "+name)
	}
	r := sign(t, f.request(t, "PUT", "/bucket/key", "", head...), "s3")
	_, seed, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
	body := s.frame(t, seed)
	if s.framed != nil {
		body = s.framed(body)
	}
	r.Body, r.ContentLength = readCloser(body), int64(len(body))
	return r
}

func (s stream) frame(t *testing.T, seed string) string {
	t.Helper()
	var b strings.Builder
	previous, err := hex.DecodeString(seed)
	if err != nil {
		t.Fatal(err)
	}
	c := aws.Credentials{AccessKeyID: awstest.Key().ID, SecretAccessKey: awstest.Key().Secret}
	// An event-stream message without headers has the text to sign of a chunk.
	signer := v4.NewStreamSigner(c, "s3", awstest.Region, previous)
	for _, data := range append(s.chunks, "") {
		fmt.Fprintf(&b, "%x", len(data))
		if s.mode != streamTrailer {
			if previous, err = signer.GetSignature(context.Background(), nil, []byte(data), noon); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, ";chunk-signature=%x", previous)
		}
		b.WriteString("\r\n")
		if data != "" {
			b.WriteString(data + "\r\n")
		}
	}
	if s.trailer != "" {
		b.WriteString(s.trailer + "\r\n")
	}
	if s.mode == streamSignedTrailer {
		b.WriteString("x-amz-trailer-signature:" + trailerSignature(previous, s.trailer) + "\r\n")
	}
	return b.String() + "\r\n"
}

func trailerSignature(previous []byte, trailer string) string {
	mac := func(key []byte, text string) []byte {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	key := []byte("AWS4" + awstest.Key().Secret)
	for _, part := range []string{"20261123", awstest.Region, "s3", "aws4_request"} {
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, fmt.Sprintf("AWS4-HMAC-SHA256-TRAILER\n20261123T120000Z\n20261123/%s/s3/aws4_request\n%x\n%s",
		awstest.Region, previous, hexSHA256(trailer+"\n"))))
}

func crc32Of(body string) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(body))))
}

// big is above the size that is verified before the handler is called, and below the one above which net/http
// closes a connection rather than read what a refusal left.
var big = strings.Repeat("0123456789abcdef", 8<<10)

func TestChunkedBodies(t *testing.T) {
	sum := "x-amz-checksum-crc32:" + crc32Of(big+"tail")
	chunks := []string{big[:100000], big[100000:], "tail"}
	for _, c := range []struct {
		name   string
		stream stream
		want   string
	}{
		{"signed", stream{mode: streamSigned, chunks: chunks}, "trailer map[])"},
		{"signed with a trailer", stream{mode: streamSignedTrailer, chunks: chunks, trailer: sum}, "trailer map[X-Amz-Checksum-Crc32:[" + crc32Of(big+"tail") + "]])"},
		{"trailer alone", stream{mode: streamTrailer, chunks: chunks, trailer: sum}, "trailer map[X-Amz-Checksum-Crc32:[" + crc32Of(big+"tail") + "]])"},
		{"with a checksum header", stream{mode: streamSigned, chunks: chunks, head: []string{"X-Amz-Checksum-Crc32: " + crc32Of(big+"tail")}}, "trailer map[])"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := atNoon(t)
			o := f.do(t, c.stream.request(t, f))
			want := fmt.Sprintf(`s3.PutObject(/bucket/key, %d bytes %s, length %d, encoding "gzip", %s`, len(big)+4, hexSHA256(big + "tail")[:8], len(big)+4, c.want)
			if got := f.called(); o.Status != 200 || len(got) != 1 || got[0] != want {
				t.Errorf("status %d, called %q, want %q: %s", o.Status, got, want, o.Body)
			}
		})
	}
}

func TestEmptyChunkedBody(t *testing.T) {
	f := atNoon(t)
	for _, s := range []stream{
		{mode: streamSigned},
		{mode: streamTrailer, trailer: "x-amz-checksum-crc32:AAAAAA=="},
		{mode: streamSignedTrailer, trailer: "x-amz-checksum-crc32:AAAAAA=="},
	} {
		if o := f.do(t, s.request(t, f)); o.Status != 200 {
			t.Errorf("%s: status %d: %s", s.mode, o.Status, o.Body)
		}
	}
}

// Each stream here is spoilt, small (refused before the handler is called) and big (its read
// fails before the end).
func TestSpoiltStreamsAreRefused(t *testing.T) {
	replace := func(old, new string) func(string) string {
		return func(body string) string {
			if !strings.Contains(body, old) {
				panic("nothing to spoil: " + old)
			}
			return strings.Replace(body, old, new, 1)
		}
	}
	sumOf := func(body string) string { return "x-amz-checksum-crc32:" + crc32Of(body) }
	for size, pad := range map[string]string{"small": "", "big": big} {
		body := pad + "the last chunk"
		chunks := []string{pad + "the last", " chunk"}
		for _, c := range []struct {
			name   string
			stream stream
			want   string
		}{
			{"chunk changed", stream{mode: streamSigned, chunks: chunks, framed: replace("the last", "the lost")}, "403 s3:SignatureDoesNotMatch"},
			{"last chunk changed", stream{mode: streamSigned, chunks: chunks, framed: replace(" chunk", " chump")}, "403 s3:SignatureDoesNotMatch"},
			{"last chunk lost", stream{mode: streamSigned, chunks: chunks, framed: func(b string) string {
				at := strings.Index(b, "6;chunk-signature")
				return b[:at] + b[strings.LastIndex(b, "0;chunk-signature"):]
			}}, "403 s3:SignatureDoesNotMatch"},
			{"end lost", stream{mode: streamSigned, chunks: chunks, framed: func(b string) string { return b[:strings.Index(b, "0;chunk")] }}, "400 s3:IncompleteBody"},
			{"last CRLF lost", stream{mode: streamSigned, chunks: chunks, framed: func(b string) string { return b[:len(b)-2] }}, "400 s3:IncompleteBody"},
			{"signature lost", stream{mode: streamSigned, chunks: chunks, framed: replace("chunk-signature", "chunk-x")}, "400 s3:InvalidRequest"},
			{"bytes behind the end", stream{mode: streamSigned, chunks: chunks, framed: func(b string) string { return b + "x" }}, "400 s3:InvalidRequest"},
			{"size unreadable", stream{mode: streamSigned, chunks: chunks, framed: func(b string) string { return "-" + b }}, "400 s3:InvalidRequest"},
			{"line without end", stream{mode: streamTrailer, chunks: chunks, trailer: sumOf(body), framed: func(b string) string { return strings.Repeat("0", 300) + b }}, "400 s3:InvalidRequest"},
			{"decoded length too small", stream{mode: streamSigned, chunks: chunks, decoded: len(body) - 1}, "400 s3:IncompleteBody"},
			{"decoded length too large", stream{mode: streamSigned, chunks: chunks, decoded: len(body) + 1}, "400 s3:IncompleteBody"},
			{"decoded length missing", stream{mode: streamSigned, chunks: chunks, decoded: -1}, "411 s3:MissingContentLength"},
			{"trailer changed, signed", stream{mode: streamSignedTrailer, chunks: chunks, trailer: sumOf(body), framed: replace(sumOf(body), sumOf("x"))}, "403 s3:SignatureDoesNotMatch"},
			{"trailer signature lost", stream{mode: streamSignedTrailer, chunks: chunks, trailer: sumOf(body), framed: func(b string) string {
				return b[:strings.Index(b, "x-amz-trailer-signature")] + "\r\n"
			}}, "403 s3:SignatureDoesNotMatch"},
			{"body changed, checksum in trailer", stream{mode: streamTrailer, chunks: chunks, trailer: sumOf(body), framed: replace("the last", "the lost")}, "400 s3:BadDigest"},
			{"trailer wrong from the start", stream{mode: streamSignedTrailer, chunks: chunks, trailer: sumOf("x")}, "400 s3:BadDigest"},
			{"trailer no checksum", stream{mode: streamTrailer, chunks: chunks, trailer: "x-amz-checksum-crc32:###"}, "400 s3:MalformedTrailerError"},
			{"trailer lost", stream{mode: streamTrailer, chunks: chunks, trailer: sumOf(body), framed: replace(sumOf(body)+"\r\n", "")}, "400 s3:MalformedTrailerError"},
			{"trailer twice", stream{mode: streamTrailer, chunks: chunks, trailer: sumOf(body), framed: replace(sumOf(body)+"\r\n", sumOf(body)+"\r\n"+sumOf(body)+"\r\n")}, "400 s3:MalformedTrailerError"},
			{"trailer not announced", stream{mode: streamTrailer, chunks: chunks, trailer: sumOf(body), announce: "x-amz-checksum-sha1"}, "400 s3:MalformedTrailerError"},
			{"trailer of an unknown kind", stream{mode: streamTrailer, chunks: chunks, trailer: "x-amz-checksum-xxhash64:AAAA"}, "501 s3:NotImplemented"},
			{"trailer that is no checksum", stream{mode: streamTrailer, chunks: chunks, trailer: "x-amz-meta-a:b"}, "400 s3:MalformedTrailerError"},
			{"trailer announced, and none in the mode", stream{mode: streamSigned, chunks: chunks, announce: "x-amz-checksum-crc32"}, "400 s3:MalformedTrailerError"},
			{"no trailer announced, and one in the mode", stream{mode: streamTrailer, chunks: chunks}, "400 s3:MalformedTrailerError"},
			{"extension of an unsigned chunk", stream{mode: streamTrailer, chunks: chunks, trailer: sumOf(body), framed: replace("\r\n", ";a=b\r\n")}, "400 s3:InvalidRequest"},
			{"checksum header", stream{mode: streamSigned, chunks: chunks, head: []string{"X-Amz-Checksum-Crc32: " + crc32Of("x")}}, "400 s3:BadDigest"},
			{"unknown mode", stream{mode: "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", chunks: chunks}, "501 s3:NotImplemented"},
		} {
			t.Run(c.name+"/"+size, func(t *testing.T) {
				f := atNoon(t)
				mustRefuse(t, f, c.stream.request(t, f), c.want)
			})
		}
	}
}

func TestChecksumHeaders(t *testing.T) {
	cases := []struct{ name, head, want string }{
		{"crc32", "X-Amz-Checksum-Crc32: y/Q5Jg==", ""},
		{"crc32c", "X-Amz-Checksum-Crc32c: 4waSgw==", ""},
		{"crc64nvme", "X-Amz-Checksum-Crc64nvme: rosUhgp5mIg=", ""},
		{"sha1", "X-Amz-Checksum-Sha1: 98O8HYCOBHMq32eZZczDTKeuNEE=", ""},
		{"sha256", "X-Amz-Checksum-Sha256: FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=", ""},
		{"md5", "Content-Md5: JfnnlDI7RTiF9RgfG2JNCw==", ""},
		{"algorithm alone", "X-Amz-Sdk-Checksum-Algorithm: CRC32", ""},
		{"wrong crc32", "X-Amz-Checksum-Crc32: AAAAAA==", "400 s3:BadDigest"},
		{"wrong crc64nvme", "X-Amz-Checksum-Crc64nvme: AAAAAAAAAAA=", "400 s3:BadDigest"},
		{"wrong md5", "Content-Md5: AAAAAAAAAAAAAAAAAAAAAA==", "400 s3:BadDigest"},
		{"short md5", "Content-Md5: AAAA", "400 s3:InvalidDigest"},
		{"short crc32", "X-Amz-Checksum-Crc32: AAAA", "400 s3:InvalidRequest"},
		{"unknown", "X-Amz-Checksum-Xxhash3: AAAAAAAAAAA=", "501 s3:NotImplemented"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := atNoon(t)
			r := sign(t, f.request(t, "PUT", "/bucket/key", "123456789", c.head), "s3")
			if c.want != "" {
				mustRefuse(t, f, r, c.want)
				return
			}
			if o := f.do(t, r); o.Status != 200 {
				t.Errorf("status %d: %s", o.Status, o.Body)
			}
		})
	}
}

func TestTwoChecksumsAreRefused(t *testing.T) {
	f := atNoon(t)
	r := f.request(t, "PUT", "/bucket/key", "123456789", "X-Amz-Checksum-Crc32: y/Q5Jg==", "X-Amz-Checksum-Crc32c: 4waSgw==")
	mustRefuse(t, f, sign(t, r, "s3"), "400 s3:InvalidRequest")
}

func TestChecksumsOfTheObjectAreNotThoseOfTheBody(t *testing.T) {
	f := atNoon(t)
	r := f.request(t, "POST", "/bucket/key?uploadId=1", "<Complete/>", "X-Amz-Checksum-Crc32: AAAAAA==")
	if o := f.do(t, sign(t, r, "s3")); o.Status != 200 {
		t.Errorf("status %d: %s", o.Status, o.Body)
	}
}

func TestBigBodyChangedAfterSigningFailsBeforeItsEnd(t *testing.T) {
	f := atNoon(t)
	r := sign(t, f.request(t, "PUT", "/bucket/key", big), "s3")
	r.Body = readCloser(strings.Replace(big, "f", "x", 1))
	mustRefuse(t, f, r, "400 s3:XAmzContentSHA256Mismatch")
}

func TestPayloadHashOfS3IsRequired(t *testing.T) {
	f := atNoon(t)
	r := f.request(t, "PUT", "/bucket/key", "x")
	r.Header.Set("X-Amz-Content-Sha256", hexSHA256("x"))
	sign(t, r, "s3")
	r.Header.Del("X-Amz-Content-Sha256")
	mustRefuse(t, f, r, "400 s3:InvalidRequest")
	for _, value := range []string{"x", strings.ToUpper(hexSHA256("x")), "UNSIGNED"} {
		mustRefuse(t, f, sign(t, f.request(t, "PUT", "/bucket/key", "x", "X-Amz-Content-Sha256: "+value), "s3"), "400 s3:InvalidArgument")
	}
}

func TestUnsignedPayloadIsForS3Only(t *testing.T) {
	f := atNoon(t)
	unsigned := "X-Amz-Content-Sha256: UNSIGNED-PAYLOAD"
	if o := f.do(t, sign(t, f.request(t, "PUT", "/bucket/key", "x", unsigned), "s3")); o.Status != 200 {
		t.Errorf("s3: status %d: %s", o.Status, o.Body)
	}
	mustRefuse(t, f, sign(t, f.request(t, "POST", "/", "{}", echoTarget, unsigned), "sagemaker"), "400 json:InvalidSignatureException")
	mustRefuse(t, f, sign(t, f.request(t, "PUT", "/FeatureGroup/g", "{}", unsigned), "sagemaker"), "403 rest:InvalidSignatureException")
}

func TestBodiesOfDeleteAreVerifiedBeforeItHappens(t *testing.T) {
	f := atNoon(t)
	r := sign(t, f.request(t, "DELETE", "/bucket/key", ""), "s3")
	r.Body, r.ContentLength = readCloser("added"), 5
	mustRefuse(t, f, r, "400 s3:XAmzContentSHA256Mismatch")
	r = sign(t, f.request(t, "DELETE", "/bucket/key", big), "s3")
	mustRefuse(t, f, r, "400 s3:EntityTooLarge")
}

func TestBodyCutShortIsRefused(t *testing.T) {
	f := atNoon(t)
	r := sign(t, f.request(t, "PUT", "/bucket/key", big), "s3")
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader(big[:5000]), brokenReader{}))
	if o := f.serve(r); statusAndCode(o) != "400 s3:IncompleteBody" || len(f.called()) != 0 {
		t.Errorf("called %q, status %d: %s", f.called(), o.Status, o.Body)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// The SDK's own S3 client: over HTTP it signs the body's hash, over TLS it sends trailing checksums.
func TestSDKUploads(t *testing.T) {
	for scheme, serve := range map[string]func(http.Handler) *httptest.Server{"http": httptest.NewServer, "https": httptest.NewTLSServer} {
		f := newFixture(t, nil, serve)
		client := awss3.NewFromConfig(awstest.Config(f.Server), func(o *awss3.Options) { o.UsePathStyle = true })
		for _, algorithm := range []types.ChecksumAlgorithm{"", "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "SHA512"} {
			for _, body := range []string{"", "small", big} {
				_, err := client.PutObject(context.Background(), &awss3.PutObjectInput{
					Bucket: aws.String("bucket"), Key: aws.String("a key/é"), Body: bytes.NewReader([]byte(body)), ChecksumAlgorithm: algorithm,
				})
				if err != nil {
					t.Errorf("%s, %s, %d bytes: %v", scheme, algorithm, len(body), err)
				}
			}
		}
		url, err := awss3.NewPresignClient(client).PresignGetObject(context.Background(), &awss3.GetObjectInput{
			Bucket: aws.String("bucket"), Key: aws.String("a key"), ExpectedBucketOwner: aws.String(awstest.Account),
		}, awss3.WithPresignExpires(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequest("GET", url.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		if o := f.do(t, r); o.Status != 200 || o.Body != "content" {
			t.Errorf("%s: presigned: status %d: %s", scheme, o.Status, o.Body)
		}
	}
}
