package awshttp

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"
)

const (
	maxChunkLine    = 256
	maxTrailerLine  = 1024
	maxTrailerLines = 16
	chunkBuffer     = 16 << 10
)

// A chunked reads an aws-chunked body: it gives the payload, verifies the signature of each chunk and of
// the trailer, if signed, and returns io.EOF only where the framing ends and the input with it.
//
//	<size in hex>[;chunk-signature=<hex>]\r\n <data>\r\n … 0[;chunk-signature=<hex>]\r\n [<trailer>: <value>\r\n …] \r\n
//
// Data of a chunk is given out before its signature is verified: memory stays small whatever the size a client
// chooses for its chunks.
type chunked struct {
	in       *bufio.Reader
	proof    *proof // nil: chunks are not signed
	announce string // the trailing header to come, in lower case; "" for none
	trailer  http.Header

	left     int64     // of the current chunk's data
	started  bool      // a chunk's data is being read
	previous []byte    // signature, hex
	claimed  string    // signature of the current chunk
	hash     hash.Hash // of the current chunk's data
	text     []byte    // to sign
}

// newChunked reads the chunks of in; p is nil if they are not signed.
func newChunked(in io.Reader, p *proof, announce string) *chunked {
	c := &chunked{in: bufio.NewReaderSize(in, chunkBuffer), proof: p, announce: announce}
	if p != nil {
		c.previous = []byte(p.claim.signature)
		c.hash = sha256.New()
	}
	return c
}

func (c *chunked) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if !c.started {
		if err := c.begin(); err != nil {
			return 0, err
		}
		if c.left == 0 {
			return 0, c.end()
		}
		c.started = true
	}
	if int64(len(b)) > c.left {
		b = b[:c.left]
	}
	n, err := c.in.Read(b)
	if c.proof != nil {
		c.hash.Write(b[:n])
	}
	c.left -= int64(n)
	if err != nil {
		return n, cut(err)
	}
	if c.left > 0 {
		return n, nil
	}
	c.started = false
	if err := c.blankLine(); err != nil {
		return 0, err
	}
	return n, c.checkChunk()
}

// begin reads the line in front of a chunk's data.
func (c *chunked) begin() error {
	line, err := c.line(maxChunkLine)
	if err != nil {
		return err
	}
	size, extension, signed := strings.Cut(line, ";")
	if c.proof != nil {
		var ok bool
		c.claimed, ok = strings.CutPrefix(extension, "chunk-signature=")
		if !ok {
			return refuse(RESTXML, malformedChunk, "a chunk has no chunk-signature, and X-Amz-Content-Sha256 says that chunks are signed")
		}
	} else if signed {
		return refuse(RESTXML, malformedChunk, "a chunk has an extension, and X-Amz-Content-Sha256 says that chunks are not signed")
	}
	// ParseUint takes a sign or an underscore from nobody in base 16.
	n, err := strconv.ParseUint(size, 16, 63)
	if err != nil {
		return refuse(RESTXML, malformedChunk, "the chunk size %.20q is no hexadecimal number", size)
	}
	c.left = int64(n)
	return nil
}

// end reads what follows the last chunk's line, to the end of the input.
func (c *chunked) end() error {
	if err := c.checkChunk(); err != nil {
		return err
	}
	if c.announce == "" {
		if err := c.blankLine(); err != nil {
			return err
		}
	} else if err := c.readTrailer(); err != nil {
		return err
	}
	switch _, err := c.in.ReadByte(); {
	case err == nil:
		return refuse(RESTXML, malformedChunk, "there are bytes behind the last chunk")
	case errors.Is(err, io.EOF):
		return io.EOF
	default:
		return err
	}
}

func (c *chunked) readTrailer() error {
	var signed []byte // name:value\n of each header but the signature
	claimed := ""
	c.trailer = make(http.Header)
	for n := 0; ; n++ {
		line, err := c.line(maxTrailerLine)
		if err != nil {
			return err
		}
		if line == "" {
			break
		}
		name, value, ok := strings.Cut(line, ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		switch {
		case !ok || n >= maxTrailerLines:
			return refuse(RESTXML, malformedTrailer, "The request contained trailing data that was not well-formed or did not conform to our published schema.")
		case name == "x-amz-trailer-signature" && c.proof != nil && claimed == "":
			claimed = value
		case name == c.announce && len(c.trailer) == 0:
			c.trailer.Set(name, value)
			signed = append(append(append(append(signed, name...), ':'), value...), '\n')
		default:
			return refuse(RESTXML, malformedTrailer, "the trailer %.64q was not announced by X-Amz-Trailer, or came twice", name)
		}
	}
	if len(c.trailer) == 0 {
		return refuse(RESTXML, malformedTrailer, "the trailer %s, announced by X-Amz-Trailer, did not come", c.announce)
	}
	if c.proof == nil {
		return nil
	}
	sum := sha256.Sum256(signed)
	return c.check("AWS4-HMAC-SHA256-TRAILER", "", sum[:], claimed)
}

// checkChunk verifies the chunk whose data has been read.
func (c *chunked) checkChunk() error {
	if c.proof == nil {
		return nil
	}
	var sum [sha256.Size]byte
	c.hash.Sum(sum[:0])
	c.hash.Reset()
	return c.check("AWS4-HMAC-SHA256-PAYLOAD", emptySHA256+"\n", sum[:], c.claimed)
}

// check verifies one signature of the chain.
func (c *chunked) check(kind, between string, sum []byte, claimed string) error {
	b := append(c.text[:0], kind...)
	b = append(b, '\n')
	b = append(b, c.proof.claim.stamp...)
	b = append(b, '\n')
	b = append(b, c.proof.claim.scope...)
	b = append(b, '\n')
	b = append(b, c.previous...)
	b = append(b, '\n')
	b = append(b, between...)
	b = hex.AppendEncode(b, sum)
	n := len(b)
	b = c.proof.key.sign(b, b)
	c.text = b
	if !equal(b[n:], claimed) {
		return refuse(RESTXML, wrongSignature, "The chunk or trailer signature we calculated does not match the signature you provided; the body was changed after it was signed, or signed with another key.")
	}
	c.previous = append(c.previous[:0], b[n:]...)
	return nil
}

// line reads a line of at most max bytes, without its end.
func (c *chunked) line(max int) (string, error) {
	line, err := c.in.ReadSlice('\n')
	switch {
	case err == nil:
	case errors.Is(err, bufio.ErrBufferFull):
		return "", refuse(RESTXML, malformedChunk, "a line of the aws-chunked framing is too long")
	default:
		return "", cut(err)
	}
	line, ok := bytes.CutSuffix(line, []byte("\r\n"))
	if !ok || len(line) > max {
		return "", refuse(RESTXML, malformedChunk, "a line of the aws-chunked framing is too long, or does not end with CR LF")
	}
	return string(line), nil
}

func (c *chunked) blankLine() error {
	line, err := c.line(maxChunkLine)
	if err == nil && line != "" {
		err = refuse(RESTXML, malformedChunk, "a chunk's data is not followed by CR LF")
	}
	return err
}

// cut turns an end of the input inside the framing into the error it is.
func cut(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
