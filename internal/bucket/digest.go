package bucket

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"slices"
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

// Algorithms returns the checksum algorithms that objects can have.
func Algorithms() []string { return []string{CRC32, CRC32C, CRC64NVME, SHA1, SHA256} }

// nvme is the polynomial of CRC-64/NVME, bit-reversed as package crc64 wants it.
const nvme = 0x9a6c9329ac4bc9b5

// newHash makes the hash of one of Algorithms.
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
	default:
		return sha256.New()
	}
}

func checkAlgorithm(algorithm string) error {
	if slices.Contains(Algorithms(), algorithm) {
		return nil
	}
	return failf(RequestRefused, feature.Invalid, "Checksum algorithm provided is unsupported: %q. Use one of %s.", algorithm, strings.Join(Algorithms(), ", "))
}

// A digest hashes a body while it passes through.
type digest struct {
	body io.Reader
	size int64
	md5  hash.Hash
	sums map[string]hash.Hash
}

func newDigest(body io.Reader, algorithms []string) (*digest, error) {
	d := &digest{body: body, md5: md5.New(), sums: map[string]hash.Hash{}}
	for _, algorithm := range algorithms {
		if err := checkAlgorithm(algorithm); err != nil {
			return nil, err
		}
		d.sums[algorithm] = newHash(algorithm)
	}
	return d, nil
}

// Read implements io.Reader.
func (d *digest) Read(p []byte) (int, error) {
	n, err := d.body.Read(p)
	if d.size += int64(n); d.size > MaxPut {
		return 0, failf(EntityTooLarge, feature.Invalid, "Your proposed upload exceeds the maximum allowed size: the limit of one request is %d bytes. Use a multipart upload.", int64(MaxPut))
	}
	d.md5.Write(p[:n])
	for _, h := range d.sums {
		h.Write(p[:n])
	}
	return n, err
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
