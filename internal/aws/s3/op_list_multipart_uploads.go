package s3

import (
	"context"
	"encoding/xml"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
)

type listUploadsXML struct {
	XMLName            xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListMultipartUploadsResult"`
	Bucket             string
	KeyMarker          keyText
	UploadIDMarker     string  `xml:"UploadIdMarker"`
	NextKeyMarker      keyText `xml:",omitempty"`
	NextUploadIDMarker string  `xml:"NextUploadIdMarker,omitempty"`
	Prefix             keyText `xml:",omitempty"`
	Delimiter          keyText `xml:",omitempty"`
	EncodingType       string  `xml:",omitempty"`
	MaxUploads         int
	IsTruncated        bool
	Upload             []uploadXML
	CommonPrefixes     []prefixXML
}

type uploadXML struct {
	Key               keyText
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
// Supported: every member.
// Refused:   nothing.
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
	prefix, delimiter := r.query.Get("prefix"), r.query.Get("delimiter")
	out := listUploadsXML{
		Bucket: r.bucket, KeyMarker: encode(key), UploadIDMarker: id, Prefix: encode(prefix), Delimiter: encode(delimiter),
		EncodingType: r.query.Get("encoding-type"), MaxUploads: limit,
	}
	last := "" // the common prefix that is listed, or was on the page before
	if r.afterPrefix(key) {
		last = key
	}
	for _, u := range all {
		rest, within := strings.CutPrefix(u.Key, prefix)
		if !within || u.Key < key || u.Key == key && (id == "" || u.ID <= id) {
			continue
		}
		before, _, rolled := strings.Cut(rest, delimiter)
		common := prefix + before + delimiter
		if rolled = rolled && delimiter != ""; rolled && common == last {
			continue
		}
		if len(out.Upload)+len(out.CommonPrefixes) == limit {
			out.IsTruncated = limit > 0
			break
		}
		if rolled {
			last = common
			out.NextKeyMarker, out.NextUploadIDMarker = encode(common), ""
			out.CommonPrefixes = append(out.CommonPrefixes, prefixXML{Prefix: encode(common)})
			continue
		}
		out.NextKeyMarker, out.NextUploadIDMarker = encode(u.Key), u.ID
		out.Upload = append(out.Upload, s.uploadXML(u, encode))
	}
	if !out.IsTruncated {
		out.NextKeyMarker, out.NextUploadIDMarker = "", ""
	}
	return r.writeXML(out)
}

func (s *service) uploadXML(u *bucket.Upload, encode func(string) keyText) uploadXML {
	return uploadXML{
		Key: encode(u.Key), UploadID: u.ID, Initiator: ownerXML{ID: s.owner}, Owner: ownerXML{ID: s.owner}, StorageClass: storageClass(u.Headers),
		Initiated: stamp(u.Started), ChecksumAlgorithm: u.Checksum, ChecksumType: uploadChecksumType(u),
	}
}

var listMultipartUploadsMembers = members(`Bucket Delimiter EncodingType ExpectedBucketOwner KeyMarker MaxUploads Prefix RequestPayer UploadIdMarker`)
