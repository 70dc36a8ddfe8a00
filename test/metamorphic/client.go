package metamorphic

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// The region and account of every server under test.
const (
	region  = "us-east-1"
	account = "123456789012"
)

// A request is one call as it goes over the wire.
type request struct {
	service string // of the credential scope; "" is sagemaker
	method  string
	path    []string // labels, escaped one by one
	query   url.Values
	target  string // X-Amz-Target of a JSON 1.1 call
	body    any    // []byte goes as it is, nil is no body, all else is JSON
}

// target makes a call of a JSON 1.1 service.
func jsonCall(target string, body any) request {
	r := request{method: "POST", target: target, body: body}
	if service, ok := map[string]string{"AmazonAthena": "athena", "AWSGlue": "glue"}[strings.Split(target, ".")[0]]; ok {
		r.service = service
	}
	return r
}

func (r request) payload() []byte {
	switch b := r.body.(type) {
	case nil:
		return nil
	case []byte:
		return b
	}
	b, err := json.Marshal(r.body)
	if err != nil {
		panic(err) // the bodies of the tests have nothing that could fail
	}
	return b
}

// String shows the request for people.
func (r request) String() string {
	name := r.target
	if name == "" {
		name = r.method + " /" + strings.Join(r.path, "/")
	}
	if len(r.query) > 0 {
		name += "?" + r.query.Encode()
	}
	text := name + " " + string(r.payload())
	if len(text) > 700 {
		text = text[:700] + "…"
	}
	return text
}

// An answer is what came back.
type answer struct {
	status int
	code   string // of an error
	body   []byte
}

func (a *answer) String() string {
	body := string(a.body)
	if len(body) > 1500 {
		body = body[:1500] + "…"
	}
	return fmt.Sprintf("%d %s %s", a.status, a.code, body)
}

// A client signs and sends requests to one server. It is safe for concurrent use.
type client struct {
	endpoint  *url.URL
	key       aws.Credentials
	now       func() time.Time
	signer    *v4.Signer
	signerS3  *v4.Signer
	transport *http.Transport
}

func newClient(endpoint string, key aws.Credentials, now func() time.Time) (*client, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	return &client{
		endpoint: u, key: key, now: now, signer: v4.NewSigner(),
		signerS3:  v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }),
		transport: &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true},
	}, nil
}

// close closes the client's connections.
func (c *client) close() { c.transport.CloseIdleConnections() }

// send sends one request and reads the reply. An error is no reply at all.
func (c *client) send(ctx context.Context, r request) (*answer, error) {
	payload := r.payload()
	h, err := http.NewRequestWithContext(ctx, r.method, c.endpoint.String(), bytes.NewReader(payload))
	if err != nil {
		return nil, err
	}
	escaped := make([]string, len(r.path))
	for i, label := range r.path {
		escaped[i] = strings.ReplaceAll(url.PathEscape(label), ":", "%3A")
	}
	h.URL.Path = "/" + strings.Join(r.path, "/")
	h.URL.RawPath = "/" + strings.Join(escaped, "/")
	h.URL.RawQuery = strings.ReplaceAll(r.query.Encode(), "+", "%20")
	switch {
	case r.target != "":
		h.Header.Set("Content-Type", "application/x-amz-json-1.1")
		h.Header.Set("X-Amz-Target", r.target)
	case r.body != nil:
		h.Header.Set("Content-Type", "application/json")
	}
	sum := sha256.Sum256(payload)
	hash := hex.EncodeToString(sum[:])
	service, signer := r.service, c.signer
	switch service {
	case "":
		service = "sagemaker"
	case "s3":
		h.Header.Set("X-Amz-Content-Sha256", hash)
		signer = c.signerS3
	}
	if err := signer.SignHTTP(ctx, c.key, h, hash, service, region, c.now()); err != nil {
		return nil, err
	}
	reply, err := c.transport.RoundTrip(h)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	a := &answer{status: reply.StatusCode}
	if a.body, err = io.ReadAll(reply.Body); err != nil {
		return nil, err
	}
	if a.status != http.StatusOK {
		a.code, _, _ = strings.Cut(reply.Header.Get("X-Amzn-ErrorType"), ":")
	}
	return a, nil
}
