// Package requests prepares what the bench sends to a Feature Store runtime: whole HTTP requests, signed, as boto3
// would send them. Signing is done before a round, so that it is not the client's work that is measured; the server
// verifies each.
package requests

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/records"
)

// Valid is how long a server takes a signature after it was made; a round must end before.
const Valid = 15 * time.Minute

// A Signer signs for a server. It is safe for concurrent use.
type Signer struct {
	Addr        string // host:port
	KeyID       string
	Secret      string
	Region      string
	signer      *v4.Signer
	credentials aws.Credentials
}

// NewSigner makes a Signer from what `larder env` exports.
func NewSigner(addr string, env map[string]string) *Signer {
	s := &Signer{Addr: addr, KeyID: env["AWS_ACCESS_KEY_ID"], Secret: env["AWS_SECRET_ACCESS_KEY"], Region: env["AWS_REGION"], signer: v4.NewSigner()}
	s.credentials = aws.Credentials{AccessKeyID: s.KeyID, SecretAccessKey: s.Secret}
	return s
}

// Request returns a signed request. service is that of the scope.
func (s *Signer) Request(service, method, uri string, body []byte) load.Request {
	r, err := http.NewRequest(method, "http://"+s.Addr+uri, bytes.NewReader(body))
	if err != nil {
		panic(err) // every caller's URI is its own
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	sum := sha256.Sum256(body)
	if err := s.signer.SignHTTP(context.Background(), s.credentials, r, hex.EncodeToString(sum[:]), service, s.Region, time.Now()); err != nil {
		panic(err) // it fails for unreadable query strings only
	}
	b := make([]byte, 0, 700+len(body))
	b = fmt.Appendf(b, "%s %s HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: identity\r\n", method, uri, s.Addr)
	b = append(b, "User-Agent: Boto3/1.41.0 md/Botocore#1.41.0 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.11.2 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.41.0\r\n"...)
	b = append(b, "amz-sdk-invocation-id: 2f6f3a0c-9f4e-4a63-9d64-0c2f8a3d9a11\r\namz-sdk-request: attempt=1\r\n"...)
	for _, name := range []string{"X-Amz-Date", "Authorization"} {
		b = append(append(append(append(b, name...), ": "...), r.Header.Get(name)...), "\r\n"...)
	}
	if len(body) > 0 {
		b = append(b, "Content-Type: application/json\r\nContent-Length: "...)
		b = append(strconv.AppendInt(b, int64(len(body)), 10), "\r\n"...)
	}
	b = append(b, "\r\n"...)
	return load.Request{Bytes: append(b, body...)}
}

// Get is GetRecord.
func (s *Signer) Get(group string, record int) load.Request {
	return s.Request("sagemaker", "GET", "/FeatureGroup/"+group+"?RecordIdentifierValueAsString="+records.ID(record), nil)
}

// Put is PutRecord of a version of a record, of class 1.
func (s *Signer) Put(group string, features []records.Feature, record, version int) load.Request {
	r := s.Request("sagemaker", "PUT", "/FeatureGroup/"+group, append(appendRecord([]byte("{"), features, record, version), '}'))
	r.Class = 1
	return r
}

// BatchGet is BatchGetRecord of the records of each group.
func (s *Signer) BatchGet(groups []string, ids []int) load.Request {
	b := []byte(`{"Identifiers": [`)
	for i, g := range groups {
		b = fmt.Appendf(comma(b, i), `{"FeatureGroupName": %q, "RecordIdentifiersValueAsString": [`, g)
		for k, id := range ids {
			b = fmt.Appendf(comma(b, k), "%q", records.ID(id))
		}
		b = append(b, "]}"...)
	}
	return s.Request("sagemaker", "POST", "/BatchGetRecord", append(b, "]}"...))
}

// BatchWrite is BatchWriteRecord of a version of records, of class 1.
func (s *Signer) BatchWrite(group string, features []records.Feature, ids []int, version int) load.Request {
	b := []byte(`{"Entries": [`)
	for i, id := range ids {
		b = fmt.Appendf(comma(b, i), `{"FeatureGroupName": %q, `, group)
		b = append(appendRecord(b, features, id, version), '}')
	}
	r := s.Request("sagemaker", "POST", "/BatchWriteRecord", append(b, "]}"...))
	r.Class = 1
	return r
}

// appendRecord appends the member Record as Python's json writes it.
func appendRecord(b []byte, features []records.Feature, record, version int) []byte {
	b = append(b, `"Record": [`...)
	for i, f := range features {
		b = fmt.Appendf(comma(b, i), `{"FeatureName": %q, "ValueAsString": %q}`, f.Name, records.String(record, i, version))
	}
	return append(b, ']')
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ", "...)
	}
	return b
}
