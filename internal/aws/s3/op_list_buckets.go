package s3

import (
	"context"
	"encoding/xml"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
)

type listBucketsXML struct {
	XMLName           xml.Name    `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListAllMyBucketsResult"`
	Owner             ownerXML    `xml:"Owner"`
	Buckets           []bucketXML `xml:"Buckets>Bucket"`
	ContinuationToken string      `xml:",omitempty"`
	Prefix            string      `xml:",omitempty"`
}

type bucketXML struct {
	Name         string
	CreationDate string
	BucketRegion string
}

// ListBuckets: GET /, s3:ListAllMyBuckets
//
// Supported: max-buckets, continuation-token, prefix, bucket-region.
// Refused:   nothing.
// Differs:   BucketRegion is always shown. Owner has an ID that no AWS account has.
func (s *service) listBuckets(ctx context.Context, r *request) error {
	limit, err := r.number("max-buckets", 10000, 1, 10000)
	if err != nil {
		return err
	}
	after := ""
	if token := r.query.Get("continuation-token"); token != "" {
		p, ok := decodeToken(token)
		if !ok {
			return badToken(token)
		}
		after = p.after
	}
	all, err := s.store.Buckets(ctx)
	if err != nil {
		return err
	}
	out := listBucketsXML{Owner: ownerXML{ID: s.owner}, Prefix: r.query.Get("prefix")}
	for _, b := range all {
		if !listed(b, after, out.Prefix, r.query.Get("bucket-region")) {
			continue
		}
		if len(out.Buckets) == limit {
			out.ContinuationToken = encodeToken(place{after: out.Buckets[limit-1].Name})
			break
		}
		out.Buckets = append(out.Buckets, bucketXML{Name: b.Name, CreationDate: stamp(b.Created), BucketRegion: b.Region})
	}
	return r.writeXML(out)
}

func listed(b bucket.Bucket, after, prefix, region string) bool {
	return b.Name > after && strings.HasPrefix(b.Name, prefix) && (region == "" || region == b.Region)
}

func badToken(token string) error {
	return invalidArgument("continuation-token", token, "The continuation token provided is incorrect: send NextContinuationToken of the page before as it came.")
}

var listBucketsMembers = members(`BucketRegion ContinuationToken MaxBuckets Prefix`)
