package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// folderRows is the most rows of a file in a folder if nobody says another number.
const folderRows = 1_000_000

// A File is an object that an export made.
type File struct {
	URI  string // s3://bucket/key
	Size int64
}

// FileName is the name of file n, from 0, of an export of several.
func (f Format) FileName(n int) string { return fmt.Sprintf("part-%05d.%s", n, f) }

// WriteBucket is Write to objects of this server, all of which are there when it returns, or none: the
// object that a URI names, in place of what was there; or, if it ends in a slash, objects in that folder,
// which must be empty, with at most Request.FileRows rows each. Invalid also: the URI; NotFound also: the
// bucket; Conflict also: the folder is not empty; Unavailable: the disk is full.
func (s *Store) WriteBucket(ctx context.Context, r *Request, uri string) (*Result, []File, error) {
	ctx, end, err := s.begin(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer end()
	t, err := s.target(ctx, r, uri)
	if err != nil {
		return nil, nil, err
	}
	asked := *r
	if t.folder && asked.FileRows == 0 {
		asked.FileRows = folderRows
	}
	result, err := s.write(ctx, &asked, func() (io.Writer, error) { return t.next(ctx) })
	if ended := t.finish(err); err == nil {
		err = ended
	}
	if err == nil {
		err = s.mustBeEmpty(ctx, t)
	}
	if err != nil {
		s.buckets.Discard(context.WithoutCancel(ctx), t.objects...)
		return nil, nil, err
	}
	if err := s.buckets.PutStaged(ctx, t.objects); err != nil {
		return nil, nil, err
	}
	var files []File
	for _, o := range t.objects {
		files = append(files, File{URI: "s3://" + o.Bucket + "/" + o.Key, Size: o.Size})
	}
	return result, files, nil
}

// target checks where an export is to go.
func (s *Store) target(ctx context.Context, r *Request, uri string) (*target, error) {
	rest, ok := strings.CutPrefix(uri, "s3://")
	name, key, slash := strings.Cut(rest, "/")
	switch {
	case !ok || name == "" || !slash:
		return nil, feature.Errorf(feature.Invalid, "the target %q is not of the form s3://BUCKET/KEY for one file, or s3://BUCKET/PREFIX/ for several", uri)
	case key != "" && !strings.HasSuffix(key, "/") && r.FileRows > 0:
		return nil, feature.Errorf(feature.Invalid, "files of %d rows may be several, and the target %q is one; end it in a slash", r.FileRows, uri)
	}
	t := &target{buckets: s.buckets, ref: bucket.ObjectRef{Bucket: name, Key: key}, format: r.Format, folder: key == "" || strings.HasSuffix(key, "/")}
	if _, err := s.checked(ctx, r); err != nil {
		return nil, err
	}
	first := uri
	if t.folder {
		first += r.Format.FileName(0)
	}
	switch owner, err := s.tables.GroupAt(ctx, first); {
	case err != nil:
		return nil, err
	case owner != "":
		return nil, feature.Errorf(feature.Invalid, "the target %q is in the own location of the feature group %s: the rows would be rows of its table; name another", uri, owner)
	}
	if _, err := s.buckets.Bucket(ctx, name); err != nil {
		return nil, err
	}
	return t, s.mustBeEmpty(ctx, t)
}

// mustBeEmpty refuses a folder that has objects: nobody could tell later which are of this export.
func (s *Store) mustBeEmpty(ctx context.Context, t *target) error {
	if !t.folder {
		return nil
	}
	for o, err := range s.buckets.List(ctx, t.ref.Bucket, t.ref.Key, "") {
		if err != nil {
			return err
		}
		if o.Key == t.ref.Key && o.Size == 0 {
			continue // the mark of an empty folder
		}
		return feature.Errorf(feature.Conflict, "the folder s3://%s/%s is not empty: it has %s; name another, or delete what is there", t.ref.Bucket, t.ref.Key, o.Key)
	}
	return nil
}

// A target takes the files of an export into a bucket, staged: nobody sees them.
type target struct {
	buckets *bucket.Store
	ref     bucket.ObjectRef
	folder  bool
	format  Format
	objects []*bucket.Object

	in     *io.PipeWriter // of the file that is written; nil if there is none
	staged chan stagedFile
}

type stagedFile struct {
	object *bucket.Object
	err    error
}

// next ends the file that is written, and begins another.
func (t *target) next(ctx context.Context) (io.Writer, error) {
	if err := t.finish(nil); err != nil {
		return nil, err
	}
	ref := t.ref
	if t.folder {
		ref.Key += t.format.FileName(len(t.objects))
	}
	out, in := io.Pipe()
	t.in, t.staged = in, make(chan stagedFile, 1)
	go func(done chan<- stagedFile) { // finish waits for it
		o, err := t.buckets.Stage(ctx, ref, out, bucket.Content{Headers: map[string]string{"Content-Type": t.format.ContentType()}}, nil)
		out.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // who writes must not wait for a reader that has given up
		done <- stagedFile{o, err}
	}(t.staged)
	return in, nil
}

// finish ends the file that is written, with an error if there is one, and waits until it is staged.
func (t *target) finish(failed error) error {
	if t.in == nil {
		return nil
	}
	t.in.CloseWithError(failed) // nil is the end of the file
	done := <-t.staged
	t.in, t.staged = nil, nil
	if done.object != nil {
		t.objects = append(t.objects, done.object)
	}
	return done.err
}
