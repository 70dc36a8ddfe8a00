package sts_test

import (
	"context"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"

	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
	"github.com/larder-dev/larder/internal/aws/sts"
)

func TestGetCallerIdentityAnswersTheSDK(t *testing.T) {
	server := awstest.NewServer(t, sts.New(awstest.Account), sts.NewIAM(awstest.Account))
	out, err := awssts.NewFromConfig(awstest.Config(server)).GetCallerIdentity(context.Background(), &awssts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	want := awstest.Key().Principal
	if *out.Arn != want.ARN || *out.UserId != want.UserID || *out.Account != want.Account {
		t.Errorf("GetCallerIdentity: got %s, %s, %s; want %+v", *out.Arn, *out.UserId, *out.Account, want)
	}
}

type role struct {
	RoleName string `xml:"GetRoleResult>Role>RoleName"`
	RoleId   string `xml:"GetRoleResult>Role>RoleId"`
	Arn      string `xml:"GetRoleResult>Role>Arn"`
	Path     string `xml:"GetRoleResult>Role>Path"`
	Policy   string `xml:"GetRoleResult>Role>AssumeRolePolicyDocument"`
}

func getRole(t *testing.T, name string) (int, []byte) {
	t.Helper()
	server := awstest.NewServer(t, sts.NewIAM(awstest.Account))
	form := url.Values{"Action": {"GetRole"}, "Version": {"2010-05-08"}, "RoleName": {name}}
	r, err := http.NewRequest("POST", server.URL+"/", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	reply, body := awstest.Do(t, server, r, "iam")
	return reply.StatusCode, body
}

func TestGetRoleAnswersForEveryNameOfTheAccount(t *testing.T) {
	cases := []struct{ name, wantID string }{
		{"larder", "AROALARDERTESTROLE01"}, // the caller's own
		{"AmazonSageMaker-ExecutionRole", "AROA4KKK4CVIJYWXNUCBH"},
	}
	for _, c := range cases {
		status, body := getRole(t, c.name)
		var got role
		if err := xml.Unmarshal(body, &got); err != nil || status != 200 {
			t.Fatalf("GetRole %s: status %d, %v:\n%s", c.name, status, err, body)
		}
		policy, err := url.PathUnescape(got.Policy)
		if err != nil || !strings.Contains(policy, `"sts:AssumeRole"`) {
			t.Errorf("GetRole %s: policy %q, %v", c.name, got.Policy, err)
		}
		got.Policy = ""
		want := role{RoleName: c.name, RoleId: c.wantID, Arn: "arn:aws:iam::123456789012:role/" + c.name, Path: "/"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("GetRole %s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestGetRoleRefusesWhatIsNoRoleName(t *testing.T) {
	for _, name := range []string{"", "a/b", strings.Repeat("x", 65)} {
		status, body := getRole(t, name)
		if status != 400 || !strings.Contains(string(body), "<Code>ValidationError</Code>") {
			t.Errorf("GetRole %q: status %d\n%s", name, status, body)
		}
	}
}

func TestAssumeRoleIsAnUnknownOperation(t *testing.T) {
	server := awstest.NewServer(t, sts.New(awstest.Account))
	r, err := http.NewRequest("POST", server.URL+"/", strings.NewReader("Action=AssumeRole&Version=2011-06-15"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	reply, body := awstest.Do(t, server, r, "sts")
	if reply.StatusCode != 400 || !strings.Contains(string(body), "<Code>InvalidAction</Code>") {
		t.Errorf("AssumeRole: status %d\n%s", reply.StatusCode, body)
	}
}
