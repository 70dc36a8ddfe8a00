package ingest

import (
	"errors"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"

	"github.com/larder-dev/larder/internal/feature"
)

// gzipEnd is how the name of a text source ends that is compressed.
const gzipEnd = ".gz"

const (
	// maxExpansion is how many times larger than it is a compressed source may get. Rows with identifiers and times
	// of their own get some twenty times larger; a gzip file made to fill a disk, a thousand times.
	maxExpansion = 200
	// expansionFrom is how many bytes of text may come out of any source, however small.
	expansionFrom = 64 << 20
)

func zipped(uri string) bool { return strings.HasSuffix(strings.ToLower(uri), gzipEnd) }

// unzip reads what is compressed in in, of which count tells how much was read.
func unzip(in io.Reader, read func() int64) (io.Reader, error) {
	z, err := gzip.NewReader(in)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF // not even a header
	}
	if err != nil {
		return nil, unzipped(err)
	}
	return &unzipper{z: z, read: read}, nil
}

type unzipper struct {
	z    *gzip.Reader
	read func() int64
	out  int64
}

func (u *unzipper) Read(p []byte) (int, error) {
	n, err := u.z.Read(p)
	u.out += int64(n)
	if u.out > expansionFrom && u.out > maxExpansion*u.read() {
		return n, feature.Errorf(feature.Invalid, "the source gets more than %d times larger when it is expanded; bring it as it is", maxExpansion)
	}
	return n, unzipped(err)
}

// unzipped says of bytes that are no gzip that the caller brought them.
func unzipped(err error) error {
	var corrupt flate.CorruptInputError
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &corrupt) {
		return feature.Errorf(feature.Invalid, "the source is no gzip file, or it is damaged or cut off: %v", err)
	}
	return err
}
