package s3

import (
	"context"
	"encoding/xml"
	"net/url"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
)

type copyXML struct {
	XMLName      xml.Name
	LastModified string
	ETag         string
	ChecksumType string `xml:",omitempty"`
	checksumXML
}

// CopyObject: PUT /{Bucket}/{Key} with x-amz-copy-source, s3:PutObject and s3:GetObject
//
// Supported: x-amz-metadata-directive, x-amz-copy-source-if-*, x-amz-checksum-algorithm, If-Match, If-None-Match: *, and what
// PutObject supports of the target; up to 5 GiB.
// Refused:   x-amz-tagging-directive REPLACE with tags, versions of the source, and what PutObject refuses.
// Differs:   the answer comes when the copy is made, without blanks before.
func (s *service) copyObject(ctx context.Context, r *request) error {
	from, err := r.copySource()
	if err != nil {
		return err
	}
	asked, err := objectHeaders(r.header)
	if err != nil {
		return err
	}
	var headers map[string]string
	switch directive := r.header.Get("X-Amz-Metadata-Directive"); directive {
	case "", "COPY":
		if asked["X-Amz-Server-Side-Encryption"] != "" { // encryption is the target's own, not metadata
			source, err := s.store.Get(ctx, from.ObjectRef)
			if err != nil {
				return err
			}
			headers = withEncryption(source.Headers, asked)
		}
	case "REPLACE":
		headers = asked
	default:
		return invalidArgument("x-amz-metadata-directive", directive, "Unknown metadata directive: it is COPY or REPLACE.")
	}
	only, err := r.only()
	if err != nil {
		return err
	}
	algorithm := strings.ToUpper(r.header.Get("X-Amz-Checksum-Algorithm"))
	o, err := s.store.Copy(ctx, bucket.ObjectRef{Bucket: r.bucket, Key: r.key}, from, headers, algorithm, only)
	if err != nil {
		return err
	}
	setEncryption(r.w.Header(), o.Headers)
	out := copyXML{LastModified: stamp(o.Modified), ETag: quoted(o.ETag), checksumXML: checksumsXML(o.Checksums)}
	out.XMLName = xml.Name{Space: namespace, Local: "CopyObjectResult"}
	if len(o.Checksums) > 0 {
		out.ChecksumType = "FULL_OBJECT"
	}
	return r.writeXML(out)
}

// withEncryption returns headers with the encryption that is asked for instead of their own.
func withEncryption(headers, asked map[string]string) map[string]string {
	out := map[string]string{}
	for name, value := range headers {
		if !strings.HasPrefix(name, "X-Amz-Server-Side-Encryption") {
			out[name] = value
		}
	}
	for name, value := range asked {
		if strings.HasPrefix(name, "X-Amz-Server-Side-Encryption") {
			out[name] = value
		}
	}
	return out
}

// copySource reads what a copy is of: bucket/key, percent-encoded, with or without a slash before.
func (r *request) copySource() (bucket.Source, error) {
	text := r.header.Get("X-Amz-Copy-Source")
	path, query, _ := strings.Cut(text, "?")
	if query != "" && query != "versionId=null" {
		return bucket.Source{}, invalidArgument("x-amz-copy-source", text, "Invalid version id specified: buckets have no versions here.")
	}
	path, err := url.PathUnescape(path)
	name, key, found := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if err != nil || !found || key == "" {
		return bucket.Source{}, invalidArgument("x-amz-copy-source", text, "Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
	}
	return bucket.Source{ObjectRef: bucket.ObjectRef{Bucket: name, Key: key}, If: r.readIf("X-Amz-Copy-Source-")}, nil
}
