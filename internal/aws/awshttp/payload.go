package awshttp

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"
)

const (
	// maxBody bounds the bodies of every protocol but S3's.
	maxBody = 16 << 20
	// maxEager bounds the S3 bodies that are read and verified before the handler is called. Those of
	// GET, HEAD and DELETE must be below it.
	maxEager = 64 << 10

	streamSigned        = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	streamSignedTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	streamTrailer       = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
)

// A payload reads the body of an S3 request without its framing, and is at io.EOF only if all of it is
// what was signed and promised. Any other end is an *Error, for every Read thereafter.
type payload struct {
	in      io.Reader
	length  int64 // announced; -1 if not
	n       int64
	sha     hash.Hash // nil: the signature says nothing of the body as a whole
	wantSHA string
	sums    []checksum
	chunks  *chunked // nil: not aws-chunked
	err     error
}

// checkPayloadHash returns X-Amz-Content-Sha256 as the signature holds it, if an S3 request may have it.
func checkPayloadHash(c *claim) (string, *Error) {
	switch h := c.payloadHash; {
	case h == "" && c.presigned:
		return unsignedPayload, nil
	case h == "":
		return "", refuse(RESTXML, noPayloadHash, "Missing required header for this request: x-amz-content-sha256")
	case h == unsignedPayload, h == streamSigned, h == streamSignedTrailer, h == streamTrailer, isSHA256(h):
		return h, nil
	case strings.HasPrefix(h, "STREAMING-"):
		return "", refuse(RESTXML, notImplemented, "x-amz-content-sha256 %.64q is not supported; use STREAMING-AWS4-HMAC-SHA256-PAYLOAD[-TRAILER] or STREAMING-UNSIGNED-PAYLOAD-TRAILER", h)
	default:
		return "", refuse(RESTXML, badPayloadHash, "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING- value or a valid sha256 value in lower-case hex")
	}
}

func isSHA256(s string) bool {
	if len(s) != 2*sha256.Size {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isHex(c) || 'A' <= c && c <= 'F' {
			return false
		}
	}
	return true
}

// newPayload reads the body of r, whose signature p has been proven with that payload hash.
func newPayload(r *http.Request, p proof, payloadHash string, ofObject bool) (*payload, *Error) {
	sums, f := bodyChecksums(r.Header, ofObject)
	if f != nil {
		return nil, refuse(RESTXML, f.why, "%s", f.text)
	}
	body := &payload{in: r.Body, length: r.ContentLength, sums: sums}
	announce := strings.ToLower(strings.TrimSpace(first(r.Header, "X-Amz-Trailer")))
	switch payloadHash {
	case unsignedPayload:
	case streamSigned:
		body.chunks = newChunked(r.Body, &p, "")
	case streamSignedTrailer:
		body.chunks = newChunked(r.Body, &p, announce)
	case streamTrailer:
		body.chunks = newChunked(r.Body, nil, announce)
	default:
		body.sha, body.wantSHA = sha256.New(), payloadHash
	}
	if withTrailer := strings.HasSuffix(payloadHash, "-TRAILER"); withTrailer != (announce != "") {
		return nil, refuse(RESTXML, malformedTrailer, "X-Amz-Trailer and an x-amz-content-sha256 ending in -TRAILER go together; one came without the other")
	}
	if body.chunks == nil {
		return body, nil
	}
	length, err := strconv.ParseInt(first(r.Header, "X-Amz-Decoded-Content-Length"), 10, 64)
	if err != nil || length < 0 {
		return nil, refuse(RESTXML, noLength, "an aws-chunked body needs X-Amz-Decoded-Content-Length, the number of bytes without the framing")
	}
	body.in, body.length = body.chunks, length
	return body, nil
}

func (p *payload) Read(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.in.Read(b)
	p.n += int64(n)
	if p.length >= 0 && p.n > p.length {
		p.err = refuse(RESTXML, incompleteBody, "the body has more bytes than the %d announced", p.length)
		return 0, p.err
	}
	if p.sha != nil {
		p.sha.Write(b[:n])
	}
	for i := range p.sums {
		p.sums[i].hash.Write(b[:n])
	}
	if err != nil {
		p.err = p.finish(err)
	}
	return n, p.err
}

