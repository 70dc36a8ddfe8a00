package athena

import (
	"context"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// patience is how long a call waits for a statement to end. Clients ask once at once, and then
// sleep for seconds: a statement that is over within this time need not be slept on.
const patience = 300 * time.Millisecond

// GetQueryExecution: AmazonAthena.GetQueryExecution, athena:GetQueryExecution
//
// Supported: QueryExecutionId.
// Refused:   nothing.
// Differs:   while a statement runs the reply may take 0.3 s.
func (a *api) getQueryExecution(ctx context.Context, c *awshttp.Call, in *queryExecutionRequest) (*getQueryExecutionResponse, error) {
	id, err := text("QueryExecutionId", in.QueryExecutionId, 1, 128)
	if err != nil {
		return nil, err
	}
	e, err := a.queries.Get(ctx, id, patience)
	if err != nil {
		return nil, err
	}
	return &getQueryExecutionResponse{QueryExecution: fromExecution(e)}, nil
}

func fromExecution(e *query.Execution) queryExecution {
	out := queryExecution{
		QueryExecutionId: e.ID, Query: e.SQL, StatementType: e.Statement, SubstatementType: e.Substatement,
		ResultConfiguration:   fromResult(e),
		QueryExecutionContext: queryExecutionContext{Catalog: given(e.Catalog), Database: given(e.Database)},
		Status: queryExecutionStatus{
			State: string(e.State), SubmissionDateTime: awshttp.NewTimestamp(e.Submitted), CompletionDateTime: awshttp.NewTimestamp(e.Completed),
		},
		WorkGroup: e.WorkGroup, ExecutionParameters: e.Parameters,
		EngineVersion: engineVersion{engineAuto, engine3},
	}
	if f := e.Failure; f != nil {
		out.Status.StateChangeReason = f.Reason
		out.Status.AthenaError = &athenaError{ErrorCategory: f.Category, ErrorType: f.Type, Retryable: f.Retryable, ErrorMessage: f.Reason}
	}
	if r := e.Reuse; r != nil {
		out.ResultReuseConfiguration = &resultReuseConfiguration{&resultReuseByAgeConfiguration{Enabled: &r.Enabled, MaxAgeInMinutes: &r.MaxAge}}
	}
	if e.State.Final() {
		out.Statistics = statistics(e)
	}
	return out
}

// fromResult echoes what was said of the result, with the object that it became.
func fromResult(e *query.Execution) resultConfiguration {
	out := fromOptions(e.Result)
	out.OutputLocation = &e.Output
	return out
}

// statistics splits the time from submission to completion into preprocessing, the queue, the engine, of which planning
// is a part, and what is left. The parts add up to the whole.
func statistics(e *query.Execution) queryExecutionStatistics {
	total := max(0, e.Completed.Sub(e.Submitted).Milliseconds())
	left := total
	take := func(d time.Duration) *int64 {
		ms := min(left, max(0, d).Milliseconds())
		left -= ms
		return &ms
	}
	before := take(e.Preprocessing)
	engine := take(e.Planning + e.Engine)
	planning := min(*engine, max(0, e.Planning).Milliseconds())
	waited := take(time.Duration(left) * time.Millisecond)
	if !e.Started.IsZero() {
		left += *waited
		waited = take(e.Started.Sub(e.Submitted) - e.Preprocessing - e.Planning)
	}
	out := queryExecutionStatistics{
		EngineExecutionTimeInMillis: engine, DataScannedInBytes: &e.Scanned, DataManifestLocation: e.Manifest, TotalExecutionTimeInMillis: &total,
		QueryQueueTimeInMillis: waited, QueryPlanningTimeInMillis: &planning, ServicePreProcessingTimeInMillis: before, ServiceProcessingTimeInMillis: &left,
	}
	out.ResultReuseInformation.ReusedPreviousResult = e.Reused != ""
	return out
}

// given returns nil for what was not given.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
