package awshttp

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"strings"
	"sync"

	"github.com/larder-dev/larder/internal/access"
)

// A signingKey is a secret narrowed to a date, a region and a service. It is safe for concurrent use.
type signingKey struct {
	secret string    // it was made of
	macs   sync.Pool // of hash.Hash: HMAC-SHA256 with the key
}

// newSigningKey derives the key of a scope.
func newSigningKey(secret, date, region, service string) *signingKey {
	k := []byte("AWS4" + secret)
	for _, part := range []string{date, region, service, "aws4_request"} {
		mac := hmac.New(sha256.New, k)
		mac.Write([]byte(part))
		k = mac.Sum(nil)
	}
	key := &signingKey{secret: secret}
	key.macs.New = func() any { return hmac.New(sha256.New, k) }
	return key
}

// sign appends the signature of text to b, in hex.
func (k *signingKey) sign(b, text []byte) []byte {
	mac := k.macs.Get().(hash.Hash)
	mac.Reset()
	mac.Write(text)
	// Summed behind b's end, then spread to hex from there: no memory of its own.
	n := len(b)
	b = mac.Sum(b)
	k.macs.Put(mac)
	return hexInPlace(b, n)
}

// hexInPlace replaces b[n:] by its hex form.
func hexInPlace(b []byte, n int) []byte {
	const digits = "0123456789abcdef"
	size := len(b) - n
	b = append(b, b[n:]...)
	for i := size - 1; i >= 0; i-- {
		c := b[n+i]
		b[n+2*i], b[n+2*i+1] = digits[c>>4], digits[c&15]
	}
	return b
}

// A scopeKey names a signing key.
type scopeKey struct{ id, date, region, service string }

// maxSigningKeys bounds the cache: a handful of regions and services a day is usual.
const maxSigningKeys = 512

// A signingKeys remembers signing keys that have proven good, for deriving one costs more than a
// verification.
type signingKeys struct {
	mu   sync.RWMutex // guards keys
	keys map[scopeKey]*signingKey
}

// get returns the signing key of a claim made by the holder of key; known tells if it was remembered.
func (s *signingKeys) get(key access.Key, c *claim) (k *signingKey, known bool) {
	s.mu.RLock()
	k = s.keys[scopeKey{key.ID, c.date, c.region, c.service}]
	s.mu.RUnlock()
	if k != nil && k.secret == key.Secret {
		return k, true
	}
	return newSigningKey(key.Secret, c.date, c.region, c.service), false
}

// remember keeps k, which has verified c. Only then: otherwise anybody could fill the memory with scopes.
func (s *signingKeys) remember(c *claim, k *signingKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys == nil || len(s.keys) >= maxSigningKeys {
		s.keys = make(map[scopeKey]*signingKey)
	}
	// Cloned, because the claim's strings are parts of whole headers.
	id, date := strings.Clone(c.keyID), strings.Clone(c.date)
	region, service := strings.Clone(c.region), strings.Clone(c.service)
	s.keys[scopeKey{id, date, region, service}] = k
}
