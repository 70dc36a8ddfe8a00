package bucket

import (
	"context"
	"fmt"
	"io"
	"maps"

	"github.com/larder-dev/larder/internal/feature"
)

// A Source is what a copy reads.
type Source struct {
	ObjectRef
	If    ReadIf
	Range *Range // nil for all of it
}

// Copy stores the bytes of an object under another key, or its own. headers replace those of the
// source, nil keeps them; so does algorithm, "" keeps the source's checksums. BucketMissing and
// KeyMissing of source or target, PreconditionFails, RequestRefused, EntityTooLarge.
func (s *Store) Copy(ctx context.Context, target ObjectRef, from Source, headers map[string]string, algorithm string, only func(held *Object) error) (*Object, error) {
	source, err := s.source(ctx, from)
	if err != nil {
		return nil, err
	}
	if target == from.ObjectRef && headers == nil {
		return nil, failf(RequestRefused, feature.Invalid, "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.")
	}
	c := Content{Headers: headers, Length: &source.Size, Checksums: map[string]string{}}
	if headers == nil {
		c.Headers = maps.Clone(source.Headers)
	}
	if algorithm != "" {
		c.Checksums[algorithm] = ""
	} else {
		for a := range source.Checksums { // computed anew: a checksum of parts is none of a whole
			c.Checksums[a] = ""
		}
	}
	// Bytes are copied rather than named twice: a blob belongs to one object, so that the index
	// can retire it without counting.
	body, err := s.Open(ctx, source)
	if err != nil {
		return nil, err
	}
	defer body.Close() // it was only read
	return s.Put(ctx, target, body, c, only)
}

// source reads what is known of a copy's source, and holds it against its conditions.
func (s *Store) source(ctx context.Context, from Source) (*Object, error) {
	source, err := s.Get(ctx, from.ObjectRef)
	if err != nil {
		return nil, err
	}
	unchanged, err := from.If.Check(source, "x-amz-copy-source-If-")
	if err != nil {
		return nil, err
	}
	if unchanged {
		return nil, preconditionFails("x-amz-copy-source-If-None-Match or x-amz-copy-source-If-Modified-Since")
	}
	return source, nil
}

// CopyPart stores a part of an upload from the bytes of an object.
func (s *Store) CopyPart(ctx context.Context, u UploadRef, number int, from Source) (*Part, error) {
	source, err := s.source(ctx, from)
	if err != nil {
		return nil, err
	}
	begin, length := int64(0), source.Size
	if from.Range != nil {
		begin, length = from.Range.First, from.Range.Last-from.Range.First+1
		if from.Range.Last >= source.Size || length <= 0 {
			return nil, failf(RangeUnsatisfied, feature.Invalid, "Range specified is not valid for source object of size: %d.", source.Size)
		}
	}
	body, err := s.Open(ctx, source)
	if err != nil {
		return nil, err
	}
	defer body.Close() // it was only read
	if _, err := body.Seek(begin, io.SeekStart); err != nil {
		return nil, fmt.Errorf("seek in %s: %w", source.Key, err)
	}
	return s.PutPart(ctx, u, number, io.LimitReader(body, length), Content{Length: &length})
}
