// Package sagemaker is the SageMaker control plane on the wire, as far as it is about feature
// groups: it turns requests into calls of package featurestore and back. It decides nothing that
// a store should decide.
package sagemaker

import (
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/featurestore"
)

// New returns the service over a store.
func New(store *featurestore.Store) *awshttp.Service {
	a := &api{store: store}
	return &awshttp.Service{
		Name:         "sagemaker",
		Scope:        "sagemaker",
		Protocol:     awshttp.JSON11,
		TargetPrefix: "SageMaker",
		Operations: []awshttp.Operation{
			{Name: "CreateFeatureGroup", Action: "sagemaker:CreateFeatureGroup", Handle: awshttp.JSON(a.createFeatureGroup)},
			{Name: "DescribeFeatureGroup", Action: "sagemaker:DescribeFeatureGroup", Handle: awshttp.JSON(a.describeFeatureGroup)},
			{Name: "ListFeatureGroups", Action: "sagemaker:ListFeatureGroups", Handle: awshttp.JSON(a.listFeatureGroups)},
			{Name: "DeleteFeatureGroup", Action: "sagemaker:DeleteFeatureGroup", Handle: awshttp.JSON(a.deleteFeatureGroup)},
			{Name: "Search", Action: "sagemaker:Search", Handle: awshttp.JSON(a.search), Members: searchMembers},
			{Name: "GetSearchSuggestions", Action: "sagemaker:GetSearchSuggestions", Handle: awshttp.JSON(a.getSearchSuggestions), Members: getSearchSuggestionsMembers},
		},
		Error: toError,
	}
}

// api holds what the operations work on.
type api struct{ store *featurestore.Store }
