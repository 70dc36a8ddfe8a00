package conformance

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// filter is one condition; operator "" and value "" are left out.
func filter(name string, operator types.Operator, value string) types.Filter {
	f := types.Filter{Name: &name, Operator: operator}
	if value != "" {
		f.Value = &value
	}
	return f
}

// searchFor returns what a search finds, page by page: a group by its name, a feature as group/feature.
func (w *world) searchFor(in *sagemaker.SearchInput) ([]string, error) {
	found := []string{}
	pages := sagemaker.NewSearchPaginator(w.SageMaker, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(w.t.Context())
		if err != nil {
			return nil, err
		}
		for _, r := range page.Results {
			switch {
			case r.FeatureGroup != nil && r.FeatureMetadata == nil:
				found = append(found, *r.FeatureGroup.FeatureGroupName)
			case r.FeatureMetadata != nil && r.FeatureGroup == nil:
				found = append(found, *r.FeatureMetadata.FeatureGroupName+"/"+*r.FeatureMetadata.FeatureName)
			default:
				return nil, fmt.Errorf("a result with %+v", r)
			}
		}
	}
	return found, nil
}

// search returns what satisfies all filters, sorted.
func (w *world) search(resource types.ResourceType, filters ...types.Filter) []string {
	w.t.Helper()
	found, err := w.searchFor(&sagemaker.SearchInput{Resource: resource, SearchExpression: &types.SearchExpression{Filters: filters}})
	must(w.t, err)
	slices.Sort(found)
	return found
}

// newLibrary makes three groups that searches tell apart: one with everything, one online alone,
// one that has failed. Their names begin with w.group and end with -full, -online, -failed.
func newLibrary(t *testing.T) *world {
	t.Helper()
	w := newNames(t)
	full := newWorldOf(t, rename(w.group+"-full"), tagged(tag("team", "alpha"), tag("stage", "Prod")), func(in *sagemaker.CreateFeatureGroupInput) {
		in.Description = aws.String("Flights, and their delays")
	})
	w.bucket = full.bucket
	time.Sleep(5 * time.Millisecond)
	online := &world{Clients: w.Clients, t: t, group: w.group + "-online"}
	must(t, online.create(onlineOnly, keys("s", "x"), tagged(tag("team", "beta")), define(feature("delay", "Integral"))))
	time.Sleep(5 * time.Millisecond)
	failed := &world{Clients: w.Clients, t: t, bucket: w.bucket, group: w.group + "-failed"}
	must(t, failed.create(dataCatalog("AwsDataCatalog", "sagemaker_featurestore", full.table)))
	time.Sleep(5 * time.Millisecond)
	full.mustUpdate(&groupUpdate{OnlineStoreConfig: &types.OnlineStoreConfigUpdate{StorageType: types.StorageTypeStandardV2}})
	must(t, justError(w.SageMaker.UpdateFeatureMetadata(t.Context(), &sagemaker.UpdateFeatureMetadataInput{
		FeatureGroupName: &full.group, FeatureName: aws.String("n"), Description: aws.String("Number of seats"),
		ParameterAdditions: []types.FeatureParameter{{Key: aws.String("owner"), Value: aws.String("Alice")}, {Key: aws.String("unit"), Value: aws.String("1")}}})))
	return w
}

