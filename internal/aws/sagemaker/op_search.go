package sagemaker

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// Search: SageMaker.Search, sagemaker:Search
//
// Supported: every member, for the Resources FeatureGroup and FeatureMetadata. Contains is without
// regard to case, Equals and In with it; any number of Contains. Pages of 100 unless told otherwise.
// Refused:   every other Resource; an empty SearchExpression; a Value with Exists or NotExists; more
// than 50 conditions, or 50 expressions, at all depths.
// Differs:   what was written is found at once. CrossAccount finds nothing, because there is one
// account. TotalHits is exact.
func (a *api) search(ctx context.Context, _ *awshttp.Call, in *searchRequest) (*searchResponse, error) {
	q, err := toSearch(in)
	if err != nil {
		return nil, err
	}
	page, err := a.store.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &searchResponse{
		Results:   make([]searchRecord, len(page.Found)),
		NextToken: optional(page.Next),
		TotalHits: totalHits{Value: page.Total, Relation: "EqualTo"},
	}
	for i, h := range page.Found {
		out.Results[i] = fromHit(h)
	}
	return out, nil
}

var searchMembers = []awshttp.Member{
	{Path: "Resource", Note: "FeatureGroup and FeatureMetadata; every other is refused, because this server has none"},
	{Path: "SearchExpression", Note: "of 1 to 50 conditions"},
	{Path: "SearchExpression.Filters"},
	{Path: "SearchExpression.Filters.Name"},
	{Path: "SearchExpression.Filters.Operator"},
	{Path: "SearchExpression.Filters.Value"},
	{Path: "SearchExpression.NestedFilters"},
	{Path: "SearchExpression.NestedFilters.NestedPropertyName", Note: "FeatureDefinitions, the one list"},
	{Path: "SearchExpression.NestedFilters.Filters"},
	{Path: "SearchExpression.NestedFilters.Filters.Name"},
	{Path: "SearchExpression.NestedFilters.Filters.Operator"},
	{Path: "SearchExpression.NestedFilters.Filters.Value"},
	{Path: "SearchExpression.SubExpressions"},
	{Path: "SearchExpression.Operator"},
	{Path: "SortBy"},
	{Path: "SortOrder"},
	{Path: "NextToken"},
	{Path: "MaxResults"},
	{Path: "CrossAccountFilterOption", Note: "CrossAccount finds nothing: there is one account"},
	{Path: "VisibilityConditions"},
	{Path: "VisibilityConditions.Key"},
	{Path: "VisibilityConditions.Value"},
}
