package awshttp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/larder-dev/larder/internal/access"
)

// Config is what a handler needs. Keys and Services must be set.
type Config struct {
	Keys     *access.Keyring
	Services []*Service
	Now      func() time.Time      // nil: time.Now
	Log      *slog.Logger          // nil: no log
	Metrics  prometheus.Registerer // nil: metrics are kept, but nobody sees them
}

// A handler answers every AWS request on the port.
type handler struct {
	verifier *verifier
	services *directory
	metrics  *metrics
	unknown  *unknownOperations
	now      func() time.Time
	log      *slog.Logger
}

// NewHandler returns the handler of every AWS request on the port. It wants paths as they came:
// no ServeMux may clean them in front of it. It is safe for concurrent use.
func NewHandler(c Config) http.Handler {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	m := newMetrics(c.Metrics)
	return &handler{
		verifier: newVerifier(c.Keys, c.Now),
		services: newDirectory(c.Services, m),
		metrics:  m,
		unknown:  &unknownOperations{metrics: m, log: c.Log},
		now:      c.Now,
		log:      c.Log,
	}
}

// An exchange is one request on its way to its answer.
type exchange struct {
	call    Call
	claim   claim
	service *service
	op      *operation // nil until it is known
	payload *payload   // S3: the body
	reply   reply
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := h.now()
	x := &exchange{reply: reply{ResponseWriter: w}}
	x.call.RequestID = newRequestID()
	x.call.Received = started
	defer func() { h.metrics.observe(x, h.now().Sub(started)) }()
	defer func() {
		if p := recover(); p != nil {
			h.rescue(x, r, p)
		}
	}()
	if err := h.serve(x, r); err != nil {
		h.fail(x, r, err)
	}
}

// serve finds out what the request is, proves it, and calls its operation.
func (h *handler) serve(x *exchange, r *http.Request) error {
	var f *flaw
	if x.claim, f = readClaim(r); f != nil {
		x.service = h.services.guess(r)
		if x.claim.service != "" {
			x.service, _ = h.services.resolve(r, x.claim.service)
		}
	} else {
		x.service, f = h.services.resolve(r, x.claim.service)
	}
	x.announce()
	if f != nil {
		return refuse(x.service.Protocol, f.why, "%s", f.text)
	}
	if x.claim.older != nil {
		r = x.claim.older
	}
	key, refusal := h.verifier.holder(r, &x.claim, x.service.Protocol)
	if refusal != nil {
		return refusal
	}
	x.call.Service, x.call.Principal, x.call.Region = x.service.Service, key.Principal, x.claim.region
	if x.service.Protocol == RESTXML {
		refusal = h.admitStream(x, r, key)
	} else {
		refusal = h.admitWhole(x, r, key)
	}
	if refusal != nil {
		return refusal
	}
	x.call.Operation = x.op.Operation
	return x.op.Handle(r.Context(), &x.call, &x.reply)
}

// admitWhole reads the body, proves the signature over it and finds the operation.
func (h *handler) admitWhole(x *exchange, r *http.Request, key access.Key) *Error {
	p := x.service.Protocol
	if x.claim.payloadHash != "" && !isSHA256(x.claim.payloadHash) {
		return refuse(p, badPayloadHash, "x-amz-content-sha256 must be the SHA-256 of the body in lower-case hex; only S3 takes other values")
	}
	body, err := readWhole(r)
	switch {
	case errors.Is(err, errTooLarge):
		return refuse(p, tooLarge, "the request body is larger than %d bytes; send less at a time", maxBody)
	case err != nil:
		// The connection broke: nobody may be there to read this.
		return refuse(p, incompleteBody, "the request body ended before its announced length")
	}
	hash := hashHex(body)
	if x.claim.payloadHash != "" && x.claim.payloadHash != hash {
		return refuse(p, payloadChanged, "The provided 'x-amz-content-sha256' header does not match what was computed: the body was changed after it was signed.")
	}
	if _, refusal := h.verifier.verify(r, &x.claim, key, p, hash); refusal != nil {
		return refusal
	}
	x.call.Request, x.call.Body, x.call.Trailer = r, body, noTrailer
	var f *flaw
	if x.op, f = h.services.operation(x.service, r, &x.call); f != nil {
		return h.refuseOperation(x, r, f)
	}
	return nil
}