// Rule 1.10-3, 1.10-4, 1.10-5, 1.10-8, 1.10-10, 1.10-17, 11-15.
func TestSearchGroupsByEveryProperty(t *testing.T) {
	t.Parallel()
	w := newLibrary(t)
	full, online, failed := "-full", "-online", "-failed"
	own := filter("FeatureGroupName", types.OperatorContains, w.group)
	got, err := w.SageMaker.DescribeFeatureGroup(t.Context(), &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: aws.String(w.group + online)})
	must(t, err)
	created := got.CreationTime.UTC().Format("2006-01-02T15:04:05.000")
	day := func(days int) string { return time.Now().UTC().AddDate(0, 0, days).Format("2006-01-02T15:04:05") }
	for _, c := range []struct {
		name   string
		filter types.Filter
		want   []string
	}{
		{"name", filter("FeatureGroupName", "", w.group+full), []string{full}},
		{"name equals", filter("FeatureGroupName", types.OperatorEquals, w.group+full), []string{full}},
		{"name equals, in another case", filter("FeatureGroupName", types.OperatorEquals, strings.ToLower(w.group)+full), nil},
		{"name is another", filter("FeatureGroupName", types.OperatorNotEquals, w.group+full), []string{failed, online}},
		{"name contains", filter("FeatureGroupName", types.OperatorContains, "ONLINE"), []string{online}},
		{"name is one of", filter("FeatureGroupName", types.OperatorIn, w.group+full+","+w.group+online), []string{full, online}},
		{"status", filter("FeatureGroupStatus", types.OperatorEquals, "CreateFailed"), []string{failed}},
		{"description contains", filter("Description", types.OperatorContains, "flights"), []string{full}},
		{"description exists", filter("Description", types.OperatorExists, ""), []string{full}},
		{"description does not exist", filter("Description", types.OperatorNotExists, ""), []string{failed, online}},
		{"created after", filter("CreationTime", types.OperatorGreaterThan, created), []string{failed}},
		{"created at or after", filter("CreationTime", types.OperatorGreaterThanOrEqualTo, created), []string{failed, online}},
		{"created before", filter("CreationTime", types.OperatorLessThan, created+"Z"), []string{full}},
		{"created until", filter("CreationTime", types.OperatorLessThanOrEqualTo, created), []string{full, online}},
		{"created since yesterday", filter("CreationTime", types.OperatorGreaterThan, day(-1)), []string{failed, full, online}},
		{"modified before tomorrow", filter("LastModifiedTime", types.OperatorLessThan, day(1)), []string{failed, full, online}},
		{"an offline store that works", filter("OfflineStoreStatus.Status", types.OperatorEquals, "Active"), []string{full}},
		{"the same in short", filter("OfflineStoreStatus", types.OperatorEquals, "Active"), []string{full}},
		{"a type of a feature", filter("FeatureDefinitions.FeatureType", types.OperatorNotEquals, "Integral"), nil},
		{"offline status", filter("OfflineStoreStatus", types.OperatorNotExists, ""), []string{failed, online}},
		{"record identifier", filter("RecordIdentifierFeatureName", types.OperatorEquals, "s"), []string{online}},
		{"event time", filter("EventTimeFeatureName", types.OperatorEquals, "x"), []string{online}},
		{"failure", filter("FailureReason", types.OperatorContains, "table"), []string{failed}},
		{"a feature", filter("FeatureDefinitions.FeatureName", types.OperatorContains, "delay"), []string{online}},
		{"ARN", filter("FeatureGroupArn", types.OperatorContains, "feature-group/"+w.group+full), []string{full}},
		{"ARN, as the guide has it", filter("FeatureGroupARN", types.OperatorContains, "feature-group/"+w.group+full), []string{full}},
		{"update status", filter("LastUpdateStatus.Status", types.OperatorEquals, "Successful"), []string{full}},
		{"bucket", filter("OfflineStoreConfig.S3StorageConfig.S3Uri", types.OperatorContains, w.bucket), []string{failed, full}},
		{"online store", filter("OnlineStoreConfig.EnableOnlineStore", types.OperatorEquals, "true"), []string{failed, full, online}},
		{"tag", filter("Tags.team", types.OperatorEquals, "alpha"), []string{full}},
		{"tag exists", filter("Tags.stage", types.OperatorExists, ""), []string{full}},
		{"any tag", filter("AllTags", types.OperatorContains, "beta"), []string{online}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &world{Clients: w.Clients, t: t}
			var want []string
			for _, suffix := range c.want {
				want = append(want, strings.TrimSuffix(*own.Value, "")+suffix)
			}
			if got := w.search(types.ResourceTypeFeatureGroup, own, c.filter); !slices.Equal(got, want) {
				t.Errorf("found %v; want %v", got, want)
			}
		})
	}
	t.Run("an unknown property", func(t *testing.T) {
		_, err := w.searchFor(&sagemaker.SearchInput{Resource: types.ResourceTypeFeatureGroup, SearchExpression: &types.SearchExpression{Filters: []types.Filter{filter("Colour", types.OperatorEquals, "red")}}})
		refused(t, err, "ValidationException", "Colour")
	})
	t.Run("a text by greater", func(t *testing.T) {
		_, err := w.searchFor(&sagemaker.SearchInput{Resource: types.ResourceTypeFeatureGroup, SearchExpression: &types.SearchExpression{Filters: []types.Filter{filter("FeatureGroupName", types.OperatorGreaterThan, "a")}}})
		refused(t, err, "ValidationException")
	})
}

