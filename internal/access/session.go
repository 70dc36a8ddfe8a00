package access

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// A Session is a key for a time, and the token that goes with it.
type Session struct {
	Key     Key
	Token   string
	Expires time.Time
}

// Begin makes the key of a session of p, which ends at expires. Nothing is kept: all that there is to know
// stands in the token, sealed (docs/decisions/session-tokens.md). random is where chance comes from; its
// error is the only one.
func (k *Keyring) Begin(p Principal, expires time.Time, random io.Reader) (Session, error) {
	p.Temporary = true
	var drawn [idRandom + nonceSize]byte
	if _, err := io.ReadFull(random, drawn[:]); err != nil {
		return Session{}, fmt.Errorf("draw a session's key: %w", err)
	}
	expires = expires.UTC().Truncate(time.Second)
	id := k.sealer.id(drawn[:idRandom])
	token, err := k.sealer.seal(id, drawn[idRandom:], sealed{ARN: p.ARN, UserID: p.UserID, Expires: expires.Unix()})
	if err != nil {
		return Session{}, err
	}
	return Session{Key: Key{ID: id, Secret: k.sealer.secret(id, token), Principal: p}, Token: token, Expires: expires}, nil
}

const (
	idRandom  = 5 // bytes of an ID that are drawn; as many more prove that we drew them
	nonceSize = 12

	// tokenVersion begins every token; another layout has another.
	tokenVersion = 1
	maxToken     = 4096
)

// sealed is what a token says.
type sealed struct {
	ARN     string `json:"a"`
	UserID  string `json:"u"`
	Expires int64  `json:"e"` // seconds since 1970
}

// A sealer makes and opens tokens by keys that follow from the root key.
type sealer struct {
	account string
	aead    cipher.AEAD
	ids     []byte // proves IDs
	secrets []byte // makes secrets
}

func newSealer(root Key) *sealer {
	derive := func(purpose string) []byte {
		h := hmac.New(sha256.New, []byte(root.Secret))
		h.Write([]byte("larder session " + purpose + " 1"))
		return h.Sum(nil)
	}
	block, err := aes.NewCipher(derive("token"))
	if err != nil {
		panic("access: " + err.Error()) // the key has 32 bytes
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic("access: " + err.Error()) // AES has blocks of 16 bytes
	}
	return &sealer{account: root.Principal.Account, aead: aead, ids: derive("id"), secrets: derive("secret")}
}

func mac(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum(nil)
}

// id makes an access key ID that isOurs knows again: ASIA, what was drawn, and its proof.
func (s *sealer) id(drawn []byte) string {
	return "ASIA" + base32.StdEncoding.EncodeToString(append(drawn[:idRandom:idRandom], mac(s.ids, string(drawn))[:idRandom]...))
}

func (s *sealer) isOurs(id string) bool {
	if !isTemporary(id) {
		return false
	}
	b, err := base32.StdEncoding.DecodeString(id[4:])
	return err == nil && subtle.ConstantTimeCompare(b[idRandom:], mac(s.ids, string(b[:idRandom]))[:idRandom]) == 1
}

// secret is the secret of the key that goes with a token.
func (s *sealer) secret(id, token string) string {
	return base64.StdEncoding.EncodeToString(mac(s.secrets, id, token))[:40]
}

func (s *sealer) seal(id string, nonce []byte, what sealed) (string, error) {
	text, err := json.Marshal(what)
	if err != nil {
		return "", fmt.Errorf("write a session's token: %w", err)
	}
	b := append([]byte{tokenVersion}, nonce...)
	return base64.StdEncoding.EncodeToString(s.aead.Seal(b, nonce, text, []byte(id))), nil
}

// open reads the token of an access key; not ok if we did not seal it for that key.
func (s *sealer) open(id, token string) (Session, bool) {
	if len(token) > maxToken {
		return Session{}, false
	}
	b, err := base64.StdEncoding.Strict().DecodeString(token)
	if err != nil || len(b) < 1+nonceSize || b[0] != tokenVersion {
		return Session{}, false
	}
	text, err := s.aead.Open(nil, b[1:1+nonceSize], b[1+nonceSize:], []byte(id))
	if err != nil {
		return Session{}, false
	}
	var what sealed
	if json.Unmarshal(text, &what) != nil {
		return Session{}, false
	}
	return Session{
		Key: Key{ID: id, Secret: s.secret(id, token), Principal: Principal{
			ARN: what.ARN, UserID: what.UserID, Account: s.account, Temporary: true,
		}},
		Token: token, Expires: time.Unix(what.Expires, 0).UTC(),
	}, true
}
