package awshttp_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
)

const (
	echoTarget = "X-Amz-Target: SageMaker.Echo"
	formType   = "Content-Type: application/x-www-form-urlencoded; charset=utf-8"
)

// A shape is one request of each protocol that is answered when nothing is wrong with it.
type shape struct {
	name, service      string
	method, path, body string
	head               []string
}

var shapes = []shape{
	{"json", "sagemaker", "POST", "/", `{"Name":"n"}`, []string{echoTarget}},
	{"rest", "sagemaker", "PUT", "/FeatureGroup/g", `{"Record":[]}`, nil},
	{"query", "sts", "POST", "/", "Action=Who&Version=2011-06-15&Name=n", []string{formType}},
	{"s3", "s3", "PUT", "/bucket/key", "the body", nil},
}

// Each way to be refused, and the answer in each of the four forms.
func TestRefusals(t *testing.T) {
	cases := []struct {
		name  string
		spoil func(t *testing.T, r *http.Request, s shape)
		want  map[string]string // protocol → status and code
	}{
		{"unsigned", func(t *testing.T, r *http.Request, s shape) {}, map[string]string{
			"json": "403 json:MissingAuthenticationTokenException", "rest": "403 rest:MissingAuthenticationTokenException",
			"query": "403 query:MissingAuthenticationToken", "s3": "403 s3:AccessDenied"}},
		{"unknown key", func(t *testing.T, r *http.Request, s shape) {
			key := awstest.Key()
			key.ID = "AKIAUNKNOWN"
			awstest.Sign(t, r, key, s.service, awstest.Region, noon)
		}, map[string]string{
			"json": "400 json:UnrecognizedClientException", "rest": "403 rest:UnrecognizedClientException",
			"query": "403 query:InvalidClientTokenId", "s3": "403 s3:InvalidAccessKeyId"}},
		{"wrong secret", func(t *testing.T, r *http.Request, s shape) {
			key := awstest.Key()
			key.Secret += "x"
			awstest.Sign(t, r, key, s.service, awstest.Region, noon)
		}, signatureRefused},
		{"signature altered", func(t *testing.T, r *http.Request, s shape) {
			sign(t, r, s.service)
			a := r.Header.Get("Authorization")
			last := "0"
			if strings.HasSuffix(a, last) {
				last = "1"
			}
			r.Header.Set("Authorization", a[:len(a)-1]+last)
		}, signatureRefused},
		{"path changed after signing", func(t *testing.T, r *http.Request, s shape) {
			sign(t, r, s.service)
			r.URL.RawQuery = "versionId=2"
		}, map[string]string{
			"json": "400 json:InvalidSignatureException", "rest": "403 rest:InvalidSignatureException",
			"query": "403 query:SignatureDoesNotMatch", "s3": "403 s3:SignatureDoesNotMatch"}},
		{"body changed after signing", func(t *testing.T, r *http.Request, s shape) {
			sign(t, r, s.service)
			changed := strings.Replace(s.body, s.body[2:4], "##", 1)
			r.Body = http.NoBody
			r.Body = readCloser(changed)
		}, map[string]string{
			"json": "400 json:InvalidSignatureException", "rest": "403 rest:InvalidSignatureException",
			"query": "403 query:SignatureDoesNotMatch", "s3": "400 s3:XAmzContentSHA256Mismatch"}},
		{"20 minutes old", func(t *testing.T, r *http.Request, s shape) {
			awstest.Sign(t, r, awstest.Key(), s.service, awstest.Region, noon.Add(-20*time.Minute))
		}, clockRefused},
		{"20 minutes ahead", func(t *testing.T, r *http.Request, s shape) {
			awstest.Sign(t, r, awstest.Key(), s.service, awstest.Region, noon.Add(20*time.Minute))
		}, clockRefused},
		{"session token", func(t *testing.T, r *http.Request, s shape) {
			r.Header.Set("X-Amz-Security-Token", "token")
			sign(t, r, s.service)
		}, map[string]string{
			"json": "400 json:UnrecognizedClientException", "rest": "403 rest:UnrecognizedClientException",
			"query": "403 query:InvalidClientTokenId", "s3": "400 s3:InvalidToken"}},
		{"authorization unreadable", func(t *testing.T, r *http.Request, s shape) {
			sign(t, r, s.service)
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "Signature=", "Sign=", 1))
		}, map[string]string{
			"json": "400 json:IncompleteSignature", "rest": "400 rest:IncompleteSignature",
			"query": "400 query:IncompleteSignature", "s3": "400 s3:AuthorizationHeaderMalformed"}},
		{"older scheme", func(t *testing.T, r *http.Request, s shape) {
			r.Header.Set("Authorization", "AWS AKIA:c2lnbmF0dXJl")
		}, map[string]string{
			"json": "400 json:IncompleteSignature", "rest": "400 rest:IncompleteSignature",
			"query": "400 query:IncompleteSignature", "s3": "400 s3:InvalidRequest"}},
		{"two signatures", func(t *testing.T, r *http.Request, s shape) {
			sign(t, r, s.service)
			r.Header.Add("Authorization", r.Header.Get("Authorization"))
		}, map[string]string{
			"json": "400 json:IncompleteSignature", "rest": "400 rest:IncompleteSignature",
			"query": "400 query:IncompleteSignature", "s3": "400 s3:InvalidArgument"}},
		{"scope of another date", func(t *testing.T, r *http.Request, s shape) {
			sign(t, r, s.service)
			r.Header.Set("X-Amz-Date", "20261124T000100Z")
		}, map[string]string{
			"json": "400 json:IncompleteSignature", "rest": "400 rest:IncompleteSignature",
			"query": "400 query:IncompleteSignature", "s3": "400 s3:AuthorizationHeaderMalformed"}},
		{"time changed after signing", func(t *testing.T, r *http.Request, s shape) {
			sign(t, r, s.service)
			r.Header.Set("X-Amz-Date", "20261123T120100Z")
		}, signatureRefused},
		{"host changed after signing", func(t *testing.T, r *http.Request, s shape) {
			sign(t, r, s.service)
			r.Host = "elsewhere"
		}, signatureRefused},
	}
	for _, c := range cases {
		for _, s := range shapes {
			t.Run(c.name+"/"+s.name, func(t *testing.T) {
				f := atNoon(t)
				r := f.request(t, s.method, s.path, s.body, s.head...)
				c.spoil(t, r, s)
				mustRefuse(t, f, r, c.want[s.name])
			})
		}
	}
}

