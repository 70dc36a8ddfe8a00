package awshttp

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/larder-dev/larder/internal/access"
)

const (
	unsignedPayload = "UNSIGNED-PAYLOAD"
	emptySHA256     = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

// A verifier proves signatures. There is one for all services.
type verifier struct {
	keys    *access.Keyring
	now     func() time.Time
	signing signingKeys
	scratch sync.Pool // of *scratch
}

func newVerifier(keys *access.Keyring, now func() time.Time) *verifier {
	v := &verifier{keys: keys, now: now}
	v.scratch.New = func() any { return &scratch{text: make([]byte, 0, 1024)} }
	return v
}

// A proof is what the chunks of a body are verified with: the claim they continue, and its key.
type proof struct {
	claim *claim
	key   *signingKey
}

// holder finds whose claim it is and whether the claim can stand at this time. The signature has
// not been looked at yet, and the body not been touched.
func (v *verifier) holder(r *http.Request, c *claim, p Protocol) (access.Key, *Error) {
	if c.presigned && p != RESTXML {
		return access.Key{}, refuse(p, presignedHere, "query-string signatures are accepted for S3 only; sign the request's headers")
	}
	key, err := v.keys.Find(c.keyID, tokenOf(r, c), v.now())
	if err != nil {
		return access.Key{}, refuseKey(p, c.keyID, err)
	}
	if f := c.checkClock(v.now()); f != nil {
		return access.Key{}, refuse(p, f.why, "%s", f.text)
	}
	if f := checkSignedHeaders(r, c, p); f != nil {
		return access.Key{}, refuse(p, f.why, "%s", f.text)
	}
	return key, nil
}

// tokenOf returns the session token of a request, "" for none. Whether it is signed is of no matter for who
// the caller is: it is sealed for the one key that it goes with.
func tokenOf(r *http.Request, c *claim) string {
	if token := first(r.Header, "X-Amz-Security-Token"); token != "" || !c.presigned {
		return token
	}
	return r.URL.Query().Get("X-Amz-Security-Token")
}

// refuseKey says why a key is not found.
func refuseKey(p Protocol, id string, err error) *Error {
	switch {
	case errors.Is(err, access.ErrExpired):
		return refuse(p, tokenExpired, "The security token included in the request is expired; assume the role again")
	case errors.Is(err, access.ErrToken):
		return refuse(p, sessionToken, "The security token included in the request is invalid: it is not the one that goes with this access key (the key of larder env has none; unset AWS_SESSION_TOKEN)")
	}
	return refuse(p, unknownKey, "The access key ID %.64q does not exist in this server's records", id)
}

// checkSignedHeaders sees to it that the headers we act on are signed: the host, the target, and in S3,
// where they are half of the request, all of Amazon's.
func checkSignedHeaders(r *http.Request, c *claim, p Protocol) *flaw {
	if c.older != nil {
		return nil // it is of all that counts
	}
	if !c.signs("host") {
		return &flaw{unsignedHeader, "'Host' must be a 'SignedHeader' in the AWS Authorization."}
	}
	if len(r.Header["X-Amz-Target"]) > 0 && !c.signs("x-amz-target") {
		return &flaw{unsignedHeader, "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization."}
	}
	if p != RESTXML {
		return nil
	}
	for name := range r.Header {
		if !strings.HasPrefix(name, "X-Amz-") {
			continue
		}
		if lower := strings.ToLower(name); !c.signs(lower) {
			return &flaw{unsignedHeader, "There were headers present in the request which were not signed: " + lower}
		}
	}
	return nil
}

// verify proves that the holder of key signed the request of r with a payload of that hash.
func (v *verifier) verify(r *http.Request, c *claim, key access.Key, p Protocol, payloadHash string) (proof, *Error) {
	signingKey, known := v.signing.get(key, c)
	scratch := v.scratch.Get().(*scratch)
	defer v.scratch.Put(scratch)
	form := encodedTwice
	if p == RESTXML {
		form = asSent
	}
	match, readable := scratch.matches(r, c, signingKey, form, payloadHash)
	if !match && readable && p == RESTXML {
		match, _ = scratch.matches(r, c, signingKey, encodedOnce, payloadHash)
	}
	if !readable {
		return proof{}, refuse(p, unreadable, "the query string cannot be read: percent-encode it, semicolons too")
	}
	if !match {
		return proof{}, refuse(p, wrongSignature, "The request signature we calculated does not match the signature you provided. Check your secret access key and signing method.")
	}
	if !known {
		v.signing.remember(c, signingKey)
	}
	return proof{c, signingKey}, nil
}

// matches computes the signature and compares. It is not readable if there is no one text to sign.
func (s *scratch) matches(r *http.Request, c *claim, key *signingKey, form pathForm, payloadHash string) (match, readable bool) {
	b, ok := s.appendCanonicalRequest(s.text[:0], r, c, form, payloadHash)
	s.text = b
	if !ok {
		return false, false
	}
	sum := sha256.Sum256(b)
	b = append(b[:0], algorithm...)
	b = append(b, '\n')
	b = append(b, c.stamp...)
	b = append(b, '\n')
	b = append(b, c.scope...)
	b = append(b, '\n')
	b = hex.AppendEncode(b, sum[:])
	n := len(b)
	b = key.sign(b, b)
	s.text = b
	return equal(b[n:], c.signature), true
}

// equal compares in a time that does not tell where the two differ.
func equal(signature []byte, claimed string) bool {
	return subtle.ConstantTimeCompare(signature, []byte(claimed)) == 1
}

// hashHex returns the SHA-256 of a body in hex.
func hashHex(body []byte) string {
	if len(body) == 0 {
		return emptySHA256
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
