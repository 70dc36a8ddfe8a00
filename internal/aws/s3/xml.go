package s3

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/bucket"
)

const (
	namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
	// maxXML is what a request in XML may have: 1,000 keys of 1,024 bytes, escaped, fit.
	maxXML = 8 << 20
)

// writeXML answers 200 with a document.
func (r *request) writeXML(v any) error {
	b := bytes.NewBufferString(xml.Header)
	if err := xml.NewEncoder(b).Encode(v); err != nil {
		return err
	}
	out := undisguise(b.Bytes(), func(c rune) string { return "&#x" + strconv.FormatInt(int64(c), 16) + ";" })
	r.w.Header().Set("Content-Type", "application/xml")
	r.w.Header().Set("Content-Length", strconv.Itoa(len(out)))
	_, _ = r.w.Write(out) // a client that has gone cannot be told
	return nil
}

// readXML reads a body that is XML. It returns false for a body without bytes.
func (r *request) readXML(into any) (bool, error) {
	body, err := io.ReadAll(io.LimitReader(r.Request.Body, maxXML+1))
	if err != nil {
		return false, err
	}
	if len(body) == 0 {
		return false, nil
	}
	if len(body) > maxXML {
		return false, malformedXML("it has more than %d bytes", maxXML)
	}
	if err := xml.Unmarshal(disguiseBody(body), into); err != nil {
		return false, malformedXML("%v", err)
	}
	return true, nil
}

// needXML reads a body that must be XML.
func (r *request) needXML(into any) error {
	some, err := r.readXML(into)
	if err == nil && !some {
		return malformedXML("there is no document")
	}
	return err
}

func malformedXML(format string, args ...any) *awshttp.Error {
	e := invalidRequest(format, args...)
	return &awshttp.Error{Status: e.Status, Code: "MalformedXML", Message: "The XML you provided was not well-formed or did not validate against our published schema: " + e.Message + "."}
}

// stamp prints a time as S3's documents do. S3 counts in seconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") + ".000Z" }

func quoted(etag string) string { return `"` + etag + `"` }

// encoder returns how keys and prefixes are printed: escaped if the caller asks for it.
func (r *request) encoder() (func(string) keyText, error) {
	switch kind := r.query.Get("encoding-type"); kind {
	case "":
		return func(s string) keyText { return keyText(s) }, nil
	case "url":
		return func(s string) keyText { return keyText(escape(s)) }, nil
	default:
		return nil, invalidArgument("encoding-type", kind, "Invalid Encoding Method specified in Request")
	}
}

// escape escapes all but unreserved characters and slashes. A blank is %20, which readers that
// take + for a blank read too.
func escape(s string) string {
	return strings.NewReplacer("+", "%20", "%2F", "/").Replace(url.QueryEscape(s))
}

type ownerXML struct {
	ID string
}

// setObjectHeaders sets what a reader of an object is told of it.
func setObjectHeaders(h http.Header, o *bucket.Object) {
	h.Set("Content-Type", "binary/octet-stream")
	for name, value := range o.Headers {
		if name == tagHeader {
			h.Set("X-Amz-Tagging-Count", strconv.Itoa(1+strings.Count(value, "&")))
			continue
		}
		if short, ok := strings.CutPrefix(name, "X-Amz-Meta-"); ok {
			// Clients take the names of metadata as they are sent; S3 sends lower case.
			h["x-amz-meta-"+strings.ToLower(short)] = []string{value}
			continue
		}
		h.Set(name, value)
	}
	h.Set("Etag", quoted(o.ETag))
	h.Set("Last-Modified", o.Modified.UTC().Format(http.TimeFormat))
	h.Set("Accept-Ranges", "bytes")
}

// setEncryption repeats what encryption was asked for, as S3 does to a writer.
func (r *request) setEncryption(headers map[string]string) {
	h := r.w.Header()
	if text := r.header.Get("X-Amz-Server-Side-Encryption-Context"); text != "" { // it is told to the writer alone
		h.Set("X-Amz-Server-Side-Encryption-Context", text)
	}
	for name, value := range headers {
		if strings.HasPrefix(name, "X-Amz-Server-Side-Encryption") {
			h.Set(name, value)
		}
	}
}

// setChecksums shows stored checksums.
func setChecksums(h http.Header, checksums map[string]string) {
	for algorithm, text := range checksums {
		h.Set(checksumHeader(algorithm), text)
		h.Set("X-Amz-Checksum-Type", checksumType(text))
	}
}

// checksumType tells a checksum of parts' checksums, which ends in their number, from one of bytes.
func checksumType(text string) string {
	if strings.Contains(text, "-") {
		return "COMPOSITE"
	}
	return "FULL_OBJECT"
}

// checksumXML is embedded where documents show checksums.
type checksumXML struct {
	ChecksumCRC32     string `xml:",omitempty"`
	ChecksumCRC32C    string `xml:",omitempty"`
	ChecksumCRC64NVME string `xml:",omitempty"`
	ChecksumSHA1      string `xml:",omitempty"`
	ChecksumSHA256    string `xml:",omitempty"`
}

func checksumsXML(checksums map[string]string) checksumXML {
	return checksumXML{
		ChecksumCRC32: checksums[bucket.CRC32], ChecksumCRC32C: checksums[bucket.CRC32C], ChecksumCRC64NVME: checksums[bucket.CRC64NVME],
		ChecksumSHA1: checksums[bucket.SHA1], ChecksumSHA256: checksums[bucket.SHA256],
	}
}

// checksums returns those that are set.
func (c checksumXML) checksums() map[string]string {
	all := map[string]string{
		bucket.CRC32: c.ChecksumCRC32, bucket.CRC32C: c.ChecksumCRC32C, bucket.CRC64NVME: c.ChecksumCRC64NVME,
		bucket.SHA1: c.ChecksumSHA1, bucket.SHA256: c.ChecksumSHA256,
	}
	for algorithm, text := range all {
		if text == "" {
			delete(all, algorithm)
		}
	}
	return all
}
