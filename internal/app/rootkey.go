package app

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
)

// A RootKey is the access key that may do everything. It is made at the first start.
type RootKey struct {
	Version int    `json:"version"`
	ID      string `json:"access_key_id"`
	Secret  string `json:"secret_access_key"`
}

var (
	keyIDForm  = regexp.MustCompile(`^AKIA[A-Z2-7]{16}$`)
	secretForm = regexp.MustCompile(`^[A-Za-z0-9+/]{40}$`)
)

// ReadRootKey reads the root key of a data directory.
func ReadRootKey(dir string) (RootKey, error) {
	var k RootKey
	path := directory(dir).path(rootKeyName)
	if err := readJSON(path, &k); err != nil {
		return k, err
	}
	if k.Version != formatVersion || !keyIDForm.MatchString(k.ID) || !secretForm.MatchString(k.Secret) {
		return RootKey{}, fmt.Errorf("%s is damaged, or of another version of larder; without it a new key is made at the next start", path)
	}
	return k, nil
}

// loadRootKey reads the root key, and makes it at the first start.
func (d directory) loadRootKey() (RootKey, error) {
	k, err := ReadRootKey(string(d))
	if errors.Is(err, fs.ErrNotExist) {
		return d.makeRootKey()
	}
	if err != nil {
		return k, err
	}
	// Somebody may have copied the directory with open hands.
	if err := os.Chmod(d.path(rootKeyName), 0o600); err != nil {
		return k, fmt.Errorf("keep the root key to its owner: %w", err)
	}
	return k, nil
}

func (d directory) makeRootKey() (RootKey, error) {
	secret, err := drawText(40)
	if err != nil {
		return RootKey{}, fmt.Errorf("make the root key: %w", err)
	}
	// rand.Text draws from the alphabet of AWS's IDs: A to Z and 2 to 7.
	k := RootKey{Version: formatVersion, ID: "AKIA" + rand.Text()[:16], Secret: secret}
	return k, writeJSON(d.path(rootKeyName), k)
}

// drawText draws letters and digits alone: a secret with '/' or '+' in it breaks careless scripts.
func drawText(n int) (string, error) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	out := make([]byte, 0, n)
	buf := make([]byte, 1)
	for len(out) < n {
		if _, err := rand.Read(buf); err != nil {
			return "", err
		}
		if i := buf[0] & 63; int(i) < len(alphabet) {
			out = append(out, alphabet[i])
		}
	}
	return string(out), nil
}

// proxyPassword follows from the root key, so that a shell that took it keeps working when the server
// is started again.
func (k RootKey) proxyPassword() string {
	h := hmac.New(sha256.New, []byte(k.Secret))
	h.Write([]byte("larder proxy password 1"))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
