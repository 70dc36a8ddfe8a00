package featurestore_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// day is a time on a day of November 2023.
func day(n int) time.Time { return time.Date(2023, 11, n, 12, 0, 0, 0, time.UTC) }

// keep puts a group into the catalog as it is, in whatever state.
func (w *world) keep(g *feature.Group) {
	w.t.Helper()
	if err := w.db.Groups().Create(w.t.Context(), g); err != nil {
		w.t.Fatal(err)
	}
}

// newSearchWorld is a world with four groups that differ in everything that can be searched.
func newSearchWorld(t testing.TB) *world {
	w := newWorld(t)
	arn := feature.Place{Account: account, Region: region}.ARN
	w.keep(&feature.Group{
		Name: "orders", ARN: arn("orders"), RecordIdentifier: "id", EventTime: "at", Status: feature.Created, Created: day(1),
		Definitions: []feature.Definition{
			{Name: "id", Type: feature.String}, {Name: "at", Type: feature.String},
			{Name: "amount", Type: feature.Fractional, Metadata: &feature.Metadata{
				Description: "What was Paid", Modified: day(20),
				Parameters: []feature.Parameter{{Key: "owner", Value: "Ann"}, {Key: "pii", Value: "no"}},
			}},
			{Name: "region", Type: feature.String, Added: day(10)},
		},
		Online:  &feature.Online{StorageType: feature.Standard, KMSKeyID: "key-1"},
		Offline: &feature.Offline{S3URI: "s3://lake/fs", Resolved: "s3://lake/fs/x/data", TableFormat: "Glue", Table: &feature.TableRef{Catalog: "AwsDataCatalog", Database: "sagemaker_featurestore", Table: "orders_1"}},
		RoleARN: role, Description: "Orders of Customers", Modified: day(10), LastUpdate: &feature.UpdateStatus{Status: "Successful"},
		Tags: []feature.Tag{{Key: "team", Value: "risk"}, {Key: "env", Value: "prod"}},
	})
	w.keep(&feature.Group{
		Name: "clicks", ARN: arn("clicks"), RecordIdentifier: "user", EventTime: "ts", Status: feature.Created, Created: day(5),
		Definitions: []feature.Definition{
			{Name: "user", Type: feature.String}, {Name: "ts", Type: feature.Fractional},
			{Name: "pages", Type: feature.String, Collection: feature.List},
			{Name: "taste", Type: feature.Fractional, Collection: feature.Vector, Dimension: 768},
		},
		Online: &feature.Online{StorageType: feature.InMemory, TTL: &feature.TTL{Unit: feature.Days, Value: 30}},
		Tags:   []feature.Tag{{Key: "team", Value: "ads"}, {Key: "dotted.key", Value: "x"}},
	})
	w.keep(&feature.Group{
		Name: "failed", ARN: arn("failed"), RecordIdentifier: "id", EventTime: "at", Status: feature.CreateFailed, Created: day(7), Failure: "no such bucket",
		Definitions: []feature.Definition{{Name: "id", Type: feature.Integral}, {Name: "at", Type: feature.String}},
		Offline:     &feature.Offline{S3URI: "s3://gone/fs", Resolved: "s3://gone/fs/x/data", Table: &feature.TableRef{Catalog: "AwsDataCatalog", Database: "d", Table: "t"}},
		RoleARN:     role,
	})
	w.keep(&feature.Group{
		Name: "sleepy", ARN: arn("sleepy"), RecordIdentifier: "id", EventTime: "at", Status: feature.Created, Created: day(3).Add(250 * time.Millisecond),
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.String}, {Name: "amount", Type: feature.Integral}},
		OnlineOff:   &feature.Online{}, Offline: &feature.Offline{S3URI: "s3://lake/other", Resolved: "s3://lake/other/x/data", DisableTable: true},
		RoleARN: role, Description: "orders, asleep", LastUpdate: &feature.UpdateStatus{Status: "Failed", Failure: "no table"}, Modified: day(4),
		Tags: []feature.Tag{{Key: "team", Value: "risk"}},
	})
	return w
}