// Rule 1.10-9.
func TestSearchFeaturesByEveryProperty(t *testing.T) {
	t.Parallel()
	w := newLibrary(t)
	own := filter("FeatureGroupName", types.OperatorContains, w.group)
	for _, c := range []struct {
		name   string
		filter types.Filter
		want   []string
	}{
		{"name", filter("FeatureName", types.OperatorEquals, "delay"), []string{"-online/delay"}},
		{"group", filter("FeatureGroupName", types.OperatorEquals, w.group+"-failed"), []string{"-failed/at", "-failed/id", "-failed/n", "-failed/s", "-failed/x"}},
		{"description", filter("Description", types.OperatorContains, "seats"), []string{"-full/n"}},
		{"type", filter("FeatureType", types.OperatorEquals, "Integral"), []string{"-failed/n", "-full/n", "-online/delay", "-online/n"}},
		{"parameter", filter("Parameters.owner", types.OperatorEquals, "Alice"), []string{"-full/n"}},
		{"any parameter", filter("AllParameters", types.OperatorContains, "alice"), []string{"-full/n"}},
		{"no parameter", filter("Parameters.owner", types.OperatorEquals, "Bob"), nil},
		{"created in the future", filter("CreationTime", types.OperatorGreaterThan, "2099-01-01T00:00:00"), nil},
		{"modified in the future", filter("LastModifiedTime", types.OperatorGreaterThan, "2099-01-01T00:00:00"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &world{Clients: w.Clients, t: t, group: w.group}
			var got []string
			for _, found := range w.search(types.ResourceTypeFeatureMetadata, own, c.filter) {
				got = append(got, strings.TrimPrefix(found, w.group))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found %v; want %v", got, c.want)
			}
		})
	}
}

// Rule 1.10-2, 1.10-6, 1.10-7, 1.10-11, 1.10-12.
func TestSearchExpressionsOrderAndPages(t *testing.T) {
	t.Parallel()
	w := newLibrary(t)
	own := filter("FeatureGroupName", types.OperatorContains, w.group)
	name := func(suffix string) types.Filter { return filter("FeatureGroupName", "", w.group+suffix) }
	nested := func(feature, kind string) types.NestedFilters {
		return types.NestedFilters{NestedPropertyName: aws.String("FeatureDefinitions"), Filters: []types.Filter{
			filter("FeatureDefinitions.FeatureName", types.OperatorEquals, feature), filter("FeatureDefinitions.FeatureType", types.OperatorEquals, kind)}}
	}
	for _, c := range []struct {
		name string
		in   sagemaker.SearchInput
		want []string
	}{
		{"and", sagemaker.SearchInput{SearchExpression: &types.SearchExpression{Filters: []types.Filter{name("-full"), name("-online")}}}, []string{}},
		{"or", sagemaker.SearchInput{SearchExpression: &types.SearchExpression{Filters: []types.Filter{name("-full"), name("-online")}, Operator: types.BooleanOperatorOr}}, []string{"-full", "-online"}},
		{"in an expression below", sagemaker.SearchInput{SearchExpression: &types.SearchExpression{Filters: []types.Filter{own}, SubExpressions: []types.SearchExpression{
			{Filters: []types.Filter{name("-full"), name("-failed")}, Operator: types.BooleanOperatorOr}, {Filters: []types.Filter{filter("FeatureGroupStatus", "", "CreateFailed")}}}}}, []string{"-failed"}},
		{"of one element", sagemaker.SearchInput{SearchExpression: &types.SearchExpression{Filters: []types.Filter{own}, NestedFilters: []types.NestedFilters{nested("delay", "Integral")}}}, []string{"-online"}},
		{"of two elements", sagemaker.SearchInput{SearchExpression: &types.SearchExpression{Filters: []types.Filter{own}, NestedFilters: []types.NestedFilters{nested("delay", "String")}}}, []string{}},
		{"last modified first", sagemaker.SearchInput{SearchExpression: &types.SearchExpression{Filters: []types.Filter{own}}}, []string{"-full", "-failed", "-online"}},
		{"last modified last", sagemaker.SearchInput{SearchExpression: &types.SearchExpression{Filters: []types.Filter{own}}, SortOrder: types.SearchSortOrderAscending}, []string{"-online", "-failed", "-full"}},
		{"by name", sagemaker.SearchInput{SearchExpression: &types.SearchExpression{Filters: []types.Filter{own}}, SortBy: aws.String("FeatureGroupName"), SortOrder: types.SearchSortOrderAscending}, []string{"-failed", "-full", "-online"}},
		{"by creation", sagemaker.SearchInput{SearchExpression: &types.SearchExpression{Filters: []types.Filter{own}}, SortBy: aws.String("CreationTime")}, []string{"-failed", "-online", "-full"}},
		{"in pages of one", sagemaker.SearchInput{SearchExpression: &types.SearchExpression{Filters: []types.Filter{own}}, SortBy: aws.String("CreationTime"), MaxResults: aws.Int32(1)}, []string{"-failed", "-online", "-full"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.in.Resource = types.ResourceTypeFeatureGroup
			got, err := w.searchFor(&c.in)
			must(t, err)
			if c.name == "or" {
				slices.Sort(got)
			}
			for i := range got {
				got[i] = strings.TrimPrefix(got[i], w.group)
			}
			expect(t, "found", got, c.want)
		})
	}
	page, err := w.SageMaker.Search(t.Context(), &sagemaker.SearchInput{Resource: types.ResourceTypeFeatureGroup, MaxResults: aws.Int32(2), SearchExpression: &types.SearchExpression{Filters: []types.Filter{own}}})
	must(t, err)
	if len(page.Results) != 2 || page.NextToken == nil || page.TotalHits == nil || *page.TotalHits.Value != 3 || page.TotalHits.Relation != types.RelationEqualTo {
		t.Errorf("a page of two of three: %d results, token %v, hits %+v", len(page.Results), page.NextToken, page.TotalHits)
	}
	all, err := w.searchFor(&sagemaker.SearchInput{Resource: types.ResourceTypeFeatureGroup})
	must(t, err)
	for _, suffix := range []string{"-full", "-online", "-failed"} {
		if !slices.Contains(all, w.group+suffix) {
			t.Errorf("without an expression %s is not found", w.group+suffix)
		}
	}
}

