package awshttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func FuzzParseAuthorization(f *testing.F) {
	f.Add("AWS4-HMAC-SHA256 Credential=AKIA/20261123/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=0a")
	f.Add("AWS4-HMAC-SHA256 Credential=AKIA/20261123/us-east-1/s3/aws4_request,SignedHeaders=host,Signature=")
	f.Add("AWS4-HMAC-SHA256 Credential=///aws4_request, , SignedHeaders=;;, Signature==")
	f.Add("AWS AKIA:c2ln")
	f.Fuzz(func(t *testing.T, text string) {
		c, flaw := parseAuthorization(text)
		if flaw != nil {
			if flaw.why == 0 || flaw.text == "" {
				t.Errorf("flaw without words: %+v", flaw)
			}
			return
		}
		// What was accepted says one thing only: written again, it reads the same.
		again, flaw := parseAuthorization(algorithm + " Credential=" + c.keyID + "/" + c.scope +
			", SignedHeaders=" + c.signedHeaders + ", Signature=" + c.signature)
		if flaw != nil || again != c {
			t.Errorf("%+v, again %+v, %v", c, again, flaw)
		}
		if c.scope != c.date+"/"+c.region+"/"+c.service+"/aws4_request" {
			t.Errorf("scope %q of %+v", c.scope, c)
		}
	})
}

// What is signed must be what a handler reads: two query strings with one canonical form have the same
// parameters.
func FuzzCanonicalQuery(f *testing.F) {
	f.Add("a=1&b=2", false)
	f.Add("b=2&a=%7e+%2b&a=", true)
	f.Add("X-Amz-Signature=1&x=%zz", true)
	f.Add("a%3Db=c&&d", false)
	f.Fuzz(func(t *testing.T, query string, presigned bool) {
		var s scratch
		b, ok := s.appendQuery(nil, query, presigned)
		if !ok {
			return
		}
		want, err := url.ParseQuery(query)
		if err != nil {
			t.Fatalf("%q is canonically %q, and a handler cannot read it: %v", query, b, err)
		}
		if presigned {
			delete(want, "X-Amz-Signature")
		}
		got, err := url.ParseQuery(string(b))
		if err != nil || len(got) != len(want) {
			t.Fatalf("%q is canonically %q: %v", query, b, err)
		}
		for key := range want {
			if len(got[key]) != len(want[key]) {
				t.Errorf("%q is canonically %q: parameter %q differs", query, b, key)
			}
		}
		twice, ok := s.appendQuery(nil, string(b), false)
		if !ok || !bytes.Equal(b, twice) {
			t.Errorf("%q is canonically %q, and that is %q", query, b, twice)
		}
	})
}

// However the input arrives, the outcome is one; and only a whole and well-formed input has an end.
func FuzzChunked(f *testing.F) {
	signature := strings.Repeat("0", 64)
	f.Add([]byte("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"), false, true)
	f.Add([]byte("5\r\nhello\r\n0\r\n\r\n"), false, false)
	f.Add([]byte("5;chunk-signature="+signature+"\r\nhello\r\n0;chunk-signature="+signature+"\r\n\r\n"), true, false)
	f.Add([]byte("0;chunk-signature="+signature+"\r\nx-amz-checksum-crc32:AAAAAA==\r\nx-amz-trailer-signature:"+signature+"\r\n\r\n"), true, true)
	f.Add([]byte("7fffffffffffffff\r\nx"), false, false)
	f.Fuzz(func(t *testing.T, input []byte, signed, trailer bool) {
		read := func(in io.Reader) ([]byte, error) {
			var p *proof
			if signed {
				p = &proof{&claim{scope: "s", stamp: "t", signature: signature}, newSigningKey("k", "d", "r", "s")}
			}
			announce := ""
			if trailer {
				announce = "x-amz-checksum-crc32"
			}
			return io.ReadAll(newChunked(in, p, announce))
		}
		body, err := read(bytes.NewReader(input))
		slowly, errSlowly := read(iotest.OneByteReader(bytes.NewReader(input)))
		if (err == nil) != (errSlowly == nil) {
			t.Fatalf("whole: %v; byte by byte: %v", err, errSlowly)
		}
		if err == nil && !bytes.Equal(body, slowly) {
			t.Fatalf("whole: %q; byte by byte: %q", body, slowly)
		}
		if err == nil && len(body) > len(input) {
			t.Fatalf("%d bytes out of %d", len(body), len(input))
		}
		var refusal *Error
		if err != nil && !errors.As(err, &refusal) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("neither a refusal nor a cut input: %v", err)
		}
	})
}

