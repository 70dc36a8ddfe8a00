package backendtest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
)

// Executions tests a query.Executions, together with the index of its backend.
func Executions(t *testing.T, open Open) {
	t.Run("CreatedOnceForAToken", func(t *testing.T) { executionsCreate(t, open(t)) })
	t.Run("UpdateTakesItsResultAlong", func(t *testing.T) { executionsUpdate(t, open(t)) })
	t.Run("FinalStateIsFinal", func(t *testing.T) { executionsFinal(t, open(t)) })
	t.Run("OneEndingWins", func(t *testing.T) { executionsRace(t, open(t)) })
	t.Run("ListBeginsWithTheNewest", func(t *testing.T) { executionsList(t, open(t)) })
	t.Run("ListGoesOnBehindOne", func(t *testing.T) { executionsListAfter(t, open(t)) })
	t.Run("UnfinishedAreThoseThatAreNotFinal", func(t *testing.T) { executionsUnfinished(t, open(t)) })
	t.Run("TheOldAreRemovedInSteps", func(t *testing.T) { executionsRemove(t, open(t)) })
	t.Run("ATableComesWithItsRows", func(t *testing.T) { executionsCreateTable(t, open(t)) })
	t.Run("WorkGroups", func(t *testing.T) { workGroups(t, open(t)) })
	t.Run("NamedQueries", func(t *testing.T) { namedQueries(t, open(t)) })
	t.Run("PreparedStatements", func(t *testing.T) { preparedStatements(t, open(t)) })
}

func execution(id, token string, submitted time.Time) *query.Execution {
	return &query.Execution{
		ID: id, SQL: "SELECT ?", Catalog: "AwsDataCatalog", Database: "d", Parameters: []string{"1"},
		WorkGroup: "primary", Token: token, OutputFolder: "s3://b/q/", Output: "s3://b/q/" + id + ".csv",
		Statement: "DML", Substatement: "SELECT", State: query.Queued, Submitted: submitted,
	}
}

