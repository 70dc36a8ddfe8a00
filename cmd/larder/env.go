package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/larder-dev/larder/internal/app"
	"github.com/larder-dev/larder/internal/proxy"
)

type envCommand struct {
	dataFlag
}

// Run prints nothing unless a server answers.
func (e *envCommand) Run(c console) error {
	dir, err := e.dir()
	if err != nil {
		return err
	}
	server, err := app.Running(context.Background(), dir)
	if err != nil {
		return err
	}
	key, err := app.ReadRootKey(dir)
	if err != nil {
		return err
	}
	environ := os.Environ()
	bundle, err := shellBundle(dir, server, environ)
	if err != nil {
		return err
	}
	endpoint, err := url.Parse(server.Endpoint)
	if err != nil {
		return fmt.Errorf("endpoint of the server on %s: %w", dir, err)
	}
	defaults, err := writeSDKDefaults(dir, environ)
	if err != nil {
		return err
	}
	w := wayIn{proxy: proxy.URL(endpoint.Host, server.ProxyPassword), bundle: bundle, sdkDefaults: defaults}
	_, err = fmt.Fprint(c.out, variablesFor(server, key, w, environ).shell())
	return err
}

// shellBundle names the bundle of this shell. The server wrote one of what its own environment trusts;
// a shell that trusts something else gets one of its own beside it.
func shellBundle(dir string, s *app.Server, environ []string) (string, error) {
	path := filepath.Join(dir, proxy.BundleName)
	roots, err := proxy.Roots(func(name string) string { return lookup(environ, name) })
	if err != nil {
		return "", err
	}
	text := proxy.Bundle(roots, []byte(s.Authority))
	if held, err := os.ReadFile(path); err == nil && string(held) == string(text) {
		return path, nil
	}
	// The name depends on the roots alone: the next start's authority replaces this one's.
	path = filepath.Join(dir, fmt.Sprintf("shell-%x", sha256.Sum256(roots))[:14], proxy.BundleName)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("write a bundle of certificates: %w", err)
	}
	if err := replaceFile(path, text); err != nil {
		return "", fmt.Errorf("write a bundle of certificates: %w", err)
	}
	return path, nil
}

// replaceFile never shows a program half a file.
func replaceFile(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp-")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name()) // of no use to anybody
	}
	return err
}

// shell writes the changes for sh and its kin. Each line ends in a semicolon, so that an eval without
// quotes, which joins the lines, works too.
func (v variables) shell() string {
	var b strings.Builder
	for _, name := range v.unset {
		fmt.Fprintf(&b, "unset %s;\n", name)
	}
	for _, s := range v.set {
		fmt.Fprintf(&b, "export %s=%s;\n", s[0], quote(s[1]))
	}
	return b.String()
}

// quote makes one word of any text: within single quotes a shell looks at nothing.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
