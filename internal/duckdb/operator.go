package duckdb

import (
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/duckdb/frame"
	"github.com/larder-dev/larder/internal/query"
)

// kinds are what the engine's operators are called in a plan that is shown.
var kinds = map[string]string{
	"FILTER": "Filter", "PROJECTION": "Project", "HASH_JOIN": "HashJoin", "NESTED_LOOP_JOIN": "NestedLoopJoin", "PIECEWISE_MERGE_JOIN": "MergeJoin",
	"IE_JOIN": "RangeJoin", "CROSS_PRODUCT": "CrossJoin", "BLOCKWISE_NL_JOIN": "NestedLoopJoin", "LEFT_DELIM_JOIN": "CorrelatedJoin", "RIGHT_DELIM_JOIN": "CorrelatedJoin",
	"HASH_GROUP_BY": "HashAggregate", "PERFECT_HASH_GROUP_BY": "HashAggregate", "UNGROUPED_AGGREGATE": "Aggregate", "SIMPLE_AGGREGATE": "Aggregate", "PARTITIONED_AGGREGATE": "Aggregate",
	"ORDER_BY": "Sort", "TOP_N": "TopN", "LIMIT": "Limit", "STREAMING_LIMIT": "Limit", "LIMIT_PERCENT": "Limit", "WINDOW": "Window", "STREAMING_WINDOW": "Window", "UNNEST": "Unnest", "INOUT_FUNCTION": "Unnest",
	"UNION": "Union", "EMPTY_RESULT": "Values", "COLUMN_DATA_SCAN": "Values", "DUMMY_SCAN": "Values", "EXPRESSION_SCAN": "Values", "CHUNK_SCAN": "Values", "DELIM_SCAN": "Correlation",
	"CTE": "NamedQuery", "CTE_SCAN": "NamedQueryScan", "REC_CTE_SCAN": "NamedQueryScan", "REC_CTE": "RecursiveQuery", "RECURSIVE_CTE": "RecursiveQuery", "RESERVOIR_SAMPLE": "Sample", "STREAMING_SAMPLE": "Sample",
	"READ_PARQUET": "Scan", "PARQUET_SCAN": "Scan", "READ_CSV": "Scan", "READ_CSV_AUTO": "Scan", "READ_JSON": "Scan", "SEQ_SCAN": "Scan", "TABLE_SCAN": "Scan", "LARDER_TEXT": "Scan",
}

// operatorOf says what was measured in the words of query.Operator. Nothing of the engine's own text is kept.
func operatorOf(plan *query.Plan, o *frame.Operator) *query.Operator {
	if o == nil {
		return nil
	}
	name := strings.ToUpper(strings.TrimSpace(o.Name))
	out := &query.Operator{Kind: kinds[name], Relation: -1, Rows: o.Rows, Time: time.Duration(o.Seconds * float64(time.Second))}
	if out.Kind == "" {
		out.Kind = "Other"
	}
	if out.Kind == "Scan" {
		out.Read, out.Relation = o.Scanned, relationOf(plan, o.About)
	}
	for _, c := range o.Children {
		out.Inputs = append(out.Inputs, operatorOf(plan, c))
	}
	return out
}

// relationOf is the place of the relation that an operator scans, which it says by a file or by the table of a
// relation's rows; -1 if it does not.
func relationOf(plan *query.Plan, about string) int {
	for i, r := range plan.Relations {
		if strings.Contains(about, rowTableName(r)) {
			return i
		}
		for _, f := range r.Files {
			if strings.Contains(about, f.Path) {
				return i
			}
		}
	}
	return -1
}
