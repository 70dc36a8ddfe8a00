package sagemaker

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// resources are those of the AWS model. Two of them are of this server.
var resources = []string{
	"TrainingJob", "Experiment", "ExperimentTrial", "ExperimentTrialComponent", "Endpoint", "Model", "ModelPackage",
	"ModelPackageGroup", "Pipeline", "PipelineExecution", "FeatureGroup", "FeatureMetadata", "Image", "ImageVersion",
	"Project", "HyperParameterTuningJob", "ModelCard", "PipelineVersion", "Job", "HubContent",
}

func toSubject(resource *string) (featurestore.Subject, error) {
	if _, err := required("Resource", resource); err != nil {
		return 0, err
	}
	name, err := oneOf("Resource", resource, resources...)
	if err != nil {
		return 0, err
	}
	switch name {
	case "FeatureGroup":
		return featurestore.SearchGroups, nil
	case "FeatureMetadata":
		return featurestore.SearchFeatures, nil
	default:
		return 0, feature.Errorf(feature.Unsupported, "the Resource %s cannot be searched on this server, which has none; FeatureGroup and FeatureMetadata can", name)
	}
}

func toSearch(in *searchRequest) (*featurestore.Search, error) {
	subject, err := toSubject(in.Resource)
	if err != nil {
		return nil, err
	}
	q := &featurestore.Search{Subject: subject, Token: text(in.NextToken)}
	if in.SearchExpression != nil {
		if q.Expression, err = toExpression(in.SearchExpression, 1); err != nil {
			return nil, err
		}
	}
	if q.SortBy, err = checkLength("SortBy", in.SortBy, 1, 255); err != nil {
		return nil, err
	}
	order, err := oneOf("SortOrder", in.SortOrder, "Ascending", "Descending")
	if err != nil {
		return nil, err
	}
	q.Ascending = order == "Ascending"
	if _, err := checkLength("NextToken", in.NextToken, 0, 8192); err != nil {
		return nil, err
	}
	if in.MaxResults != nil {
		if *in.MaxResults < 1 || *in.MaxResults > 100 {
			return nil, feature.Errorf(feature.Invalid, "MaxResults is %d; it must be 1 to 100", *in.MaxResults)
		}
		q.Limit = int(*in.MaxResults)
	}
	accounts, err := oneOf("CrossAccountFilterOption", in.CrossAccountFilterOption, "SameAccount", "CrossAccount")
	if err != nil {
		return nil, err
	}
	q.Elsewhere = accounts == "CrossAccount"
	q.Visible, err = toVisible(in.VisibilityConditions)
	return q, err
}

// checkLength returns the text, "" if it is absent; it must have so many characters.
func checkLength(member string, s *string, least, most int) (string, error) {
	if s == nil {
		return "", nil
	}
	if n := utf8.RuneCountInString(*s); n < least || n > most {
		return "", feature.Errorf(feature.Invalid, "%s has %d characters; it must have %d to %d", member, n, least, most)
	}
	return *s, nil
}

// checkSize says that a list which is there has 1 to most elements.
func checkSize[E any](member string, list *[]E, most int) ([]E, error) {
	if list == nil {
		return nil, nil
	}
	if n := len(*list); n < 1 || n > most {
		return nil, feature.Errorf(feature.Invalid, "%s has %d elements; it must have 1 to %d", member, n, most)
	}
	return *list, nil
}

// maxDepth is more than any expression within the limits of featurestore needs.
const maxDepth = 51

func toExpression(in *searchExpression, depth int) (*featurestore.Expression, error) {
	if depth > maxDepth {
		return nil, feature.Errorf(feature.Invalid, "the SearchExpression has SubExpressions more than %d deep; there may be 50 in all", maxDepth)
	}
	operator, err := oneOf("SearchExpression.Operator", in.Operator, "And", "Or")
	if err != nil {
		return nil, err
	}
	e := &featurestore.Expression{Any: operator == "Or"}
	if e.Filters, err = toFilters("SearchExpression.Filters", in.Filters); err != nil {
		return nil, err
	}
	nested, err := checkSize("SearchExpression.NestedFilters", in.NestedFilters, 20)
	if err != nil {
		return nil, err
	}
	for _, n := range nested {
		property, err := required("the NestedPropertyName of NestedFilters", n.NestedPropertyName)
		if err != nil {
			return nil, err
		}
		if _, err := checkLength("NestedPropertyName", n.NestedPropertyName, 1, 255); err != nil {
			return nil, err
		}
		if n.Filters == nil {
			return nil, missing("the Filters of NestedFilters on " + clip(property))
		}
		filters, err := toFilters("the Filters of NestedFilters", n.Filters)
		if err != nil {
			return nil, err
		}
		e.Nested = append(e.Nested, featurestore.Nested{Property: property, Filters: filters})
	}
	expressions, err := checkSize("SearchExpression.SubExpressions", in.SubExpressions, 20)
	if err != nil {
		return nil, err
	}
	for i := range expressions {
		sub, err := toExpression(&expressions[i], depth+1)
		if err != nil {
			return nil, err
		}
		e.Sub = append(e.Sub, *sub)
	}
	return e, nil
}