// admitStream proves the signature, finds the operation, and sets the body up to be proven as it is
// read.
func (h *handler) admitStream(x *exchange, r *http.Request, key access.Key) *Error {
	hash, refusal := checkPayloadHash(&x.claim)
	if refusal != nil {
		return refusal
	}
	var proof proof
	if x.claim.older != nil {
		refusal = verifyOlder(r, &x.claim, key, x.service.hostBucket(r))
	} else {
		proof, refusal = h.verifier.verify(r, &x.claim, key, RESTXML, hash)
	}
	if refusal != nil {
		return refusal
	}
	op, f := h.services.operation(x.service, r, &x.call)
	if f != nil {
		return h.refuseOperation(x, r, f)
	}
	if x.payload, refusal = newPayload(r, proof, hash, op.ChecksumsOfObject); refusal != nil {
		return refusal
	}
	if x.call.Request, refusal = x.payload.request(r); refusal != nil {
		return refusal
	}
	x.op, x.call.Trailer = op, x.payload.trailer
	return nil
}

// refuseOperation refuses a request that names no operation of ours.
func (h *handler) refuseOperation(x *exchange, r *http.Request, f *flaw) *Error {
	if f.why == unknownOperation {
		h.unknown.count(x.service, f, r)
	}
	return refuse(x.service.Protocol, f.why, "%s", f.text)
}

// readWhole reads a body of at most maxBody bytes.
func readWhole(r *http.Request) ([]byte, error) {
	if r.Body == nil || r.ContentLength == 0 {
		return nil, nil
	}
	return readUpTo(r.Body, r.ContentLength, maxBody)
}

func noTrailer() http.Header { return nil }

// fail answers an error: in the service's words, or as a fault.
func (h *handler) fail(x *exchange, r *http.Request, err error) {
	answer := h.word(x, r, err)
	if answer == nil || x.reply.status != 0 {
		// The reply has begun, or the client is taken to have gone, and may have closed but its own half. Cut the
		// connection: returning would end the reply that has begun, or make one of 200 where there is none.
		panic(http.ErrAbortHandler)
	}
	if answer.Status < 500 && h.log.Enabled(r.Context(), slog.LevelDebug) {
		h.log.LogAttrs(r.Context(), slog.LevelDebug, "request refused", x.attrs(slog.String("code", answer.Code), slog.String("message", answer.Message))...)
	}
	x.writeError(r, answer)
}

// word finds the answer to an error, and logs the error if it is ours. It is nil if nobody is there
// to read one.
func (h *handler) word(x *exchange, r *http.Request, err error) *Error {
	// A body that is not what was signed outranks what the handler made of it.
	if x.payload != nil {
		var refusal *Error
		if errors.As(x.payload.err, &refusal) {
			return refusal
		}
	}
	var answer *Error
	if errors.As(err, &answer) {
		return answer
	}
	if x.op != nil && x.service.Error != nil {
		if answer = x.service.Error(x.op.Name, err); answer != nil {
			if answer.Status >= 500 {
				h.log.LogAttrs(r.Context(), slog.LevelWarn, "request not served", x.attrs(slog.String("code", answer.Code), slog.Any("error", err))...)
			}
			return answer
		}
	}
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		x.reply.status = statusClientGone
		return nil
	}
	h.log.LogAttrs(r.Context(), slog.LevelError, "request failed", x.attrs(slog.Any("error", err))...)
	return x.fault()
}

// rescue answers a panic of a handler as a fault.
func (h *handler) rescue(x *exchange, r *http.Request, p any) {
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p)
	}
	h.log.LogAttrs(r.Context(), slog.LevelError, "request panicked", x.attrs(slog.String("panic", fmt.Sprint(p)), slog.String("stack", string(debug.Stack())))...)
	if x.reply.status != 0 {
		panic(http.ErrAbortHandler)
	}
	if x.service == nil {
		x.service = h.services.foreign[RESTXML]
	}
	x.writeError(r, x.fault())
}

// fault is the service's own internal error. The cause is in the log, not in it.
func (x *exchange) fault() *Error {
	e := refuse(x.service.Protocol, fault, "We encountered an internal error. Its cause is in the server's log under request ID %s.", x.call.RequestID)
	if x.service.Fault != "" {
		e.Code = x.service.Fault
	}
	return e
}

// attrs are what every log line about the exchange says.
func (x *exchange) attrs(more ...slog.Attr) []slog.Attr {
	attrs := []slog.Attr{slog.String("request_id", x.call.RequestID)}
	if x.service != nil {
		attrs = append(attrs, slog.String("service", x.service.Name))
	}
	if x.op != nil {
		attrs = append(attrs, slog.String("operation", x.op.Name))
	}
	return append(attrs, more...)
}
