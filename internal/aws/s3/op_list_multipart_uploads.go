package s3

import (
	"context"
	"encoding/xml"
	"strings"
)

type listUploadsXML struct {
	XMLName            xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListMultipartUploadsResult"`
	Bucket             string
	KeyMarker          string
	UploadIDMarker     string `xml:"UploadIdMarker"`
	NextKeyMarker      string `xml:",omitempty"`
	NextUploadIDMarker string `xml:"NextUploadIdMarker,omitempty"`
	Prefix             string `xml:",omitempty"`
	EncodingType       string `xml:",omitempty"`
	MaxUploads         int
	IsTruncated        bool
	Upload             []uploadXML
}

type uploadXML struct {
	Key               string
	UploadID          string `xml:"UploadId"`
	Initiator         ownerXML
	Owner             ownerXML
	StorageClass      string
	Initiated         string
	ChecksumAlgorithm string `xml:",omitempty"`
	ChecksumType      string `xml:",omitempty"`
}

// ListMultipartUploads: GET /{Bucket}?uploads, s3:ListBucketMultipartUploads
//
// Supported: encoding-type, key-marker, max-uploads, prefix, upload-id-marker.
// Refused:   delimiter.
// Differs:   none known.
func (s *service) listMultipartUploads(ctx context.Context, r *request) error {
	encode, err := r.encoder()
	if err != nil {
		return err
	}
	limit, err := r.number("max-uploads", maxKeys, 0, maxKeys)
	if err != nil {
		return err
	}
	all, err := s.store.Uploads(ctx, r.bucket)
	if err != nil {
		return err
	}
	key, id := r.query.Get("key-marker"), r.query.Get("upload-id-marker")
	if key == "" {
		id = "" // S3 ignores it alone
	}
	out := listUploadsXML{
		Bucket: r.bucket, KeyMarker: encode(key), UploadIDMarker: id, Prefix: encode(r.query.Get("prefix")),
		EncodingType: r.query.Get("encoding-type"), MaxUploads: limit,
	}
	for _, u := range all {
		if !strings.HasPrefix(u.Key, r.query.Get("prefix")) || u.Key < key || u.Key == key && (id == "" || u.ID <= id) {
			continue
		}
		if len(out.Upload) == limit {
			out.IsTruncated = limit > 0
			break
		}
		out.NextKeyMarker, out.NextUploadIDMarker = encode(u.Key), u.ID
		out.Upload = append(out.Upload, uploadXML{
			Key: encode(u.Key), UploadID: u.ID, Initiator: ownerXML{ID: s.owner}, Owner: ownerXML{ID: s.owner}, StorageClass: "STANDARD",
			Initiated: stamp(u.Started), ChecksumAlgorithm: u.Checksum, ChecksumType: uploadChecksumType(u),
		})
	}
	if !out.IsTruncated {
		out.NextKeyMarker, out.NextUploadIDMarker = "", ""
	}
	return r.writeXML(out)
}
