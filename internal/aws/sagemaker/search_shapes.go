package sagemaker

import "github.com/larder-dev/larder/internal/aws/awshttp"

// The shapes of contract §1.10 and §1.11.

type searchRequest struct {
	Resource                 *string
	SearchExpression         *searchExpression
	SortBy                   *string
	SortOrder                *string
	NextToken                *string
	MaxResults               *int64
	CrossAccountFilterOption *string
	VisibilityConditions     []visibilityCondition
}

// In a searchExpression an empty list is an error, an absent one is not: hence the pointers.
type searchExpression struct {
	Filters        *[]searchFilter
	NestedFilters  *[]nestedFilters
	SubExpressions *[]searchExpression
	Operator       *string
}

type searchFilter struct {
	Name     *string
	Operator *string
	Value    *string
}

type nestedFilters struct {
	NestedPropertyName *string
	Filters            *[]searchFilter
}

type visibilityCondition struct {
	Key   *string
	Value *string
}

type searchResponse struct {
	Results   []searchRecord
	NextToken *string `json:",omitempty"`
	TotalHits totalHits
}

type totalHits struct {
	Value    int
	Relation string
}

// A searchRecord has one of its members.
type searchRecord struct {
	FeatureGroup    *searchedGroup                   `json:",omitempty"`
	FeatureMetadata *describeFeatureMetadataResponse `json:",omitempty"`
}

// A searchedGroup has what DescribeFeatureGroup says of a group, but for its throughput and its
// size, and its tags.
type searchedGroup struct {
	FeatureGroupArn             string
	FeatureGroupName            string
	RecordIdentifierFeatureName string
	EventTimeFeatureName        string
	FeatureDefinitions          []featureDefinition
	CreationTime                *awshttp.Timestamp
	LastModifiedTime            *awshttp.Timestamp  `json:",omitempty"`
	OnlineStoreConfig           *onlineStoreConfig  `json:",omitempty"`
	OfflineStoreConfig          *offlineStoreConfig `json:",omitempty"`
	RoleArn                     *string             `json:",omitempty"`
	FeatureGroupStatus          string
	OfflineStoreStatus          *offlineStoreStatus `json:",omitempty"`
	LastUpdateStatus            *lastUpdateStatus   `json:",omitempty"`
	FailureReason               *string             `json:",omitempty"`
	Description                 *string             `json:",omitempty"`
	Tags                        []tag               `json:",omitempty"`
}

type getSearchSuggestionsRequest struct {
	Resource        *string
	SuggestionQuery *suggestionQuery
}

type suggestionQuery struct {
	PropertyNameQuery *propertyNameQuery
}

type propertyNameQuery struct {
	PropertyNameHint *string
}

type getSearchSuggestionsResponse struct {
	PropertyNameSuggestions []propertyNameSuggestion
}

type propertyNameSuggestion struct {
	PropertyName string
}
