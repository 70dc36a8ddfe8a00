package bucket

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/larder-dev/larder/internal/feature"
)

// UploadRef names an upload as clients do: its ID belongs to one key.
type UploadRef struct {
	ObjectRef
	ID string
}

// CreateUpload begins a multipart upload. headers become those of the object. algorithm is the
// checksum that parts and object are to have, "" for none; fullObject asks for the checksum of
// all bytes. BucketMissing, BadKey, KeyTooLong, RequestRefused.
func (s *Store) CreateUpload(ctx context.Context, ref ObjectRef, headers map[string]string, algorithm string, fullObject bool) (*Upload, error) {
	if err := s.checkPut(ctx, ref); err != nil {
		return nil, err
	}
	_, width := crcPolynomial(algorithm)
	switch {
	case algorithm == "":
	case checkAlgorithm(algorithm) != nil:
		return nil, checkAlgorithm(algorithm)
	case fullObject && width == 0:
		return nil, failf(RequestRefused, feature.Invalid, "The FULL_OBJECT checksum type cannot be used with the %s checksum algorithm: it is for CRC32, CRC32C and CRC64NVME.", algorithm)
	case !fullObject && algorithm == CRC64NVME:
		return nil, failf(RequestRefused, feature.Invalid, "The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.")
	}
	now := s.now()
	u := Upload{
		ID: newUploadID(now), Bucket: ref.Bucket, Key: ref.Key, Headers: maps.Clone(headers),
		Checksum: algorithm, FullObject: fullObject, Started: now,
	}
	if err := s.index.CreateUpload(ctx, u); err != nil {
		return nil, s.missing(ctx, ref, err)
	}
	return &u, nil
}

// newUploadID returns an ID that is never given again; IDs sort by the start of their uploads.
func newUploadID(started time.Time) string {
	id := uuid.New()
	return fmt.Sprintf("%012x%x", started.UnixMilli(), id[:])
}

// Upload reads an upload. UploadMissing, also if it is of another key.
func (s *Store) Upload(ctx context.Context, u UploadRef) (*Upload, error) {
	up, err := s.index.GetUpload(ctx, u.ID)
	if feature.KindOf(err) == feature.NotFound || err == nil && (up.Bucket != u.Bucket || up.Key != u.Key) {
		return nil, uploadMissing()
	}
	return up, err
}

func uploadMissing() *Error {
	return failf(UploadMissing, feature.NotFound, "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.")
}

// Uploads returns the uploads of a bucket that are not completed, sorted by key, then ID,
// which is by start.
// BucketMissing.
func (s *Store) Uploads(ctx context.Context, bucket string) ([]*Upload, error) {
	if _, err := s.Bucket(ctx, bucket); err != nil {
		return nil, err
	}
	all, err := s.index.ListUploads(ctx, bucket)
	if err != nil {
		return nil, err
	}
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b *Upload) int {
		if c := strings.Compare(a.Key, b.Key); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all, nil
}

// PutPart stores body as a part; one of the same number is replaced. As for Put, the index
// changes only after body has returned io.EOF. UploadMissing, PartNumberRange, RequestRefused, and what
// Put returns of a body.
func (s *Store) PutPart(ctx context.Context, u UploadRef, number int, body io.Reader, c Content) (*Part, error) {
	if number < 1 || number > MaxParts {
		return nil, failf(PartNumberRange, feature.Invalid, "Part number must be an integer between 1 and %d, inclusive; it is %d.", MaxParts, number)
	}
	upload, err := s.Upload(ctx, u)
	if err != nil {
		return nil, err
	}
	algorithms := c.Checksums
	if upload.Checksum != "" {
		for _, algorithm := range algorithms {
			if algorithm != upload.Checksum {
				return nil, failf(RequestRefused, feature.Invalid, "Checksum Type mismatch occurred, expected checksum Type: %s, actual checksum Type: %s.", strings.ToLower(upload.Checksum), strings.ToLower(algorithm))
			}
		}
		algorithms = []string{upload.Checksum}
	}
	d, err := newDigest(body, algorithms)
	if err != nil {
		return nil, err
	}
	blob, err := s.create(ctx, d)
	if err != nil {
		return nil, err
	}
	p := Part{Number: number, Blob: blob, ETag: d.etag(), Checksums: d.checksums(), Modified: s.now()}
	err = s.index.PutPart(ctx, u.ID, p)
	if err == nil {
		return &p, nil
	}
	if feature.KindOf(err) != feature.Fault {
		s.Discard(context.WithoutCancel(ctx), &Object{Blobs: []BlobPart{blob}})
	}
	if feature.KindOf(err) == feature.NotFound { // completed or aborted while the part came
		return nil, uploadMissing()
	}
	return nil, err
}

