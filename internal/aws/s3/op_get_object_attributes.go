package s3

import (
	"context"
	"encoding/xml"
	"net/http"
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
)

type attributesXML struct {
	XMLName      xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ GetObjectAttributesResponse"`
	ETag         string   `xml:",omitempty"`
	Checksum     *attributeChecksumXML
	ObjectParts  *attributePartsXML
	StorageClass string `xml:",omitempty"`
	ObjectSize   *int64
}

type attributeChecksumXML struct {
	checksumXML
	ChecksumType string
}

type attributePartsXML struct {
	PartsCount           int
	PartNumberMarker     int
	NextPartNumberMarker int
	MaxParts             int
	IsTruncated          bool
	Part                 []attributePartXML
}

type attributePartXML struct {
	PartNumber int
	Size       int64
}

// GetObjectAttributes: GET /{Bucket}/{Key}?attributes, s3:GetObjectAttributes and s3:GetObject
//
// Supported: ETag, Checksum, ObjectParts, StorageClass, ObjectSize; x-amz-max-parts, x-amz-part-number-marker.
// Refused:   versionId other than null, SSE-C.
// Differs:   parts are numbered from 1 as they follow in the object, and their checksums are not shown.
func (s *service) getObjectAttributes(ctx context.Context, r *request) error {
	if err := r.version(); err != nil {
		return err
	}
	var asked []string
	for _, line := range r.header.Values("X-Amz-Object-Attributes") {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); !slices.Contains([]string{"ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"}, name) {
				return invalidArgument("x-amz-object-attributes", name, "Invalid attribute name specified.")
			}
			asked = append(asked, name)
		}
	}
	if len(asked) == 0 {
		return invalidRequest("The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty")
	}
	o, err := s.store.Get(ctx, r.object())
	if err != nil {
		return err
	}
	var out attributesXML
	for _, name := range asked {
		switch name {
		case "ETag":
			out.ETag = o.ETag
		case "Checksum":
			out.Checksum = attributeChecksum(o)
		case "ObjectParts":
			if out.ObjectParts, err = r.attributeParts(o); err != nil {
				return err
			}
		case "StorageClass":
			out.StorageClass = storageClass(o.Headers)
		case "ObjectSize":
			out.ObjectSize = &o.Size
		}
	}
	r.w.Header().Set("Last-Modified", o.Modified.UTC().Format(http.TimeFormat))
	return r.writeXML(out)
}

// attributeChecksum is nil for an object without a checksum.
func attributeChecksum(o *bucket.Object) *attributeChecksumXML {
	for _, text := range o.Checksums {
		return &attributeChecksumXML{checksumsXML(o.Checksums), checksumType(text)}
	}
	return nil
}

// attributeParts is nil for an object that was put in one. Parts are listed where S3 lists them: of
// objects that have a checksum.
func (r *request) attributeParts(o *bucket.Object) (*attributePartsXML, error) {
	count := partsOf(o)
	if count == 0 {
		return nil, nil
	}
	out := &attributePartsXML{PartsCount: count, MaxParts: maxKeys}
	var err error
	if out.MaxParts, err = number("x-amz-max-parts", r.header.Get("X-Amz-Max-Parts"), maxKeys, 0, maxKeys); err != nil {
		return nil, err
	}
	if out.PartNumberMarker, err = number("x-amz-part-number-marker", r.header.Get("X-Amz-Part-Number-Marker"), 0, 0, bucket.MaxParts); err != nil {
		return nil, err
	}
	if len(o.Checksums) == 0 {
		return out, nil
	}
	for i, blob := range o.Blobs {
		if i < out.PartNumberMarker {
			continue
		}
		if len(out.Part) == out.MaxParts {
			out.IsTruncated = out.MaxParts > 0
			break
		}
		out.NextPartNumberMarker = i + 1
		out.Part = append(out.Part, attributePartXML{i + 1, blob.Size})
	}
	return out, nil
}

var getObjectAttributesMembers = members(`Bucket Key ObjectAttributes ExpectedBucketOwner MaxParts PartNumberMarker RequestPayer
	SSECustomerAlgorithm SSECustomerKey SSECustomerKeyMD5 VersionId`)
