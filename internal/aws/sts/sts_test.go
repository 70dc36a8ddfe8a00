package sts_test

import (
	"context"
	"crypto/rand"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/access"
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
	"github.com/larder-dev/larder/internal/aws/sts"
)

func TestGetCallerIdentityAnswersTheSDK(t *testing.T) {
	server := awstest.NewServer(t, service(), sts.NewIAM(awstest.Account))
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

// service is the STS of the tests' account, whose keyring knows what the server's does.
func service() *awshttp.Service {
	return sts.New(sts.Config{Account: awstest.Account, Keys: access.NewKeyring(awstest.Key()), Now: time.Now, Random: rand.Reader})
}

// client returns a client with a key; a token may be "".
func client(server *httptest.Server, id, secret, token string) *awssts.Client {
	c := awstest.Config(server)
	c.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: id, SecretAccessKey: secret, SessionToken: token}, nil
	})
	return awssts.NewFromConfig(c)
}

func codeOf(err error) string {
	var e smithy.APIError
	if errors.As(err, &e) {
		return e.ErrorCode()
	}
	return fmt.Sprint(err)
}

const someRole = "arn:aws:iam::" + awstest.Account + ":role/team/Trainer"

func TestAssumedRoleIsWhoItsKeySaysItIs(t *testing.T) {
	server := awstest.NewServer(t, service())
	root := awssts.NewFromConfig(awstest.Config(server))
	made, err := root.AssumeRole(t.Context(), &awssts.AssumeRoleInput{
		RoleArn: aws.String(someRole), RoleSessionName: aws.String("night@run"), DurationSeconds: aws.Int32(900), SourceIdentity: aws.String("me"),
		ExternalId: aws.String("x"), Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	wantARN := "arn:aws:sts::123456789012:assumed-role/Trainer/night@run"
	if lasts := time.Until(*made.Credentials.Expiration); *made.AssumedRoleUser.Arn != wantARN || *made.SourceIdentity != "me" || lasts < 890*time.Second || lasts > 900*time.Second {
		t.Errorf("AssumeRole: %s, %s, %v", *made.AssumedRoleUser.Arn, *made.SourceIdentity, lasts)
	}
	k := made.Credentials
	if !strings.HasPrefix(*k.AccessKeyId, "ASIA") || len(*k.AccessKeyId) != 20 || len(*k.SecretAccessKey) != 40 {
		t.Errorf("key %s with a secret of %d characters", *k.AccessKeyId, len(*k.SecretAccessKey))
	}
	// Another server with the same root key knows the session: it outlives a restart.
	after := awstest.NewServer(t, service())
	who, err := client(after, *k.AccessKeyId, *k.SecretAccessKey, *k.SessionToken).GetCallerIdentity(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if *who.Arn != wantARN || *who.UserId != *made.AssumedRoleUser.AssumedRoleId || !strings.HasSuffix(*who.UserId, ":night@run") {
		t.Errorf("GetCallerIdentity: %s, %s", *who.Arn, *who.UserId)
	}
}

func TestKeysOfSessionsNeedTheirToken(t *testing.T) {
	server := awstest.NewServer(t, service())
	root := awssts.NewFromConfig(awstest.Config(server))
	begin := func() *types.Credentials {
		made, err := root.GetSessionToken(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return made.Credentials
	}
	a, b := begin(), begin()
	changed := []byte(*a.SessionToken)
	changed[30] ^= 1
	for _, c := range []struct{ name, id, secret, token, want string }{
		{"right", *a.AccessKeyId, *a.SecretAccessKey, *a.SessionToken, ""},
		{"no token", *a.AccessKeyId, *a.SecretAccessKey, "", "InvalidClientTokenId"},
		{"another's token", *a.AccessKeyId, *a.SecretAccessKey, *b.SessionToken, "InvalidClientTokenId"},
		{"a changed token", *a.AccessKeyId, *a.SecretAccessKey, string(changed), "InvalidClientTokenId"},
		{"another's secret", *a.AccessKeyId, *b.SecretAccessKey, *a.SessionToken, "SignatureDoesNotMatch"},
		{"a key nobody made", "ASIAAAAAAAAAAAAAAAAA", *a.SecretAccessKey, *a.SessionToken, "InvalidClientTokenId"},
		{"the root key with a token", awstest.Key().ID, awstest.Key().Secret, *a.SessionToken, "InvalidClientTokenId"},
	} {
		_, err := client(server, c.id, c.secret, c.token).GetCallerIdentity(t.Context(), nil)
		if (c.want == "") != (err == nil) || err != nil && codeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	info, err := root.GetAccessKeyInfo(t.Context(), &awssts.GetAccessKeyInfoInput{AccessKeyId: a.AccessKeyId})
	if err != nil || *info.Account != awstest.Account {
		t.Errorf("GetAccessKeyInfo: %v", err)
	}
	_, err = root.GetAccessKeyInfo(t.Context(), &awssts.GetAccessKeyInfoInput{AccessKeyId: aws.String("ASIAAAAAAAAAAAAAAAAA")})
	if codeOf(err) != "ValidationError" {
		t.Errorf("GetAccessKeyInfo of a key nobody made: %v", err)
	}
}

func TestSessionsEnd(t *testing.T) {
	past := func() time.Time { return time.Now().Add(-time.Hour) }
	server := awstest.NewServer(t, sts.New(sts.Config{Account: awstest.Account, Keys: access.NewKeyring(awstest.Key()), Now: past, Random: rand.Reader}))
	made, err := awssts.NewFromConfig(awstest.Config(server)).AssumeRole(t.Context(), &awssts.AssumeRoleInput{
		RoleArn: aws.String(someRole), RoleSessionName: aws.String("s1"), DurationSeconds: aws.Int32(1800),
	})
	if err != nil {
		t.Fatal(err)
	}
	k := made.Credentials
	_, err = client(server, *k.AccessKeyId, *k.SecretAccessKey, *k.SessionToken).GetCallerIdentity(t.Context(), nil)
	if codeOf(err) != "ExpiredToken" {
		t.Errorf("a call with a key that has ended: %v", err)
	}
}

func TestWhatAssumeRoleRefuses(t *testing.T) {
	server := awstest.NewServer(t, service())
	root := awssts.NewFromConfig(awstest.Config(server))
	good := func() *awssts.AssumeRoleInput {
		return &awssts.AssumeRoleInput{RoleArn: aws.String(someRole), RoleSessionName: aws.String("s1")}
	}
	for name, c := range map[string]struct {
		change func(*awssts.AssumeRoleInput)
		want   string
	}{
		"no role":              {func(in *awssts.AssumeRoleInput) { in.RoleArn = aws.String("arn:aws:iam::123456789012:user/me") }, "ValidationError"},
		"another account":      {func(in *awssts.AssumeRoleInput) { in.RoleArn = aws.String("arn:aws:iam::210987654321:role/r") }, "AccessDenied"},
		"a session of a slash": {func(in *awssts.AssumeRoleInput) { in.RoleSessionName = aws.String("a/b") }, "ValidationError"},
		"too short":            {func(in *awssts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(899) }, "ValidationError"},
		"too long":             {func(in *awssts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(43201) }, "ValidationError"},
		"a policy":             {func(in *awssts.AssumeRoleInput) { in.Policy = aws.String("{}") }, "ValidationError"},
		"policies": {func(in *awssts.AssumeRoleInput) {
			in.PolicyArns = []types.PolicyDescriptorType{{Arn: aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess")}}
		}, "ValidationError"},
		"a code": {func(in *awssts.AssumeRoleInput) {
			in.SerialNumber, in.TokenCode = aws.String("GAHT12345678"), aws.String("123456")
		}, "ValidationError"},
	} {
		in := good()
		c.change(in)
		if _, err := root.AssumeRole(t.Context(), in); codeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	made, err := root.AssumeRole(t.Context(), good())
	if err != nil {
		t.Fatal(err)
	}
	k := made.Credentials
	chained := client(server, *k.AccessKeyId, *k.SecretAccessKey, *k.SessionToken)
	if _, err := chained.AssumeRole(t.Context(), good()); err != nil {
		t.Errorf("a role from a role: %v", err)
	}
	in := good()
	in.DurationSeconds = aws.Int32(3601)
	if _, err := chained.AssumeRole(t.Context(), in); codeOf(err) != "ValidationError" {
		t.Errorf("more than an hour from a role: %v", err)
	}
	if _, err := chained.GetSessionToken(t.Context(), nil); codeOf(err) != "AccessDenied" {
		t.Errorf("GetSessionToken of a session: %v", err)
	}
}

func TestIAMSaysWhatItCannotDo(t *testing.T) {
	server := awstest.NewServer(t, sts.NewIAM(awstest.Account))
	for _, c := range []struct {
		form   string
		status int
		want   string
	}{
		{"Action=CreateRole&RoleName=r", 409, "<Code>EntityAlreadyExists</Code>"},
		{"Action=AttachRolePolicy&RoleName=r", 400, "<Code>UnmodifiableEntity</Code>"},
		{"Action=PutRolePolicy&RoleName=r", 400, "<Code>UnmodifiableEntity</Code>"},
		{"Action=GetUser&UserName=u", 404, "<Code>NoSuchEntity</Code>"},
		{"Action=GetUser", 400, "<Code>ValidationError</Code>"},
		{"Action=ListRoles", 200, "<ListRolesResult><Roles><member><Path>/</Path><RoleName>larder</RoleName>"},
		{"Action=ListRoles&PathPrefix=/team/", 200, "<Roles></Roles><IsTruncated>false</IsTruncated>"},
		{"Action=ListRoles&MaxItems=0", 400, "<Code>ValidationError</Code>"},
		{"Action=DeleteRole&RoleName=r", 400, "<Code>InvalidAction</Code>"},
	} {
		r, err := http.NewRequest("POST", server.URL+"/", strings.NewReader(c.form+"&Version=2010-05-08"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		reply, body := awstest.Do(t, server, r, "iam")
		if reply.StatusCode != c.status || !strings.Contains(string(body), c.want) {
			t.Errorf("%s: status %d\n%s", c.form, reply.StatusCode, body)
		}
	}
}