func executionsCreate(t *testing.T, s Stores) {
	first := execution("1", "token", noon)
	got, err := s.Executions.Create(t.Context(), first)
	must(t, err)
	wantSame(t, "Create", first, got)
	got, err = s.Executions.Get(t.Context(), "1")
	must(t, err)
	wantSame(t, "Get", first, got)
	got, err = s.Executions.Create(t.Context(), execution("2", "token", noon.Add(time.Hour)))
	must(t, err)
	wantSame(t, "Create with the same token", first, got)
	_, err = s.Executions.Get(t.Context(), "2")
	wantKind(t, "Get of what was not stored", err, feature.NotFound)
	for _, id := range []string{"3", "4"} {
		got, err = s.Executions.Create(t.Context(), execution(id, "", noon))
		must(t, err)
		if got.ID != id {
			t.Errorf("Create without a token returned %s, want %s", got.ID, id)
		}
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if _, err := s.Executions.Create(t.Context(), execution(fmt.Sprint("race", i), "race", noon)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	n := 0
	for e, err := range s.Executions.List(t.Context(), "primary", "") {
		must(t, err)
		if e.Token == "race" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d executions of one token, want 1", n)
	}
}

func executionsUpdate(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	e := execution("1", "token", noon)
	_, err := s.Executions.Create(t.Context(), e)
	must(t, err)
	got, err := s.Executions.Update(t.Context(), "1", func(e *query.Execution) {
		e.State, e.Started = query.Running, noon.Add(time.Second)
	}, query.Effect{})
	must(t, err)
	e.State, e.Started = query.Running, noon.Add(time.Second)
	wantSame(t, "Update", e, got)

	finish := func(x *query.Execution) {
		x.State, x.Completed = query.Succeeded, noon.Add(time.Minute)
		x.Columns = []query.Column{{Name: "a", Type: "decimal", Precision: 3, Scale: 1}}
		x.Rows, x.Scanned, x.Planning, x.Engine = 1, 2, 3, 4
	}
	_, err = s.Executions.Update(t.Context(), "1", finish, query.Effect{Objects: []*bucket.Object{object("none", "q/1.csv", "1")}})
	wantKind(t, "Update with an object in no bucket", err, feature.NotFound)
	held, err := s.Executions.Get(t.Context(), "1")
	must(t, err)
	wantSame(t, "Get after a refused Update", e, held)

	finish(e)
	csv, meta := object("b", "q/1.csv", "1"), object("b", "q/1.csv.metadata", "2")
	got, err = s.Executions.Update(t.Context(), "1", finish, query.Effect{Objects: []*bucket.Object{csv, meta}})
	must(t, err)
	wantSame(t, "Update to its end", e, got)
	held, err = s.Executions.Get(t.Context(), "1")
	must(t, err)
	wantSame(t, "Get", e, held)
	wantSame(t, "objects", []*bucket.Object{csv, meta}, collect(t, s.Objects.List(t.Context(), "b", "q/", "")))
	_, err = s.Executions.Update(t.Context(), "2", func(*query.Execution) {}, query.Effect{})
	wantKind(t, "Update of no execution", err, feature.NotFound)
	_, err = s.Executions.Get(t.Context(), "2")
	wantKind(t, "Get of no execution", err, feature.NotFound)
}

func executionsFinal(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	for _, state := range []query.State{query.Succeeded, query.Failed, query.Cancelled} {
		id := string(state)
		_, err := s.Executions.Create(t.Context(), execution(id, "", noon))
		must(t, err)
		want, err := s.Executions.Update(t.Context(), id, func(e *query.Execution) {
			e.State, e.Failure = state, &query.Failure{Reason: "r", Category: 2, Type: 1301, Retryable: true}
		}, query.Effect{})
		must(t, err)
		_, err = s.Executions.Update(t.Context(), id, func(e *query.Execution) { e.State = query.Running }, query.Effect{Objects: []*bucket.Object{object("b", "late", "1")}})
		wantKind(t, "Update after "+id, err, feature.Conflict)
		got, err := s.Executions.Get(t.Context(), id)
		must(t, err)
		wantSame(t, "Get after "+id, want, got)
	}
	if k := keys(t, s, "b", "", ""); len(k) != 0 {
		t.Errorf("a refused Update put %v", k)
	}
}

func executionsRace(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	for round := range 10 {
		id := fmt.Sprint(round)
		_, err := s.Executions.Create(t.Context(), execution(id, "", noon))
		must(t, err)
		var wg sync.WaitGroup
		for i, state := range []query.State{query.Succeeded, query.Failed, query.Cancelled} {
			wg.Go(func() {
				key := fmt.Sprint(round, "/", i)
				_, err := s.Executions.Update(t.Context(), id, func(e *query.Execution) { e.State, e.Output = state, key },
					query.Effect{Objects: []*bucket.Object{object("b", key, bucket.BlobID(key))}})
				if err != nil && feature.KindOf(err) != feature.Conflict {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		e, err := s.Executions.Get(t.Context(), id)
		must(t, err)
		wantSame(t, "objects of the one that won", []string{e.Output}, keys(t, s, "b", id+"/", ""))
	}
}

func executionsList(t *testing.T, s Stores) {
	for i, hours := range []int{2, 5, 1, 4, 3} {
		_, err := s.Executions.Create(t.Context(), execution(fmt.Sprint(hours), fmt.Sprint("t", i), noon.Add(time.Duration(hours)*time.Hour)))
		must(t, err)
	}
	_, err := s.Executions.Update(t.Context(), "2", func(e *query.Execution) { e.State = query.Running }, query.Effect{})
	must(t, err)
	var ids []string
	for e, err := range s.Executions.List(t.Context(), "primary", "") {
		must(t, err)
		ids = append(ids, e.ID)
	}
	wantSame(t, "List", []string{"5", "4", "3", "2", "1"}, ids)
	for range s.Executions.List(t.Context(), "primary", "") {
		break
	}
}
