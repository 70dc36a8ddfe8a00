package awshttp_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/larder-dev/larder/internal/access"
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
)

// noon is the server's time in these tests, unless a test speaks to an SDK client.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// A fixture is a server of one small service for each protocol, and a note of what was called.
type fixture struct {
	*httptest.Server
	metrics *prometheus.Registry
	log     *bytes.Buffer

	mu    sync.Mutex // guards calls
	calls []string   // "service.Operation(what it saw)"
}

func (f *fixture) note(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, fmt.Sprintf(format, args...))
}

func (f *fixture) called() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.calls...)
}

type things struct {
	Name  *string
	Count *int
	At    *awshttp.Timestamp
	Rows  []struct{ Value *string }
	Nest  *struct{ Flag *bool }
}

var errBoom = errors.New("disk on fire")

// newFixture serves at a fixed time, or at the real one with now nil.
func newFixture(t testing.TB, now func() time.Time, serve func(http.Handler) *httptest.Server) *fixture {
	f := &fixture{metrics: prometheus.NewRegistry(), log: &bytes.Buffer{}}
	var logged sync.Mutex // guards f.log
	handler := awshttp.NewHandler(awshttp.Config{
		Keys:     access.NewKeyring(awstest.Key()),
		Services: []*awshttp.Service{f.control(), f.runtime(), f.athena(), f.s3(), f.sts(), f.iam()},
		Now:      now,
		Log:      slog.New(slog.NewTextHandler(lockedWriter{&logged, f.log}, nil)),
		Metrics:  f.metrics,
	})
	f.Server = serve(handler)
	t.Cleanup(f.Close)
	return f
}

type lockedWriter struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

func atNoon(t testing.TB) *fixture {
	return newFixture(t, func() time.Time { return noon }, httptest.NewServer)
}

func (f *fixture) control() *awshttp.Service {
	return &awshttp.Service{
		Name: "sagemaker", Scope: "sagemaker", Protocol: awshttp.JSON11, TargetPrefix: "SageMaker",
		Operations: []awshttp.Operation{
			{Name: "Echo", Handle: awshttp.JSON(func(_ context.Context, c *awshttp.Call, in *things) (*things, error) {
				f.note("sagemaker.Echo(%s)", c.Body)
				return in, nil
			})},
			{Name: "Empty", Handle: awshttp.JSON(func(_ context.Context, c *awshttp.Call, in *things) (*struct{}, error) {
				f.note("sagemaker.Empty()")
				return nil, nil
			})},
			{Name: "Boom", Handle: awshttp.JSON(func(_ context.Context, c *awshttp.Call, in *things) (*struct{}, error) {
				return nil, fmt.Errorf("write journal: %w", errBoom)
			})},
			{Name: "Panic", Handle: func(context.Context, *awshttp.Call, http.ResponseWriter) error { panic("broken rule") }},
			{Name: "Wait", Handle: awshttp.JSON(func(ctx context.Context, _ *awshttp.Call, _ *things) (*struct{}, error) {
				<-ctx.Done()
				return nil, fmt.Errorf("store it: %w", ctx.Err())
			})},
			{Name: "Missing", Handle: awshttp.JSON(func(_ context.Context, c *awshttp.Call, in *things) (*struct{}, error) {
				return nil, errMissing
			})},
			{Name: "Half", Handle: func(_ context.Context, _ *awshttp.Call, w http.ResponseWriter) error {
				w.Header().Set("Content-Length", "100")
				_, _ = io.WriteString(w, "half")
				return errBoom
			}},
		},
		Error: func(op string, err error) *awshttp.Error {
			if errors.Is(err, errMissing) {
				return &awshttp.Error{Status: 400, Code: "ResourceNotFound", Message: op + ": not here", Members: map[string]any{"ResourceName": "r"}}
			}
			return nil
		},
	}
}

var errMissing = errors.New("missing")

