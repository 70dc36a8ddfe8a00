package sagemaker

import (
	"context"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// UpdateFeatureMetadata: SageMaker.UpdateFeatureMetadata, sagemaker:UpdateFeatureMetadata
//
// Supported: every member. An empty Description clears it; a key that is there gets the new value;
// removing one that is not there is no error; empty lists say nothing.
// Refused:   a key that is both added and removed, or added twice.
// Differs:   it is found by Search at once.
func (a *api) updateFeatureMetadata(ctx context.Context, _ *awshttp.Call, in *updateFeatureMetadataRequest) (*struct{}, error) {
	group, err := required("FeatureGroupName", in.FeatureGroupName)
	if err != nil {
		return nil, err
	}
	name, err := required("FeatureName", in.FeatureName)
	if err != nil {
		return nil, err
	}
	u, err := toMetadataUpdate(in)
	if err != nil {
		return nil, err
	}
	return nil, a.store.UpdateMetadata(ctx, feature.GroupRef(group), feature.Name(name), u)
}

var updateFeatureMetadataMembers = []awshttp.Member{
	{Path: "FeatureGroupName"},
	{Path: "FeatureName"},
	{Path: "Description"},
	{Path: "ParameterAdditions"},
	{Path: "ParameterAdditions.Key"},
	{Path: "ParameterAdditions.Value"},
	{Path: "ParameterRemovals"},
}

func toMetadataUpdate(in *updateFeatureMetadataRequest) (*feature.MetadataUpdate, error) {
	// The pattern of the model is .*, and a dot is no line break.
	if strings.ContainsAny(text(in.Description), "\n\r\u0085\u2028\u2029") {
		return nil, feature.Errorf(feature.Invalid, "Description has a line break; write it on one line")
	}
	u := &feature.MetadataUpdate{Description: in.Description}
	for _, p := range in.ParameterAdditions {
		key, err := required("the Key of a parameter", p.Key)
		if err != nil {
			return nil, err
		}
		value, err := required("the Value of the parameter "+clip(key), p.Value)
		if err != nil {
			return nil, err
		}
		u.Additions = append(u.Additions, feature.Parameter{Key: key, Value: value})
	}
	var err error
	u.Removals, err = toTexts("ParameterRemovals", in.ParameterRemovals)
	return u, err
}