// Rule 1.10-13.
func TestSearchResultsAreWhatDescribeSays(t *testing.T) {
	t.Parallel()
	w := newLibrary(t)
	one := func(resource, name string) map[string]any {
		t.Helper()
		got := control(t, "Search", fmt.Sprintf(`{"Resource":%q,"SearchExpression":{"Filters":[{"Name":"FeatureGroupName","Value":%q},{"Name":%q,"Operator":"Exists"}]}}`, resource, w.group+"-full", name)).object(t)
		result := got["Results"].([]any)[0].(map[string]any)
		if len(result) != 1 || result[resource] == nil {
			t.Fatalf("a result has %v", result)
		}
		return result[resource].(map[string]any)
	}
	group := one("FeatureGroup", "FeatureGroupName")
	want := control(t, "DescribeFeatureGroup", fmt.Sprintf(`{"FeatureGroupName":%q}`, w.group+"-full")).object(t)
	delete(want, "ThroughputConfig")
	delete(want, "OnlineStoreTotalSizeBytes")
	want["Tags"] = []any{map[string]any{"Key": "team", "Value": "alpha"}, map[string]any{"Key": "stage", "Value": "Prod"}}
	expect(t, "the group", group, want)
	feature := one("FeatureMetadata", "Description")
	expect(t, "the feature", feature, control(t, "DescribeFeatureMetadata", fmt.Sprintf(`{"FeatureGroupName":%q,"FeatureName":"n"}`, w.group+"-full")).object(t))
}

// Rule 1.10-14, 1.10-15.
func TestSearchVisibilityAndAccounts(t *testing.T) {
	t.Parallel()
	w := newLibrary(t)
	own := &types.SearchExpression{Filters: []types.Filter{filter("FeatureGroupName", types.OperatorContains, w.group)}}
	visible, err := w.searchFor(&sagemaker.SearchInput{Resource: types.ResourceTypeFeatureGroup, SearchExpression: own,
		VisibilityConditions: []types.VisibilityConditions{{Key: aws.String("Tags.team"), Value: aws.String("alpha")}}})
	must(t, err)
	slices.Sort(visible)
	expect(t, "with the tag's value, or without the tag", visible, []string{w.group + "-failed", w.group + "-full"})
	for scope, want := range map[types.CrossAccountFilterOption]int{types.CrossAccountFilterOptionSameAccount: 3, types.CrossAccountFilterOptionCrossAccount: 0} {
		found, err := w.searchFor(&sagemaker.SearchInput{Resource: types.ResourceTypeFeatureGroup, SearchExpression: own, CrossAccountFilterOption: scope})
		must(t, err)
		expect(t, string(scope), len(found), want)
	}
}