// finish turns the error that ended the input into the one that ends the payload.
func (p *payload) finish(err error) error {
	var refusal *Error
	switch {
	case errors.As(err, &refusal):
		return refusal
	case !errors.Is(err, io.EOF):
		// The connection broke or timed out: whatever it was, it was on the client's side.
		return refuse(RESTXML, incompleteBody, "You did not provide the number of bytes specified by the Content-Length HTTP header, or by the chunks' framing")
	case p.length >= 0 && p.n != p.length:
		return refuse(RESTXML, incompleteBody, "the body has %d bytes, and %d were announced", p.n, p.length)
	}
	if p.sha != nil && !equal(hex.AppendEncode(nil, p.sha.Sum(nil)), p.wantSHA) {
		return refuse(RESTXML, payloadChanged, "The provided 'x-amz-content-sha256' header does not match what was computed.")
	}
	for i := range p.sums {
		sum := &p.sums[i]
		if sum.want == nil && !sum.set(first(p.trailer(), http.CanonicalHeaderKey(sum.header))) {
			return refuse(RESTXML, malformedTrailer, "Value for %s trailing header is invalid.", sum.header)
		}
		if !sum.ok() {
			return refuse(RESTXML, badDigest, "The %s you specified did not match the calculated checksum.", sum.header)
		}
	}
	return io.EOF
}

// trailer is the verified trailing headers, nil before io.EOF.
func (p *payload) trailer() http.Header {
	if p.chunks == nil {
		return nil
	}
	return p.chunks.trailer
}

// request returns r as the handler is to see it: with the payload as its body, without the framing
// in its headers. Small bodies have been verified when it returns.
func (p *payload) request(r *http.Request) (*http.Request, *Error) {
	plain := *r
	plain.ContentLength = p.length
	plain.TransferEncoding = nil
	plain.Body = io.NopCloser(p) // net/http closes the connection's own body
	if p.chunks != nil {
		plain.Header = r.Header.Clone()
		unframe(plain.Header, p.length)
	}
	eager := r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodDelete
	if eager && p.length > maxEager {
		return nil, refuse(RESTXML, tooLarge, "a %s has no body of %d bytes", r.Method, p.length)
	}
	if !eager && (p.length < 0 || p.length > maxEager) {
		return &plain, nil
	}
	body, err := readUpTo(p, p.length, maxEager)
	var refusal *Error
	switch {
	case errors.As(err, &refusal):
		return nil, refusal
	case err != nil:
		return nil, refuse(RESTXML, tooLarge, "a %s has no body of more than %d bytes", r.Method, maxEager)
	}
	plain.ContentLength = int64(len(body))
	plain.Body = http.NoBody
	if len(body) > 0 {
		plain.Body = io.NopCloser(bytes.NewReader(body))
	}
	return &plain, nil
}

// unframe makes the headers those of the payload.
func unframe(h http.Header, length int64) {
	h.Set("Content-Length", strconv.FormatInt(length, 10))
	var rest []string
	for _, line := range h["Content-Encoding"] {
		for _, coding := range strings.Split(line, ",") {
			if coding = strings.TrimSpace(coding); coding != "" && coding != "aws-chunked" {
				rest = append(rest, coding)
			}
		}
	}
	h.Del("Content-Encoding")
	if len(rest) > 0 {
		h.Set("Content-Encoding", strings.Join(rest, ","))
	}
}

// errTooLarge is the end of a body above its limit.
var errTooLarge = errors.New("body too large")

// readUpTo reads all of in, of which length bytes are announced (-1: not known), up to a limit.
func readUpTo(in io.Reader, length, limit int64) ([]byte, error) {
	if length > limit {
		return nil, errTooLarge
	}
	// What is announced is not yet sent: memory for the usual sizes at once, for the rest as it comes.
	size := min(max(length, 0), 1<<20)
	buffer := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead))
	if _, err := buffer.ReadFrom(io.LimitReader(in, limit+1)); err != nil {
		return nil, err
	}
	if int64(buffer.Len()) > limit {
		return nil, errTooLarge
	}
	return buffer.Bytes(), nil
}
