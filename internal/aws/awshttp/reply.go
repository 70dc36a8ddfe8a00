package awshttp

import (
	"bytes"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
)

// statusClientGone is, in metrics, the status of a request whose client went away. It is never sent.
const statusClientGone = 499

// A reply is a ResponseWriter that knows whether it has been written to.
type reply struct {
	http.ResponseWriter
	status int // 0: nothing written
}

func (w *reply) WriteHeader(status int) {
	if status >= 200 && w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *reply) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// ReadFrom keeps the way open by which net/http hands a file to the kernel.
func (w *reply) ReadFrom(src io.Reader) (int64, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return io.Copy(w.ResponseWriter, src)
}

// Unwrap lets http.ResponseController find the writer.
func (w *reply) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// newRequestID returns a random UUID. It need not be hard to guess.
func newRequestID() string {
	var id [16]byte
	hi, lo := rand.Uint64(), rand.Uint64()
	for i := range 8 {
		id[i], id[8+i] = byte(hi>>(8*i)), byte(lo>>(8*i))
	}
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	var text [36]byte
	hex.Encode(text[0:], id[0:4])
	hex.Encode(text[9:], id[4:6])
	hex.Encode(text[14:], id[6:8])
	hex.Encode(text[19:], id[8:10])
	hex.Encode(text[24:], id[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// announce puts the request's ID into the reply's headers.
func (x *exchange) announce() {
	h := x.reply.Header()
	if x.service.Protocol == RESTXML {
		h["X-Amz-Request-Id"] = []string{x.call.RequestID}
		h["X-Amz-Id-2"] = []string{x.call.RequestID}
		return
	}
	h["X-Amzn-Requestid"] = []string{x.call.RequestID}
}

// writeError answers e in the form of the service's protocol.
func (x *exchange) writeError(r *http.Request, e *Error) {
	if x.service == nil {
		return
	}
	h := x.reply.Header()
	// A handler that failed may have set headers for the reply it did not write.
	for name := range h {
		if name != "X-Amz-Request-Id" && name != "X-Amz-Id-2" && name != "X-Amzn-Requestid" && name != "X-Amz-Bucket-Region" {
			delete(h, name)
		}
	}
	var body []byte
	switch x.service.Protocol {
	case JSON11, RESTJSON:
		h.Set("X-Amzn-Errortype", e.Code)
		body = x.jsonError(h, e)
	case Query:
		body = x.queryError(h, e)
	case RESTXML:
		body = x.xmlError(h, r, e)
	}
	if e.Status == http.StatusNotModified || e.Status == http.StatusNoContent {
		body = nil
	}
	if r.Method == http.MethodHead || len(body) == 0 {
		h.Del("Content-Type")
		x.reply.WriteHeader(e.Status)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	x.reply.WriteHeader(e.Status)
	// The client may be gone; there is nobody else to tell.
	_, _ = x.reply.Write(body)
}

func (x *exchange) jsonError(h http.Header, e *Error) []byte {
	members := map[string]any{"Message": e.Message}
	for name, value := range e.Members {
		members[name] = value
	}
	h.Set("Content-Type", "application/json")
	if x.service.Protocol == JSON11 {
		h.Set("Content-Type", "application/x-amz-json-1.1")
		members["__type"] = e.Code
	}
	body, err := encodeJSON(members)
	if err != nil {
		panic(fmt.Sprintf("awshttp: members of %s: %v", e.Code, err))
	}
	return body
}

func (x *exchange) queryError(h http.Header, e *Error) []byte {
	h.Set("Content-Type", "text/xml")
	kind := "Sender"
	if e.Status >= 500 {
		kind = "Receiver"
	}
	var b bytes.Buffer
	b.WriteString("<ErrorResponse")
	if x.service.Namespace != "" {
		fmt.Fprintf(&b, " xmlns=%q", x.service.Namespace)
	}
	b.WriteString("><Error><Type>" + kind + "</Type>")
	writeElement(&b, "Code", e.Code)
	writeElement(&b, "Message", e.Message)
	writeMembers(&b, e.Members)
	b.WriteString("</Error>")
	writeElement(&b, "RequestId", x.call.RequestID)
	b.WriteString("</ErrorResponse>")
	return b.Bytes()
}

func (x *exchange) xmlError(h http.Header, r *http.Request, e *Error) []byte {
	h.Set("Content-Type", "application/xml")
	var b bytes.Buffer
	b.WriteString(xml.Header + "<Error>")
	writeElement(&b, "Code", e.Code)
	writeElement(&b, "Message", e.Message)
	writeMembers(&b, e.Members)
	writeElement(&b, "Resource", r.URL.Path)
	writeElement(&b, "RequestId", x.call.RequestID)
	writeElement(&b, "HostId", x.call.RequestID)
	b.WriteString("</Error>")
	return b.Bytes()
}

func writeMembers(b *bytes.Buffer, members map[string]any) {
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		writeElement(b, name, fmt.Sprint(members[name]))
	}
}

// writeElement writes text as an element. EscapeText replaces what XML cannot hold; a Buffer never fails.
func writeElement(b *bytes.Buffer, name, text string) {
	b.WriteString("<" + name + ">")
	_ = xml.EscapeText(b, []byte(text))
	b.WriteString("</" + name + ">")
}
