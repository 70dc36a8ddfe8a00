// Package awshttp is what all AWS services on the port have in common: it authenticates a
// request (SigV4: headers, query string, chunks, trailers; for S3 SigV2 in the query string), finds the operation in its service's
// table, decodes, encodes, and says no in the service's own form. It knows no operation.
package awshttp

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/larder-dev/larder/internal/access"
)

// A Protocol is how a service's requests name their operation, and the form of its errors.
type Protocol uint8

// The protocols of contract §0.1.
const (
	JSON11   Protocol = iota + 1 // POST /, X-Amz-Target: <TargetPrefix>.<Operation>
	RESTJSON                     // method and path
	Query                        // POST / (or GET), form field Action
	RESTXML                      // S3: Service.Match names the operation
)

// A Service is one API on the port.
type Service struct {
	Name         string // of metrics and logs: "sagemaker", "sagemaker-featurestore-runtime", "athena", "glue", "s3", "sts", "iam"
	Scope        string // service name in the credential scope
	Protocol     Protocol
	TargetPrefix string // JSON11: "SageMaker"
	Version      string // Query: "2011-06-15"
	Namespace    string // Query: xmlns of responses
	Operations   []Operation
	// Match names the operation of a RESTXML request, "" if it has none of the service's.
	Match func(*http.Request) string
	// HostBucket is the bucket that the request's host names, "" if its path does. RESTXML.
	HostBucket func(*http.Request) string
	// Error gives an error its code, status and message. It is not asked for an *Error.
	// nil result: a fault, answered as the service's internal error and logged once.
	Error func(op string, err error) *Error
	// Fault is the code of that internal error; "": InternalFailure (RESTXML: InternalError).
	Fault string
}

// An Operation is one row of a service's table. Dispatch, authorisation, metrics and
// docs/compat.md are made from it.
type Operation struct {
	Name   string
	Method string // RESTJSON: "PUT"
	Path   string // RESTJSON: "/FeatureGroup/{FeatureGroupName}", matched on the escaped path
	Action string // IAM action: "sagemaker:PutRecord"
	Handle Handler
	// Members are those of the operation's input, for docs/compat.md. A service lists all that the
	// AWS model has, or none.
	Members []Member
	// ChecksumsOfObject: RESTXML: x-amz-checksum-… headers of the request are about an object, not about
	// the body (CompleteMultipartUpload), and are not compared with it.
	ChecksumsOfObject bool
}

// A Member is one member of an operation's input: its path in the AWS model, as
// "OnlineStoreConfig.TtlDuration.Unit". A list is written as what it holds.
type Member struct {
	Path    string
	Support Support
	// Note says why no caller can tell (WithoutEffect), what is refused (Refused), or how it differs
	// from AWS, if it does.
	Note string
}

// Support is what a server does about a member.
type Support uint8

// The zero value is Supported.
const (
	Supported     Support = iota
	WithoutEffect         // accepted, and no caller can tell that it has no effect
	Refused               // an error that says so
)

// A Handler answers one call: it writes the whole response, or writes nothing and returns an error.
type Handler func(ctx context.Context, c *Call, w http.ResponseWriter) error

// A Call is a request whose signature has been verified.
type Call struct {
	RequestID string // as sent back in x-amzn-RequestId
	Service   *Service
	Operation *Operation
	Principal access.Principal
	Region    string // of the credential scope
	Received  time.Time
	// Request is the HTTP request. RESTXML: its Body is the payload itself, without chunk framing, and
	// verified as it streams: a Read that would return io.EOF returns an *Error instead if what came is
	// not what was signed, so act on a body only after io.EOF. Return that error, wrapped or not: it is the
	// answer. ContentLength is the payload's, -1 if not announced. Payloads of up to 64 KiB, and those of
	// GET, HEAD and DELETE, have been verified when the handler is called.
	// JSON11, RESTJSON and Query: the body has been read and verified already, and is in Body.
	Request *http.Request
	Body    []byte
	Path    map[string]string // RESTJSON: unescaped labels of the path
	Params  url.Values        // RESTJSON: the query string; Query: the form
	// Trailer is, once Request.Body has returned io.EOF, the verified trailing headers of an
	// aws-chunked body (x-amz-checksum-…).
	Trailer func() http.Header
}

// An Error is an error in the service's own words.
type Error struct {
	Status  int    // HTTP status
	Code    string // "ValidationException"
	Message string
	// Members are further members of the error's shape, beside its message: "AthenaErrorCode".
	Members map[string]any
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }
