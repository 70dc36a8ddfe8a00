package scalar

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"hash/crc32"
	"math"
	"strings"
	"unicode/utf8"
)

func binaryFunctions() []Function {
	sum := func(h func() hash.Hash) func([]byte) ([]byte, error) {
		return func(b []byte) ([]byte, error) {
			s := h()
			s.Write(b)
			return s.Sum(nil), nil
		}
	}
	keyed := func(h func() hash.Hash) func(b, key []byte) ([]byte, error) {
		return func(b, key []byte) ([]byte, error) {
			s := hmac.New(h, key)
			s.Write(b)
			return s.Sum(nil), nil
		}
	}
	return []Function{
		of1("larder_md5", sum(md5.New)),
		of1("larder_sha1", sum(sha1.New)),
		of1("larder_sha256", sum(sha256.New)),
		of1("larder_sha512", sum(sha512.New)),
		of2("larder_hmac_md5", keyed(md5.New)),
		of2("larder_hmac_sha1", keyed(sha1.New)),
		of2("larder_hmac_sha256", keyed(sha256.New)),
		of2("larder_hmac_sha512", keyed(sha512.New)),
		of1("larder_crc32", func(b []byte) (int64, error) { return int64(crc32.ChecksumIEEE(b)), nil }),
		of1("larder_xxhash64", func(b []byte) ([]byte, error) { return binary.BigEndian.AppendUint64(nil, xxhash64(b)), nil }),
		of1("larder_spooky_64", func(b []byte) ([]byte, error) { return binary.BigEndian.AppendUint64(nil, spooky(b)), nil }),
		of1("larder_spooky_32", func(b []byte) ([]byte, error) { return binary.BigEndian.AppendUint32(nil, uint32(spooky(b))), nil }),
		of1("larder_murmur3", func(b []byte) ([]byte, error) { return murmur3(b), nil }),
		of1("larder_to_hex", func(b []byte) (string, error) { return strings.ToUpper(hex.EncodeToString(b)), nil }),
		of1("larder_from_hex", fromHex),
		of1("larder_to_base64", func(b []byte) (string, error) { return base64.StdEncoding.EncodeToString(b), nil }),
		of1("larder_from_base64", func(b []byte) ([]byte, error) { return fromBase64(b, base64.StdEncoding) }),
		of1("larder_to_base64url", func(b []byte) (string, error) { return base64.URLEncoding.EncodeToString(b), nil }),
		of1("larder_from_base64url", func(b []byte) ([]byte, error) { return fromBase64(b, base64.URLEncoding) }),
		of1("larder_to_base32", func(b []byte) (string, error) { return base32.StdEncoding.EncodeToString(b), nil }),
		of1("larder_from_base32", fromBase32),
		of1("larder_to_big_endian_64", func(n int64) ([]byte, error) { return binary.BigEndian.AppendUint64(nil, uint64(n)), nil }),
		of1("larder_to_big_endian_32", func(n int64) ([]byte, error) { return binary.BigEndian.AppendUint32(nil, uint32(n)), nil }),
		of1("larder_from_big_endian_64", func(b []byte) (int64, error) {
			if len(b) != 8 {
				return 0, invalid("expected 8-byte input, but got instead: %d", len(b))
			}
			return int64(binary.BigEndian.Uint64(b)), nil
		}),
		of1("larder_from_big_endian_32", func(b []byte) (int64, error) {
			if len(b) != 4 {
				return 0, invalid("expected 4-byte input, but got instead: %d", len(b))
			}
			return int64(int32(binary.BigEndian.Uint32(b))), nil
		}),
		of1("larder_to_ieee754_64", func(v float64) ([]byte, error) { return binary.BigEndian.AppendUint64(nil, math.Float64bits(v)), nil }),
		of1("larder_to_ieee754_32", func(v float64) ([]byte, error) {
			return binary.BigEndian.AppendUint32(nil, math.Float32bits(float32(v))), nil
		}),
		of1("larder_from_ieee754_64", func(b []byte) (float64, error) {
			if len(b) != 8 {
				return 0, invalid("Input floating-point value must be exactly 8 bytes long")
			}
			return math.Float64frombits(binary.BigEndian.Uint64(b)), nil
		}),
		of1("larder_from_ieee754_32", func(b []byte) (float64, error) {
			if len(b) != 4 {
				return 0, invalid("Input floating-point value must be exactly 4 bytes long")
			}
			return float64(math.Float32frombits(binary.BigEndian.Uint32(b))), nil
		}),
		of3("larder_binary_substr", binarySubstr),
		of3("larder_binary_lpad", func(b []byte, n int64, pad []byte) ([]byte, error) {
			filling, err := binaryPadding(b, n, pad)
			return append(filling, b[:min(int64(len(b)), max(n, 0))]...), err
		}),
		of3("larder_binary_rpad", func(b []byte, n int64, pad []byte) ([]byte, error) {
			filling, err := binaryPadding(b, n, pad)
			return append(append([]byte{}, b[:min(int64(len(b)), max(n, 0))]...), filling...), err
		}),
		of1("larder_binary_reverse", func(b []byte) ([]byte, error) {
			out := make([]byte, len(b))
			for i, c := range b {
				out[len(b)-1-i] = c
			}
			return out, nil
		}),
		of1("larder_to_utf8", func(s string) ([]byte, error) { return []byte(s), nil }),
		of1("larder_from_utf8", func(b []byte) (string, error) { return fromUTF8(b, "\ufffd"), nil }),
		of2("larder_from_utf8_with", func(b []byte, with string) (string, error) {
			if utf8.RuneCountInString(with) > 1 {
				return "", invalid("Replacement character string must empty or a single character")
			}
			return fromUTF8(b, with), nil
		}),
		of2("larder_from_utf8_code", func(b []byte, code int64) (string, error) {
			if code < 0 || code > utf8.MaxRune || !utf8.ValidRune(rune(code)) {
				return "", invalid("Invalid replacement character")
			}
			return fromUTF8(b, string(rune(code))), nil
		}),
	}
}

