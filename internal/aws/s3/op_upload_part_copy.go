package s3

import (
	"context"
	"encoding/xml"
	"errors"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
)

// UploadPartCopy: PUT /{Bucket}/{Key}?partNumber&uploadId with x-amz-copy-source, s3:PutObject and s3:GetObject
//
// Supported: x-amz-copy-source-range, x-amz-copy-source-if-*.
// Refused:   SSE-C, versions of the source.
// Differs:   none known.
func (s *service) uploadPartCopy(ctx context.Context, r *request) error {
	n, err := r.partNumber()
	if err != nil {
		return err
	}
	from, err := r.copySource()
	if err != nil {
		return err
	}
	if text := r.header.Get("X-Amz-Copy-Source-Range"); text != "" {
		if from.Range, err = copyRange(text); err != nil {
			return err
		}
	}
	p, err := s.store.CopyPart(ctx, r.upload(), n, from)
	var e *bucket.Error
	if errors.As(err, &e) && e.Reason == bucket.RangeUnsatisfied { // not the 416 of a read
		return invalidArgument("x-amz-copy-source-range", r.header.Get("X-Amz-Copy-Source-Range"), "%s", e.Error())
	}
	if err != nil {
		return err
	}
	out := copyXML{LastModified: stamp(p.Modified), ETag: quoted(p.ETag), checksumXML: checksumsXML(p.Checksums)}
	out.XMLName = xml.Name{Space: namespace, Local: "CopyPartResult"}
	return r.writeXML(out)
}

// copyRange reads bytes=first-last, the only form that S3 takes here.
func copyRange(text string) (*bucket.Range, error) {
	spec, ok := strings.CutPrefix(text, "bytes=")
	first, last, dash := strings.Cut(spec, "-")
	var span bucket.Range
	var err, err2 error
	span.First, err = strconv.ParseInt(first, 10, 64)
	span.Last, err2 = strconv.ParseInt(last, 10, 64)
	if !ok || !dash || errors.Join(err, err2) != nil || span.First < 0 || span.Last < span.First {
		return nil, invalidArgument("x-amz-copy-source-range", text, "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy")
	}
	return &span, nil
}

var uploadPartCopyMembers = members(`Bucket CopySource Key PartNumber UploadId CopySourceIfMatch CopySourceIfModifiedSince CopySourceIfNoneMatch
	CopySourceIfUnmodifiedSince CopySourceRange CopySourceSSECustomerAlgorithm CopySourceSSECustomerKey
	CopySourceSSECustomerKeyMD5 ExpectedBucketOwner ExpectedSourceBucketOwner RequestPayer SSECustomerAlgorithm
	SSECustomerKey SSECustomerKeyMD5`)
