package s3

import (
	"context"
	"encoding/xml"
)

type listPartsXML struct {
	XMLName              xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListPartsResult"`
	Bucket               string
	Key                  keyText
	UploadID             string `xml:"UploadId"`
	Initiator            ownerXML
	Owner                ownerXML
	StorageClass         string
	PartNumberMarker     int
	NextPartNumberMarker int
	MaxParts             int
	IsTruncated          bool
	ChecksumAlgorithm    string `xml:",omitempty"`
	ChecksumType         string `xml:",omitempty"`
	Part                 []partXML
}

type partXML struct {
	PartNumber   int
	LastModified string
	ETag         string
	Size         int64
	checksumXML
}

// ListParts: GET /{Bucket}/{Key}?uploadId, s3:ListMultipartUploadParts
//
// Supported: max-parts, part-number-marker.
// Refused:   SSE-C.
// Differs:   none known.
func (s *service) listParts(ctx context.Context, r *request) error {
	limit, err := r.number("max-parts", maxKeys, 0, maxKeys)
	if err != nil {
		return err
	}
	marker, err := r.number("part-number-marker", 0, 0, 1<<31-1)
	if err != nil {
		return err
	}
	u, parts, err := s.store.Parts(ctx, r.upload())
	if err != nil {
		return err
	}
	out := listPartsXML{
		Bucket: r.bucket, Key: keyText(r.key), UploadID: u.ID,
		Initiator: ownerXML{ID: s.owner}, Owner: ownerXML{ID: s.owner}, StorageClass: storageClass(u.Headers),
		PartNumberMarker: marker, MaxParts: limit, ChecksumAlgorithm: u.Checksum, ChecksumType: uploadChecksumType(u),
	}
	for _, p := range parts {
		if p.Number <= marker {
			continue
		}
		if len(out.Part) == limit {
			out.IsTruncated = limit > 0
			break
		}
		out.NextPartNumberMarker = p.Number
		out.Part = append(out.Part, partXML{PartNumber: p.Number, LastModified: stamp(p.Modified), ETag: quoted(p.ETag), Size: p.Blob.Size, checksumXML: checksumsXML(p.Checksums)})
	}
	return r.writeXML(out)
}

var listPartsMembers = members(`Bucket Key UploadId ExpectedBucketOwner MaxParts PartNumberMarker RequestPayer SSECustomerAlgorithm
	SSECustomerKey SSECustomerKeyMD5`)
