package s3

import (
	"context"
	"encoding/xml"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
)

type completeXML struct {
	XMLName xml.Name `xml:"CompleteMultipartUpload"`
	Part    []struct {
		PartNumber int
		ETag       string
		checksumXML
		ChecksumMD5       *string
		ChecksumSHA512    *string
		ChecksumXXHASH64  *string
		ChecksumXXHASH3   *string
		ChecksumXXHASH128 *string
	}
}

type completedXML struct {
	XMLName      xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CompleteMultipartUploadResult"`
	Location     string
	Bucket       string
	Key          keyText
	ETag         string
	ChecksumType string `xml:",omitempty"`
	checksumXML
}

// CompleteMultipartUpload: POST /{Bucket}/{Key}?uploadId, s3:PutObject
//
// Supported: x-amz-checksum-* of the object, x-amz-checksum-type, x-amz-mp-object-size, If-Match, If-None-Match: *.
// Refused:   SSE-C.
// Differs:   parts may be listed without the checksum that the upload asked for.
func (s *service) completeMultipartUpload(ctx context.Context, r *request) error {
	only, err := r.only()
	if err != nil {
		return err
	}
	var in completeXML
	if some, err := r.readXML(&in); err != nil {
		return err
	} else if !some {
		return malformedXML("there is no document")
	}
	c := bucket.Completion{Checksums: map[string]string{}}
	for _, algorithm := range bucket.Algorithms() {
		if text := r.header.Get(checksumHeader(algorithm)); text != "" {
			c.Checksums[algorithm] = text
		}
	}
	if text := r.header.Get("X-Amz-Mp-Object-Size"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return invalidRequest("Value for x-amz-mp-object-size header is invalid: %s.", text)
		}
		c.Size = &n
	}
	if kind := r.header.Get("X-Amz-Checksum-Type"); kind != "" {
		u, err := s.store.Upload(ctx, r.upload())
		if err == nil && kind != uploadChecksumType(u) {
			return invalidRequest("The upload was created using the %s checksum mode. The complete request must use the same checksum mode.", uploadChecksumType(u))
		}
	}
	for _, p := range in.Part {
		if p.ChecksumMD5 != nil || p.ChecksumSHA512 != nil || p.ChecksumXXHASH64 != nil || p.ChecksumXXHASH3 != nil || p.ChecksumXXHASH128 != nil {
			return notImplemented("Part %d is listed with a checksum that is not implemented: use one of %s.", p.PartNumber, strings.Join(bucket.Algorithms(), ", "))
		}
		c.Parts = append(c.Parts, bucket.PartRef{Number: p.PartNumber, ETag: p.ETag, Checksums: p.checksums()})
	}
	o, err := s.store.Complete(ctx, r.upload(), c, only)
	if err != nil {
		return err
	}
	r.setEncryption(o.Headers)
	out := completedXML{
		Location: r.location(), Bucket: o.Bucket, Key: keyText(o.Key), ETag: quoted(o.ETag), checksumXML: checksumsXML(o.Checksums),
	}
	for _, text := range o.Checksums {
		out.ChecksumType = checksumType(text)
	}
	return r.writeXML(out)
}

// location is the address of the object as the client reaches this server.
func (r *request) location() string {
	scheme := "http"
	if r.Request.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Request.Host + r.Request.URL.EscapedPath()
}

var completeMultipartUploadMembers = members(`Bucket Key UploadId ChecksumCRC32 ChecksumCRC32C ChecksumCRC64NVME ChecksumMD5 ChecksumSHA1 ChecksumSHA256
	ChecksumSHA512 ChecksumType ChecksumXXHASH128 ChecksumXXHASH3 ChecksumXXHASH64 ExpectedBucketOwner IfMatch
	IfNoneMatch MpuObjectSize MultipartUpload MultipartUpload.Parts MultipartUpload.Parts.ChecksumCRC32
	MultipartUpload.Parts.ChecksumCRC32C MultipartUpload.Parts.ChecksumCRC64NVME MultipartUpload.Parts.ChecksumMD5
	MultipartUpload.Parts.ChecksumSHA1 MultipartUpload.Parts.ChecksumSHA256 MultipartUpload.Parts.ChecksumSHA512
	MultipartUpload.Parts.ChecksumXXHASH128 MultipartUpload.Parts.ChecksumXXHASH3
	MultipartUpload.Parts.ChecksumXXHASH64 MultipartUpload.Parts.ETag MultipartUpload.Parts.PartNumber
	RequestPayer SSECustomerAlgorithm SSECustomerKey SSECustomerKeyMD5`)
