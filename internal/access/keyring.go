package access

import (
	"errors"
	"strings"
	"time"
)

// Why a key is not found.
var (
	ErrUnknownKey = errors.New("the access key does not exist")
	ErrToken      = errors.New("the session token is not that of the access key")
	ErrExpired    = errors.New("the session has expired")
)

// A Keyring knows the keys: the root key, and those of the sessions that it has sealed. It is safe for
// concurrent use.
type Keyring struct {
	root   Key
	sealer *sealer
}

// NewKeyring returns a keyring that holds the root key, and the keys of the sessions that any keyring of the
// same root key has made.
func NewKeyring(root Key) *Keyring { return &Keyring{root: root, sealer: newSealer(root)} }

// Find returns the key of that ID. token is the session token that came with it, "" for none. ErrUnknownKey;
// ErrToken: the key needs another token, or none; ErrExpired.
func (k *Keyring) Find(id, token string, now time.Time) (Key, error) {
	switch {
	case id == k.root.ID && token == "":
		return k.root, nil
	case id == k.root.ID:
		return Key{}, ErrToken
	case !k.sealer.isOurs(id):
		return Key{}, ErrUnknownKey
	}
	s, ok := k.sealer.open(id, token)
	if !ok {
		return Key{}, ErrToken
	}
	if !now.Before(s.Expires) {
		return Key{}, ErrExpired
	}
	return s.Key, nil
}

// Knows tells whether the ID is that of a key of this ring, of an ended session too.
func (k *Keyring) Knows(id string) bool { return id == k.root.ID || k.sealer.isOurs(id) }

// isTemporary tells by its ID a key that comes with a token.
func isTemporary(id string) bool { return strings.HasPrefix(id, "ASIA") && len(id) == 20 }
