// Package bucket carries out what clients ask of buckets and objects: put, get, list, multipart
// uploads. It knows no wire format. Bytes are in a Blobs, names and what is known of them in an
// Index; an object is there when the index says so.
package bucket

import (
	"context"
	"io"
	"iter"
	"time"
)

// BlobID names bytes in a Blobs. It is never used again.
type BlobID string

// A Bucket is a named set of objects.
type Bucket struct {
	Name    string
	Region  string
	Created time.Time
	// Documents are the texts that its owner keeps with it, by name.
	Documents map[string]string `json:",omitempty"`
}

// An Object is what the index knows of one key of one bucket.
type Object struct {
	Bucket, Key string
	// Blobs holds the bytes, in order: one blob for a plain object, one a part for a multipart
	// one, none for an object without bytes.
	Blobs    []BlobPart
	Size     int64
	ETag     string // without quotes; of a multipart object "<md5 of the md5s>-<parts>"
	Modified time.Time
	// Headers are the headers that a reader gets back as they were put: Content-Type,
	// Content-Encoding, Cache-Control, x-amz-meta-…, in canonical form. X-Amz-Tagging is the
	// object's tags as the header has them.
	Headers map[string]string
	// Checksums maps an algorithm (CRC32, CRC32C, CRC64NVME, SHA1, SHA256) to its base64 text,
	// as S3 shows it.
	Checksums map[string]string
	// Rows is set on data files of tables that this server wrote.
	Rows *Rows
}

// BlobPart is one blob of an object.
type BlobPart struct {
	ID   BlobID
	Size int64
}

// Rows says which rows a data file has, so that a query can leave the file alone.
type Rows struct {
	Count                         int64
	FirstEventTime, LastEventTime time.Time
	FirstPosition, LastPosition   int64 // write times, microseconds
}

// An Upload is a multipart upload that is not completed yet.
type Upload struct {
	ID          string
	Bucket, Key string
	Headers     map[string]string
	Checksum    string // algorithm asked for, "" if none
	// FullObject asks for the checksum of the object's bytes instead of that of its parts' checksums.
	FullObject bool
	Started    time.Time
}

// A Part is one part of an upload.
type Part struct {
	Number    int
	Blob      BlobPart
	ETag      string // md5, hex
	Checksums map[string]string
	Modified  time.Time
}

// A Change is a set of changes to the index that is committed as one. Blobs that no object and
// no part names any more are retired by the index in the same commit, and become Garbage.
type Change struct {
	Put    []*Object
	Delete []ObjectRef // a key that is not there is no error
	// Replace takes objects out of Get, listings and tables, but keeps them for those who listed
	// them before: GetReplaced still finds them, and their blobs stay, until LapseReplaced, or
	// until their key is put or deleted. A key that is not there is no error.
	Replace []ObjectRef
	// Require names objects that must be held as they are here, with the same blobs and the same
	// ETag. Conflict, and nothing changed, if one is not.
	Require []*Object
	// Documents are kept with their buckets, each in place of the one of its name.
	Documents []Document
	// Condition, if set, is asked under the index's lock for the first key of Put or Delete with
	// what is held there (nil for nothing). If it returns an error nothing is changed.
	Condition func(held *Object) error
	// EndUpload forgets this upload and its parts; the blobs of parts that Put does not use are
	// retired. NotFound, and nothing changed, if there is no such upload: of two that complete
	// it at once one must lose. With a Put the upload is completed, and GetEnded tells what of.
	EndUpload string
}

// ObjectRef names an object.
type ObjectRef struct{ Bucket, Key string }

// An Index remembers buckets, objects and uploads. A call returns after its change is durable.
// What is handed out is shared: nobody changes it.
type Index interface {
	// Get reads one object.
	Get(ctx context.Context, ref ObjectRef) (*Object, error) // NotFound, for the bucket too
	// List yields the objects of a bucket whose key has the prefix and sorts after after, in
	// byte order of the keys, as they stand at one moment.
	List(ctx context.Context, bucket, prefix, after string) iter.Seq2[*Object, error] // NotFound
	// Commit carries out c. NotFound if a bucket is not there.
	Commit(ctx context.Context, c Change) error

	Buckets
	Versions
	Replaced
	Uploads
	EndedUploads
	Garbage
}