var signatureRefused = map[string]string{
	"json": "400 json:InvalidSignatureException", "rest": "403 rest:InvalidSignatureException",
	"query": "403 query:SignatureDoesNotMatch", "s3": "403 s3:SignatureDoesNotMatch"}

var clockRefused = map[string]string{
	"json": "400 json:RequestExpired", "rest": "400 rest:RequestExpired",
	"query": "400 query:RequestExpired", "s3": "403 s3:RequestTimeTooSkewed"}

// The other half: the same four requests, unspoilt, are answered.
func TestEachProtocolIsAnswered(t *testing.T) {
	want := map[string]string{
		"json":  `sagemaker.Echo({"Name":"n"})`,
		"rest":  `runtime.PutRecord(g, {"Record":[]})`,
		"query": `sts.Who(n)`,
		"s3":    `s3.PutObject(/bucket/key, 8 bytes ` + hexSHA256("the body")[:8] + `, length 8, encoding "", trailer map[])`,
	}
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			f := atNoon(t)
			o := f.do(t, sign(t, f.request(t, s.method, s.path, s.body, s.head...), s.service))
			if o.Status != 200 {
				t.Fatalf("status %d: %s", o.Status, o.Body)
			}
			if got := f.called(); len(got) != 1 || got[0] != want[s.name] {
				t.Errorf("called %q, want %q", got, want[s.name])
			}
		})
	}
}

