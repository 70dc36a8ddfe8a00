package s3

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
)

// A continuation token is a version byte, where the next page begins, and a CRC-32 of both. It is
// no secret: who may list a bucket may see its keys.
const tokenVersion = 1

func encodeToken(after string) string {
	b := append([]byte{tokenVersion}, after...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

// decodeToken is false for what encodeToken did not make.
func decodeToken(token string) (after string, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) < 5 || b[0] != tokenVersion {
		return "", false
	}
	body, sum := b[:len(b)-4], b[len(b)-4:]
	if crc32.ChecksumIEEE(body) != binary.BigEndian.Uint32(sum) || encodeToken(string(body[1:])) != token {
		return "", false
	}
	return string(body[1:]), true
}