// Rule 1.10-1, 1.10-10, 1.10-16, 11-14, 11-15.
func TestSearchRefuses(t *testing.T) {
	t.Parallel()
	condition := `{"Name":"FeatureGroupName","Operator":"Contains","Value":"x"}`
	list := func(n int) string { return `[` + strings.TrimSuffix(strings.Repeat(condition+",", n), ",") + `]` }
	three := `{"Filters":` + list(17) + `},`
	for name, c := range map[string]struct {
		body string
		ok   bool
	}{
		"another resource":               {`{"Resource":"TrainingJob"}`, false},
		"the guide's slip":               {`{"Resource":"FeatureGroups"}`, false},
		"an empty expression":            {`{"Resource":"FeatureGroup","SearchExpression":{}}`, false},
		"no filters":                     {`{"Resource":"FeatureGroup","SearchExpression":{"Filters":[]}}`, false},
		"20 filters":                     {`{"Resource":"FeatureGroup","SearchExpression":{"Filters":` + list(20) + `}}`, true},
		"21 filters":                     {`{"Resource":"FeatureGroup","SearchExpression":{"Filters":` + list(21) + `}}`, false},
		"34 conditions":                  {`{"Resource":"FeatureGroup","SearchExpression":{"SubExpressions":[` + strings.TrimSuffix(strings.Repeat(three, 2), ",") + `]}}`, true},
		"51 conditions":                  {`{"Resource":"FeatureGroup","SearchExpression":{"SubExpressions":[` + strings.TrimSuffix(strings.Repeat(three, 3), ",") + `]}}`, false},
		"an unknown operator":            {`{"Resource":"FeatureGroup","SearchExpression":{"Filters":[{"Name":"FeatureGroupName","Operator":"Like","Value":"x"}]}}`, false},
		"a filter without a name":        {`{"Resource":"FeatureGroup","SearchExpression":{"Filters":[{"Value":"x"}]}}`, false},
		"a filter without a value":       {`{"Resource":"FeatureGroup","SearchExpression":{"Filters":[{"Name":"FeatureGroupName"}]}}`, false},
		"an unknown property":            {`{"Resource":"FeatureMetadata","SearchExpression":{"Filters":[{"Name":"Tags.x","Value":"x"}]}}`, false},
		"101 results":                    {`{"Resource":"FeatureGroup","MaxResults":101}`, false},
		"an unknown order":               {`{"Resource":"FeatureGroup","SortOrder":"Up"}`, false},
		"an unknown property to sort by": {`{"Resource":"FeatureGroup","SortBy":"Colour"}`, false},
		"a token of nobody":              {`{"Resource":"FeatureGroup","NextToken":"x"}`, false},
		"no visibility conditions":       {`{"Resource":"FeatureGroup","VisibilityConditions":[]}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			got := control(t, "Search", c.body)
			if want := map[bool]string{false: "ValidationException"}[c.ok]; got.code() != want {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
}

// Rule 1.11-1.
func TestSearchSuggestions(t *testing.T) {
	t.Parallel()
	w := newLibrary(t)
	suggest := func(resource types.ResourceType, hint string) []string {
		t.Helper()
		got, err := w.SageMaker.GetSearchSuggestions(t.Context(), &sagemaker.GetSearchSuggestionsInput{Resource: resource,
			SuggestionQuery: &types.SuggestionQuery{PropertyNameQuery: &types.PropertyNameQuery{PropertyNameHint: &hint}}})
		must(t, err)
		var names []string
		for _, s := range got.PropertyNameSuggestions {
			names = append(names, *s.PropertyName)
		}
		return names
	}
	expect(t, "FeatureGroupN", suggest(types.ResourceTypeFeatureGroup, "FeatureGroupN"), []string{"FeatureGroupName"})
	expect(t, "nothing", suggest(types.ResourceTypeFeatureGroup, "Colour"), []string(nil))
	if got := suggest(types.ResourceTypeFeatureGroup, "Tags.te"); !slices.Contains(got, "Tags.team") {
		t.Errorf("Tags.te suggests %v", got)
	}
	if got := suggest(types.ResourceTypeFeatureMetadata, "Parameters.o"); !slices.Contains(got, "Parameters.owner") {
		t.Errorf("Parameters.o suggests %v", got)
	}
	_, err := w.SageMaker.GetSearchSuggestions(t.Context(), &sagemaker.GetSearchSuggestionsInput{Resource: types.ResourceTypeTrainingJob})
	refused(t, err, "ValidationException")
}
