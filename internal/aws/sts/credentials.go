package sts

import (
	"time"

	"github.com/larder-dev/larder/internal/access"
)

// credentials are a key for a time, in STS's words.
type credentials struct {
	AccessKeyId     string
	SecretAccessKey string
	SessionToken    string
	Expiration      string
}

// begin makes the key of a session of p.
func (a *api) begin(p access.Principal, lasts time.Duration) (credentials, error) {
	s, err := a.c.Keys.Begin(p, a.c.Now().Add(lasts), a.c.Random)
	if err != nil {
		return credentials{}, err
	}
	return credentials{
		AccessKeyId: s.Key.ID, SecretAccessKey: s.Key.Secret, SessionToken: s.Token,
		Expiration: s.Expires.Format("2006-01-02T15:04:05Z"),
	}, nil
}