func toFilters(member string, list *[]searchFilter) ([]featurestore.Filter, error) {
	in, err := checkSize(member, list, 20)
	if err != nil {
		return nil, err
	}
	var filters []featurestore.Filter
	for _, f := range in {
		name, err := required("the Name of a filter", f.Name)
		if err != nil {
			return nil, err
		}
		if _, err := checkLength("the Name of a filter", f.Name, 1, 255); err != nil {
			return nil, err
		}
		operator, err := oneOf("the Operator of the filter on "+clip(name), f.Operator,
			"Equals", "NotEquals", "GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo", "Contains", "Exists", "NotExists", "In")
		if err != nil {
			return nil, err
		}
		if _, err := checkLength("the Value of the filter on "+clip(name), f.Value, 1, 1024); err != nil {
			return nil, err
		}
		filters = append(filters, featurestore.Filter{Property: name, Operator: featurestore.Operator(operator), Value: f.Value})
	}
	return filters, nil
}

var visibilityText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

func toVisible(in []visibilityCondition) ([]feature.Tag, error) {
	if in == nil {
		return nil, nil
	}
	if _, err := checkSize("VisibilityConditions", &in, 5); err != nil {
		return nil, err
	}
	var visible []feature.Tag
	for _, c := range in {
		if c.Key == nil || c.Value == nil {
			return nil, feature.Errorf(feature.Invalid, "one of VisibilityConditions lacks its Key or its Value; both are needed")
		}
		if _, err := checkLength("the Key of VisibilityConditions", c.Key, 1, 128); err != nil {
			return nil, err
		}
		if _, err := checkLength("the Value of VisibilityConditions", c.Value, 0, 256); err != nil {
			return nil, err
		}
		key, ok := strings.CutPrefix(*c.Key, "Tags.")
		if !ok || key == "" || !visibilityText.MatchString(key) {
			return nil, feature.Errorf(feature.Invalid, "the Key %q of VisibilityConditions is not of the form Tags.KEY, with letters, digits, spaces and _.:/=+-@ only", *c.Key)
		}
		if !visibilityText.MatchString(*c.Value) {
			return nil, feature.Errorf(feature.Invalid, "the Value %q of VisibilityConditions has other characters than letters, digits, spaces and _.:/=+-@", *c.Value)
		}
		visible = append(visible, feature.Tag{Key: key, Value: *c.Value})
	}
	return visible, nil
}

func fromHit(h featurestore.Hit) searchRecord {
	if h.Feature != nil {
		return searchRecord{FeatureMetadata: fromFeature(h.Group, h.Feature)}
	}
	d := fromGroup(h.Group)
	g := &searchedGroup{
		FeatureGroupArn: d.FeatureGroupArn, FeatureGroupName: d.FeatureGroupName,
		RecordIdentifierFeatureName: d.RecordIdentifierFeatureName, EventTimeFeatureName: d.EventTimeFeatureName,
		FeatureDefinitions: d.FeatureDefinitions, CreationTime: d.CreationTime, LastModifiedTime: d.LastModifiedTime,
		OnlineStoreConfig: d.OnlineStoreConfig, OfflineStoreConfig: d.OfflineStoreConfig, RoleArn: d.RoleArn,
		FeatureGroupStatus: d.FeatureGroupStatus, OfflineStoreStatus: d.OfflineStoreStatus, LastUpdateStatus: d.LastUpdateStatus,
		FailureReason: d.FailureReason, Description: d.Description, Tags: fromTags(h.Group.Tags),
	}
	return searchRecord{FeatureGroup: g}
}