// Parts returns the parts of an upload, sorted by number. UploadMissing.
func (s *Store) Parts(ctx context.Context, u UploadRef) (*Upload, []Part, error) {
	upload, err := s.Upload(ctx, u)
	if err != nil {
		return nil, nil, err
	}
	parts, err := s.index.Parts(ctx, u.ID)
	if feature.KindOf(err) == feature.NotFound {
		return nil, nil, uploadMissing()
	}
	return upload, parts, err
}

// Abort forgets an upload and its parts. UploadMissing.
func (s *Store) Abort(ctx context.Context, u UploadRef) error {
	if _, err := s.Upload(ctx, u); err != nil {
		return err
	}
	err := s.index.Commit(ctx, Change{EndUpload: u.ID})
	if feature.KindOf(err) == feature.NotFound {
		return uploadMissing()
	}
	return err
}

// A Completion says which parts make the object.
type Completion struct {
	Parts []PartRef
	// Checksums are what the object's must come to, as S3 shows them; nil for any.
	Checksums map[string]string
	// Size is what the object's must come to; nil for any.
	Size *int64
}

// PartRef names a part as its uploader saw it.
type PartRef struct {
	Number    int
	ETag      string            // with or without quotes
	Checksums map[string]string // nil for any
}

// attempts is how often a change is tried whose ground another one moved.
const attempts = 5

// Complete makes the object of the parts, in one commit with the end of the upload; parts that
// are not listed are retired. Completing again what was completed within EndedFor, with the same
// parts, changes nothing and succeeds: a client that lost the answer repeats the call. UploadMissing, PartsNone, PartsUnordered,
// PartMissing, PartTooSmall, EntityTooLarge, WrongChecksum, RequestRefused, and what only returns.
func (s *Store) Complete(ctx context.Context, u UploadRef, c Completion, only func(held *Object) error) (*Object, error) {
	for try := 1; ; try++ {
		o, err := s.complete(ctx, u, c, only)
		if !reasoned(err) && feature.KindOf(err) == feature.Conflict && try < attempts {
			continue // a part was replaced meanwhile: look again
		}
		return o, err
	}
}

func (s *Store) complete(ctx context.Context, u UploadRef, c Completion, only func(held *Object) error) (*Object, error) {
	upload, have, err := s.Parts(ctx, u)
	if e := (*Error)(nil); errors.As(err, &e) && e.Reason == UploadMissing {
		if o, err := s.index.GetEnded(ctx, u.ID); err == nil && o.Bucket == u.Bucket && o.Key == u.Key && o.ETag == joinETags(c.Parts) {
			return o, nil
		}
	}
	if err != nil {
		return nil, err
	}
	parts, err := choose(have, c.Parts)
	if err != nil {
		return nil, err
	}
	o, err := s.join(upload, parts, c)
	if err != nil {
		return nil, err
	}
	err = s.index.Commit(ctx, Change{Put: []*Object{o}, Condition: only, EndUpload: u.ID})
	if !reasoned(err) && feature.KindOf(err) == feature.NotFound {
		return nil, uploadMissing()
	}
	if err != nil {
		return nil, err
	}
	return o, nil
}

// reasoned tells an error that has a reason already from the index's own.
func reasoned(err error) bool {
	e := (*Error)(nil)
	return errors.As(err, &e)
}

// choose finds the parts that are listed.
func choose(have []Part, listed []PartRef) ([]Part, error) {
	if len(listed) == 0 {
		return nil, failf(PartsNone, feature.Invalid, "You must specify at least one part.")
	}
	chosen := make([]Part, 0, len(listed))
	for i, ref := range listed {
		if i > 0 && ref.Number <= listed[i-1].Number {
			return nil, failf(PartsUnordered, feature.Invalid, "The list of parts was not in ascending order: part %d comes after part %d.", ref.Number, listed[i-1].Number)
		}
	}
	for _, ref := range listed {
		p, err := find(have, ref)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, p)
	}
	for _, p := range chosen[:len(chosen)-1] {
		if p.Blob.Size < MinPart {
			return nil, failf(PartTooSmall, feature.Invalid, "Your proposed upload is smaller than the minimum allowed size: part %d has %d bytes, every part but the last needs %d.", p.Number, p.Blob.Size, MinPart)
		}
	}
	return chosen, nil
}

