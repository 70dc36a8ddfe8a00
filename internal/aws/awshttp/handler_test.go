package awshttp_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

func statusAndCode(o outcome) string { return fmt.Sprintf("%d %s", o.Status, o.Code) }

func readCloser(s string) io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }

func TestJSONMembers(t *testing.T) {
	cases := []struct{ name, body, want string }{
		{"empty body", "", `{"Name":null,"Count":null,"At":null,"Rows":null,"Nest":null}`},
		{"null is absent, unknown is ignored", `{"Name":null,"Other":{"x":[1]},"Count":3}`, `{"Name":null,"Count":3,"At":null,"Rows":null,"Nest":null}`},
		{"timestamp as number", `{"At":1700000000.123}`, `{"Name":null,"Count":null,"At":1700000000.123,"Rows":null,"Nest":null}`},
		{"timestamp as text", `{"At":"2023-11-14T22:13:20.5+00:00"}`, `{"Name":null,"Count":null,"At":1700000000.500,"Rows":null,"Nest":null}`},
		{"names count with their case", `{"name":"a","COUNT":3,"at":"x"}`, `{"Name":null,"Count":null,"At":null,"Rows":null,"Nest":null}`},
		{"a list of null", `{"Rows":[null]}`, `{"Name":null,"Count":null,"At":null,"Rows":[{"Value":null}],"Nest":null}`},
		{"escapes", `{"Name":"<&> \u00e9 \ud83d\ude00 \\ud83d"}`, `{"Name":"<&> é 😀 \\ud83d","Count":null,"At":null,"Rows":null,"Nest":null}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := atNoon(t)
			o := f.do(t, sign(t, f.request(t, "POST", "/", c.body, echoTarget), "sagemaker"))
			if diff := cmp.Diff(c.want, o.Body); o.Status != 200 || diff != "" {
				t.Errorf("status %d (-want +got):\n%s", o.Status, diff)
			}
			if got := o.Header.Get("Content-Type"); got != "application/x-amz-json-1.1" {
				t.Errorf("Content-Type %q", got)
			}
		})
	}
}

func TestJSONOfTheWrongTypeNamesTheMember(t *testing.T) {
	cases := []struct{ name, body, message string }{
		{"string for number", `{"Count":"3"}`, "member Count must be a whole number in the range of its type, and is a string"},
		{"number for string", `{"Name":3}`, "member Name must be a string, and is a number"},
		{"fraction for whole number", `{"Count":1.5}`, "member Count must be a whole number in the range of its type, and is a number: 1.5"},
		{"object for list", `{"Rows":{}}`, "member Rows must be a list, and is an object"},
		{"in a list", `{"Rows":[{"Value":true}]}`, "member Rows[0].Value must be a string, and is a boolean"},
		{"in a structure", `{"Nest":{"Flag":1}}`, "member Nest.Flag must be true or false, and is a number"},
		{"timestamp", `{"At":"yesterday"}`, `member At must be a timestamp (a number of seconds since 1970, or ISO-8601 text), and is a string: "yesterday"`},
		{"timestamp out of range", `{"At":1e300}`, `member At must be a timestamp (a number of seconds since 1970, or ISO-8601 text), and is a number: 1e300`},
		{"list for the whole", `[]`, "the body must be a JSON object, and is a list"},
		{"no JSON", `{"Name":`, "the body is not JSON: it ends too early, at byte 8"},
		{"two values", `{} {}`, "the body is not JSON, at byte 3: invalid character '{' after top-level value"},
		{"too deep", `{"Other":` + strings.Repeat("[", 20000), "the body is not JSON, at byte 10008: exceeded max depth"},
		{"not UTF-8", "{\"Name\":\"\xff\"}", "the body is not JSON, at byte 9: invalid UTF-8"},
		{"half a surrogate pair", `{"Name":"\ud83d!"}`, "the body is not JSON, at byte 9: invalid surrogate pair `\\ud83d!\"}` in string"},
		{"a member twice", `{"Nest":{"Flag":true,"Flag":true}}`, "member Nest.Flag is there twice; give it once"},
		{"an unknown member twice", `{"Other":1,"Other":1}`, "member Other is there twice; give it once"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := atNoon(t)
			o := f.do(t, sign(t, f.request(t, "POST", "/", c.body, echoTarget), "sagemaker"))
			if diff := cmp.Diff("400 json:SerializationException "+c.message, statusAndCode(o)+" "+o.Message); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNoOutputIsAnEmpty200(t *testing.T) {
	f := atNoon(t)
	o := f.do(t, sign(t, f.request(t, "POST", "/", "{}", "X-Amz-Target: SageMaker.Empty"), "sagemaker"))
	if o.Status != 200 || o.Body != "" || o.Header.Get("Content-Length") != "0" {
		t.Errorf("status %d, header %v, body %q", o.Status, o.Header, o.Body)
	}
}

func TestServiceErrorsCarryTheirMembers(t *testing.T) {
	f := atNoon(t)
	o := f.do(t, sign(t, f.request(t, "POST", "/", "{}", "X-Amz-Target: SageMaker.Missing"), "sagemaker"))
	want := `{"Message":"Missing: not here","ResourceName":"r","__type":"ResourceNotFound"}`
	if o.Status != 400 || o.Body != want || o.Header.Get("X-Amzn-Errortype") != "ResourceNotFound" {
		t.Errorf("status %d, header %v, body %s", o.Status, o.Header, o.Body)
	}
}

func TestFaultsAreLoggedOnceAndToldToNobody(t *testing.T) {
	cases := []struct{ op, secret, logged string }{
		{"Boom", "disk on fire", `level=ERROR msg="request failed"`},
		{"Panic", "broken rule", `level=ERROR msg="request panicked"`},
	}
	for _, c := range cases {
		t.Run(c.op, func(t *testing.T) {
			f := atNoon(t)
			o := f.do(t, sign(t, f.request(t, "POST", "/", "{}", "X-Amz-Target: SageMaker."+c.op), "sagemaker"))
			if statusAndCode(o) != "500 json:InternalFailure" || strings.Contains(o.Body, c.secret) {
				t.Errorf("status %d: %s", o.Status, o.Body)
			}
			f.Close() // the log is complete when the server has ended
			if log := f.log.String(); strings.Count(log, c.logged) != 1 || !strings.Contains(log, c.secret) || strings.Count(log, "\n") != 1 {
				t.Errorf("log:\n%s", log)
			}
		})
	}
}

func TestFailureAfterTheReplyBeganCutsItOff(t *testing.T) {
	f := atNoon(t)
	reply, err := f.Client().Do(sign(t, f.request(t, "POST", "/", "{}", "X-Amz-Target: SageMaker.Half"), "sagemaker"))
	if err == nil {
		_, err = io.ReadAll(reply.Body)
		reply.Body.Close()
	}
	if err == nil {
		t.Error("the client saw a whole reply")
	}
}

// A client that closes its half of the connection behind the request still reads, and its request's
// context has ended.
func TestWhatWasNotDoneIsNotAnsweredWith200(t *testing.T) {
	f := atNoon(t)
	r := sign(t, f.request(t, "POST", "/", "{}", "X-Amz-Target: SageMaker.Wait"), "sagemaker")
	conn, err := net.Dial("tcp", f.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := r.Write(conn); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if answer, err := io.ReadAll(conn); len(answer) > 0 {
		t.Errorf("answered %q, %v", answer, err)
	}
}

func TestQueryRepliesHaveTheResultWrapper(t *testing.T) {
	f := atNoon(t)
	o := f.do(t, sign(t, f.request(t, "POST", "/", "Action=Who&Version=2011-06-15&Name=a%20b%26c", formType), "sts"))
	var got struct {
		XMLName xml.Name
		Name    string `xml:"WhoResult>Name"`
		ID      string `xml:"ResponseMetadata>RequestId"`
	}
	if err := xml.Unmarshal([]byte(o.Body), &got); err != nil {
		t.Fatalf("%v: %s", err, o.Body)
	}
	if got.Name != "a b&c" || got.ID != o.Header.Get("X-Amzn-Requestid") || got.XMLName.Local != "WhoResponse" ||
		got.XMLName.Space != "https://sts.amazonaws.com/doc/2011-06-15/" || o.Header.Get("Content-Type") != "text/xml" {
		t.Errorf("got %+v of %s", got, o.Body)
	}
	o = f.do(t, sign(t, f.request(t, "POST", "/", "Action=GetRole&Version=2010-05-08", formType), "iam"))
	if o.Status != 200 || strings.Contains(o.Body, "GetRoleResult") {
		t.Errorf("without a result: status %d: %s", o.Status, o.Body)
	}
}

func TestBodiesAboveTheLimitAreNotReadToTheirEnd(t *testing.T) {
	f := atNoon(t)
	for _, c := range []struct {
		name     string
		announce int64
		maxRead  int64
	}{
		{"length announced", 1 << 30, 0},
		{"length unknown", -1, 17 << 20},
	} {
		body := &endless{}
		r := f.request(t, "POST", "/", "", echoTarget, "X-Amz-Content-Sha256: "+hexSHA256(""))
		sign(t, r, "sagemaker")
		r.Body, r.ContentLength = io.NopCloser(body), c.announce
		if o := f.serve(r); statusAndCode(o) != "413 json:RequestEntityTooLargeException" || body.read > c.maxRead {
			t.Errorf("%s: %d bytes read, status %d: %s", c.name, body.read, o.Status, o.Body)
		}
	}
}

// endless is a body of spaces without end.
type endless struct{ read int64 }

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	e.read += int64(len(b))
	return len(b), nil
}

// A client that waits for 100 Continue gets the refusal instead, and the body stays where it is.
func TestExpectContinueIsAnsweredOnlyIfTheBodyIsWanted(t *testing.T) {
	f := atNoon(t)
	for _, c := range []struct{ name, spoil, want string }{
		{"good", "", "HTTP/1.1 100 Continue"},
		{"wrong signature", "0000", "HTTP/1.1 403 Forbidden"},
	} {
		r := f.request(t, "PUT", "/bucket/key", "the body")
		sign(t, r, "s3")
		a := r.Header.Get("Authorization")
		if c.spoil != "" {
			a = a[:len(a)-len(c.spoil)] + c.spoil
		}
		conn, err := net.Dial("tcp", f.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_, err = fmt.Fprintf(conn, "PUT /bucket/key HTTP/1.1\r\nHost: %s\r\nContent-Length: 8\r\nExpect: 100-continue\r\n"+
			"X-Amz-Date: %s\r\nX-Amz-Content-Sha256: %s\r\nAuthorization: %s\r\n\r\n",
			f.Listener.Addr(), r.Header.Get("X-Amz-Date"), r.Header.Get("X-Amz-Content-Sha256"), a)
		if err != nil {
			t.Fatal(err)
		}
		head := make([]byte, len(c.want))
		if _, err := io.ReadFull(conn, head); err != nil || string(head) != c.want {
			t.Errorf("%s: got %q, %v; want %q", c.name, head, err, c.want)
		}
	}
}

func TestMetricsHaveNoNamesOfClients(t *testing.T) {
	f := atNoon(t)
	for i := range 3 {
		f.do(t, sign(t, f.request(t, "POST", "/", "{}", fmt.Sprintf("X-Amz-Target: SageMaker.Op%d", i)), "sagemaker"))
		f.do(t, sign(t, f.request(t, "GET", "/", ""), fmt.Sprintf("service%d", i)))
	}
	f.do(t, sign(t, f.request(t, "POST", "/", "{}", echoTarget), "sagemaker"))
	f.do(t, f.request(t, "POST", "/", "{}", echoTarget))
	f.Close() // a request is counted behind its reply
	families, err := f.metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, family := range families {
		for _, m := range family.Metric {
			name := family.GetName()
			for _, l := range m.Label {
				name += " " + l.GetValue()
			}
			if m.Counter != nil {
				got[name] = m.Counter.GetValue()
			} else if n := m.Histogram.GetSampleCount(); n > 0 {
				got[name] = float64(n)
			}
		}
	}
	want := map[string]float64{ // labels in alphabetical order: code, operation, service
		"larder_requests_total 200 Echo sagemaker":       1,
		"larder_requests_total 403  sagemaker":           1,
		"larder_requests_total 404  sagemaker":           3,
		"larder_requests_total 404  unknown":             3,
		"larder_unknown_operations_total sagemaker":      3,
		"larder_unknown_operations_total unknown":        3,
		"larder_request_duration_seconds Echo sagemaker": 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestIsSigned(t *testing.T) {
	cases := []struct {
		query, authorization string
		want                 bool
	}{
		{"", "", false},
		{"", "AWS4-HMAC-SHA256 nonsense", true},
		{"X-Amz-Signature=1", "", true},
		{"a=b&X-Amz-Credential=1", "", true},
		{"AWSAccessKeyId=1", "", true},
		{"prefix=X-Amz-Signature=", "", false},
	}
	for _, c := range cases {
		r := httptest.NewRequestWithContext(context.Background(), "GET", "/healthz?"+c.query, nil)
		if c.authorization != "" {
			r.Header.Set("Authorization", c.authorization)
		}
		if got := awshttp.IsSigned(r); got != c.want {
			t.Errorf("IsSigned(%+v) = %v", c, got)
		}
	}
}