func (f *fixture) runtime() *awshttp.Service {
	return &awshttp.Service{
		Name: "runtime", Scope: "sagemaker", Protocol: awshttp.RESTJSON,
		Operations: []awshttp.Operation{
			{Name: "PutRecord", Method: "PUT", Path: "/FeatureGroup/{FeatureGroupName}", Handle: func(_ context.Context, c *awshttp.Call, w http.ResponseWriter) error {
				f.note("runtime.PutRecord(%s, %s)", c.Path["FeatureGroupName"], c.Body)
				return nil
			}},
			{Name: "GetRecord", Method: "GET", Path: "/FeatureGroup/{FeatureGroupName}", Handle: func(_ context.Context, c *awshttp.Call, w http.ResponseWriter) error {
				f.note("runtime.GetRecord(%s, %s)", c.Path["FeatureGroupName"], strings.Join(c.Params["FeatureName"], "|"))
				return c.WriteJSON(w, []byte(`{}`))
			}},
			{Name: "ListRecords", Method: "POST", Path: "/FeatureGroup/{FeatureGroupName}/ListRecords", Handle: func(_ context.Context, c *awshttp.Call, w http.ResponseWriter) error {
				f.note("runtime.ListRecords(%s)", c.Path["FeatureGroupName"])
				return nil
			}},
			{Name: "BatchGetRecord", Method: "POST", Path: "/BatchGetRecord", Handle: awshttp.JSON(func(_ context.Context, c *awshttp.Call, in *things) (*things, error) {
				f.note("runtime.BatchGetRecord()")
				return in, nil
			})},
		},
	}
}

func (f *fixture) athena() *awshttp.Service {
	return &awshttp.Service{
		Name: "athena", Scope: "athena", Protocol: awshttp.JSON11, TargetPrefix: "AmazonAthena",
		Operations: []awshttp.Operation{{Name: "Echo", Handle: awshttp.JSON(func(_ context.Context, c *awshttp.Call, in *things) (*things, error) {
			f.note("athena.Echo()")
			return in, nil
		})}},
	}
}

