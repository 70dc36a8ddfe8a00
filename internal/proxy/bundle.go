package proxy

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// BundleName is the name of the bundle files that this package's callers write. A file of that
// name is known as ours when it is met again in the environment.
const BundleName = "larder-ca-bundle.pem"

// ownMark stands in a bundle before our own authority, so that a bundle made from another bundle
// does not gather the authorities of servers long gone.
const ownMark = "# Of Larder, from here on. All before it was trusted already.\n"

// trustVariables are those by which clients are told what to trust.
func trustVariables() []string {
	return []string{"AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}
}

// systemRoots are the places where systems keep their roots in one file.
func systemRoots() []string {
	return []string{
		"/etc/ssl/certs/ca-certificates.crt",                // Debian, Alpine, Arch
		"/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora
		"/etc/ssl/ca-bundle.pem",                            // SUSE
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Red Hat
		"/etc/ssl/cert.pem",                                 // macOS, BSD, older Alpine
		"/usr/local/share/certs/ca-root-nss.crt",            // FreeBSD
	}
}

// Roots returns, as PEM, what a program of this environment trusts: the bundles that its variables
// name, or else the system's own roots. None at all is an empty result.
func Roots(getenv func(string) string) ([]byte, error) {
	var out bytes.Buffer
	seen := make(map[string]bool)
	for _, name := range trustVariables() {
		path := getenv(name)
		if path == "" || seen[path] {
			continue
		}
		seen[path] = true
		text, err := readBundle(path)
		if err != nil {
			if filepath.Base(path) == BundleName {
				continue // of a server that is gone
			}
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out.Write(text)
	}
	if out.Len() > 0 {
		return out.Bytes(), nil
	}
	for _, path := range systemRoots() {
		if text, err := readBundle(path); err == nil && len(text) > 0 {
			return text, nil
		}
	}
	return nil, nil
}

// Bundle joins roots and authorities of ours.
func Bundle(roots []byte, authorities ...[]byte) []byte {
	return bytes.Join(append([][]byte{roots, []byte(ownMark)}, authorities...), nil)
}

// readBundle reads a file, or all files of a folder, and keeps the certificates.
func readBundle(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		text, _, _ = bytes.Cut(text, []byte(ownMark))
		return certificates(text), nil
	}
	entries, err := fs.ReadDir(os.DirFS(path), ".")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, e := range entries {
		// A folder of hashed names holds links, and files that are no certificates.
		if text, err := os.ReadFile(filepath.Join(path, e.Name())); err == nil {
			out.Write(certificates(text))
		}
	}
	return out.Bytes(), nil
}

// certificates keeps the certificates of a PEM text: a bundle may come with keys and prose.
func certificates(text []byte) []byte {
	var out bytes.Buffer
	for {
		var block *pem.Block
		block, text = pem.Decode(text)
		if block == nil {
			return out.Bytes()
		}
		if block.Type == "CERTIFICATE" {
			block.Headers = nil
			if err := pem.Encode(&out, block); err != nil {
				return out.Bytes() // a Buffer takes everything
			}
		}
	}
}
