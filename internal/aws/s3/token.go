package s3

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"

	"github.com/larder-dev/larder/internal/bucket"
)

// A continuation token is a version byte, the version of the index that the listing shows (8 bytes),
// where the next page begins, and a CRC-32 of all. It is no secret: who may list a bucket may see its
// keys.
const (
	tokenVersion = 2
	tokenHead    = 1 + 8
	tokenTail    = 4
)

// A place is where a listing goes on.
type place struct {
	after string
	at    bucket.Version // 0 for listings that pin nothing
}

func encodeToken(p place) string {
	b := binary.BigEndian.AppendUint64([]byte{tokenVersion}, uint64(p.at))
	b = append(b, p.after...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

// decodeToken is false for what encodeToken did not make.
func decodeToken(token string) (place, bool) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) < tokenHead+tokenTail || b[0] != tokenVersion {
		return place{}, false
	}
	body, sum := b[:len(b)-tokenTail], b[len(b)-tokenTail:]
	p := place{string(body[tokenHead:]), bucket.Version(binary.BigEndian.Uint64(body[1:]))}
	if crc32.ChecksumIEEE(body) != binary.BigEndian.Uint32(sum) || encodeToken(p) != token {
		return place{}, false
	}
	return p, true
}