// A credential scope names the service, and no other service answers.
func TestScopeOfAnotherServiceIsRefused(t *testing.T) {
	cases := []struct {
		name  string
		scope string
		shape int
		want  string
	}{
		{"control plane signed for athena", "athena", 0, "400 json:InvalidSignatureException"},
		{"control plane signed for s3", "s3", 0, "400 json:InvalidSignatureException"},
		{"control plane signed for nobody", "lambda", 0, "400 json:InvalidSignatureException"},
		{"runtime signed for athena", "athena", 1, "403 rest:InvalidSignatureException"},
		{"runtime signed for sts", "sts", 1, "400 query:MissingAction"},
		{"runtime signed for nobody", "lambda", 1, "403 rest:InvalidSignatureException"},
		{"sts signed for sagemaker", "sagemaker", 2, "403 query:SignatureDoesNotMatch"},
		{"sts signed for s3", "s3", 2, "403 query:SignatureDoesNotMatch"},
		{"sts signed for iam", "iam", 2, "403 query:SignatureDoesNotMatch"},
		{"sts signed for nobody", "lambda", 2, "400 query:InvalidAction"},
		{"s3 signed for sagemaker", "sagemaker", 3, "404 rest:UnknownOperationException"},
		{"s3 signed for athena", "athena", 3, "404 json:UnknownOperationException"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := atNoon(t)
			s := shapes[c.shape]
			mustRefuse(t, f, sign(t, f.request(t, s.method, s.path, s.body, s.head...), c.scope), c.want)
		})
	}
}

func TestAnyRegionOfTheScopeIsAccepted(t *testing.T) {
	for _, s := range shapes {
		f := atNoon(t)
		r := f.request(t, s.method, s.path, s.body, s.head...)
		awstest.Sign(t, r, awstest.Key(), s.service, "eu-north-1", noon)
		if o := f.do(t, r); o.Status != 200 {
			t.Errorf("%s: status %d: %s", s.name, o.Status, o.Body)
		}
	}
}

func TestTargetMustBeSigned(t *testing.T) {
	f := atNoon(t)
	r := sign(t, f.request(t, "POST", "/", `{}`), "sagemaker")
	r.Header.Set("X-Amz-Target", "SageMaker.Echo")
	mustRefuse(t, f, r, "400 json:InvalidSignatureException")

	// On the runtime's path too, where it would choose another service.
	r = sign(t, f.request(t, "PUT", "/FeatureGroup/g", `{}`), "sagemaker")
	r.Header.Set("X-Amz-Target", "SageMaker.Echo")
	mustRefuse(t, f, r, "400 json:InvalidSignatureException")
}

func TestTargetChangedAfterSigningIsRefused(t *testing.T) {
	f := atNoon(t)
	r := sign(t, f.request(t, "POST", "/", `{}`, echoTarget), "sagemaker")
	r.Header.Set("X-Amz-Target", "SageMaker.Empty")
	mustRefuse(t, f, r, "400 json:InvalidSignatureException")
}

func TestUnsignedAmazonHeadersAreRefusedByS3(t *testing.T) {
	f := atNoon(t)
	r := sign(t, f.request(t, "PUT", "/bucket/key", "x"), "s3")
	r.Header.Set("X-Amz-Copy-Source", "/other/key")
	mustRefuse(t, f, r, "403 s3:AccessDenied")
}

func TestPresignedIsForS3Only(t *testing.T) {
	f := atNoon(t)
	cases := []struct {
		name, service string
		r             *http.Request
		want          string
	}{
		{"control plane", "sagemaker", f.request(t, "POST", "/", "", echoTarget), "400 json:InvalidSignatureException"},
		{"runtime", "sagemaker", f.request(t, "GET", "/FeatureGroup/g", ""), "403 rest:InvalidSignatureException"},
		{"sts", "sts", f.request(t, "GET", "/?Action=Who&Version=2011-06-15", ""), "403 query:SignatureDoesNotMatch"},
		{"target of the URL", "s3", f.request(t, "POST", "/", "", echoTarget), "501 s3:NotImplemented"}, // the signer moves it to the query
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			mustRefuse(t, f, presign(t, c.r, c.service, noon, "3600"), c.want)
		})
	}
	r := presign(t, f.request(t, "POST", "/", ""), "s3", noon, "3600")
	r.Header.Set("X-Amz-Target", "SageMaker.Echo")
	mustRefuse(t, f, r, "400 json:InvalidSignatureException")
}