// found are the names of what a search finds on its first page: group, or group/feature.
func (w *world) found(q *featurestore.Search) ([]string, error) {
	page, err := w.Search(w.t.Context(), q)
	if err != nil {
		return nil, err
	}
	return hitNames(page.Found), nil
}

func hitNames(hits []featurestore.Hit) []string {
	names := []string{}
	for _, h := range hits {
		name := string(h.Group.Name)
		if h.Feature != nil {
			name += "/" + string(h.Feature.Name)
		}
		names = append(names, name)
	}
	return names
}

// is is a filter; without a value it has none.
func is(property string, operator featurestore.Operator, value ...string) featurestore.Filter {
	f := featurestore.Filter{Property: property, Operator: operator}
	if len(value) > 0 {
		f.Value = &value[0]
	}
	return f
}

func where(filters ...featurestore.Filter) *featurestore.Expression {
	return &featurestore.Expression{Filters: filters}
}

func TestSearchFindsGroups(t *testing.T) {
	w := newSearchWorld(t)
	cases := []struct {
		name string
		e    *featurestore.Expression
		want string
	}{
		{"all, without an expression", nil, "clicks failed orders sleepy"},
		{"equals", where(is("FeatureGroupName", "Equals", "orders")), "orders"},
		{"equals is the default", where(is("FeatureGroupName", "", "orders")), "orders"},
		{"equals minds case", where(is("FeatureGroupName", "Equals", "Orders")), ""},
		{"equals is not contains", where(is("FeatureGroupName", "Equals", "order")), ""},
		{"contains", where(is("FeatureGroupName", "Contains", "le")), "failed sleepy"},
		{"contains does not mind case", where(is("Description", "Contains", "ORDERS")), "orders sleepy"},
		{"several contains", where(is("Description", "Contains", "orders"), is("Description", "Contains", "asleep")), "sleepy"},
		{"not equals, also of what lacks it", where(is("Description", "NotEquals", "orders, asleep")), "clicks failed orders"},
		{"in, with spaces", where(is("FeatureGroupName", "In", "orders, sleepy,none")), "orders sleepy"},
		{"in minds case", where(is("FeatureGroupName", "In", "ORDERS")), ""},
		{"exists", where(is("Description", "Exists")), "orders sleepy"},
		{"not exists", where(is("Description", "NotExists")), "clicks failed"},
		{"the ARN", where(is("FeatureGroupArn", "Equals", "arn:aws:sagemaker:us-east-1:123456789012:feature-group/clicks")), "clicks"},
		{"the ARN in the guide's spelling", where(is("FeatureGroupARN", "Contains", "feature-group/cli")), "clicks"},
		{"status", where(is("FeatureGroupStatus", "Equals", "CreateFailed")), "failed"},
		{"failure", where(is("FailureReason", "Contains", "bucket")), "failed"},
		{"record identifier", where(is("RecordIdentifierFeatureName", "Equals", "user")), "clicks"},
		{"event time", where(is("EventTimeFeatureName", "NotEquals", "at")), "clicks"},
		{"offline status", where(is("OfflineStoreStatus", "Equals", "Active")), "orders sleepy"},
		{"offline status, as a member", where(is("OfflineStoreStatus.Status", "NotExists")), "clicks failed"},
		{"last update", where(is("LastUpdateStatus", "Equals", "Failed")), "sleepy"},
		{"last update, as a member", where(is("LastUpdateStatus.Status", "In", "Successful,InProgress")), "orders"},
		{"last update's failure", where(is("LastUpdateStatus.FailureReason", "Contains", "table")), "sleepy"},
		{"a feature's name", where(is("FeatureDefinitions.FeatureName", "Equals", "amount")), "orders sleepy"},
		{"no feature of that name", where(is("FeatureDefinitions.FeatureName", "NotEquals", "amount")), "clicks failed"},
		{"two features, not in one element", where(is("FeatureDefinitions.FeatureName", "Equals", "amount"), is("FeatureDefinitions.FeatureType", "Equals", "String")), "orders sleepy"},
		{"a collection", where(is("FeatureDefinitions.CollectionType", "Equals", "List")), "clicks"},
		{"a dimension", where(is("FeatureDefinitions.CollectionConfig.VectorConfig.Dimension", "GreaterThanOrEqualTo", "768")), "clicks"},
		{"a dimension in decimals", where(is("FeatureDefinitions.CollectionConfig.VectorConfig.Dimension", "LessThan", "768.5")), "clicks"},
		{"another dimension", where(is("FeatureDefinitions.CollectionConfig.VectorConfig.Dimension", "LessThan", "768")), ""},
		{"definitions exist", where(is("FeatureDefinitions", "Exists")), "clicks failed orders sleepy"},
		{"online store enabled", where(is("OnlineStoreConfig.EnableOnlineStore", "Equals", "true")), "clicks orders"},
		{"online store not enabled", where(is("OnlineStoreConfig.EnableOnlineStore", "Equals", "False")), "failed sleepy"},
		{"online store described", where(is("OnlineStoreConfig", "Exists")), "clicks orders sleepy"},
		{"online key", where(is("OnlineStoreConfig.SecurityConfig.KmsKeyId", "Equals", "key-1")), "orders"},
		{"storage type", where(is("OnlineStoreConfig.StorageType", "Equals", "InMemory")), "clicks"},
		{"time to live", where(is("OnlineStoreConfig.TtlDuration.Unit", "Equals", "Days"), is("OnlineStoreConfig.TtlDuration.Value", "LessThanOrEqualTo", "30")), "clicks"},
		{"no offline store", where(is("OfflineStoreConfig", "NotExists")), "clicks"},
		{"bucket", where(is("OfflineStoreConfig.S3StorageConfig.S3Uri", "Contains", "s3://lake/")), "orders sleepy"},
		{"location", where(is("OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri", "Contains", "/x/data")), "failed orders sleepy"},
		{"table format", where(is("OfflineStoreConfig.TableFormat", "Equals", "Glue")), "orders"},
		{"no table", where(is("OfflineStoreConfig.DisableGlueTableCreation", "Equals", "true")), "sleepy"},
		{"table, from when it is there", where(is("OfflineStoreConfig.DataCatalogConfig.TableName", "Exists")), "orders"},
		{"a tag", where(is("Tags.team", "Equals", "risk")), "orders sleepy"},
		{"a tag that is there", where(is("Tags.env", "Exists")), "orders"},
		{"a tag that nobody has", where(is("Tags.nobody", "NotExists")), "clicks failed orders sleepy"},
		{"a tag with a dot", where(is("Tags.dotted.key", "Equals", "x")), "clicks"},
		{"another tag or value", where(is("Tags.team", "NotEquals", "risk")), "clicks failed"},
		{"all tags: a key", where(is("AllTags", "Equals", "env")), "orders"},
		{"all tags: a value", where(is("AllTags", "Contains", "RIS")), "orders sleepy"},
		{"no tags", where(is("AllTags", "NotExists")), "failed"},
		{"made after", where(is("CreationTime", "GreaterThan", "2023-11-03T12:00:00")), "clicks failed sleepy"},
		{"made at, to the millisecond", where(is("CreationTime", "Equals", "2023-11-03T12:00:00.250Z")), "sleepy"},
		{"made before, with an offset", where(is("CreationTime", "LessThan", "2023-11-01T13:00:01+01:00")), "orders"},
		{"modified, or else made", where(is("LastModifiedTime", "GreaterThanOrEqualTo", "2023-11-05T12:00:00")), "clicks failed orders"},
		{"and", where(is("Tags.team", "Equals", "risk"), is("Tags.env", "Equals", "prod")), "orders"},
		{"or", &featurestore.Expression{Any: true, Filters: where(is("Tags.env", "Equals", "prod"), is("FeatureGroupName", "Equals", "clicks")).Filters}, "clicks orders"},
		{
			"one element has both",
			&featurestore.Expression{Nested: []featurestore.Nested{{Property: "FeatureDefinitions", Filters: where(is("FeatureDefinitions.FeatureName", "Equals", "amount"), is("FeatureDefinitions.FeatureType", "Equals", "Fractional")).Filters}}},
			"orders",
		},
		{
			"one element has one and lacks the other",
			&featurestore.Expression{Nested: []featurestore.Nested{{Property: "FeatureDefinitions", Filters: where(is("FeatureDefinitions.FeatureType", "Equals", "Fractional"), is("FeatureDefinitions.CollectionType", "NotExists")).Filters}}},
			"clicks orders",
		},
		{
			"expressions in expressions",
			&featurestore.Expression{
				Filters: where(is("FeatureGroupStatus", "Equals", "Created")).Filters,
				Sub: []featurestore.Expression{{
					Any:     true,
					Filters: where(is("FeatureGroupName", "Equals", "clicks")).Filters,
					Sub:     []featurestore.Expression{*where(is("Tags.team", "Equals", "risk"), is("Tags.env", "NotExists"))},
				}},
			},
			"clicks sleepy",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := w.found(&featurestore.Search{Subject: featurestore.SearchGroups, Expression: c.e, SortBy: "FeatureGroupName", Ascending: true})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Fields(c.want), got); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSearchFindsFeatures(t *testing.T) {
	w := newSearchWorld(t)
	cases := []struct {
		name string
		e    *featurestore.Expression
		want string
	}{
		{"a name in several groups", where(is("FeatureName", "Equals", "amount")), "orders/amount sleepy/amount"},
		{"a group's", where(is("FeatureGroupName", "Equals", "clicks")), "clicks/pages clicks/taste clicks/ts clicks/user"},
		{"a type", where(is("FeatureType", "Equals", "Integral")), "failed/id sleepy/amount"},
		{"a description", where(is("Description", "Contains", "paid")), "orders/amount"},
		{"a parameter", where(is("Parameters.owner", "Equals", "Ann")), "orders/amount"},
		{"parameters mind case", where(is("Parameters.owner", "Equals", "ann")), ""},
		{"all parameters: a key", where(is("AllParameters", "Equals", "pii")), "orders/amount"},
		{"all parameters: part of a value", where(is("AllParameters", "Contains", "an")), "orders/amount"},
		{"added later", where(is("CreationTime", "GreaterThan", "2023-11-07T12:00:00")), "orders/region"},
		{"changed, or else added", where(is("LastModifiedTime", "GreaterThan", "2023-11-07T12:00:00")), "orders/amount orders/region"},
		{"anywhere", &featurestore.Expression{Any: true, Filters: where(is("FeatureName", "Contains", "reg"), is("Description", "Contains", "paid"), is("AllParameters", "Contains", "none")).Filters}, "orders/amount orders/region"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := w.found(&featurestore.Search{Subject: featurestore.SearchFeatures, Expression: c.e, SortBy: "FeatureGroupName", Ascending: true})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Fields(c.want), got); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSearchSorts(t *testing.T) {
	w := newSearchWorld(t)
	groups := featurestore.SearchGroups
	cases := []struct {
		name string
		q    featurestore.Search
		want string
	}{
		{"by what changed last, at first", featurestore.Search{Subject: groups}, "orders failed clicks sleepy"},
		{"and the other way", featurestore.Search{Subject: groups, Ascending: true}, "sleepy clicks failed orders"},
		{"by when they were made", featurestore.Search{Subject: groups, SortBy: "CreationTime", Ascending: true}, "orders sleepy clicks failed"},
		{"by a text, and then by name", featurestore.Search{Subject: groups, SortBy: "FeatureGroupStatus", Ascending: true}, "failed clicks orders sleepy"},
		{"what lacks it comes last", featurestore.Search{Subject: groups, SortBy: "Tags.env", Ascending: true}, "orders clicks failed sleepy"},
		{"in either order", featurestore.Search{Subject: groups, SortBy: "Description"}, "sleepy orders failed clicks"},
		{"by a number", featurestore.Search{Subject: groups, SortBy: "OnlineStoreConfig.TtlDuration.Value"}, "clicks sleepy orders failed"},
		{"by a yes or no", featurestore.Search{Subject: groups, SortBy: "OnlineStoreConfig.EnableOnlineStore", Ascending: true}, "failed sleepy clicks orders"},
		{"by the first of several", featurestore.Search{Subject: groups, SortBy: "FeatureDefinitions.FeatureName", Ascending: true}, "failed orders sleepy clicks"},
		{
			"features, by what changed last",
			featurestore.Search{Subject: featurestore.SearchFeatures, Expression: where(is("FeatureGroupName", "Equals", "orders"))},
			"orders/amount orders/region orders/id orders/at",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := w.found(&c.q)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Fields(c.want), got); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSearchDropsWhatHasATagWithAnotherValue(t *testing.T) {
	w := newSearchWorld(t)
	for _, c := range []struct {
		name    string
		subject featurestore.Subject
		visible []feature.Tag
		want    string
	}{
		{"one tag", featurestore.SearchGroups, []feature.Tag{{Key: "team", Value: "risk"}}, "failed orders sleepy"},
		{"two tags", featurestore.SearchGroups, []feature.Tag{{Key: "team", Value: "risk"}, {Key: "env", Value: "test"}}, "failed sleepy"},
		{"a tag that nobody has", featurestore.SearchGroups, []feature.Tag{{Key: "x", Value: "y"}}, "clicks failed orders sleepy"},
		{"features have no tags", featurestore.SearchFeatures, []feature.Tag{{Key: "team", Value: "none"}}, "failed/at failed/id orders/amount orders/at orders/id orders/region sleepy/amount sleepy/at sleepy/id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := &featurestore.Search{Subject: c.subject, Visible: c.visible, SortBy: "FeatureGroupName", Ascending: true}
			if c.subject == featurestore.SearchFeatures {
				q.Expression = where(is("FeatureGroupName", "NotEquals", "clicks"))
			}
			got, err := w.found(q)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Fields(c.want), got); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSearchOfOtherAccountsFindsNothing(t *testing.T) {
	w := newSearchWorld(t)
	page, err := w.Search(t.Context(), &featurestore.Search{Subject: featurestore.SearchGroups, Elsewhere: true})
	if err != nil || len(page.Found) != 0 || page.Total != 0 || page.Next != "" {
		t.Errorf("Search = %+v, %v; want an empty page", page, err)
	}
	_, err = w.Search(t.Context(), &featurestore.Search{Subject: featurestore.SearchGroups, Elsewhere: true, SortBy: "Nonsense"})
	if feature.KindOf(err) != feature.Invalid {
		t.Errorf("Search by an unknown property = %v; want it refused there too", err)
	}
}

func TestSearchRefuses(t *testing.T) {
	w := newSearchWorld(t)
	many := func(n int) []featurestore.Filter {
		return slices.Repeat([]featurestore.Filter{is("FeatureGroupName", "Exists")}, n)
	}
	groups := func(e *featurestore.Expression) featurestore.Search {
		return featurestore.Search{Subject: featurestore.SearchGroups, Expression: e}
	}
	nested := func(property string, filters ...featurestore.Filter) featurestore.Search {
		return groups(&featurestore.Expression{Nested: []featurestore.Nested{{Property: property, Filters: filters}}})
	}
	deep := featurestore.Expression{Filters: many(1)}
	for range 50 {
		deep = featurestore.Expression{Sub: []featurestore.Expression{deep}}
	}
	cases := []struct {
		name string
		q    featurestore.Search
		says string
	}{
		{"an unknown property", groups(where(is("Colour", "Equals", "red"))), "Unknown property name: Colour"},
		{"another case", groups(where(is("featuregroupname", "Equals", "red"))), "Unknown property name: featuregroupname"},
		{"a tag without a key", groups(where(is("Tags.", "Exists"))), "Unknown property name: Tags."},
		{"a feature's property of groups", groups(where(is("AllParameters", "Exists"))), "Unknown property name: AllParameters"},
		{"a group's property of features", featurestore.Search{Subject: featurestore.SearchFeatures, Expression: where(is("Tags.team", "Exists"))}, "Unknown property name: Tags.team"},
		{"an unknown sort", featurestore.Search{Subject: featurestore.SearchGroups, SortBy: "Colour"}, "Unknown property name: Colour"},
		{"sort by an object", featurestore.Search{Subject: featurestore.SearchGroups, SortBy: "OfflineStoreConfig"}, "SortBy OfflineStoreConfig is an object"},
		{"an empty expression", groups(&featurestore.Expression{}), "the SearchExpression is empty"},
		{"an empty expression inside", groups(&featurestore.Expression{Sub: []featurestore.Expression{{}}}), "the SearchExpression is empty"},
		{"21 filters", groups(where(many(21)...)), "Filters has 21 elements; the most is 20"},
		{"21 nested filters", nested("FeatureDefinitions", many(21)...), "has 21 elements; it must have 1 to 20"},
		{"no nested filters", nested("FeatureDefinitions"), "has 0 elements"},
		{"51 conditions", groups(&featurestore.Expression{Filters: many(20), Sub: []featurestore.Expression{*where(many(20)...), *where(many(11)...)}}), "more than 50 conditions"},
		{"51 expressions", groups(&deep), "more than 50 expressions"},
		{"no value", groups(where(is("Description", "Equals"))), "the Value of the filter on Description is missing"},
		{"no value and no operator", groups(where(is("Description", ""))), "the Value of the filter on Description is missing"},
		{"exists with a value", groups(where(is("Description", "Exists", "x"))), "the Operator Exists and a Value; leave the Value out"},
		{"not exists with a value", groups(where(is("Description", "NotExists", "x"))), "the Operator NotExists and a Value"},
		{"order of a text", groups(where(is("Description", "GreaterThan", "x"))), "the Operator GreaterThan is not supported for Description, which is a text; use one of Equals, NotEquals, Contains, In, Exists, NotExists"},
		{"order of a tag", groups(where(is("Tags.n", "LessThan", "1"))), "the Operator LessThan is not supported for Tags.n"},
		{"a time contains", groups(where(is("CreationTime", "Contains", "2023"))), "the Operator Contains is not supported for CreationTime, which is a time"},
		{"a time in", groups(where(is("CreationTime", "In", "2023-11-01T12:00:00"))), "the Operator In is not supported"},
		{"order of a yes or no", groups(where(is("OnlineStoreConfig.EnableOnlineStore", "GreaterThan", "false"))), "which is true or false"},
		{"an object equals", groups(where(is("OfflineStoreConfig", "Equals", "x"))), "which is an object; use one of Exists, NotExists"},
		{"a date alone", groups(where(is("CreationTime", "LessThan", "2023-11-01"))), `"2023-11-01" of the filter on CreationTime is not a time; write it as 2006-01-02T15:04:05`},
		{"an hour of one digit", groups(where(is("CreationTime", "LessThan", "2023-11-01T1:00:00Z"))), "is not a time"},
		{"a comma for a point", groups(where(is("CreationTime", "LessThan", "2023-11-01T01:00:00,5Z"))), "is not a time"},
		{"no number", groups(where(is("OnlineStoreConfig.TtlDuration.Value", "Equals", "many"))), `"many" of the filter on OnlineStoreConfig.TtlDuration.Value is not an integer or a decimal`},
		{"infinity", groups(where(is("OnlineStoreConfig.TtlDuration.Value", "Equals", "Inf"))), "is not an integer or a decimal"},
		{"not a yes or no", groups(where(is("OnlineStoreConfig.EnableOnlineStore", "Equals", "yes"))), `"yes" of the filter on OnlineStoreConfig.EnableOnlineStore is not true or false`},
		{"nested in no list", nested("OnlineStoreConfig", is("OnlineStoreConfig.StorageType", "Exists")), "NestedPropertyName OnlineStoreConfig is not a list"},
		{"nested in nothing", nested("Colours", is("FeatureDefinitions.FeatureName", "Exists")), "Unknown property name: Colours"},
		{"nested, another's property", nested("FeatureDefinitions", is("FeatureGroupName", "Exists")), "FeatureGroupName is not one of the elements of FeatureDefinitions"},
		{"no token", featurestore.Search{Subject: featurestore.SearchGroups, Token: "%"}, "the NextToken is not one that this operation returned"},
		{"no token of ours", featurestore.Search{Subject: featurestore.SearchGroups, Token: "e30"}, "the NextToken goes with another search"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := w.Search(t.Context(), &c.q)
			if feature.KindOf(err) != feature.Invalid || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Search: %v; want Invalid with %q", err, c.says)
			}
		})
	}
}

func TestSearchTakesFiftyConditions(t *testing.T) {
	w := newSearchWorld(t)
	filters := slices.Repeat([]featurestore.Filter{is("FeatureGroupName", "Exists")}, 20)
	e := &featurestore.Expression{Filters: filters, Sub: []featurestore.Expression{*where(filters...), *where(filters[:10]...)}}
	if got, err := w.found(&featurestore.Search{Subject: featurestore.SearchGroups, Expression: e}); err != nil || len(got) != 4 {
		t.Errorf("Search = %v, %v; want all four groups", got, err)
	}
}

func TestSearchTokenGoesWithItsSearchAlone(t *testing.T) {
	w := newSearchWorld(t)
	q := featurestore.Search{Subject: featurestore.SearchGroups, Expression: where(is("FeatureGroupName", "Exists")), Limit: 1}
	page, err := w.Search(t.Context(), &q)
	if err != nil || page.Next == "" || page.Total != 4 {
		t.Fatalf("Search = %+v, %v; want a first page of four", page, err)
	}
	q.Token, q.Limit = page.Next, 2
	if page, err = w.Search(t.Context(), &q); err != nil || len(page.Found) != 2 || page.Total != 4 {
		t.Fatalf("the next page with another limit = %+v, %v; want two of four", page, err)
	}
	for name, change := range map[string]func(*featurestore.Search){
		"expression": func(q *featurestore.Search) { q.Expression = where(is("FeatureGroupArn", "Exists")) },
		"value":      func(q *featurestore.Search) { q.Expression = where(is("FeatureGroupName", "Equals", "x")) },
		"subject": func(q *featurestore.Search) {
			q.Subject, q.Expression = featurestore.SearchFeatures, where(is("FeatureGroupName", "Exists"))
		},
		"order":      func(q *featurestore.Search) { q.Ascending = true },
		"sort":       func(q *featurestore.Search) { q.SortBy = "CreationTime" },
		"visibility": func(q *featurestore.Search) { q.Visible = []feature.Tag{{Key: "a", Value: "b"}} },
	} {
		t.Run(name, func(t *testing.T) {
			other := q
			change(&other)
			if _, err := w.Search(t.Context(), &other); feature.KindOf(err) != feature.Invalid || !strings.Contains(err.Error(), "goes with another search") {
				t.Errorf("Search: %v; want the token refused", err)
			}
		})
	}
}

// What is there from the first page to the last is on one page, in order, whatever comes and goes
// meanwhile.
func TestSearchPagesMissNothingWhileGroupsComeAndGo(t *testing.T) {
	rng := seeded(t)
	w := newWorld(t)
	sorts := []string{"", "CreationTime", "FeatureGroupName", "Description", "Tags.team", "OnlineStoreConfig.EnableOnlineStore"}
	for round := range 8 {
		stays := map[string]bool{}
		for i := range 2 + rng.IntN(25) {
			name := fmt.Sprintf("stays-%d-%d", round, i)
			w.keep(randomGroup(rng, name))
			stays[name] = true
		}
		visitors := map[string]bool{}
		q := &featurestore.Search{Subject: featurestore.SearchGroups, SortBy: sorts[rng.IntN(len(sorts))], Ascending: rng.IntN(2) == 0}
		if rng.IntN(3) == 0 {
			q.Subject, q.SortBy = featurestore.SearchFeatures, "LastModifiedTime"
		}
		whole := allPages(t, w, q, 100, func() {})
		if len(whole) != len(slices.Compact(slices.Sorted(slices.Values(whole)))) {
			t.Fatalf("round %d: %v repeats", round, whole)
		}
		got := allPages(t, w, q, 1+rng.IntN(6), func() {
			name := fmt.Sprintf("comes-%d-%d", round, rng.IntN(10))
			if visitors[name] {
				w.forget(name)
			} else {
				w.keep(randomGroup(rng, name))
			}
			visitors[name] = !visitors[name]
		})
		got = slices.DeleteFunc(got, func(name string) bool { return strings.HasPrefix(name, "comes-") })
		if diff := cmp.Diff(whole, got); diff != "" {
			t.Fatalf("round %d, sorted by %q: pages differ from the whole (-whole +pages):\n%s", round, q.SortBy, diff)
		}
		for name := range stays {
			w.forget(name)
		}
		for name, here := range visitors {
			if here {
				w.forget(name)
			}
		}
	}
}

// seeded is chance that a failure tells how to have again.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if given := os.Getenv("SEED"); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("replay: SEED=%d go test -run '%s' ./internal/featurestore", seed, t.Name())
		}
	})
	return rand.New(rand.NewPCG(seed, 0))
}

// allPages reads a search to its end, and calls between after each page.
func allPages(t *testing.T, w *world, q *featurestore.Search, limit int, between func()) []string {
	t.Helper()
	var names []string
	for page := (&featurestore.SearchPage{}); ; between() {
		next := *q
		next.Limit, next.Token = limit, page.Next
		var err error
		if page, err = w.Search(t.Context(), &next); err != nil {
			t.Fatal(err)
		}
		if len(page.Found) > limit {
			t.Fatalf("a page of %d has %d", limit, len(page.Found))
		}
		names = append(names, hitNames(page.Found)...)
		if page.Next == "" {
			return names
		}
	}
}

func (w *world) forget(name string) {
	w.t.Helper()
	if err := w.db.Groups().Delete(w.t.Context(), feature.GroupName(name)); err != nil {
		w.t.Fatal(err)
	}
}

// randomGroup is a group of few different times, texts and tags, so that many are equal.
func randomGroup(rng *rand.Rand, name string) *feature.Group {
	g := &feature.Group{
		Name: feature.GroupName(name), RecordIdentifier: "id", EventTime: "at", Status: feature.Created, Created: day(1 + rng.IntN(3)),
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.String, Added: day(1 + rng.IntN(3))}},
		Description: []string{"", "a", "b"}[rng.IntN(3)],
	}
	if rng.IntN(2) == 0 {
		g.Modified = day(1 + rng.IntN(4))
	}
	if rng.IntN(2) == 0 {
		g.Online = &feature.Online{}
	}
	if rng.IntN(2) == 0 {
		g.Tags = []feature.Tag{{Key: "team", Value: []string{"", "risk", "ads"}[rng.IntN(3)]}}
	}
	return g
}

