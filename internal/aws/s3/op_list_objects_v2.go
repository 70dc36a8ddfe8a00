package s3

import (
	"context"

	"github.com/larder-dev/larder/internal/bucket"
)

// ListObjectsV2: GET /{Bucket}?list-type=2, s3:ListBucket
//
// Supported: continuation-token, delimiter, encoding-type, fetch-owner, max-keys, prefix, start-after.
// Refused:   nothing.
// Differs:   the pages of a listing show one version of what feature groups' tables wrote, for an hour; what clients put and
// delete shows as it stands, as in S3.
func (s *service) listObjectsV2(ctx context.Context, r *request) error {
	p := bucket.Page{After: r.query.Get("start-after")}
	token := r.query.Get("continuation-token")
	if r.query.Has("continuation-token") {
		from, ok := decodeToken(token)
		if !ok {
			return badToken(token)
		}
		p.After, p.Version, p.SkipPrefix = from.after, from.at, true
	}
	out, l, encode, err := s.list(ctx, r, p, r.query.Get("fetch-owner") == "true")
	if err != nil {
		return err
	}
	out.Prefix = encode(string(out.Prefix)) // in version 1 it stays as it is, and SDKs know
	count := len(out.Contents) + len(out.CommonPrefixes)
	out.KeyCount = &count
	out.StartAfter = encode(r.query.Get("start-after"))
	out.ContinuationToken = token
	if l.More {
		out.NextContinuationToken = encodeToken(place{l.Last, l.Version})
	}
	return r.writeXML(out)
}

var listObjectsV2Members = members(`Bucket ContinuationToken Delimiter EncodingType ExpectedBucketOwner FetchOwner MaxKeys
	OptionalObjectAttributes Prefix RequestPayer StartAfter`)
