package main

import (
	"net/url"
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/app"
	"github.com/larder-dev/larder/internal/proxy"
)

// variables are what a program's environment must say, and must not say, to reach a server.
type variables struct {
	set   [][2]string
	unset []string
}

// A wayIn is what a program needs beside endpoint and keys.
type wayIn struct {
	proxy       string // URL, with the password
	bundle      string // file of certificates
	sdkDefaults string // file of defaults for the SageMaker SDK; "" leaves those of the machine
}

// variablesFor says how an environment is to change. Which clients need what, and why:
// docs/decisions/proxy-and-ca.md.
func variablesFor(s *app.Server, key app.RootKey, w wayIn, environ []string) variables {
	bypass := noProxy(s, environ)
	v := variables{set: [][2]string{
		{"AWS_ENDPOINT_URL", s.Endpoint},
		{"AWS_ACCESS_KEY_ID", key.ID},
		{"AWS_SECRET_ACCESS_KEY", key.Secret},
		{"AWS_REGION", s.Region},
		{"AWS_DEFAULT_REGION", s.Region},
		{"AWS_EC2_METADATA_DISABLED", "true"},
		{"HTTPS_PROXY", w.proxy},
		{"https_proxy", w.proxy},
		{"NO_PROXY", bypass},
		{"no_proxy", bypass},
		{"AWS_CA_BUNDLE", w.bundle},
		{"REQUESTS_CA_BUNDLE", w.bundle},
	}}
	if w.sdkDefaults != "" {
		v.set = append(v.set, [2]string{sdkDefaultsVariable, w.sdkDefaults})
	}
	// These name other credentials or other endpoints, and would win.
	v.unset = []string{
		"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
		"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT",
	}
	for _, entry := range environ {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "AWS_ENDPOINT_URL_") {
			v.unset = append(v.unset, name)
		}
	}
	slices.Sort(v.unset[7:])
	return v
}

// noProxy keeps what was exempt from proxies and adds the server. Entries that exempt STS go: its
// calls must come to our proxy, which asks the old environment where all others are to go.
func noProxy(s *app.Server, environ []string) string {
	local := []string{"127.0.0.1", "localhost", "::1"}
	if u, err := url.Parse(s.Endpoint); err == nil && !slices.Contains(local, u.Hostname()) {
		local = append(local, u.Hostname())
	}
	var out []string
	for _, name := range []string{"no_proxy", "NO_PROXY"} {
		for entry := range strings.SplitSeq(lookup(environ, name), ",") {
			entry = strings.TrimSpace(entry)
			if entry != "" && !slices.Contains(out, entry) && !slices.Contains(local, entry) && !exemptsSTS(entry, s.Region) {
				out = append(out, entry)
			}
		}
	}
	return strings.Join(append(out, local...), ",")
}

func exemptsSTS(entry, region string) bool {
	name, _, _ := strings.Cut(strings.ToLower(entry), ":")
	name = strings.TrimLeft(name, "*.")
	for _, host := range proxy.Hosts(region) {
		if name == "" || host == name || strings.HasSuffix(host, "."+name) {
			return true
		}
	}
	return false
}

// apply returns the environment after the changes.
func (v variables) apply(environ []string) []string {
	out := make([]string, 0, len(environ)+len(v.set))
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if !slices.Contains(v.unset, name) && !slices.ContainsFunc(v.set, func(s [2]string) bool { return s[0] == name }) {
			out = append(out, entry)
		}
	}
	for _, s := range v.set {
		out = append(out, s[0]+"="+s[1])
	}
	return out
}

// lookup returns the value of a variable. The last of several wins, as in os/exec.
func lookup(environ []string, name string) string {
	for _, entry := range slices.Backward(environ) {
		if n, value, _ := strings.Cut(entry, "="); n == name {
			return value
		}
	}
	return ""
}