func fromHex(b []byte) ([]byte, error) {
	if len(b)%2 != 0 {
		return nil, invalid("invalid input length %d", len(b))
	}
	out := make([]byte, len(b)/2)
	if _, err := hex.Decode(out, b); err != nil {
		for _, c := range b {
			if !strings.ContainsRune("0123456789abcdefABCDEF", rune(c)) {
				return nil, invalid("not a hexadecimal digit: \"%c\" = %d", c, c)
			}
		}
	}
	return out, nil
}

// fromBase64 reads texts with or without the = at their end, as Java does.
func fromBase64(b []byte, encoding *base64.Encoding) ([]byte, error) {
	text := string(b)
	bare := strings.TrimRight(text, "=")
	if pad := len(text) - len(bare); pad != 0 && len(text)%4 != 0 || pad > 2 || len(bare)%4 == 1 {
		return nil, invalid("Input byte array has wrong 4-byte ending unit")
	}
	if i := strings.IndexAny(bare, "\r\n="); i >= 0 {
		return nil, invalid("Illegal base64 character %x", bare[i])
	}
	out, err := encoding.WithPadding(base64.NoPadding).DecodeString(bare)
	if at, ok := err.(base64.CorruptInputError); ok {
		return nil, invalid("Illegal base64 character %x", bare[at])
	}
	return out, nil
}

func fromBase32(b []byte) ([]byte, error) {
	text := strings.TrimRight(string(b), "=")
	if n := len(text) % 8; n == 1 || n == 3 || n == 6 {
		return nil, invalid("Invalid input length %d", len(text))
	}
	out, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(text)
	if at, ok := err.(base32.CorruptInputError); ok {
		return nil, invalid("Unrecognized character: %c", text[at])
	}
	return out, nil
}

func binarySubstr(b []byte, start, length int64) ([]byte, error) {
	n := int64(len(b))
	if start < 0 {
		start += n
	} else {
		start--
	}
	if start < 0 || start >= n || length <= 0 {
		return []byte{}, nil
	}
	return b[start : start+min(length, n-start)], nil
}

func binaryPadding(b []byte, n int64, pad []byte) ([]byte, error) {
	switch {
	case n < 0 || n > 1<<31-1:
		return nil, invalid("Target length must be in the range [0..2147483647]")
	case len(pad) == 0:
		return nil, invalid("Padding bytes must not be empty")
	case n > maxText:
		return nil, tooLong()
	}
	var filling []byte
	for missing := int(n) - len(b); missing > 0; missing -= len(pad) {
		filling = append(filling, pad[:min(missing, len(pad))]...)
	}
	return filling, nil
}

// fromUTF8 puts with in the place of each longest beginning of a character that does not go on.
func fromUTF8(b []byte, with string) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var out strings.Builder
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r != utf8.RuneError || n > 1 {
			out.Write(b[:n])
			b = b[n:]
			continue
		}
		out.WriteString(with)
		b = b[truncated(b):]
	}
	return out.String()
}

// truncated is how many bytes at the beginning of b, which is no character, could begin one.
func truncated(b []byte) int {
	want := 0
	low, high := byte(0x80), byte(0xbf)
	switch c := b[0]; {
	case c >= 0xc2 && c <= 0xdf:
		want = 1
	case c >= 0xe0 && c <= 0xef:
		want = 2
		if c == 0xe0 {
			low = 0xa0
		}
		if c == 0xed {
			high = 0x9f
		}
	case c >= 0xf0 && c <= 0xf4:
		want = 3
		if c == 0xf0 {
			low = 0x90
		}
		if c == 0xf4 {
			high = 0x8f
		}
	}
	n := 1
	for n < len(b) && n <= want && b[n] >= low && b[n] <= high {
		low, high = 0x80, 0xbf
		n++
	}
	return n
}
