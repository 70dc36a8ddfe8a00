package awshttp

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"strings"
)

const checksumPrefix = "X-Amz-Checksum-"

// newChecksum returns the hash of an S3 checksum algorithm, named as in its header; nil if we do
// not have it.
func newChecksum(name string) hash.Hash {
	switch name {
	case "crc32":
		return crc32.NewIEEE()
	case "crc32c":
		return crc32.New(crc32.MakeTable(crc32.Castagnoli))
	case "crc64nvme":
		return crc64.New(crc64.MakeTable(0x9a6c9329ac4bc9b5)) // the NVMe polynomial, bits reversed
	case "sha1":
		return sha1.New()
	case "sha256":
		return sha256.New()
	case "sha512":
		return sha512.New()
	case "md5":
		return md5.New()
	}
	return nil
}

// A checksum is one that the body must have.
type checksum struct {
	header string // where it stands, for messages: x-amz-checksum-crc32
	hash   hash.Hash
	want   []byte // nil until the trailer has come
}

func (c *checksum) ok() bool { return bytes.Equal(c.hash.Sum(nil), c.want) }

// set takes the value of the checksum's header; false if it cannot be one.
func (c *checksum) set(value string) bool {
	want, err := base64.StdEncoding.DecodeString(value)
	if err != nil || len(want) != c.hash.Size() {
		return false
	}
	c.want = want
	return true
}

// bodyChecksums returns the checksums of the body that the headers hold or, for the trailer, announce. With
// ofObject the checksum headers are about an object, and only Content-MD5 is about the body.
func bodyChecksums(h http.Header, ofObject bool) ([]checksum, *flaw) {
	var sums []checksum
	if value, ok := h["Content-Md5"]; ok {
		sum := checksum{header: "content-md5", hash: md5.New()}
		if !sum.set(value[0]) {
			return nil, &flaw{invalidDigest, "The Content-MD5 you specified is not valid: it must be the base64 of 16 bytes"}
		}
		sums = append(sums, sum)
	}
	if ofObject {
		return sums, nil
	}
	count := 0
	for key, value := range h {
		name, ok := strings.CutPrefix(key, checksumPrefix)
		if !ok || name == "Algorithm" || name == "Mode" || name == "Type" {
			continue
		}
		name = strings.ToLower(name)
		sum := checksum{header: strings.ToLower(key), hash: newChecksum(name)}
		if sum.hash == nil {
			return nil, unknownChecksum(name)
		}
		if !sum.set(value[0]) {
			return nil, &flaw{unreadable, "Value for " + sum.header + " header is invalid."}
		}
		sums = append(sums, sum)
		count++
	}
	if trailer := first(h, "X-Amz-Trailer"); trailer != "" {
		header := strings.ToLower(strings.TrimSpace(trailer))
		name, ok := strings.CutPrefix(header, strings.ToLower(checksumPrefix))
		if !ok {
			return nil, &flaw{malformedTrailer, "X-Amz-Trailer must name one x-amz-checksum- header"}
		}
		sum := checksum{header: header, hash: newChecksum(name)}
		if sum.hash == nil {
			return nil, unknownChecksum(name)
		}
		sums = append(sums, sum)
		count++
	}
	if count > 1 {
		return nil, &flaw{unreadable, "Expecting a single x-amz-checksum- header; send one, as a header or as a trailer"}
	}
	return sums, nil
}

func unknownChecksum(name string) *flaw {
	return &flaw{notImplemented, "the checksum algorithm " + strings.ToUpper(name) +
		" is not supported; use CRC32, CRC32C, CRC64NVME, SHA1, SHA256, SHA512 or MD5"}
}
