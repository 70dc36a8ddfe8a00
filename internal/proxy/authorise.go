package proxy

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"strings"
)

// User is the user name that goes with the password.
const User = "larder"

// URL is what HTTPS_PROXY is set to, for a proxy that listens on address.
func URL(address, password string) string {
	return (&url.URL{Scheme: "http", User: url.UserPassword(User, password), Host: address}).String()
}

// authorised compares in a time that tells nothing of the password, its length included.
func authorised(header, password string) bool {
	scheme, text, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Basic") || password == "" {
		return false
	}
	given, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return false
	}
	a, b := sha256.Sum256(given), sha256.Sum256([]byte(User+":"+password))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
