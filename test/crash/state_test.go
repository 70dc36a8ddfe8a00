package crash

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/parquet-go/parquet-go"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
)

// A state is what clients can see.
type state struct {
	Rows    map[string]int    // name of a row → how often it is in the table
	Online  map[string]string // identifier → name of its row
	Buckets map[string]bool
	Objects map[string]string // bucket/key of those that clients put → ETag
	Uploads map[string]string // ID → numbers and ETags of its parts
	Results map[string]bool   // executions that SUCCEEDED; their results are in Objects
}

func newState() *state {
	return &state{
		Rows: map[string]int{}, Online: map[string]string{}, Buckets: map[string]bool{lake: true, own: true},
		Objects: map[string]string{}, Uploads: map[string]string{}, Results: map[string]bool{},
	}
}

func (s *state) clone() *state {
	return &state{
		Rows: maps.Clone(s.Rows), Online: maps.Clone(s.Online), Buckets: maps.Clone(s.Buckets),
		Objects: maps.Clone(s.Objects), Uploads: maps.Clone(s.Uploads), Results: maps.Clone(s.Results),
	}
}

// A files remembers the rows of data files by their ETags, because the same ones are read after many
// crashes. That the bytes are those of the ETag is looked at each time.
type files struct {
	mu   sync.Mutex // guards rows
	rows map[string][]string

	runs atomic.Int64 // that were read in the place of files
}

// observe reads the state of w, and holds every object against its length and its checksums.
func observe(ctx context.Context, w *world, f *files) (*state, error) {
	s := &state{
		Rows: map[string]int{}, Online: map[string]string{}, Buckets: map[string]bool{},
		Objects: map[string]string{}, Uploads: map[string]string{}, Results: map[string]bool{},
	}
	all, err := w.buckets.Buckets(ctx)
	if err != nil {
		return nil, err
	}
	bytes := map[string][]byte{} // of the objects of tables, by URI
	for _, b := range all {
		s.Buckets[b.Name] = true
		if err := observeBucket(ctx, w, s, b.Name, bytes); err != nil {
			return nil, err
		}
	}
	for e, err := range w.db.Executions().List(ctx, query.PrimaryWorkGroup, "") {
		if err != nil {
			return nil, err
		}
		if e.State == query.Succeeded {
			s.Results[e.ID] = true
		}
	}
	return s, observeRows(ctx, w, s, f, bytes)
}

func observeBucket(ctx context.Context, w *world, s *state, name string, bytes map[string][]byte) error {
	for o, err := range w.buckets.List(ctx, name, "", "") {
		if err != nil {
			return err
		}
		data, err := whole(ctx, w, o)
		if err != nil {
			return err
		}
		if name == lake {
			bytes["s3://"+o.Bucket+"/"+o.Key] = data
		} else {
			s.Objects[o.Bucket+"/"+o.Key] = o.ETag
		}
	}
	for o, err := range w.db.Objects().ListReplaced(ctx, name, "") {
		if err != nil {
			return err
		}
		if _, err := whole(ctx, w, o); err != nil {
			return fmt.Errorf("replaced: %w", err)
		}
	}
	uploads, err := w.buckets.Uploads(ctx, name)
	if err != nil {
		return err
	}
	for _, u := range uploads {
		ref := bucket.UploadRef{ObjectRef: bucket.ObjectRef{Bucket: u.Bucket, Key: u.Key}, ID: u.ID}
		_, parts, err := w.buckets.Parts(ctx, ref)
		if err != nil {
			return err
		}
		s.Uploads[u.ID] = ""
		for _, p := range parts {
			part := &bucket.Object{Bucket: u.Bucket, Key: u.Key, Blobs: []bucket.BlobPart{p.Blob}, Size: p.Blob.Size, ETag: p.ETag, Checksums: p.Checksums}
			if _, err := whole(ctx, w, part); err != nil {
				return fmt.Errorf("part %d of upload %s: %w", p.Number, u.ID, err)
			}
			s.Uploads[u.ID] += partText(p.Number, p.ETag)
		}
	}
	return nil
}

