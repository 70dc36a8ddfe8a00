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

// Copy makes an object of another's bytes, or of its own. headers makes the headers of those of the
// source, which it must not change; nil keeps them. algorithm asks for a checksum, "" keeps the source's. The bytes are named twice
// rather than copied, unless they must be read for another checksum. BucketMissing and KeyMissing
// of source or target, PreconditionFails, RequestRefused, EntityTooLarge.
func (s *Store) Copy(ctx context.Context, target ObjectRef, from Source, headers func(source map[string]string) map[string]string, algorithm string, only func(held *Object) error) (*Object, error) {
	if target == from.ObjectRef && headers == nil {
		return nil, failf(RequestRefused, feature.Invalid, "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.")
	}
	if err := s.checkPut(ctx, target); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		o, err := s.copy(ctx, target, from, headers, algorithm, only)
		if !reasoned(err) && feature.KindOf(err) == feature.Conflict && try < attempts {
			continue // the source was replaced meanwhile, and its bytes retired: look again
		}
		return o, err
	}
}

func (s *Store) copy(ctx context.Context, target ObjectRef, from Source, headers func(source map[string]string) map[string]string, algorithm string, only func(held *Object) error) (*Object, error) {
	source, err := s.source(ctx, from)
	if err != nil {
		return nil, err
	}
	if source.Size > MaxPut {
		return nil, failf(RequestRefused, feature.Invalid, "The specified copy source is larger than the maximum allowable size for a copy source: %d. Copy it in parts.", int64(MaxPut))
	}
	kept := source.Headers
	if headers != nil {
		kept = headers(kept)
	}
	if _, has := source.Checksums[algorithm]; algorithm != "" && !has {
		body, err := s.Open(ctx, source)
		if err != nil {
			return nil, err
		}
		defer body.Close() // it was only read
		return s.Put(ctx, target, body, Content{Headers: kept, Checksums: []string{algorithm}}, only)
	}
	o := &Object{
		Bucket: target.Bucket, Key: target.Key, Blobs: source.Blobs, Size: source.Size, ETag: source.ETag, Modified: s.now(),
		Headers: maps.Clone(kept), Checksums: source.Checksums,
	}
	if err := s.index.Commit(ctx, Change{Put: []*Object{o}, Condition: only}); err != nil {
		return nil, s.missing(ctx, target, err)
	}
	return o, nil
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

// CopyPart stores a part of an upload from the bytes of an object: what PutPart and Copy return.
func (s *Store) CopyPart(ctx context.Context, u UploadRef, number int, from Source) (*Part, error) {
	if _, err := s.Upload(ctx, u); err != nil {
		return nil, err
	}
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
	return s.PutPart(ctx, u, number, io.LimitReader(body, length), Content{})
}
