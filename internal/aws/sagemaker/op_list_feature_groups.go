package sagemaker

import (
	"context"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// ListFeatureGroups: SageMaker.ListFeatureGroups, sagemaker:ListFeatureGroups
//
// Supported: every member. Sorted by CreationTime, Descending, in pages of 100 unless told
// otherwise; NameContains minds case; the bounds of CreationTime are exclusive. An empty NextToken begins
// at the beginning.
// Refused:   nothing.
// Differs:   none known.
func (a *api) listFeatureGroups(ctx context.Context, _ *awshttp.Call, in *listFeatureGroupsRequest) (*listFeatureGroupsResponse, error) {
	l, err := toListing(in)
	if err != nil {
		return nil, err
	}
	groups, next, err := a.store.Groups(ctx, *l)
	if err != nil {
		return nil, err
	}
	out := &listFeatureGroupsResponse{FeatureGroupSummaries: make([]featureGroupSummary, len(groups)), NextToken: optional(next)}
	for i, g := range groups {
		out.FeatureGroupSummaries[i] = featureGroupSummary{
			FeatureGroupName: string(g.Name), FeatureGroupArn: g.ARN,
			CreationTime: awshttp.NewTimestamp(g.Created), FeatureGroupStatus: g.Status.String(),
		}
		if status := featurestore.OfflineStatusOf(g); status != "" {
			out.FeatureGroupSummaries[i].OfflineStoreStatus = &offlineStoreStatus{Status: string(status)}
		}
	}
	return out, nil
}

var listFeatureGroupsMembers = []awshttp.Member{
	{Path: "NameContains", Note: "with regard to case"},
	{Path: "FeatureGroupStatusEquals"},
	{Path: "OfflineStoreStatusEquals"},
	{Path: "CreationTimeAfter", Note: "the instant itself is left out"},
	{Path: "CreationTimeBefore", Note: "the instant itself is left out"},
	{Path: "SortOrder"},
	{Path: "SortBy"},
	{Path: "MaxResults"},
	{Path: "NextToken"},
}

func toListing(in *listFeatureGroupsRequest) (*featurestore.Listing, error) {
	l := &featurestore.Listing{NameContains: text(in.NameContains), Token: text(in.NextToken)}
	if n := utf8.RuneCountInString(l.NameContains); in.NameContains != nil && (n < 1 || n > 64) {
		return nil, feature.Errorf(feature.Invalid, "NameContains has %d characters; it must have 1 to 64", n)
	}
	if in.MaxResults != nil {
		if *in.MaxResults < 1 || *in.MaxResults > 100 {
			return nil, feature.Errorf(feature.Invalid, "MaxResults is %d; it must be 1 to 100", *in.MaxResults)
		}
		l.Limit = int(*in.MaxResults)
	}
	if in.CreationTimeAfter != nil {
		l.CreatedAfter = in.CreationTimeAfter.Time
	}
	if in.CreationTimeBefore != nil {
		l.CreatedBefore = in.CreationTimeBefore.Time
	}
	return l, toChoices(in, l)
}

// toChoices reads the members that choose one of several words.
func toChoices(in *listFeatureGroupsRequest, l *featurestore.Listing) error {
	status, err := oneOf("FeatureGroupStatusEquals", in.FeatureGroupStatusEquals, "Creating", "Created", "CreateFailed", "Deleting", "DeleteFailed")
	if err != nil {
		return err
	}
	for s := feature.Creating; s <= feature.DeleteFailed; s++ {
		if s.String() == status {
			l.Status = s
		}
	}
	offline, err := oneOf("OfflineStoreStatusEquals", in.OfflineStoreStatusEquals, "Active", "Blocked", "Disabled")
	if err != nil {
		return err
	}
	l.OfflineStatus = featurestore.OfflineStatus(offline)
	order, err := oneOf("SortOrder", in.SortOrder, "Ascending", "Descending")
	if err != nil {
		return err
	}
	l.Ascending = order == "Ascending"
	by, err := oneOf("SortBy", in.SortBy, "Name", "FeatureGroupStatus", "OfflineStoreStatus", "CreationTime")
	if err != nil {
		return err
	}
	switch by {
	case "Name":
		l.SortBy = featurestore.ByName
	case "FeatureGroupStatus":
		l.SortBy = featurestore.ByStatus
	case "OfflineStoreStatus":
		l.SortBy = featurestore.ByOfflineStatus
	}
	return nil
}
