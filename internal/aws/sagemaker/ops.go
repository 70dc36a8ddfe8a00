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
			{Name: "CreateFeatureGroup", Action: "sagemaker:CreateFeatureGroup", Handle: awshttp.JSON(a.createFeatureGroup), Members: createFeatureGroupMembers},
			{Name: "DescribeFeatureGroup", Action: "sagemaker:DescribeFeatureGroup", Handle: awshttp.JSON(a.describeFeatureGroup), Members: describeFeatureGroupMembers},
			{Name: "UpdateFeatureGroup", Action: "sagemaker:UpdateFeatureGroup", Handle: awshttp.JSON(a.updateFeatureGroup), Members: updateFeatureGroupMembers},
			{Name: "DeleteFeatureGroup", Action: "sagemaker:DeleteFeatureGroup", Handle: awshttp.JSON(a.deleteFeatureGroup), Members: deleteFeatureGroupMembers},
			{Name: "ListFeatureGroups", Action: "sagemaker:ListFeatureGroups", Handle: awshttp.JSON(a.listFeatureGroups), Members: listFeatureGroupsMembers},
			{Name: "DescribeFeatureMetadata", Action: "sagemaker:DescribeFeatureMetadata", Handle: awshttp.JSON(a.describeFeatureMetadata), Members: describeFeatureMetadataMembers},
			{Name: "UpdateFeatureMetadata", Action: "sagemaker:UpdateFeatureMetadata", Handle: awshttp.JSON(a.updateFeatureMetadata), Members: updateFeatureMetadataMembers},
			{Name: "AddTags", Action: "sagemaker:AddTags", Handle: awshttp.JSON(a.addTags), Members: addTagsMembers},
			{Name: "ListTags", Action: "sagemaker:ListTags", Handle: awshttp.JSON(a.listTags), Members: listTagsMembers},
			{Name: "DeleteTags", Action: "sagemaker:DeleteTags", Handle: awshttp.JSON(a.deleteTags), Members: deleteTagsMembers},
			{Name: "Search", Action: "sagemaker:Search", Handle: awshttp.JSON(a.search), Members: searchMembers},
			{Name: "GetSearchSuggestions", Action: "sagemaker:GetSearchSuggestions", Handle: awshttp.JSON(a.getSearchSuggestions), Members: getSearchSuggestionsMembers},
		},
		Error: toError,
	}
}

// api holds what the operations work on.
type api struct{ store *featurestore.Store }
