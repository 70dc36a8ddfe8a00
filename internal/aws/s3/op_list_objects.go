package s3

import (
	"context"

	"github.com/larder-dev/larder/internal/bucket"
)

// ListObjects: GET /{Bucket}, s3:ListBucket
//
// Supported: delimiter, encoding-type, marker, max-keys, prefix.
// Refused:   nothing.
// Differs:   the pages of a listing show one version of what feature groups' tables wrote, if they come within a minute; what
// clients put and delete shows as it stands, as in S3.
func (s *service) listObjects(ctx context.Context, r *request) error {
	marker := r.query.Get("marker")
	p := bucket.Page{After: marker, SkipPrefix: r.afterPrefix(marker), ByKey: true}
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

var listObjectsMembers = members(`Bucket Delimiter EncodingType ExpectedBucketOwner Marker MaxKeys OptionalObjectAttributes Prefix RequestPayer`)
