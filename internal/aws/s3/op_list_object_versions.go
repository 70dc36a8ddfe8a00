package s3

import (
	"context"
	"encoding/xml"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
)

type listVersionsXML struct {
	XMLName             xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListVersionsResult"`
	Name                string
	Prefix              keyText
	KeyMarker           keyText
	VersionIDMarker     string  `xml:"VersionIdMarker"`
	NextKeyMarker       keyText `xml:",omitempty"`
	NextVersionIDMarker string  `xml:"NextVersionIdMarker,omitempty"`
	MaxKeys             int
	Delimiter           keyText `xml:",omitempty"`
	EncodingType        string  `xml:",omitempty"`
	IsTruncated         bool
	Version             []versionXML
	CommonPrefixes      []prefixXML
}

type versionXML struct {
	contentXML
	VersionID string `xml:"VersionId"`
	IsLatest  bool
}

// ListObjectVersions: GET /{Bucket}?versions, s3:ListBucketVersions
//
// Supported: every member. No bucket has versions: each object is its own, null.
// Refused:   a version-id-marker other than null.
// Differs:   a page is consistent, pages are not among each other, as in S3.
func (s *service) listObjectVersions(ctx context.Context, r *request) error {
	marker, version := r.query.Get("key-marker"), r.query.Get("version-id-marker")
	if version != "" && marker == "" {
		return invalidArgument("version-id-marker", version, "A version-id marker cannot be specified without a key marker.")
	}
	if version != "" && version != "null" {
		return invalidArgument("version-id-marker", version, "Invalid version id specified")
	}
	out, l, encode, err := s.list(ctx, r, bucket.Page{After: marker, SkipPrefix: r.afterPrefix(marker)}, true)
	if err != nil {
		return err
	}
	doc := listVersionsXML{
		Name: out.Name, Prefix: encode(string(out.Prefix)), KeyMarker: encode(marker), VersionIDMarker: version, MaxKeys: out.MaxKeys,
		Delimiter: out.Delimiter, EncodingType: out.EncodingType, IsTruncated: out.IsTruncated, CommonPrefixes: out.CommonPrefixes,
	}
	for _, c := range out.Contents {
		doc.Version = append(doc.Version, versionXML{contentXML: c, VersionID: "null", IsLatest: true})
	}
	if l.More {
		doc.NextKeyMarker = encode(l.Last)
		if !r.afterPrefix(l.Last) {
			doc.NextVersionIDMarker = "null"
		}
	}
	return r.writeXML(doc)
}

// afterPrefix tells whether a marker is a common prefix rather than a key.
func (r *request) afterPrefix(marker string) bool {
	delimiter := r.query.Get("delimiter")
	rest, ok := strings.CutPrefix(marker, r.query.Get("prefix"))
	return ok && delimiter != "" && strings.HasSuffix(rest, delimiter)
}

var listObjectVersionsMembers = members(`Bucket Delimiter EncodingType ExpectedBucketOwner KeyMarker MaxKeys OptionalObjectAttributes
	Prefix RequestPayer VersionIdMarker`)
