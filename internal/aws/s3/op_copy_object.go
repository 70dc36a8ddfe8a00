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
// Supported: x-amz-metadata-directive, x-amz-tagging-directive, x-amz-copy-source-if-*, x-amz-checksum-algorithm, If-Match,
// If-None-Match: *, and what PutObject supports of the target; up to 5 GiB.
// Refused:   versions of the source, and what PutObject refuses.
// Differs:   the answer comes when the copy is made, without blanks before. A copy names the same bytes, so that of a
// multipart object keeps its ETag, where S3 computes another.
func (s *service) copyObject(ctx context.Context, r *request) error {
	from, err := r.copySource()
	if err != nil {
		return err
	}
	headers, err := s.copyHeaders(ctx, r, from.ObjectRef)
	if err != nil {
		return err
	}
	only, err := r.only()
	if err != nil {
		return err
	}
	algorithm := strings.ToUpper(r.header.Get("X-Amz-Checksum-Algorithm"))
	o, err := s.store.Copy(ctx, r.object(), from, headers, algorithm, only)
	if err != nil {
		return err
	}
	r.setEncryption(o.Headers)
	out := copyXML{LastModified: stamp(o.Modified), ETag: quoted(o.ETag), checksumXML: checksumsXML(o.Checksums)}
	out.XMLName = xml.Name{Space: namespace, Local: "CopyObjectResult"}
	for _, text := range o.Checksums {
		out.ChecksumType = checksumType(text)
	}
	return r.writeXML(out)
}

// copyHeaders tells what headers the copy has of those of its source, nil for the same: metadata and
// tags are copied or replaced, storage class and encryption are the target's own.
func (s *service) copyHeaders(ctx context.Context, r *request, from bucket.ObjectRef) (func(source map[string]string) map[string]string, error) {
	replaceMetadata, err := r.directive("x-amz-metadata-directive")
	if err != nil {
		return nil, err
	}
	replaceTags, err := r.directive("x-amz-tagging-directive")
	if err != nil {
		return nil, err
	}
	own := r.header.Get(classHeader) != "" || r.header.Get("X-Amz-Server-Side-Encryption") != ""
	if from == r.object() && !replaceMetadata && !own {
		return nil, nil // which is refused
	}
	asked, err := s.newHeaders(ctx, r)
	if err != nil {
		return nil, err
	}
	return func(source map[string]string) map[string]string {
		out := map[string]string{}
		for name, value := range source {
			if name == tagHeader && !replaceTags || name != tagHeader && !replaceMetadata && !ofTarget(name) {
				out[name] = value
			}
		}
		for name, value := range asked {
			if name == tagHeader && replaceTags || name != tagHeader && (replaceMetadata || ofTarget(name)) {
				out[name] = value
			}
		}
		return out
	}, nil
}

// ofTarget tells the headers that say how an object is kept: a copy has its own.
func ofTarget(name string) bool {
	return name == classHeader || strings.HasPrefix(name, "X-Amz-Server-Side-Encryption")
}

// directive tells whether one of a copy's directives is REPLACE.
func (r *request) directive(name string) (bool, error) {
	switch text := r.header.Get(name); text {
	case "", "COPY":
		return false, nil
	case "REPLACE":
		return true, nil
	default:
		return false, invalidArgument(name, text, "Unknown directive: it is COPY or REPLACE.")
	}
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

var copyObjectMembers = members(`Bucket CopySource Key ACL AnnotationDirective BucketKeyEnabled CacheControl ChecksumAlgorithm
	ContentDisposition ContentEncoding ContentLanguage ContentType CopySourceIfMatch CopySourceIfModifiedSince
	CopySourceIfNoneMatch CopySourceIfUnmodifiedSince CopySourceSSECustomerAlgorithm CopySourceSSECustomerKey
	CopySourceSSECustomerKeyMD5 ExpectedBucketOwner ExpectedSourceBucketOwner Expires GrantFullControl GrantRead
	GrantReadACP GrantWriteACP IfMatch IfNoneMatch Metadata MetadataDirective ObjectLockEventHold
	ObjectLockEventHoldDurationDays ObjectLockEventHoldDurationYears ObjectLockLegalHoldStatus ObjectLockMode
	ObjectLockRetainUntilDate RequestPayer SSECustomerAlgorithm SSECustomerKey SSECustomerKeyMD5
	SSEKMSEncryptionContext SSEKMSKeyId ServerSideEncryption StorageClass Tagging TaggingDirective
	WebsiteRedirectLocation`)
