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
	// Content-Encoding, Cache-Control, x-amz-meta-…, in canonical form.
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
	// Condition, if set, is asked under the index's lock for the first key of Put or Delete with
	// what is held there (nil for nothing). If it returns an error nothing is changed.
	Condition func(held *Object) error
	// EndUpload forgets this upload and its parts; the blobs of parts that Put does not use are
	// retired. NotFound, and nothing changed, if there is no such upload: of two that complete
	// it at once one must lose.
	EndUpload string
}

// ObjectRef names an object.
type ObjectRef struct{ Bucket, Key string }

// An Index remembers buckets, objects and uploads. A call returns after its change is durable.
// Objects handed out are shared: nobody changes them.
type Index interface {
	// Buckets
	CreateBucket(ctx context.Context, b Bucket) error    // Exists
	DeleteBucket(ctx context.Context, name string) error // NotFound; Conflict if it has objects
	Buckets(ctx context.Context) ([]Bucket, error)       // sorted by name

	// Get reads one object.
	Get(ctx context.Context, ref ObjectRef) (*Object, error) // NotFound, for the bucket too
	// List yields the objects of a bucket whose key has the prefix and sorts after after, in
	// byte order of the keys, as they stand at one moment.
	List(ctx context.Context, bucket, prefix, after string) iter.Seq2[*Object, error] // NotFound
	// Commit carries out c. NotFound if a bucket is not there.
	Commit(ctx context.Context, c Change) error

	Uploads
	Garbage
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
