package query

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// A Page is a part of a result.
type Page struct {
	Columns []Column
	// Rows are texts, nil for NULL. The first row of the first page is the columns' names.
	Rows [][]*string
	// Updated is how many rows a statement has written.
	Updated int64
	Next    string // what to ask for the next page; "" if this is the last
}

// Results returns up to limit rows of the result of an execution that SUCCEEDED, from where token,
// the Next of the page before, says. It reads the object that the execution left. NotFound;
// Invalid: another state, a token that is none, or the object is gone.
func (s *Store) Results(ctx context.Context, id, token string, limit int) (*Page, error) {
	e, offset, err := s.finished(ctx, id, token)
	if err != nil {
		return nil, err
	}
	p := &Page{Columns: e.Columns}
	if e.Manifest != "" {
		p.Updated = e.Rows
		return p, nil
	}
	if len(e.Columns) == 0 {
		return p, nil
	}
	return p, s.read(ctx, p, id, e.Output, offset, limit)
}

// Manifest returns up to limit lines of the list of files that an execution has written, as Results returns
// rows. NotFound; Invalid: as of Results, or the statement is none that writes files.
func (s *Store) Manifest(ctx context.Context, id, token string, limit int) (*Page, error) {
	e, offset, err := s.finished(ctx, id, token)
	if err != nil {
		return nil, err
	}
	if e.Manifest == "" {
		return nil, feature.Errorf(feature.Invalid, "The query %s has no manifest: only CREATE TABLE AS, INSERT and UNLOAD leave one; leave QueryResultType out", id)
	}
	p := &Page{Columns: texts("manifest"), Updated: e.Rows}
	return p, s.read(ctx, p, id, e.Manifest, offset, limit)
}

// finished returns an execution that SUCCEEDED, and the place in its result that a token names.
func (s *Store) finished(ctx context.Context, id, token string) (*Execution, int64, error) {
	e, err := s.Get(ctx, id, 0)
	if err != nil {
		return nil, 0, err
	}
	switch e.State {
	case Succeeded:
	case Failed, Cancelled:
		return nil, 0, feature.Errorf(feature.Invalid, "Query did not finish successfully. Final query state: %s", e.State)
	default:
		return nil, 0, feature.Errorf(feature.Invalid, "Query has not yet finished. Current state: %s", e.State)
	}
	offset, err := offsetOf(e.ID, token)
	return e, offset, err
}

// read fills a page of an execution with rows of the object at uri from a place on. The rows of a .csv that is a result are
// parted into fields; all else is read by lines.
func (s *Store) read(ctx context.Context, p *Page, id, uri string, offset int64, limit int) (err error) {
	object, err := s.openResult(ctx, uri)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, object.Close()) }()
	if _, err := object.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	r := newCSVReader(object)
	next := r.line
	fields := strings.HasSuffix(uri, ".csv") && !strings.HasSuffix(uri, manifestEnd)
	if fields {
		next = r.row
	}
	for len(p.Rows) < limit {
		row, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil && fields && len(row) != len(p.Columns) {
			err = feature.Errorf(feature.Invalid, "The result at %s has a line of %d fields, not %d: somebody has changed it", uri, len(row), len(p.Columns))
		}
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, row)
	}
	if _, err := r.in.Peek(1); err == nil {
		p.Next = tokenOf(id, offset+r.read)
	}
	return nil
}

// openResult opens the object of a result.
func (s *Store) openResult(ctx context.Context, uri string) (bucket.ReadSeekCloser, error) {
	name, key, err := splitURI(uri)
	if err != nil {
		return nil, fmt.Errorf("the result of an execution: %v", err)
	}
	o, err := s.buckets.Get(ctx, bucket.ObjectRef{Bucket: name, Key: key})
	if feature.KindOf(err) == feature.NotFound {
		return nil, feature.Errorf(feature.Invalid, "Could not find results: %s was removed", uri)
	}
	if err != nil {
		return nil, err
	}
	return s.buckets.Open(ctx, o)
}

// A token is the execution and the place in its result at which the next page begins.
const tokenPrefix = "larder2:"

func tokenOf(id string, offset int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(tokenPrefix + id + ":" + strconv.FormatInt(offset, 36)))
}

func offsetOf(id, token string) (int64, error) {
	if token == "" {
		return 0, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	rest, ok := strings.CutPrefix(string(text), tokenPrefix)
	of, number, ok2 := strings.Cut(rest, ":")
	offset, err2 := strconv.ParseInt(number, 36, 64)
	if err != nil || err2 != nil || !ok || !ok2 || offset < 0 {
		return 0, feature.Errorf(feature.Invalid, "NextToken %q is none that GetQueryResults gave; send the one of the page before, or none", token)
	}
	if of != id {
		return 0, feature.Errorf(feature.Invalid, "NextToken %q is of another query; send the one of the page before, or none", token)
	}
	return offset, nil
}
