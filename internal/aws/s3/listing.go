package s3

import (
	"context"
	"encoding/xml"
	"maps"
	"slices"

	"github.com/larder-dev/larder/internal/bucket"
)

// maxKeys is the most that one page has.
const maxKeys = 1000

type listXML struct {
	XMLName               xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
	Name                  string
	Prefix                keyText
	Marker                *keyText // version 1
	NextMarker            keyText  `xml:",omitempty"` // version 1
	StartAfter            keyText  `xml:",omitempty"` // version 2
	ContinuationToken     string   `xml:",omitempty"` // version 2
	NextContinuationToken string   `xml:",omitempty"` // version 2
	KeyCount              *int     // version 2
	MaxKeys               int
	Delimiter             keyText `xml:",omitempty"`
	EncodingType          string  `xml:",omitempty"`
	IsTruncated           bool
	Contents              []contentXML
	CommonPrefixes        []prefixXML
}

type contentXML struct {
	Key               keyText
	LastModified      string
	ETag              string
	ChecksumAlgorithm []string
	ChecksumType      string `xml:",omitempty"`
	Size              int64
	StorageClass      string
	Owner             *ownerXML
}

type prefixXML struct{ Prefix keyText }

// list lists a page and fills what both versions have.
func (s *service) list(ctx context.Context, r *request, p bucket.Page, owner bool) (*listXML, *bucket.Listing, func(string) keyText, error) {
	encode, err := r.encoder()
	if err != nil {
		return nil, nil, nil, err
	}
	if p.Limit, err = r.number("max-keys", maxKeys, 0, maxKeys); err != nil {
		return nil, nil, nil, err
	}
	p.Bucket, p.Prefix, p.Delimiter = r.bucket, r.query.Get("prefix"), r.query.Get("delimiter")
	l, err := s.store.ListPage(ctx, p)
	if err != nil {
		return nil, nil, nil, err
	}
	out := &listXML{
		Name: r.bucket, Prefix: keyText(p.Prefix), Delimiter: encode(p.Delimiter), MaxKeys: p.Limit,
		EncodingType: r.query.Get("encoding-type"), IsTruncated: l.More,
	}
	for _, o := range l.Objects {
		c := contentXML{Key: encode(o.Key), LastModified: stamp(o.Modified), ETag: quoted(o.ETag), Size: o.Size, StorageClass: storageClass(o.Headers)}
		for _, algorithm := range slices.Sorted(maps.Keys(o.Checksums)) {
			c.ChecksumAlgorithm = append(c.ChecksumAlgorithm, algorithm)
			c.ChecksumType = checksumType(o.Checksums[algorithm])
		}
		if owner {
			c.Owner = &ownerXML{ID: s.owner}
		}
		out.Contents = append(out.Contents, c)
	}
	for _, prefix := range l.Prefixes {
		out.CommonPrefixes = append(out.CommonPrefixes, prefixXML{Prefix: encode(prefix)})
	}
	return out, l, encode, nil
}

// storageClass is what documents show; headers of replies leave the standard one out.
func storageClass(headers map[string]string) string {
	if class := headers[classHeader]; class != "" {
		return class
	}
	return standard
}