// Buckets remembers the buckets.
type Buckets interface {
	CreateBucket(ctx context.Context, b Bucket) error            // Exists
	DeleteBucket(ctx context.Context, name string) error         // NotFound; Conflict if it has objects
	GetBucket(ctx context.Context, name string) (*Bucket, error) // NotFound
	Buckets(ctx context.Context) ([]Bucket, error)               // sorted by name
}

// A Version is a moment of an index. Those of later moments are larger; none is 0.
type Version int64

// Time is about when the version was the newest.
func (v Version) Time() time.Time { return time.UnixMicro(int64(v)) }

// Versions lets a listing of several pages show one version of the tables.
type Versions interface {
	// Version names the index as it stands.
	Version(ctx context.Context) (Version, error)
	// ListAt is List, but of what tables wrote it yields what there was at that version: an object
	// with Rows that was committed after it is left out, and one that was replaced after it, and
	// has not lapsed, is in. All else is as it stands at the moment of the call, as in S3.
	ListAt(ctx context.Context, at Version, bucket, prefix, after string) iter.Seq2[*Object, error] // NotFound
}

// Replaced remembers the objects that a Change replaced.
type Replaced interface {
	// GetReplaced reads an object that was replaced and has not lapsed.
	GetReplaced(ctx context.Context, ref ObjectRef) (*Object, error) // NotFound
	// ListReplaced yields those of a bucket whose key has the prefix, in byte order of the keys.
	ListReplaced(ctx context.Context, bucket, prefix string) iter.Seq2[*Object, error]
	// LapseReplaced forgets up to limit objects that were replaced before the given time, the
	// oldest first, retires their blobs, and returns how many they were.
	LapseReplaced(ctx context.Context, before time.Time, limit int) (int, error)
}

// Garbage remembers the blobs that a commit retired.
type Garbage interface {
	// Retired returns up to limit blobs that nobody can reach any more: retired before the given
	// time, and before the oldest open snapshot.
	Retired(ctx context.Context, before time.Time, limit int) ([]BlobID, error)
	// Forget is called when the blobs are removed.
	Forget(ctx context.Context, ids []BlobID) error
	// Named tells which of the blobs an object, a part or the garbage names.
	Named(ctx context.Context, ids []BlobID) (map[BlobID]bool, error)
}

// Uploads remembers multipart uploads.
type Uploads interface {
	CreateUpload(ctx context.Context, u Upload) error
	GetUpload(ctx context.Context, id string) (*Upload, error) // NotFound
	ListUploads(ctx context.Context, bucket string) ([]*Upload, error)
	// PutPart stores a part; one of the same number is replaced and its blob retired.
	PutPart(ctx context.Context, upload string, p Part) error // NotFound
	// Parts returns the parts of an upload, sorted by number.
	Parts(ctx context.Context, upload string) ([]Part, error) // NotFound
}

// EndedUploads remembers for a while what completed uploads made.
type EndedUploads interface {
	// GetEnded returns the object that the completion of an upload put, as it was then and without
	// its blobs.
	GetEnded(ctx context.Context, id string) (*Object, error) // NotFound
	// ForgetEnded forgets those that were completed before the given time.
	ForgetEnded(ctx context.Context, before time.Time) error
}

// Blobs holds bytes under names of its own: package blob on a local disk.
type Blobs interface {
	// Create stores all of r, and returns when it is durable. If r fails, nothing is stored and
	// the error is r's.
	Create(ctx context.Context, r io.Reader) (BlobPart, error)
	// Open reads a blob. It stays readable until closed, even if it is removed meanwhile.
	Open(ctx context.Context, id BlobID) (ReadSeekCloser, error) // NotFound
	// Path is where the engine finds the blob as a local file.
	Path(id BlobID) string
	// Remove of a blob that is not there is no error.
	Remove(ctx context.Context, id BlobID) error
	// All yields every blob and when it was made.
	All(ctx context.Context) iter.Seq2[BlobInfo, error]
}

// BlobInfo is one blob as Blobs.All yields it.
type BlobInfo struct {
	BlobPart
	Made time.Time
}

// ReadSeekCloser reads, seeks and closes.
type ReadSeekCloser interface {
	io.ReadSeekCloser
	io.ReaderAt
}