// find finds the part that is listed, and it must be the one that its uploader saw.
func find(have []Part, ref PartRef) (Part, error) {
	at, found := slices.BinarySearchFunc(have, ref.Number, func(p Part, n int) int { return p.Number - n })
	if !found {
		return Part{}, partMissing(ref, "it was not uploaded")
	}
	p := have[at]
	if strings.Trim(ref.ETag, `"`) != p.ETag {
		return Part{}, partMissing(ref, fmt.Sprintf("its ETag is %q", p.ETag))
	}
	for algorithm, text := range ref.Checksums {
		if held := p.Checksums[algorithm]; held != "" && held != text {
			return Part{}, partMissing(ref, fmt.Sprintf("its %s is %s, not %s", algorithm, held, text))
		}
	}
	return p, nil
}

func partMissing(ref PartRef, why string) *Error {
	return failf(PartMissing, feature.Invalid, "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag: part %d, ETag %q: %s.", ref.Number, ref.ETag, why)
}

// join describes the object that the parts make.
func (s *Store) join(u *Upload, parts []Part, c Completion) (*Object, error) {
	o := &Object{Bucket: u.Bucket, Key: u.Key, Headers: u.Headers, Modified: s.now()}
	var refs []PartRef
	for _, p := range parts {
		o.Size += p.Blob.Size
		refs = append(refs, PartRef{ETag: p.ETag})
		o.Blobs = append(o.Blobs, p.Blob)
	}
	if o.Size > MaxObject {
		return nil, failf(EntityTooLarge, feature.Invalid, "Your proposed upload exceeds the maximum allowed size: its parts have %d bytes, the limit is %d.", o.Size, int64(MaxObject))
	}
	o.ETag = joinETags(refs)
	if c.Size != nil && *c.Size != o.Size {
		return nil, failf(RequestRefused, feature.Invalid, "The provided 'x-amz-mp-object-size' header value %d does not match what was computed: %d.", *c.Size, o.Size)
	}
	if u.Checksum != "" {
		sum, err := joinChecksums(u, parts)
		if err != nil {
			return nil, err
		}
		o.Checksums = map[string]string{u.Checksum: sum}
	}
	for algorithm, want := range c.Checksums {
		if got := o.Checksums[algorithm]; got != want {
			return nil, failf(WrongChecksum, feature.Invalid, "The %s you specified did not match the calculated checksum: it is %q.", algorithm, got)
		}
	}
	return o, nil
}

// joinETags is the ETag of an object of parts: the MD5 of their MD5s, and how many they are. ""
// if an ETag is none of a part.
func joinETags(parts []PartRef) string {
	h := md5.New()
	for _, p := range parts {
		raw, err := hex.DecodeString(strings.Trim(p.ETag, `"`))
		if err != nil || len(raw) != md5.Size {
			return ""
		}
		h.Write(raw)
	}
	return fmt.Sprintf("%x-%d", h.Sum(nil), len(parts))
}

// joinChecksums makes the object's checksum from the parts': the checksum of theirs, and how many
// they are; or, for FullObject, that of all bytes.
func joinChecksums(u *Upload, parts []Part) (string, error) {
	h := newHash(u.Checksum)
	sum := uint64(0)
	for _, p := range parts {
		raw, err := base64.StdEncoding.DecodeString(p.Checksums[u.Checksum])
		if err != nil || len(raw) != h.Size() {
			return "", fmt.Errorf("part %d of upload %s has no %s in the index", p.Number, u.ID, u.Checksum)
		}
		h.Write(raw)
		if u.FullObject {
			var wide [8]byte
			copy(wide[8-len(raw):], raw)
			sum = combineCRC(u.Checksum, sum, binary.BigEndian.Uint64(wide[:]), p.Blob.Size)
		}
	}
	if !u.FullObject {
		return fmt.Sprintf("%s-%d", text(h), len(parts)), nil
	}
	wide := binary.BigEndian.AppendUint64(nil, sum)
	return base64.StdEncoding.EncodeToString(wide[8-h.Size():]), nil
}
