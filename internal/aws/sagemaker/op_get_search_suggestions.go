package sagemaker

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetSearchSuggestions: SageMaker.GetSearchSuggestions, sagemaker:GetSearchSuggestions
//
// Supported: every member, for the Resources FeatureGroup and FeatureMetadata. The suggestions are all
// names that Search takes, in order, with the tags and parameters that there are.
// Refused:   every other Resource.
// Differs:   none known.
func (a *api) getSearchSuggestions(ctx context.Context, _ *awshttp.Call, in *getSearchSuggestionsRequest) (*getSearchSuggestionsResponse, error) {
	subject, err := toSubject(in.Resource)
	if err != nil {
		return nil, err
	}
	prefix := ""
	if in.SuggestionQuery != nil && in.SuggestionQuery.PropertyNameQuery != nil {
		hint := in.SuggestionQuery.PropertyNameQuery.PropertyNameHint
		if prefix, err = required("SuggestionQuery.PropertyNameQuery.PropertyNameHint", hint); err != nil {
			return nil, err
		}
		if _, err := checkLength("PropertyNameHint", hint, 0, 100); err != nil {
			return nil, err
		}
	}
	names, err := a.store.Properties(ctx, subject, prefix)
	if err != nil {
		return nil, err
	}
	out := &getSearchSuggestionsResponse{PropertyNameSuggestions: make([]propertyNameSuggestion, len(names))}
	for i, name := range names {
		out.PropertyNameSuggestions[i].PropertyName = name
	}
	return out, nil
}

var getSearchSuggestionsMembers = []awshttp.Member{
	{Path: "Resource", Note: "FeatureGroup and FeatureMetadata; every other is refused, because this server has none"},
	{Path: "SuggestionQuery"},
	{Path: "SuggestionQuery.PropertyNameQuery"},
	{Path: "SuggestionQuery.PropertyNameQuery.PropertyNameHint"},
}
