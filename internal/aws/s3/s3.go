// Package s3 answers the S3 API over package bucket: it reads paths, query strings, headers and
// XML, calls one verb and writes headers and XML. It stores nothing, and what a request asks that
// it does not know it refuses: a header or a query parameter is in the table or is an error.
package s3

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/bucket"
)

// service answers; it has no state of its own.
type service struct {
	store      *bucket.Store
	owner      string // canonical user ID
	operations []operation
}

// New returns the service over a store.
func New(store *bucket.Store) *awshttp.Service {
	id := sha256.Sum256([]byte("larder account " + store.Account()))
	s := &service{store: store, owner: hex.EncodeToString(id[:]), operations: operations()}
	service := &awshttp.Service{
		Name: "s3", Scope: "s3", Protocol: awshttp.RESTXML, Namespace: namespace,
		Match: s.match, HostBucket: s.hostBucket, Error: errorOf,
	}
	for _, o := range s.operations {
		service.Operations = append(service.Operations, awshttp.Operation{
			Name: o.name, Method: o.method, Path: o.path(), Action: o.action, Handle: s.handler(o), Members: o.members, ChecksumsOfObject: o.ofObject,
		})
	}
	return service
}

// A request is a call and what its URL says.
type request struct {
	*awshttp.Call
	w      http.ResponseWriter
	header http.Header // of the request, with those that a presigned URL carries
	query  url.Values
	target
}

func (s *service) handler(o operation) awshttp.Handler {
	return func(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
		query := c.Request.URL.Query()
		r := &request{Call: c, w: w, header: headers(c.Request, query), query: query, target: s.target(c.Request)}
		err := s.check(o, r)
		if err == nil {
			err = o.handle(s, ctx, r)
		}
		return inWords(err, r)
	}
}

// check does what every operation does before its own work.
func (s *service) check(o operation, r *request) error {
	if err := checkHeaders(o, r.header); err != nil {
		return err
	}
	for _, name := range []string{"X-Amz-Expected-Bucket-Owner", "X-Amz-Source-Expected-Bucket-Owner"} {
		if owner := r.header.Get(name); owner != "" && owner != s.store.Account() {
			return &awshttp.Error{Status: http.StatusForbidden, Code: "AccessDenied", Message: "Access Denied: " + name + " is " + owner + ", the bucket belongs to another account."}
		}
	}
	return nil
}
