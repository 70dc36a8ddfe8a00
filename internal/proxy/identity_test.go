package proxy

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func identity(t *testing.T) (ca, leaf *x509.Certificate, id *Identity) {
	t.Helper()
	id, err := NewIdentity(Hosts("eu-central-1"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	block, rest := pem.Decode(id.Authority)
	if block == nil || len(rest) > 0 {
		t.Fatalf("the authority is not one PEM block: %q", id.Authority)
	}
	if ca, err = x509.ParseCertificate(block.Bytes); err != nil {
		t.Fatal(err)
	}
	if leaf, err = x509.ParseCertificate(id.Certificate.Certificate[0]); err != nil {
		t.Fatal(err)
	}
	return ca, leaf, id
}

func TestCertificateSpeaksForItsNamesOnly(t *testing.T) {
	ca, leaf, _ := identity(t)
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	tests := map[string]bool{
		"sts.eu-central-1.amazonaws.com": true, "sts.amazonaws.com": true, "localhost": true, "127.0.0.1": true, "::1": true,
		"s3.amazonaws.com": false, "sts.us-east-1.amazonaws.com": false, "127.0.0.2": false, "example.com": false,
	}
	for name, want := range tests {
		_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name})
		if (err == nil) != want {
			t.Errorf("Verify(%s): %v", name, err)
		}
	}
}

// Whoever had the authority's key could sign anything: the constraints are what is left then.
func TestNameConstraintsHold(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca, _, _ := identity(t)
	ca.PublicKey, ca.SignatureAlgorithm = &key.PublicKey, 0
	ca.SubjectKeyId = nil
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	stolen, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(stolen)
	tests := []struct {
		name string
		leaf x509.Certificate
		want bool
	}{
		{"sts.amazonaws.com", x509.Certificate{DNSNames: []string{"sts.amazonaws.com"}}, true},
		{"s3.amazonaws.com", x509.Certificate{DNSNames: []string{"s3.amazonaws.com"}}, false},
		{"amazonaws.com", x509.Certificate{DNSNames: []string{"amazonaws.com"}}, false},
		{"*.amazonaws.com", x509.Certificate{DNSNames: []string{"*.amazonaws.com"}}, false},
		{"example.org beside sts", x509.Certificate{DNSNames: []string{"sts.amazonaws.com", "example.org"}}, false},
		{"an authority", x509.Certificate{DNSNames: []string{"sts.amazonaws.com"}, IsCA: true, BasicConstraintsValid: true}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.leaf.SerialNumber = big.NewInt(7)
			test.leaf.NotBefore, test.leaf.NotAfter = ca.NotBefore, ca.NotAfter
			der, err := x509.CreateCertificate(rand.Reader, &test.leaf, stolen, &key.PublicKey, key)
			if err != nil {
				t.Fatal(err)
			}
			leaf, err := x509.ParseCertificate(der)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); (err == nil) != test.want {
				t.Errorf("Verify: %v", err)
			}
		})
	}
	if !ca.PermittedDNSDomainsCritical || !ca.MaxPathLenZero || ca.KeyUsage != x509.KeyUsageCertSign {
		t.Errorf("critical %v, no intermediates %v, usage %v", ca.PermittedDNSDomainsCritical, ca.MaxPathLenZero, ca.KeyUsage)
	}
}

func TestTwoIdentitiesShareNothing(t *testing.T) {
	a, _, _ := identity(t)
	b, _, _ := identity(t)
	if a.Subject.String() == b.Subject.String() || a.SerialNumber.Cmp(b.SerialNumber) == 0 {
		t.Errorf("two authorities are both %s", a.Subject)
	}
}

func TestRoots(t *testing.T) {
	dir := t.TempDir()
	_, _, one := identity(t)
	_, _, two := identity(t)
	_, _, gone := identity(t)
	write := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	plain := write("plain.pem", append([]byte("some prose\n"), one.Authority...))
	other := write("other.pem", two.Authority)
	ours := write(BundleName, Bundle(one.Authority, gone.Authority))
	tests := []struct {
		name    string
		environ map[string]string
		want    []byte
	}{
		{"one", map[string]string{"AWS_CA_BUNDLE": plain}, one.Authority},
		{"two", map[string]string{"AWS_CA_BUNDLE": plain, "SSL_CERT_FILE": other}, append(bytes.Clone(one.Authority), two.Authority...)},
		{"the same twice", map[string]string{"AWS_CA_BUNDLE": plain, "REQUESTS_CA_BUNDLE": plain}, one.Authority},
		{"ours, without the authority of a server that is gone", map[string]string{"AWS_CA_BUNDLE": ours}, one.Authority},
		{"ours, removed", map[string]string{"AWS_CA_BUNDLE": filepath.Join(dir, "x", BundleName), "SSL_CERT_FILE": other}, two.Authority},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Roots(func(name string) string { return test.environ[name] })
			if err != nil || !bytes.Equal(got, test.want) {
				t.Errorf("got %q, error %v; want %q", got, err, test.want)
			}
		})
	}
	if _, err := Roots(func(string) string { return filepath.Join(dir, "missing.pem") }); err == nil {
		t.Error("a bundle that is not there is no error")
	}
}

func TestRootsOfAFolder(t *testing.T) {
	dir := t.TempDir()
	_, _, one := identity(t)
	for name, text := range map[string][]byte{"a.pem": one.Authority, "README": []byte("none")} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Roots(func(name string) string { return map[string]string{"REQUESTS_CA_BUNDLE": dir}[name] })
	if err != nil || !bytes.Equal(got, one.Authority) {
		t.Errorf("got %q, error %v", got, err)
	}
}
