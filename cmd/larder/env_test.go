package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/larder-dev/larder/internal/app"
)

// shell runs a script in which $LARDER is this binary.
func shell(t *testing.T, script string, environ ...string) (out string, code int) {
	t.Helper()
	cmd := larder(t, environ)
	cmd.Path, cmd.Args = "/bin/sh", []string{"sh", "-c", script}
	cmd.Env = append(cmd.Env, "LARDER="+os.Args[0])
	out, errOut, code := result(t, cmd)
	return out + errOut, code
}

func TestEnvPointsAShellAtTheServer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), `it's a "data" $dir`)
	s := serve(t, dir)
	out, code := shell(t, `eval "$("$LARDER" env)" && env`,
		"LARDER_DATA="+dir, "AWS_PROFILE=corp", "AWS_SESSION_TOKEN=t", "AWS_ENDPOINT_URL_S3=https://s3.corp", "AWS_ENDPOINT_URL_STS=x",
		"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", "AWS_REGION=mars", "NO_PROXY=.corp,.amazonaws.com", "HTTPS_PROXY=")
	if code != 0 {
		t.Fatalf("status %d: %s", code, out)
	}
	environ := strings.Split(out, "\n")
	key, err := app.ReadRootKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"AWS_ENDPOINT_URL": s.server.Endpoint, "AWS_ACCESS_KEY_ID": key.ID, "AWS_SECRET_ACCESS_KEY": key.Secret,
		"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
		"NO_PROXY": ".corp,127.0.0.1,localhost,::1", "no_proxy": ".corp,127.0.0.1,localhost,::1",
		"HTTPS_PROXY":   "http://larder:" + s.server.ProxyPassword + "@" + strings.TrimPrefix(s.server.Endpoint, "http://"),
		"AWS_CA_BUNDLE": dir + "/larder-ca-bundle.pem", "REQUESTS_CA_BUNDLE": dir + "/larder-ca-bundle.pem",
	} {
		if got := lookup(environ, name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"AWS_PROFILE=", "AWS_SESSION_TOKEN=", "AWS_ENDPOINT_URL_", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="} {
		if strings.Contains(out, "\n"+name) {
			t.Errorf("%s… is still set", name)
		}
	}
}

func TestProgramInThatShellFindsSTS(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir)
	const want = "arn:aws:sts::123456789012:assumed-role/larder/root\n"
	for name, script := range map[string]string{
		"by name":        `eval "$("$LARDER" env)"; LARDER_TEST_AS=caller "$LARDER" https://sts.us-east-1.amazonaws.com`,
		"by endpoint":    `eval "$("$LARDER" env)"; LARDER_TEST_AS=caller "$LARDER" "$AWS_ENDPOINT_URL"`,
		"without quotes": `eval $("$LARDER" env); LARDER_TEST_AS=caller "$LARDER" https://sts.amazonaws.com`,
		"twice":          `eval "$("$LARDER" env)"; eval "$("$LARDER" env)"; LARDER_TEST_AS=caller "$LARDER" https://sts.us-east-1.amazonaws.com`,
		"exec inside":    `eval "$("$LARDER" env)"; "$LARDER" exec -- env LARDER_TEST_AS=caller "$LARDER" https://sts.us-east-1.amazonaws.com`,
	} {
		t.Run(name, func(t *testing.T) {
			if out, _ := shell(t, script, "LARDER_DATA="+dir); out != want {
				t.Errorf("got %q, want %q", out, want)
			}
		})
	}
}

