package awshttp

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/larder-dev/larder/internal/access"
)

// The worked examples of Amazon's documentation of chunked uploads: 65 KiB of "a" in two chunks.
func TestDocumentedChunkSignatures(t *testing.T) {
	key := newSigningKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524", "us-east-1", "s3")
	cases := []struct {
		name, seed, announce string
		chunks               [3]string
		trailer              string
	}{
		{"signed", "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9", "", [3]string{
			"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
			"0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
			"b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
		}, ""},
		{"with a trailer", "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e", "x-amz-checksum-crc32c", [3]string{
			"b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
			"1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
			"2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
		}, "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			body := fmt.Sprintf("10000;chunk-signature=%s\r\n%s\r\n400;chunk-signature=%s\r\n%s\r\n0;chunk-signature=%s\r\n%s\r\n",
				c.chunks[0], strings.Repeat("a", 65536), c.chunks[1], strings.Repeat("a", 1024), c.chunks[2], c.trailer)
			p := &proof{&claim{scope: "20130524/us-east-1/s3/aws4_request", stamp: "20130524T000000Z", signature: c.seed}, key}
			got, err := io.ReadAll(newChunked(strings.NewReader(body), p, c.announce))
			if err != nil || !bytes.Equal(got, bytes.Repeat([]byte("a"), 66560)) {
				t.Errorf("%d bytes, %v", len(got), err)
			}
		})
	}
}

func TestSigningKeysAreRememberedOnlyWhenProven(t *testing.T) {
	v, r := verifierOf(t, "/FeatureGroup/g")
	c, _ := readClaim(r)
	key, _ := v.keys.Find(c.keyID, "", signedAt)
	wrong := key
	wrong.Secret = "another"
	if _, refusal := v.verify(r, &c, wrong, RESTJSON, emptySHA256); refusal == nil || len(v.signing.keys) != 0 {
		t.Errorf("wrong secret: %v, %d keys", refusal, len(v.signing.keys))
	}
	if _, refusal := v.verify(r, &c, key, RESTJSON, emptySHA256); refusal != nil || len(v.signing.keys) != 1 {
		t.Errorf("right secret: %v, %d keys", refusal, len(v.signing.keys))
	}
	// A secret that has changed under its ID is not served from memory.
	if _, refusal := v.verify(r, &c, wrong, RESTJSON, emptySHA256); refusal == nil {
		t.Error("the old secret's signature is good for the new one")
	}
}

func TestRememberedSigningKeysAreBounded(t *testing.T) {
	var s signingKeys
	for i := range 3 * maxSigningKeys {
		s.remember(&claim{keyID: "k", region: fmt.Sprint(i)}, &signingKey{})
	}
	if n := len(s.keys); n == 0 || n > maxSigningKeys {
		t.Errorf("%d keys", n)
	}
}

func TestEachReasonHasWordsInEachProtocol(t *testing.T) {
	for why := reason(1); why < lastReason; why++ {
		for _, p := range []Protocol{JSON11, RESTJSON, Query, RESTXML} {
			if e := refuse(p, why, "text"); e.Status < 400 || e.Code == "" {
				t.Errorf("reason %d, protocol %d: %+v", why, p, e)
			}
		}
	}
}

func TestTimestampsAreWrittenInMilliseconds(t *testing.T) {
	cases := []struct {
		at   time.Time
		want string
	}{
		{time.UnixMilli(1700000000123), "1700000000.123"},
		{time.UnixMilli(1700000000007), "1700000000.007"},
		{time.Unix(1700000000, 999), "1700000000"},
		{time.UnixMilli(-1500), "-1.500"},
		{time.UnixMilli(0), "0"},
	}
	for _, c := range cases {
		got, err := Timestamp{c.at}.MarshalJSON()
		if err != nil || string(got) != c.want {
			t.Errorf("%v: got %s, %v; want %s", c.at, got, err, c.want)
		}
	}
}