func partText(number int, etag string) string { return fmt.Sprintf("%d %s;", number, etag) }

// whole reads an object, which must have the length, the MD5s and the CRC that the index says.
func whole(ctx context.Context, w *world, o *bucket.Object) ([]byte, error) {
	r, err := w.buckets.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(r)
	if closeErr := r.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	etag, rest := "", data
	if !strings.Contains(o.ETag, "-") {
		etag = md5Hex(data)
	} else {
		sums := md5.New()
		for _, p := range o.Blobs {
			sum := md5.Sum(rest[:p.Size])
			sums.Write(sum[:])
			rest = rest[p.Size:]
		}
		etag = fmt.Sprintf("%x-%d", sums.Sum(nil), len(o.Blobs))
	}
	if etag != o.ETag {
		return nil, fmt.Errorf("the bytes of %s/%s have the ETag %s, the index says %s", o.Bucket, o.Key, etag, o.ETag)
	}
	if crc := o.Checksums[bucket.CRC32]; crc != "" && crc != crcText(data) {
		return nil, fmt.Errorf("the bytes of %s/%s have the CRC32 %s, the index says %s", o.Bucket, o.Key, crcText(data), crc)
	}
	return data, nil
}

func md5Hex(data []byte) string {
	sum := md5.Sum(data)
	return hex.EncodeToString(sum[:])
}

func crcText(data []byte) string {
	sum := crc32.ChecksumIEEE(data)
	return base64.StdEncoding.EncodeToString([]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)})
}

// observeRows reads the table as a query does: the files of its view and the rows that wait.
func observeRows(ctx context.Context, w *world, s *state, f *files, bytes map[string][]byte) error {
	g, err := w.db.Groups().Get(ctx, group)
	if err != nil {
		return err
	}
	snap, err := w.db.Offline().Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snap.Close() // nothing was written through it
	for r, err := range snap.Records(g.ID) {
		if err != nil {
			return err
		}
		s.Online[r.ID] = nameOf(r)
	}
	t, err := snap.Table(g.Offline.Table.Database, g.Offline.Table.Table)
	if err != nil {
		return err
	}
	v, err := w.tables.View(ctx, snap, t)
	if err != nil {
		return err
	}
	for r, err := range snap.Runs(g.ID) {
		if err != nil {
			return err
		}
		uri := g.Offline.Resolved + "/" + r.Folder
		if bytes[uri], err = whole(ctx, w, r.File); err != nil {
			return fmt.Errorf("run: %w", err)
		}
	}
	for _, file := range v.Files {
		if strings.HasSuffix(file.URI, "/") {
			f.runs.Add(1)
		}
		names, err := f.names(bytes[file.URI])
		if err != nil {
			return fmt.Errorf("%s: %w", file.URI, err)
		}
		for _, name := range names {
			s.Rows[name]++
		}
	}
	if v.Rows != nil {
		for row, err := range v.Rows {
			if err != nil {
				return err
			}
			s.Rows[row[2].(string)]++
		}
	}
	return v.Close()
}

func nameOf(r *feature.Record) string {
	for _, v := range r.Values {
		if v.Ordinal == 2 {
			return v.Text
		}
	}
	return ""
}

// names returns the names of the rows of a data file.
func (f *files) names(data []byte) ([]string, error) {
	key := md5Hex(data)
	f.mu.Lock()
	names, known := f.rows[key]
	f.mu.Unlock()
	if known {
		return names, nil
	}
	type row struct {
		Name string `parquet:"name,optional"`
	}
	rows, err := parquet.Read[row](strings.NewReader(string(data)), int64(len(data)))
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		names = append(names, r.Name)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rows[key] = names
	return names, nil
}
