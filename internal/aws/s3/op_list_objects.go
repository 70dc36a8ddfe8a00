package s3

import (
	"context"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
)

// ListObjects: GET /{Bucket}, s3:ListBucket
//
// Supported: delimiter, encoding-type, marker, max-keys, prefix.
// Refused:   nothing.
// Differs:   a page is consistent, pages are not among each other, as in S3.
func (s *service) listObjects(ctx context.Context, r *request) error {
	marker := r.query.Get("marker")
	p := bucket.Page{After: marker, SkipPrefix: strings.HasSuffix(marker, r.query.Get("delimiter"))}
	out, l, encode, err := s.list(ctx, r, p, true)
	if err != nil {
		return err
	}
	text := encode(marker)
	out.Marker = &text
	if l.More && out.Delimiter != "" { // S3 names it only where the last key does not
		out.NextMarker = encode(l.Last)
	}
	return r.writeXML(out)
}
