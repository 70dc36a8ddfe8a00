package s3

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/bucket"
)

// GetObject: GET /{Bucket}/{Key}, s3:GetObject
//
// Supported: one Range, partNumber, If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since, If-Range with an ETag,
// response-*, x-amz-checksum-mode.
// Refused:   versionId other than null, SSE-C.
// Differs:   several ranges in one header are not honoured and the whole object is sent. partNumber sends no
// checksum of the part.
func (s *service) getObject(ctx context.Context, r *request) error {
	o, span, partial, err := s.look(ctx, r)
	if err != nil || o == nil {
		return err
	}
	body, err := s.store.Open(ctx, o)
	if err != nil {
		return err
	}
	defer body.Close() // it was only read
	length := span.Last - span.First + 1
	if _, err := body.Seek(span.First, io.SeekStart); err != nil {
		return fmt.Errorf("seek in %s: %w", o.Key, err)
	}
	r.setReadHeaders(o, span, partial)
	return r.send(o, io.LimitReader(body, length), length)
}

// look finds the object and the bytes of it that are asked for. It is nil if the caller has it
// already, and has been told.
func (s *service) look(ctx context.Context, r *request) (*bucket.Object, bucket.Range, bool, error) {
	if err := r.version(); err != nil {
		return nil, bucket.Range{}, false, err
	}
	o, err := s.store.Get(ctx, r.object())
	if err != nil {
		return nil, bucket.Range{}, false, err
	}
	unchanged, err := r.readIf("").Check(o, "If-")
	if err != nil {
		return nil, bucket.Range{}, false, err
	}
	if unchanged {
		h := r.w.Header()
		setObjectHeaders(h, o)
		h.Del("Content-Type")
		r.w.WriteHeader(http.StatusNotModified)
		return nil, bucket.Range{}, false, nil
	}
	span, partial, err := r.span(o)
	return o, span, partial, err
}

// sendChunk is how much of an object is read and written at a time.
const sendChunk = 256 << 10

// send writes the bytes. Headers are out: of a fault the client learns by the missing rest.
func (r *request) send(o *bucket.Object, body io.Reader, length int64) error {
	buffer := make([]byte, min(length, sendChunk))
	for sent := int64(0); sent < length; {
		n, err := body.Read(buffer)
		if n > 0 {
			if _, err := r.w.Write(buffer[:n]); err != nil {
				return nil // the client has gone, and cannot be told
			}
			sent += int64(n)
		}
		if err != nil && sent < length {
			return fmt.Errorf("read %s of bucket %s at %d of %d: %w", o.Key, o.Bucket, sent, length, err)
		}
	}
	return nil
}

// span returns the bytes that are asked for.
func (r *request) span(o *bucket.Object) (bucket.Range, bool, error) {
	whole := bucket.Range{First: 0, Last: o.Size - 1}
	header := r.header.Get("Range")
	if text := r.query.Get("partNumber"); text != "" {
		if header != "" {
			return whole, false, invalidRequest("Cannot specify both Range header and partNumber query parameter")
		}
		n, err := r.number("partNumber", 0, 1, bucket.MaxParts)
		if err != nil {
			return whole, false, err
		}
		return partSpan(o, n)
	}
	if tag := r.header.Get("If-Range"); tag != "" && !bucket.MatchETag(tag, o.ETag) {
		return whole, false, nil
	}
	span, partial, err := bucket.ParseRange(header, o.Size)
	if err != nil || !partial {
		return whole, false, err
	}
	return span, true, nil
}

// partSpan returns the bytes of a part of a multipart object; another object is its first part.
func partSpan(o *bucket.Object, n int) (bucket.Range, bool, error) {
	parts := partsOf(o)
	if n > max(parts, 1) {
		return bucket.Range{}, false, &awshttp.Error{
			Status: http.StatusRequestedRangeNotSatisfiable, Code: "InvalidPartNumber", Message: "The requested partnumber is not satisfiable",
			Members: map[string]any{"PartNumberRequested": strconv.Itoa(n), "ActualPartCount": strconv.Itoa(max(parts, 1))},
		}
	}
	if parts == 0 || o.Size == 0 {
		return bucket.Range{First: 0, Last: o.Size - 1}, o.Size > 0, nil
	}
	first := int64(0)
	for _, blob := range o.Blobs[:n-1] {
		first += blob.Size
	}
	return bucket.Range{First: first, Last: first + o.Blobs[n-1].Size - 1}, true, nil
}

// partsOf returns how many parts an object was made of, 0 if it was put in one. An object whose
// parts cannot be told from its blobs any more counts as one.
func partsOf(o *bucket.Object) int {
	_, count, multipart := strings.Cut(o.ETag, "-")
	if n, err := strconv.Atoi(count); multipart && err == nil && n == len(o.Blobs) {
		return n
	}
	return 0
}

func (r *request) setReadHeaders(o *bucket.Object, span bucket.Range, partial bool) {
	h := r.w.Header()
	setObjectHeaders(h, o)
	for name := range r.query {
		if header, ok := strings.CutPrefix(name, "response-"); ok {
			h.Set(header, r.query.Get(name))
		}
	}
	if strings.EqualFold(r.header.Get("X-Amz-Checksum-Mode"), "ENABLED") && !partial {
		setChecksums(h, o.Checksums)
	}
	if n := partsOf(o); n > 0 && r.query.Has("partNumber") {
		h.Set("X-Amz-Mp-Parts-Count", strconv.Itoa(n))
	}
	h.Set("Content-Length", strconv.FormatInt(span.Last-span.First+1, 10))
	if !partial {
		r.w.WriteHeader(http.StatusOK)
		return
	}
	h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", span.First, span.Last, o.Size))
	r.w.WriteHeader(http.StatusPartialContent)
}

var getObjectMembers = members(`Bucket Key ChecksumMode ExpectedBucketOwner IfMatch IfModifiedSince IfNoneMatch IfUnmodifiedSince PartNumber
	Range RequestPayer ResponseCacheControl ResponseContentDisposition ResponseContentEncoding
	ResponseContentLanguage ResponseContentType ResponseExpires SSECustomerAlgorithm SSECustomerKey
	SSECustomerKeyMD5 VersionId`,
	noted("Range", "one range; of several the whole object is sent"),
)
