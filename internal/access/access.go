// Package access holds keys and principals: who a caller is, and what it may do. It is pure.
package access

// A Principal is who a caller is.
type Principal struct {
	ARN     string // arn:aws:sts::<account>:assumed-role/larder/root
	UserID  string // AROA…:root
	Account string // 12 digits
	// Temporary tells that it came with the key of a session.
	Temporary bool
}

// A Key is an access key: an ID, sent in the clear, and a secret that signs.
type Key struct {
	ID        string
	Secret    string
	Principal Principal
}
