package query

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
)

// maxSQL is how long a statement may be, in bytes (contract §5.5).
const maxSQL = 262_144

// A Request asks for a statement to be carried out.
type Request struct {
	SQL               string
	Catalog, Database string // what names without one mean; "" if not given
	WorkGroup         string // "" for PrimaryWorkGroup
	Token             string // requests with the same are one; "" for none
	OutputFolder      string // s3://bucket or s3://bucket/prefix
	Result            ResultOptions
	Reuse             *Reuse
	Parameters        []string // the values of the statement's ?, as literals in SQL

	cutoff int64 // of the work group
}

// Start begins to carry out a statement and returns the ID of its execution, which is durable by
// then. The result has every row acknowledged before Start was called. Invalid: the request
// itself; what is wrong with the statement makes the execution FAILED.
func (s *Store) Start(ctx context.Context, r Request) (id string, err error) {
	submitted := s.o.Now()
	if err := s.check(ctx, &r); err != nil {
		return "", err
	}
	statement, parseErr := s.parse(r.SQL)
	e := &Execution{
		ID: uuid.NewString(), SQL: r.SQL, Catalog: r.Catalog, Database: r.Database, WorkGroup: r.WorkGroup, Token: r.Token,
		OutputFolder: r.OutputFolder, Result: r.Result, Parameters: r.Parameters, Reuse: r.Reuse, Cutoff: r.cutoff, State: Queued, Submitted: submitted.UTC().Truncate(time.Millisecond), Statement: "DML",
	}
	if parseErr == nil {
		e.Statement, e.Substatement = statement.Class()
	}
	e.Output = strings.TrimRight(r.OutputFolder, "/") + "/" + e.ID + extension(statement)

	held, err := s.executions.Create(ctx, e)
	if err != nil {
		return "", fmt.Errorf("create execution: %w", err)
	}
	if held.ID != e.ID {
		if !sameRequest(held, e) {
			return "", feature.Errorf(feature.Invalid, "Idempotent parameters do not match: ClientRequestToken %q was sent before with another request; send a new one", r.Token)
		}
		return held.ID, nil
	}
	e.Preprocessing = s.o.Now().Sub(submitted)
	s.launch(e, statement, parseErr)
	return e.ID, nil
}

// sameRequest tells whether two executions were asked for in the same words.
func sameRequest(a, b *Execution) bool {
	return a.SQL == b.SQL && a.Catalog == b.Catalog && a.Database == b.Database && a.WorkGroup == b.WorkGroup && a.OutputFolder == b.OutputFolder &&
		a.Result == b.Result && slices.Equal(a.Parameters, b.Parameters) && (a.Reuse == nil) == (b.Reuse == nil) && (a.Reuse == nil || *a.Reuse == *b.Reuse)
}

// extension is that of the object of a statement's result (contract §5.4).
func extension(statement trino.Statement) string {
	switch statement.(type) {
	case nil, *trino.Query, *trino.Execute:
		return ".csv"
	case *trino.CreateTableAs, *trino.Insert, *trino.Unload:
		return "" // data files and a manifest of them
	}
	return ".txt"
}

// check holds the rules of a request and fills in what it leaves out.
func (s *Store) check(ctx context.Context, r *Request) error {
	if r.WorkGroup == "" {
		r.WorkGroup = PrimaryWorkGroup
	}
	g, err := s.WorkGroup(ctx, r.WorkGroup)
	if err != nil {
		return err
	}
	if g.Disabled {
		return feature.Errorf(feature.Invalid, "WorkGroup %s is disabled; enable it, or use another", g.Name)
	}
	g.apply(r)
	switch {
	case strings.TrimSpace(r.SQL) == "":
		return feature.Errorf(feature.Invalid, "QueryString is empty; it must hold a statement")
	case len(r.SQL) > maxSQL:
		return feature.Errorf(feature.Invalid, "QueryString has %d bytes; it must have at most %d", len(r.SQL), maxSQL)
	case r.OutputFolder == "":
		return feature.Errorf(feature.Invalid, "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.")
	}
	_, _, err = splitURI(r.OutputFolder)
	return err
}

// splitURI splits s3://bucket/key.
func splitURI(uri string) (bucket, key string, err error) {
	rest, ok := strings.CutPrefix(uri, "s3://")
	bucket, key, _ = strings.Cut(rest, "/")
	if !ok || bucket == "" {
		return "", "", feature.Errorf(feature.Invalid, "outputLocation is not a valid S3 path: %q; it must be s3://bucket or s3://bucket/prefix", uri)
	}
	return bucket, key, nil
}

// parse reads a statement. A panic of the parser on some text of a client's must not end the
// server.
func (s *Store) parse(sql string) (statement trino.Statement, err error) {
	defer s.noPanic(&err)
	return trino.Parse(sql)
}

// noPanic turns a panic into a fault. It is for what works on a client's statement: its bugs
// are to end that statement alone.
func (s *Store) noPanic(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}

// launch carries out an execution in a goroutine, which Close waits for.
func (s *Store) launch(e *Execution, statement trino.Statement, parseErr error) {
	ctx, cancel := context.WithCancelCause(context.Background())
	l := &live{cancel: cancel, done: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		cancel(errClosing)
	}
	s.live[e.ID] = l
	s.running.Go(func() {
		defer cancel(nil)
		s.carryOut(ctx, e, statement, parseErr)
		s.mu.Lock()
		delete(s.live, e.ID)
		s.mu.Unlock()
		close(l.done)
	})
}