func TestRequestIDsAreUUIDs(t *testing.T) {
	a, b := newRequestID(), newRequestID()
	if a == b || len(a) != 36 || a[14] != '4' || strings.Count(a, "-") != 4 {
		t.Errorf("%s, %s", a, b)
	}
}

var signedAt = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// verifierOf returns a verifier, and a request to a path that it should accept.
func verifierOf(t testing.TB, path string) (*verifier, *http.Request) {
	t.Helper()
	key := access.Key{ID: "AKIALARDER", Secret: "secret"}
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Amz-Sdk-Invocation-Id", "2f6f3a0c-9f4e-4a63-9d64-0c2f8a3d9a11")
	r.Header.Set("Amz-Sdk-Request", "attempt=1; max=3")
	r.Header.Set("User-Agent", "aws-sdk-go-v2")
	credentials := aws.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Secret}
	if err := v4.NewSigner().SignHTTP(context.Background(), credentials, r, emptySHA256, "sagemaker", "us-east-1", signedAt); err != nil {
		t.Fatal(err)
	}
	return newVerifier(access.NewKeyring(key), func() time.Time { return signedAt }), r
}

func BenchmarkVerify(b *testing.B) {
	v, r := verifierOf(b, "/FeatureGroup/customers?RecordIdentifierValueAsString=1234&FeatureName=a&FeatureName=b")
	b.ReportAllocs()
	for b.Loop() {
		c, flaw := readClaim(r)
		if flaw != nil {
			b.Fatal(flaw.text)
		}
		key, refusal := v.holder(r, &c, RESTJSON)
		if refusal != nil {
			b.Fatal(refusal)
		}
		if _, refusal := v.verify(r, &c, key, RESTJSON, emptySHA256); refusal != nil {
			b.Fatal(refusal)
		}
	}
}

// The whole way of a GetRecord but for its work and the network.
func BenchmarkServeGetRecord(b *testing.B) {
	v, r := verifierOf(b, "/FeatureGroup/customers?RecordIdentifierValueAsString=1234&FeatureName=a&FeatureName=b")
	reply := []byte(`{"Record":[]}`)
	h := NewHandler(Config{Keys: v.keys, Now: v.now, Services: []*Service{{
		Name: "runtime", Scope: "sagemaker", Protocol: RESTJSON,
		Operations: []Operation{{Name: "GetRecord", Method: "GET", Path: "/FeatureGroup/{FeatureGroupName}", Handle: func(_ context.Context, c *Call, w http.ResponseWriter) error {
			return c.WriteJSON(w, reply)
		}}},
	}}})
	b.ReportAllocs()
	for b.Loop() {
		w := discard{http.Header{}}
		h.ServeHTTP(w, r)
		if w.header["Content-Length"] == nil {
			b.Fatal("not answered")
		}
	}
}

type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

func BenchmarkChunkedSigned(b *testing.B) {
	key := newSigningKey("k", "20261123", "r", "s3")
	c := &claim{scope: "s", stamp: "t", signature: emptySHA256}
	body := signedChunks(&proof{c, key}, bytes.Repeat([]byte("x"), 64<<10), 64)
	b.SetBytes(64 * 64 << 10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := io.Copy(io.Discard, newChunked(bytes.NewReader(body), &proof{c, key}, "")); err != nil {
			b.Fatal(err)
		}
	}
}

// signedChunks frames n chunks of data.
func signedChunks(p *proof, data []byte, n int) []byte {
	var body []byte
	signer := newChunked(nil, p, "")
	for i := range n + 1 {
		if i == n {
			data = nil
		}
		signer.hash.Write(data)
		_ = signer.checkChunk() // it refuses, but its text now ends with the right signature
		signature := signer.text[len(signer.text)-64:]
		signer.previous = append(signer.previous[:0], signature...)
		body = append(fmt.Appendf(body, "%x;chunk-signature=%s\r\n", len(data), signature), data...)
		body = append(body, "\r\n"...)
	}
	return body
}