func TestShellThatTrustsOtherRootsKeepsThem(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, dir)
	own := filepath.Join(t.TempDir(), "corp.pem")
	if err := os.WriteFile(own, []byte(s.server.Authority), 0o600); err != nil { // any certificate will do
		t.Fatal(err)
	}
	first, _ := shell(t, `eval "$("$LARDER" env)"; cat "$AWS_CA_BUNDLE"`, "LARDER_DATA="+dir, "AWS_CA_BUNDLE="+own)
	if strings.Count(first, "BEGIN CERTIFICATE") != 2 {
		t.Errorf("the bundle is %q, want the shell's one certificate and the server's", first)
	}
	twice, _ := shell(t, `eval "$("$LARDER" env)"; eval "$("$LARDER" env)"; cat "$AWS_CA_BUNDLE"`, "LARDER_DATA="+dir, "AWS_CA_BUNDLE="+own)
	if twice != first {
		t.Errorf("the second eval makes another bundle: %q", twice)
	}
}

func TestEnvPrintsNothingWithoutAServer(t *testing.T) {
	out, errOut, code := result(t, larder(t, nil, "env", "--data", t.TempDir()))
	if out != "" || code != 1 || !strings.Contains(errOut, "larder serve --data") {
		t.Errorf("status %d, out %q, err %q", code, out, errOut)
	}
}

func TestQuoteSurvivesAShell(t *testing.T) {
	for _, text := range []string{"", "plain", "it's", `a "b" $c $(d) \e`, "two\nlines", "''", "-n", "ünï"} {
		out, err := exec.Command("sh", "-c", "printf %s "+quote(text)).Output()
		if err != nil || string(out) != text {
			t.Errorf("%q came back as %q, %v", text, out, err)
		}
	}
}

func TestNoProxyKeepsWhatDoesNotExemptSTS(t *testing.T) {
	s := &app.Server{Endpoint: "http://10.0.0.5:9444", Region: "us-east-1"}
	const local = "127.0.0.1,localhost,::1,10.0.0.5"
	tests := map[string]string{
		"":                                 local,
		"corp.example, .internal":          "corp.example,.internal," + local,
		"*":                                local,
		".amazonaws.com,x":                 "x," + local,
		"amazonaws.com:443,*.com,com":      local,
		"sts.us-east-1.amazonaws.com":      local,
		"sts.eu-west-1.amazonaws.com":      "sts.eu-west-1.amazonaws.com," + local,
		"s3.amazonaws.com,localhost":       "s3.amazonaws.com," + local,
		"10.0.0.0/8,169.254.169.254,[::1]": "10.0.0.0/8,169.254.169.254,[::1]," + local,
	}
	for given, want := range tests {
		if got := noProxy(s, []string{"NO_PROXY=" + given}); got != want {
			t.Errorf("NO_PROXY=%s becomes %s, want %s", given, got, want)
		}
	}
}

func TestTelemetryOfTheSDKIsSwitchedOff(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir)
	const show = `; test -n "$SAGEMAKER_ADMIN_CONFIG_OVERRIDE" && cat "$SAGEMAKER_ADMIN_CONFIG_OVERRIDE"`
	admin := filepath.Join(t.TempDir(), "sagemaker", "config.yaml")
	if err := os.MkdirAll(filepath.Dir(admin), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(admin, []byte("administrator's"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, script, environ, want string }{
		{"env", `eval "$("$LARDER" env)"` + show, "A=b", sdkDefaults},
		{"env twice", `eval "$("$LARDER" env)"; eval "$("$LARDER" env)"` + show, "A=b", sdkDefaults},
		{"exec", `"$LARDER" exec -- sh -c 'cat "$SAGEMAKER_ADMIN_CONFIG_OVERRIDE"'`, "A=b", sdkDefaults},
		{"administrator's by variable", `eval "$("$LARDER" env)"` + show, sdkDefaultsVariable + "=" + admin, "administrator's"},
		{"administrator's by place", `eval "$("$LARDER" env)"` + show, "XDG_CONFIG_DIRS=/nowhere:" + filepath.Dir(filepath.Dir(admin)), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if out, _ := shell(t, test.script, "LARDER_DATA="+dir, test.environ); out != test.want {
				t.Errorf("the SDK reads %q, want %q", out, test.want)
			}
		})
	}
}
