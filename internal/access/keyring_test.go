package access_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/access"
)

var (
	root = access.Key{ID: "AKIAROOT", Secret: "secret", Principal: access.Principal{ARN: "arn:root", UserID: "AROA:root", Account: "123456789012"}}
	noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
)

func begin(t testing.TB, k *access.Keyring) access.Session {
	t.Helper()
	s, err := k.Begin(access.Principal{ARN: "arn:role", UserID: "AROA:s", Account: "123456789012"}, noon.Add(time.Hour), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSessionIsFoundByAnyRingOfTheRootKeyUntilItEnds(t *testing.T) {
	s := begin(t, access.NewKeyring(root))
	other := root
	other.Secret = "another"
	for name, c := range map[string]struct {
		ring  access.Key
		now   time.Time
		token string
		want  error
	}{
		"at once":          {root, noon, s.Token, nil},
		"to the last":      {root, noon.Add(time.Hour - 1), s.Token, nil},
		"after its end":    {root, noon.Add(time.Hour), s.Token, access.ErrExpired},
		"without token":    {root, noon, "", access.ErrToken},
		"another root key": {other, noon, s.Token, access.ErrUnknownKey},
	} {
		got, err := access.NewKeyring(c.ring).Find(s.Key.ID, c.token, c.now)
		if !errors.Is(err, c.want) || err == nil && got != s.Key {
			t.Errorf("%s: %+v, %v; want %v", name, got, err, c.want)
		}
	}
}

func TestRootKeyTakesNoToken(t *testing.T) {
	k := access.NewKeyring(root)
	if got, err := k.Find(root.ID, "", noon); err != nil || got != root {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := k.Find(root.ID, begin(t, k).Token, noon); !errors.Is(err, access.ErrToken) {
		t.Errorf("with a token: %v", err)
	}
	if !k.Knows(root.ID) || k.Knows("AKIAOTHER") || !k.Knows(begin(t, k).Key.ID) {
		t.Error("Knows")
	}
}

func TestNoBitOfATokenCanBeChanged(t *testing.T) {
	k := access.NewKeyring(root)
	s := begin(t, k)
	sealed, err := base64.StdEncoding.DecodeString(s.Token)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range 8 * len(sealed) {
		changed := bytes.Clone(sealed)
		changed[bit/8] ^= 1 << (bit % 8)
		if _, err := k.Find(s.Key.ID, base64.StdEncoding.EncodeToString(changed), noon); !errors.Is(err, access.ErrToken) {
			t.Fatalf("bit %d: %v", bit, err)
		}
	}
}

func FuzzFind(f *testing.F) {
	k := access.NewKeyring(root)
	s := begin(f, k)
	f.Add(s.Key.ID, s.Token)
	f.Add(root.ID, "")
	f.Add("ASIA", "AQ==")
	f.Fuzz(func(t *testing.T, id, token string) {
		key, err := k.Find(id, token, noon)
		known := id == root.ID && token == "" || id == s.Key.ID && token == s.Token
		if (err == nil) != known {
			t.Errorf("%q, %q: %+v, %v", id, token, key, err)
		}
	})
}
