package s3

import (
	"context"

	"github.com/larder-dev/larder/internal/bucket"
)

// ListObjectsV2: GET /{Bucket}?list-type=2, s3:ListBucket
//
// Supported: continuation-token, delimiter, encoding-type, fetch-owner, max-keys, prefix, start-after.
// Refused:   nothing.
// Differs:   a page is consistent, pages are not among each other, as in S3.
func (s *service) listObjectsV2(ctx context.Context, r *request) error {
	p := bucket.Page{After: r.query.Get("start-after")}
	token := r.query.Get("continuation-token")
	if r.query.Has("continuation-token") {
		var ok bool
		if p.After, ok = decodeToken(token); !ok {
			return badToken(token)
		}
		p.SkipPrefix = true
	}
	out, l, encode, err := s.list(ctx, r, p, r.query.Get("fetch-owner") == "true")
	if err != nil {
		return err
	}
	out.Prefix = encode(out.Prefix) // in version 1 it stays as it is, and SDKs know
	count := len(out.Contents) + len(out.CommonPrefixes)
	out.KeyCount = &count
	out.StartAfter = encode(r.query.Get("start-after"))
	out.ContinuationToken = token
	if l.More {
		out.NextContinuationToken = encodeToken(l.Last)
	}
	return r.writeXML(out)
}