func FuzzDecodeJSON(f *testing.F) {
	f.Add([]byte(`{"Name":"n","At":1700000000.123,"List":[{"V":null}],"N":3}`))
	f.Add([]byte(`{"At":"2023-11-14T22:13:20.5+00:00","Name":"\ud83d\ude00"}`))
	f.Add([]byte(`{"Name":"\ud83d"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		type shape struct {
			Name *string    `json:",omitempty"`
			N    *int64     `json:",omitempty"`
			At   *Timestamp `json:",omitempty"`
			List []struct {
				V *string `json:",omitempty"`
			} `json:",omitempty"`
		}
		var in shape
		c := &Call{Service: &Service{Protocol: JSON11}, Body: body}
		if err := c.DecodeJSON(&in); err != nil {
			var refusal *Error
			if !errors.As(err, &refusal) || refusal.Code != "SerializationException" || refusal.Message == "" {
				t.Fatalf("%v", err)
			}
			return
		}
		out, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var again shape
		if err := (&Call{Service: c.Service, Body: out}).DecodeJSON(&again); err != nil {
			t.Fatalf("what we wrote, %s, we cannot read: %v", out, err)
		}
		// A text with a replacement character it did not have is another text.
		if in.Name != nil && strings.ContainsRune(*in.Name, '\uFFFD') && !bytes.Contains(body, []byte("\uFFFD")) && !bytes.Contains(bytes.ToLower(body), []byte(`\ufffd`)) {
			t.Errorf("%q became %q", body, *in.Name)
		}
		if in.At != nil && again.At.UnixMilli() != in.At.UnixMilli() {
			t.Errorf("%v became %v", in.At, again.At)
		}
	})
}

// Nothing panics, and IsSigned and readClaim agree on what a signature is.
func FuzzReadClaim(f *testing.F) {
	f.Add("GET", "/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A/20261123/r/s3/aws4_request&X-Amz-Date=20261123T000000Z&X-Amz-Expires=9&X-Amz-SignedHeaders=host&X-Amz-Signature=0", "", "", "")
	f.Add("POST", "/", "AWS4-HMAC-SHA256 Credential=A/20261123/r/sts/aws4_request,SignedHeaders=host,Signature=0", "20261123T000000Z", "SageMaker.X")
	f.Fuzz(func(t *testing.T, method, target, authorization, date, amzTarget string) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return
		}
		r := &http.Request{Method: method, URL: u, Host: "h", Header: http.Header{}, Body: http.NoBody}
		for name, value := range map[string]string{"Authorization": authorization, "X-Amz-Date": date, "X-Amz-Target": amzTarget} {
			if value != "" {
				r.Header[name] = []string{value}
			}
		}
		c, flaw := readClaim(r)
		if flaw == nil {
			c.checkClock(time.Unix(1795435200, 0)) // either answer is well
			var s scratch
			s.matches(r, &c, newSigningKey("k", c.date, c.region, c.service), asSent, emptySHA256)
			s.matches(r, &c, newSigningKey("k", c.date, c.region, c.service), encodedTwice, emptySHA256)
		}
		if signed := IsSigned(r); signed != (flaw == nil || flaw.why != unsigned) {
			t.Errorf("IsSigned is %v, and the flaw %+v", signed, flaw)
		}
	})
}

// Whatever a query string says, a claim of Version 2 leaves nothing in it that the signature is not of, and
// two requests with one text to sign are one request.
func FuzzOlderClaim(f *testing.F) {
	f.Add("AWSAccessKeyId=A&Expires=1&Signature=c2ln", "text/csv")
	f.Add("AWSAccessKeyId=A&Expires=1&Signature=c2ln&content-type=a&x-amz-meta-b=1%0A2&uploadId=x%26y", "")
	f.Add("AWSAccessKeyId=A&Expires=-1&Signature=", "")
	f.Add("AWSAccessKeyId=A&Expires=1&Signature=c&versionId=null&list-type=2&acl", "")
	f.Fuzz(func(t *testing.T, query, contentType string) {
		r := &http.Request{Method: "GET", Host: "h", URL: &url.URL{Path: "/b/k", RawQuery: query}, Header: http.Header{}}
		if contentType != "" {
			r.Header.Set("Content-Type", contentType)
		}
		c, flaw := readClaim(r)
		if flaw != nil || c.older == nil {
			return
		}
		for name := range c.older.URL.Query() {
			if !slices.Contains(olderParameters, name) {
				t.Errorf("%q leaves %q in the query string", query, name)
			}
		}
		text := olderText(c.older, &c, "")
		if n := strings.Count(text, "\n"); n < 4 {
			t.Errorf("%q is signed as %q", query, text)
		}
	})
}
