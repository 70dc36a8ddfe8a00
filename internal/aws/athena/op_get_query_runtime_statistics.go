package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetQueryRuntimeStatistics: AmazonAthena.GetQueryRuntimeStatistics, athena:GetQueryRuntimeStatistics
//
// Supported: QueryExecutionId. The times, the bytes that were read, and the rows and bytes of the result.
// Refused:   nothing.
// Differs:   nothing is said of the rows that were read, nor of stages: the engine is one.
func (a *api) getQueryRuntimeStatistics(ctx context.Context, c *awshttp.Call, in *queryExecutionRequest) (*getQueryRuntimeStatisticsResponse, error) {
	id, err := text("QueryExecutionId", in.QueryExecutionId, 1, 128)
	if err != nil {
		return nil, err
	}
	e, err := a.queries.Get(ctx, id, 0)
	if err != nil {
		return nil, err
	}
	out := &getQueryRuntimeStatisticsResponse{}
	if !e.State.Final() {
		return out, nil
	}
	s := statistics(e)
	out.QueryRuntimeStatistics = runtimeStatistics{
		Timeline: &runtimeTimeline{
			EngineExecutionTimeInMillis: s.EngineExecutionTimeInMillis, QueryPlanningTimeInMillis: s.QueryPlanningTimeInMillis,
			ServicePreProcessingTimeInMillis: s.ServicePreProcessingTimeInMillis, QueryQueueTimeInMillis: s.QueryQueueTimeInMillis, ServiceProcessingTimeInMillis: s.ServiceProcessingTimeInMillis,
			TotalExecutionTimeInMillis: s.TotalExecutionTimeInMillis,
		},
		Rows: &runtimeRows{InputBytes: e.Scanned, OutputRows: e.Rows, OutputBytes: e.Written},
	}
	return out, nil
}

type getQueryRuntimeStatisticsResponse struct{ QueryRuntimeStatistics runtimeStatistics }

type runtimeStatistics struct {
	Timeline *runtimeTimeline `json:",omitempty"`
	Rows     *runtimeRows     `json:",omitempty"`
}

type runtimeTimeline struct {
	EngineExecutionTimeInMillis      *int64
	ServicePreProcessingTimeInMillis *int64
	QueryPlanningTimeInMillis        *int64
	QueryQueueTimeInMillis           *int64
	ServiceProcessingTimeInMillis    *int64
	TotalExecutionTimeInMillis       *int64
}

type runtimeRows struct{ InputBytes, OutputBytes, OutputRows int64 }