func TestPropertiesAreThoseThatSearchTakes(t *testing.T) {
	w := newSearchWorld(t)
	cases := []struct {
		subject featurestore.Subject
		prefix  string
		want    string
	}{
		{featurestore.SearchGroups, "FeatureG", "FeatureGroupARN FeatureGroupArn FeatureGroupName FeatureGroupStatus"},
		{featurestore.SearchGroups, "Tags.", "Tags.dotted.key Tags.env Tags.team"},
		{featurestore.SearchGroups, "Tags.e", "Tags.env"},
		{featurestore.SearchGroups, "feature", ""},
		{featurestore.SearchFeatures, "", "AllParameters CreationTime Description FeatureGroupName FeatureName FeatureType LastModifiedTime Parameters.owner Parameters.pii"},
		{featurestore.SearchFeatures, "Parameters.p", "Parameters.pii"},
	}
	for _, c := range cases {
		t.Run(c.prefix, func(t *testing.T) {
			got, err := w.Properties(t.Context(), c.subject, c.prefix)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("Properties(%q) (-want +got):\n%s", c.prefix, diff)
			}
		})
	}
	for _, subject := range []featurestore.Subject{featurestore.SearchGroups, featurestore.SearchFeatures} {
		names, err := w.Properties(t.Context(), subject, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if _, err := w.found(&featurestore.Search{Subject: subject, Expression: where(is(name, "Exists"))}); err != nil {
				t.Errorf("a property that is suggested is refused: %v", err)
			}
		}
	}
}
