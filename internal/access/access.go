// Package access holds keys and principals: who a caller is, and what it may do. It is pure.
package access

// A Principal is who a caller is.
type Principal struct {
	ARN     string // arn:aws:sts::<account>:assumed-role/larder/root
	UserID  string // AROA…:root
	Account string // 12 digits
}

// A Key is an access key: an ID, sent in the clear, and a secret that signs.
type Key struct {
	ID        string
	Secret    string
	Principal Principal
}

// A Keyring knows the keys. It is safe for concurrent use.
type Keyring struct{ root Key }

// NewKeyring returns a keyring that holds the root key alone.
func NewKeyring(root Key) *Keyring { return &Keyring{root: root} }

// Find returns the key with that ID.
func (k *Keyring) Find(id string) (Key, bool) {
	if id == k.root.ID {
		return k.root, true
	}
	return Key{}, false
}