func TestPresigned(t *testing.T) {
	change := func(r *http.Request, key, value string) {
		q := r.URL.Query()
		q.Set(key, value)
		r.URL.RawQuery = q.Encode()
	}
	cases := []struct {
		name    string
		at      time.Time
		expires string
		spoil   func(r *http.Request)
		want    string // "": answered
	}{
		{"now", noon, "3600", nil, ""},
		{"an hour ago for two", noon.Add(-time.Hour), "7200", nil, ""},
		{"six days ago for seven", noon.Add(-6 * 24 * time.Hour), "604800", nil, ""},
		{"expired", noon.Add(-2 * time.Hour), "3600", nil, "403 s3:AccessDenied"},
		{"not yet", noon.Add(time.Hour), "3600", nil, "403 s3:RequestTimeTooSkewed"},
		{"for more than seven days", noon, "604801", nil, "400 s3:AuthorizationQueryParametersError"},
		{"for no time", noon, "0", nil, "400 s3:AuthorizationQueryParametersError"},
		{"expiry changed", noon.Add(-2 * time.Hour), "3600", func(r *http.Request) { change(r, "X-Amz-Expires", "36000") }, "403 s3:SignatureDoesNotMatch"},
		{"key changed", noon, "3600", func(r *http.Request) { r.URL.Path = "/bucket/other" }, "403 s3:SignatureDoesNotMatch"},
		{"parameter added", noon, "3600", func(r *http.Request) { change(r, "versionId", "1") }, "403 s3:SignatureDoesNotMatch"},
		{"signature taken away", noon, "3600", func(r *http.Request) { change(r, "X-Amz-Signature", "") }, "400 s3:AuthorizationQueryParametersError"},
		{"other scheme", noon, "3600", func(r *http.Request) { r.URL.RawQuery = "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256" }, "400 s3:InvalidRequest"},
		{"older scheme, unknown key", noon, "3600", func(r *http.Request) { r.URL.RawQuery = "AWSAccessKeyId=A&Signature=B&Expires=1" }, "403 s3:InvalidAccessKeyId"},
		{"older scheme, no signature", noon, "3600", func(r *http.Request) { r.URL.RawQuery = "AWSAccessKeyId=A&Expires=1" }, "400 s3:AuthorizationQueryParametersError"},
		{"signed twice", noon, "3600", func(r *http.Request) { r.Header.Set("Authorization", "AWS4-HMAC-SHA256 x") }, "400 s3:InvalidArgument"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := atNoon(t)
			r := presign(t, f.request(t, "GET", "/bucket/a%20key", ""), "s3", c.at, c.expires)
			if c.spoil != nil {
				c.spoil(r)
			}
			if c.want != "" {
				mustRefuse(t, f, r, c.want)
				return
			}
			if o := f.do(t, r); o.Status != 200 || o.Body != "content" {
				t.Errorf("status %d: %s", o.Status, o.Body)
			}
		})
	}
}

func TestPresignedPutTakesAnyBody(t *testing.T) {
	f := atNoon(t)
	r := presign(t, f.request(t, "PUT", "/bucket/key", "abc"), "s3", noon, "60")
	if o := f.do(t, r); o.Status != 200 || len(f.called()) != 1 {
		t.Errorf("status %d: %s", o.Status, o.Body)
	}
}

// The wire may escape more or less than the signer did, and still mean one path and query.
func TestCanonicalPathsAndQueries(t *testing.T) {
	arn := "arn%3Aaws%3Asagemaker%3Aus-east-1%3A123456789012%3Afeature-group%2Fg"
	cases := []struct{ name, service, method, path, want string }{
		{"ARN in a label", "sagemaker", "GET", "/FeatureGroup/" + arn, "runtime.GetRecord(arn:aws:sagemaker:us-east-1:123456789012:feature-group/g, )"},
		{"ARN before a suffix", "sagemaker", "POST", "/FeatureGroup/" + arn + "/ListRecords", "runtime.ListRecords(arn:aws:sagemaker:us-east-1:123456789012:feature-group/g)"},
		{"repeated parameters", "sagemaker", "GET", "/FeatureGroup/g?FeatureName=b&RecordIdentifierValueAsString=a%20b%2Bc&FeatureName=a", "runtime.GetRecord(g, b|a)"},
		{"empty parameter", "sagemaker", "GET", "/FeatureGroup/g?FeatureName", "runtime.GetRecord(g, )"},
		{"key of many characters", "s3", "GET", "/bucket/a%20b/%C3%A9%2B%3D%26", "s3.GetObject(/bucket/a b/é+=&)"},
		{"double slash", "s3", "GET", "/bucket//key", "s3.GetObject(/bucket//key)"},
		{"dots", "s3", "GET", "/bucket/a/../b", "s3.GetObject(/bucket/a/../b)"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := atNoon(t)
			r := f.request(t, c.method, c.path, "")
			query := r.URL.RawQuery
			sign(t, r, c.service)
			r.URL.RawQuery = query // in the order of the wire, not of the signer
			o := f.do(t, r)
			if got := f.called(); o.Status != 200 || len(got) != 1 || got[0] != c.want {
				t.Errorf("status %d, called %q, want %q: %s", o.Status, got, c.want, o.Body)
			}
		})
	}
}

