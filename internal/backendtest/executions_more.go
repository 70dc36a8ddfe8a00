package backendtest

import (
	"fmt"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// listed returns the IDs that List yields.
func listed(t *testing.T, s Stores, workGroup, after string) []string {
	t.Helper()
	var ids []string
	for e, err := range s.Executions.List(t.Context(), workGroup, after) {
		must(t, err)
		ids = append(ids, e.ID)
	}
	return ids
}

func executionsListAfter(t *testing.T, s Stores) {
	for hours := range 6 {
		e := execution(fmt.Sprint(hours), "", noon.Add(time.Duration(hours/2)*time.Hour))
		if hours == 3 {
			e.WorkGroup = "primary2" // a name that begins with another
		}
		_, err := s.Executions.Create(t.Context(), e)
		must(t, err)
	}
	wantSame(t, "all", []string{"5", "4", "2", "1", "0"}, listed(t, s, "primary", ""))
	wantSame(t, "behind 4", []string{"2", "1", "0"}, listed(t, s, "primary", "4"))
	wantSame(t, "behind the last", []string(nil), listed(t, s, "primary", "0"))
	wantSame(t, "of another work group", []string{"3"}, listed(t, s, "primary2", ""))
	wantSame(t, "of none", []string(nil), listed(t, s, "nobody's", ""))
	for _, err := range s.Executions.List(t.Context(), "primary", "unknown") {
		wantKind(t, "List behind no execution", err, feature.Invalid)
	}
}

func executionsUnfinished(t *testing.T, s Stores) {
	for _, id := range []string{"a", "b", "c"} {
		_, err := s.Executions.Create(t.Context(), execution(id, "", noon))
		must(t, err)
	}
	for id, state := range map[string]query.State{"a": query.Running, "b": query.Failed} {
		_, err := s.Executions.Update(t.Context(), id, func(e *query.Execution) { e.State = state }, query.Effect{})
		must(t, err)
	}
	ids, err := s.Executions.Unfinished(t.Context())
	must(t, err)
	wantSame(t, "Unfinished", []string{"a", "c"}, ids)
}

func executionsRemove(t *testing.T, s Stores) {
	for i := range 7 {
		id := fmt.Sprint(i)
		_, err := s.Executions.Create(t.Context(), execution(id, "token "+id, noon.Add(time.Duration(i)*time.Minute)))
		must(t, err)
		if i != 1 { // which runs on
			_, err = s.Executions.Update(t.Context(), id, func(e *query.Execution) { e.State = query.Succeeded }, query.Effect{})
			must(t, err)
		}
	}
	for _, want := range []int{2, 2, 0} {
		n, err := s.Executions.Remove(t.Context(), noon.Add(5*time.Minute), 2)
		must(t, err)
		wantSame(t, "Remove", want, n)
	}
	wantSame(t, "those that stay", []string{"6", "5", "1"}, listed(t, s, "primary", ""))
	_, err := s.Executions.Get(t.Context(), "0")
	wantKind(t, "Get of what was removed", err, feature.NotFound)
	again, err := s.Executions.Create(t.Context(), execution("7", "token 0", noon))
	must(t, err)
	wantSame(t, "the execution of a token that was removed", "7", again.ID)
}

func executionsCreateTable(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	made := &table.Table{
		Database: "default", Name: "made", Storage: table.Storage{Columns: []table.Column{{Name: "a", Type: "int"}}, Location: "s3://b/made/"},
		PartitionKeys: []table.Column{{Name: "k", Type: "string"}}, Created: noon,
	}
	part := func(value string) *table.Partition {
		return &table.Partition{Database: "default", Table: "made", Values: []string{value}, Storage: table.Storage{Location: "s3://b/made/k=" + value}, Created: noon}
	}
	end := func(id string, effect query.Effect) error {
		_, err := s.Executions.Create(t.Context(), execution(id, "", noon))
		must(t, err)
		_, err = s.Executions.Update(t.Context(), id, func(e *query.Execution) { e.State = query.Succeeded }, effect)
		if err != nil {
			e, getErr := s.Executions.Get(t.Context(), id)
			must(t, getErr)
			wantSame(t, "state after a refused effect", query.Queued, e.State)
		}
		return err
	}
	nowhere := *made
	nowhere.Database = "nowhere"
	wantKind(t, "a table in no database", end("0", query.Effect{Create: &nowhere, Objects: []*bucket.Object{object("b", "x", "1")}}), feature.NotFound)
	wantKind(t, "an object in no bucket", end("1", query.Effect{Create: made, Objects: []*bucket.Object{object("none", "x", "1")}}), feature.NotFound)
	if _, err := s.Tables.GetTable(t.Context(), "default", "made"); feature.KindOf(err) != feature.NotFound {
		t.Errorf("a refused effect made its table: %v", err)
	}
	must(t, end("2", query.Effect{Create: made, Partitions: []*table.Partition{part("x")}, Objects: []*bucket.Object{object("b", "made/k=x/1", "2")}}))
	got, err := s.Tables.GetTable(t.Context(), "default", "made")
	must(t, err)
	wantSame(t, "the table", made, got)
	wantKind(t, "a table that is there", end("3", query.Effect{Create: made, Objects: []*bucket.Object{object("b", "late", "3")}}), feature.Exists)
	must(t, end("4", query.Effect{Extend: made, Partitions: []*table.Partition{part("x"), part("y")}, Objects: []*bucket.Object{object("b", "made/k=y/1", "4")}}))
	wantSame(t, "partitions", []*table.Partition{part("x"), part("y")}, collect(t, s.Tables.ListPartitions(t.Context(), "default", "made", nil)))
	moved := *made
	moved.Location = "s3://b/elsewhere/"
	wantKind(t, "a table that was moved", end("5", query.Effect{Extend: &moved}), feature.Conflict)
	must(t, s.Tables.DeleteTable(t.Context(), "default", "made"))
	wantKind(t, "a table that was deleted", end("6", query.Effect{Extend: made, Objects: []*bucket.Object{object("b", "late", "5")}}), feature.Conflict)
	wantSame(t, "objects", []string{"made/k=x/1", "made/k=y/1"}, keys(t, s, "b", "", ""))
}

func workGroups(t *testing.T, s Stores) {
	ctx, x := t.Context(), s.Executions
	primary, err := x.GetWorkGroup(ctx, query.PrimaryWorkGroup)
	must(t, err)
	g := &query.WorkGroup{Name: "g", Description: "d", Output: "s3://b/g/", Cutoff: 1, Created: noon}
	must(t, x.CreateWorkGroup(ctx, g))
	wantKind(t, "a second of the name", x.CreateWorkGroup(ctx, g), feature.Exists)
	must(t, x.UpdateWorkGroup(ctx, "g", func(g *query.WorkGroup) error { g.Enforced = true; return nil }))
	g.Enforced = true
	got, err := x.GetWorkGroup(ctx, "g")
	must(t, err)
	wantSame(t, "GetWorkGroup", g, got)
	wantKind(t, "a refused change", x.UpdateWorkGroup(ctx, "g", func(*query.WorkGroup) error { return feature.Errorf(feature.Invalid, "no") }), feature.Invalid)
	all, err := x.ListWorkGroups(ctx)
	must(t, err)
	wantSame(t, "ListWorkGroups", []*query.WorkGroup{g, primary}, all)
	wantKind(t, "update of none", x.UpdateWorkGroup(ctx, "h", func(*query.WorkGroup) error { return nil }), feature.NotFound)
	wantKind(t, "delete of none", x.DeleteWorkGroup(ctx, "h", true), feature.NotFound)

	e := execution("1", "", noon)
	e.WorkGroup = "g"
	_, err = x.Create(ctx, e)
	must(t, err)
	_, err = x.CreateNamedQuery(ctx, &query.NamedQuery{ID: "q", WorkGroup: "g"})
	must(t, err)
	must(t, x.PutPrepared(ctx, &query.Prepared{Name: "p", WorkGroup: "g"}, query.MustBeNew))
	wantKind(t, "delete of one that is not empty", x.DeleteWorkGroup(ctx, "g", false), feature.Conflict)
	must(t, x.DeleteWorkGroup(ctx, "g", true))
	_, err = x.GetNamedQuery(ctx, "q")
	wantKind(t, "its named query", err, feature.NotFound)
	wantSame(t, "its executions", []string(nil), listed(t, s, "g", ""))
	_, err = x.Get(ctx, "1")
	must(t, err)
	must(t, x.CreateWorkGroup(ctx, g))
	must(t, x.DeleteWorkGroup(ctx, "g", false))
}

func namedQueries(t *testing.T, s Stores) {
	ctx, x := t.Context(), s.Executions
	_, err := x.CreateNamedQuery(ctx, &query.NamedQuery{ID: "a", WorkGroup: "none"})
	wantKind(t, "one of no work group", err, feature.NotFound)
	q := &query.NamedQuery{ID: "a", Name: "n", SQL: "SELECT 1", Database: "d", WorkGroup: "primary", Token: "t"}
	for _, id := range []string{"a", "b"} {
		same := *q
		same.ID = id
		got, err := x.CreateNamedQuery(ctx, &same)
		must(t, err)
		wantSame(t, "the query of a token", q, got)
	}
	must(t, x.UpdateNamedQuery(ctx, "a", func(q *query.NamedQuery) error { q.SQL = "SELECT 2"; return nil }))
	q.SQL = "SELECT 2"
	all, err := x.ListNamedQueries(ctx, "primary")
	must(t, err)
	wantSame(t, "ListNamedQueries", []*query.NamedQuery{q}, all)
	must(t, x.DeleteNamedQuery(ctx, "a"))
	wantKind(t, "a second delete", x.DeleteNamedQuery(ctx, "a"), feature.NotFound)
	wantKind(t, "update of none", x.UpdateNamedQuery(ctx, "a", func(*query.NamedQuery) error { return nil }), feature.NotFound)
}

func preparedStatements(t *testing.T, s Stores) {
	ctx, x := t.Context(), s.Executions
	p := &query.Prepared{Name: "p", WorkGroup: "primary", SQL: "SELECT ?", Modified: noon}
	wantKind(t, "one of no work group", x.PutPrepared(ctx, &query.Prepared{Name: "p", WorkGroup: "none"}, query.Either), feature.NotFound)
	wantKind(t, "update of none", x.PutPrepared(ctx, p, query.MustBeThere), feature.NotFound)
	must(t, x.PutPrepared(ctx, p, query.MustBeNew))
	wantKind(t, "a second of the name", x.PutPrepared(ctx, p, query.MustBeNew), feature.Exists)
	p.SQL = "SELECT ? + 1"
	must(t, x.PutPrepared(ctx, p, query.MustBeThere))
	p.SQL = "SELECT ? + 2"
	must(t, x.PutPrepared(ctx, p, query.Either))
	all, err := x.ListPrepared(ctx, "primary")
	must(t, err)
	wantSame(t, "ListPrepared", []*query.Prepared{p}, all)
	got, err := x.GetPrepared(ctx, "primary", "p")
	must(t, err)
	wantSame(t, "GetPrepared", p, got)
	must(t, x.DeletePrepared(ctx, "primary", "p"))
	wantKind(t, "a second delete", x.DeletePrepared(ctx, "primary", "p"), feature.NotFound)
	_, err = x.GetPrepared(ctx, "primary", "p")
	wantKind(t, "get of none", err, feature.NotFound)
}
