package bucket

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// The checksum algorithms of S3, as Object.Checksums names them.
const (
	CRC32     = "CRC32"
	CRC32C    = "CRC32C"
	CRC64NVME = "CRC64NVME"
	SHA1      = "SHA1"
	SHA256    = "SHA256"
)

// Algorithms are the checksum algorithms that this package computes.
func Algorithms() []string { return []string{CRC32, CRC32C, CRC64NVME, SHA1, SHA256} }

// nvme is the polynomial of CRC-64/NVME, bit-reversed as package crc64 wants it.
const nvme = 0x9a6c9329ac4bc9b5

// newHash returns nil for an algorithm that is not known.
func newHash(algorithm string) hash.Hash {
	switch algorithm {
	case CRC32:
		return crc32.NewIEEE()
	case CRC32C:
		return crc32.New(crc32.MakeTable(crc32.Castagnoli))
	case CRC64NVME:
		return crc64.New(crc64.MakeTable(nvme))
	case SHA1:
		return sha1.New()
	case SHA256:
		return sha256.New()
	}
	return nil
}

// A digest passes a body through and hashes it. Where the body ends it compares: Read returns
// io.EOF only for a body that is what its Content says.
type digest struct {
	body    io.Reader
	content Content
	size    int64
	md5     hash.Hash
	sums    map[string]hash.Hash
}

func newDigest(body io.Reader, c Content) (*digest, error) {
	if c.Length != nil && *c.Length > MaxPut {
		return nil, entityTooLarge(*c.Length)
	}
	d := &digest{body: body, content: c, md5: md5.New(), sums: map[string]hash.Hash{}}
	for algorithm, want := range c.Checksums {
		h := newHash(algorithm)
		if h == nil {
			return nil, failf(RequestRefused, feature.Invalid, "Checksum algorithm %q is not known. Use one of %s.", algorithm, strings.Join(Algorithms(), ", "))
		}
		if err := checkChecksum(algorithm, want, h.Size()); err != nil {
			return nil, err
		}
		d.sums[algorithm] = h
	}
	return d, nil
}

func checkChecksum(algorithm, text string, size int) error {
	if raw, err := base64.StdEncoding.DecodeString(text); text != "" && (err != nil || len(raw) != size) {
		return failf(BadChecksum, feature.Invalid, "Value for x-amz-checksum-%s header is invalid.", strings.ToLower(algorithm))
	}
	return nil
}

func entityTooLarge(size int64) *Error {
	return failf(EntityTooLarge, feature.Invalid, "Your proposed upload exceeds the maximum allowed size: %d bytes, the limit of one request is %d. Use a multipart upload.", size, int64(MaxPut))
}

// Read implements io.Reader.
func (d *digest) Read(p []byte) (int, error) {
	n, err := d.body.Read(p)
	d.size += int64(n)
	if want := d.content.Length; want != nil && d.size > *want {
		return 0, failf(BodyTooLong, feature.Invalid, "The body has more bytes than its declared length, %d.", *want)
	}
	if d.size > MaxPut {
		return 0, entityTooLarge(d.size)
	}
	d.md5.Write(p[:n])
	for _, h := range d.sums {
		h.Write(p[:n])
	}
	if err != io.EOF { // an error that wraps io.EOF is not the end of a body
		return n, err
	}
	if err := d.compare(); err != nil {
		return n, err
	}
	return n, io.EOF
}

func (d *digest) compare() error {
	if want := d.content.Length; want != nil && d.size < *want {
		return failf(BodyTooShort, feature.Invalid, "You did not provide the number of bytes specified by the Content-Length HTTP header: %d of %d came.", d.size, *want)
	}
	if want := d.content.MD5; want != nil && !bytes.Equal(want, d.md5.Sum(nil)) {
		return failf(WrongMD5, feature.Invalid, "The Content-MD5 you specified did not match what we received.")
	}
	for algorithm, h := range d.sums {
		want := d.content.Checksums[algorithm]
		if want == "" && d.content.Trailer != nil {
			want = d.content.Trailer(algorithm)
			if err := checkChecksum(algorithm, want, h.Size()); err != nil {
				return err
			}
		}
		if want != "" && want != text(h) {
			return failf(WrongChecksum, feature.Invalid, "The %s you specified did not match the calculated checksum.", algorithm)
		}
	}
	return nil
}

func (d *digest) etag() string { return hex.EncodeToString(d.md5.Sum(nil)) }

// checksums returns the texts, nil if no algorithm was asked for.
func (d *digest) checksums() map[string]string {
	if len(d.sums) == 0 {
		return nil
	}
	texts := make(map[string]string, len(d.sums))
	for algorithm, h := range d.sums {
		texts[algorithm] = text(h)
	}
	return texts
}

func text(h hash.Hash) string { return base64.StdEncoding.EncodeToString(h.Sum(nil)) }