func (f *fixture) s3() *awshttp.Service {
	put := func(_ context.Context, c *awshttp.Call, w http.ResponseWriter) error {
		body, err := io.ReadAll(c.Request.Body)
		if err != nil {
			return fmt.Errorf("store object: %w", err)
		}
		sum := sha256.Sum256(body)
		f.note("s3.%s(%s, %d bytes %x, length %d, encoding %q, trailer %v)", c.Operation.Name, c.Request.URL.Path, len(body), sum[:4],
			c.Request.ContentLength, c.Request.Header.Get("Content-Encoding"), c.Trailer())
		return nil
	}
	return &awshttp.Service{
		Name: "s3", Scope: "s3", Protocol: awshttp.RESTXML,
		Match: func(r *http.Request) string {
			if r.URL.Query().Has("uploadId") && r.Method == "POST" {
				return "CompleteMultipartUpload"
			}
			return map[string]string{"PUT": "PutObject", "GET": "GetObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}[r.Method]
		},
		Operations: []awshttp.Operation{
			{Name: "PutObject", Handle: put},
			{Name: "CompleteMultipartUpload", Handle: put, ChecksumsOfObject: true},
			{Name: "DeleteObject", Handle: put},
			{Name: "GetObject", Handle: func(_ context.Context, c *awshttp.Call, w http.ResponseWriter) error {
				f.note("s3.GetObject(%s)", c.Request.URL.Path)
				_, err := io.Copy(w, strings.NewReader("content"))
				return err
			}},
			{Name: "HeadObject", Handle: func(_ context.Context, c *awshttp.Call, w http.ResponseWriter) error {
				return &awshttp.Error{Status: 404, Code: "NoSuchKey", Message: "none"}
			}},
		},
	}
}

func (f *fixture) sts() *awshttp.Service {
	return &awshttp.Service{
		Name: "sts", Scope: "sts", Protocol: awshttp.Query, Version: "2011-06-15", Namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
		Operations: []awshttp.Operation{{Name: "Who", Handle: awshttp.XML(func(_ context.Context, c *awshttp.Call) (*struct{ Name string }, error) {
			f.note("sts.Who(%s)", c.Params.Get("Name"))
			return &struct{ Name string }{c.Params.Get("Name")}, nil
		})}},
	}
}

func (f *fixture) iam() *awshttp.Service {
	return &awshttp.Service{
		Name: "iam", Scope: "iam", Protocol: awshttp.Query, Version: "2010-05-08", Namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
		Operations: []awshttp.Operation{{Name: "GetRole", Handle: awshttp.XML(func(_ context.Context, c *awshttp.Call) (*struct{}, error) {
			f.note("iam.GetRole()")
			return nil, nil
		})}},
	}
}

// request builds an unsigned request; head holds lines "Name: value".
func (f *fixture) request(t testing.TB, method, path, body string, head ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, f.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range head {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	return r
}

func sign(t testing.TB, r *http.Request, service string) *http.Request {
	t.Helper()
	awstest.Sign(t, r, awstest.Key(), service, awstest.Region, noon)
	return r
}

// presign signs the URL of r for an hour.
func presign(t testing.TB, r *http.Request, service string, at time.Time, expires string) *http.Request {
	t.Helper()
	q := r.URL.Query()
	q.Set("X-Amz-Expires", expires)
	r.URL.RawQuery = q.Encode()
	c := aws.Credentials{AccessKeyID: awstest.Key().ID, SecretAccessKey: awstest.Key().Secret}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" })
	uri, head, err := signer.PresignHTTP(context.Background(), c, r, "UNSIGNED-PAYLOAD", service, awstest.Region, at)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := http.NewRequest(r.Method, uri, r.Body)
	if err != nil {
		t.Fatal(err)
	}
	signed.ContentLength = r.ContentLength
	for name, values := range head {
		if name != "Host" {
			signed.Header[name] = values
		}
	}
	return signed
}

// An outcome is what a client sees of an answer.
type outcome struct {
	Status  int
	Code    string // as the protocol carries it
	Message string
	Body    string
	Header  http.Header
}

func (f *fixture) do(t testing.TB, r *http.Request) outcome {
	t.Helper()
	reply, err := f.Client().Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatalf("%s %s: read reply: %v", r.Method, r.URL, err)
	}
	o := outcome{Status: reply.StatusCode, Body: string(body), Header: reply.Header}
	if reply.StatusCode >= 300 {
		o.Code, o.Message = readError(reply.Header, body)
	}
	return o
}

// serve gives r, a client's request, to the handler without a network between.
func (f *fixture) serve(r *http.Request) outcome {
	r.Host, r.RequestURI = r.URL.Host, r.URL.RequestURI()
	w := httptest.NewRecorder()
	f.Config.Handler.ServeHTTP(w, r)
	code, message := readError(w.Header(), w.Body.Bytes())
	return outcome{Status: w.Code, Code: code, Message: message, Body: w.Body.String(), Header: w.Header()}
}

// readError finds the code as the SDKs do; its prefix tells the form: "json:", "rest:", "query:", "s3:".
func readError(h http.Header, body []byte) (code, message string) {
	var j struct {
		Type    string `json:"__type"`
		Message string
	}
	if json.Unmarshal(body, &j) == nil {
		if j.Type != "" && j.Type == h.Get("X-Amzn-Errortype") && h.Get("Content-Type") == "application/x-amz-json-1.1" {
			return "json:" + j.Type, j.Message
		}
		return "rest:" + h.Get("X-Amzn-Errortype"), j.Message
	}
	var x struct {
		XMLName xml.Name
		Code    string
		Message string
		Error   struct{ Type, Code, Message string }
	}
	if err := xml.Unmarshal(body, &x); err != nil {
		return "", ""
	}
	if x.XMLName.Local == "ErrorResponse" {
		return "query:" + x.Error.Code, x.Error.Message
	}
	return "s3:" + x.Code, x.Message
}

func hexSHA256(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}
