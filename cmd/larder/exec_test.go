package main

import (
	"bufio"
	"strings"
	"syscall"
	"testing"
)

func TestExecReturnsTheStatusOfItsCommand(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir)
	tests := map[string]struct {
		args []string
		want int
	}{
		"success":      {[]string{"true"}, 0},
		"failure":      {[]string{"sh", "-c", "exit 3"}, 3},
		"signal":       {[]string{"sh", "-c", "kill -KILL $$"}, 137},
		"no command":   {[]string{"no-such-command"}, 127},
		"no such path": {[]string{"/no/such/command"}, 127},
		"no program":   {[]string{dir}, 126},
		"flags":        {[]string{"sh", "-c", `test "$1" = --data`, "sh", "--data"}, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"exec", "--data", dir, "--"}, test.args...)
			if _, errOut, code := result(t, larder(t, nil, args...)); code != test.want {
				t.Errorf("status %d, want %d: %s", code, test.want, errOut)
			}
		})
	}
}

func TestExecGivesItsCommandTheWayToTheServer(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, dir)
	out, errOut, code := result(t, larder(t, []string{"AWS_PROFILE=corp", "LARDER_DATA=" + dir}, "exec", "--", "sh", "-c",
		`LARDER_TEST_AS=caller "`+larder(t, nil).Path+`" https://sts.us-east-1.amazonaws.com; echo "$AWS_PROFILE|$HTTPS_PROXY|$AWS_ENDPOINT_URL"`))
	lines := strings.Split(out, "\n")
	if code != 0 || lines[0] != "arn:aws:sts::123456789012:assumed-role/larder/root" {
		t.Fatalf("status %d, out %q, err %q", code, out, errOut)
	}
	fields := strings.Split(lines[1], "|")
	if fields[0] != "" || fields[2] != s.server.Endpoint {
		t.Errorf("environment %q", lines[1])
	}
	if strings.Contains(fields[1], s.server.ProxyPassword) || strings.HasSuffix(fields[1], strings.TrimPrefix(s.server.Endpoint, "http:")) {
		t.Errorf("proxy %s is the server's, want one of its own", fields[1])
	}
}

func TestExecPassesSignalsOn(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir)
	cmd := larder(t, nil, "exec", "--data", dir, "--", "sh", "-c", `trap 'echo heard; exit 7' TERM; echo ready; while :; do sleep 0.05; done`)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "ready" {
		t.Fatalf("read %q, want ready", lines.Text())
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if !lines.Scan() || lines.Text() != "heard" {
		t.Errorf("read %q, want heard", lines.Text())
	}
	cmd.Wait() // the status is looked at
	if code := cmd.ProcessState.ExitCode(); code != 7 {
		t.Errorf("status %d, want the command's 7", code)
	}
}