func TestSemicolonsInQueriesAreRefused(t *testing.T) {
	f := atNoon(t)
	r := sign(t, f.request(t, "GET", "/bucket/key", ""), "s3")
	r.URL.RawQuery = "a=1;b=2"
	mustRefuse(t, f, r, "400 s3:InvalidRequest")
}

func TestUnknownOperations(t *testing.T) {
	cases := []struct {
		name, service string
		r             func(f *fixture) *http.Request
		want          string
	}{
		{"json", "sagemaker", func(f *fixture) *http.Request {
			return f.request(t, "POST", "/", "{}", "X-Amz-Target: SageMaker.CreateModel")
		}, "404 json:UnknownOperationException"},
		{"json without a target", "athena", func(f *fixture) *http.Request { return f.request(t, "POST", "/", "{}") }, "404 json:UnknownOperationException"},
		{"json with a path", "sagemaker", func(f *fixture) *http.Request { return f.request(t, "POST", "/x", "{}", echoTarget) }, "404 json:UnknownOperationException"},
		{"unknown prefix", "sagemaker", func(f *fixture) *http.Request {
			return f.request(t, "POST", "/", "{}", "X-Amz-Target: Lambda.Echo")
		}, "404 json:UnknownOperationException"},
		{"rest", "sagemaker", func(f *fixture) *http.Request { return f.request(t, "POST", "/UpdateRecord", "{}") }, "404 rest:UnknownOperationException"},
		{"rest method", "sagemaker", func(f *fixture) *http.Request { return f.request(t, "DELETE", "/FeatureGroup/g", "") }, "404 rest:UnknownOperationException"},
		{"query", "sts", func(f *fixture) *http.Request { return f.request(t, "POST", "/", "Action=AssumeRole", formType) }, "400 query:InvalidAction"},
		{"query without an action", "sts", func(f *fixture) *http.Request { return f.request(t, "POST", "/", "", formType) }, "400 query:MissingAction"},
		{"s3", "s3", func(f *fixture) *http.Request { return f.request(t, "PATCH", "/bucket", "") }, "501 s3:NotImplemented"},
		{"service", "lambda", func(f *fixture) *http.Request { return f.request(t, "GET", "/2015-03-31/functions", "") }, "404 rest:UnknownOperationException"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := atNoon(t)
			mustRefuse(t, f, sign(t, c.r(f), c.service), c.want)
		})
	}
}

func TestHeadErrorsHaveNoBody(t *testing.T) {
	f := atNoon(t)
	o := f.do(t, sign(t, f.request(t, "HEAD", "/bucket/key", ""), "s3"))
	if o.Status != 404 || o.Body != "" || o.Header.Get("Content-Type") != "" || o.Header.Get("X-Amz-Request-Id") == "" {
		t.Errorf("status %d, header %v, body %q", o.Status, o.Header, o.Body)
	}
	if o := f.do(t, f.request(t, "HEAD", "/bucket/key", "")); o.Status != 403 || o.Body != "" {
		t.Errorf("unsigned: status %d, body %q", o.Status, o.Body)
	}
}

// mustRefuse sends r and wants it refused: with that status and code, with a message, and with nothing called.
func mustRefuse(t *testing.T, f *fixture, r *http.Request, want string) {
	t.Helper()
	before := len(f.called())
	o := f.do(t, r)
	if got := http.StatusText(o.Status); got == "" || want == "" {
		t.Fatalf("status %d %q, and the test wants %q", o.Status, o.Body, want)
	}
	if got := statusAndCode(o); got != want {
		t.Errorf("got %s, want %s\n%s", got, want, o.Body)
	}
	if o.Message == "" {
		t.Errorf("no message: %s", o.Body)
	}
	if calls := f.called(); len(calls) != before {
		t.Errorf("an operation was called: %q", calls)
	}
	if o.Header.Get("X-Amzn-Requestid")+o.Header.Get("X-Amz-Request-Id") == "" {
		t.Errorf("no request ID: %v", o.Header)
	}
}
