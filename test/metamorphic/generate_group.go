package metamorphic

import (
	"fmt"
	"net/url"
	"strings"
)

// groupNames are few, so that groups are made again under a name that was deleted; some differ in
// case or in '-' and '_' alone.
var groupNames = []string{"g", "G", "orders-eu", "orders_eu", "Customer-Features", "x1", strings.Repeat("n", 64)}

// maxGroups is how many groups a history has at a time: enough keys for each to be met again.
const maxGroups = 5

func (g *generator) createGroup() op {
	if len(g.m.groups) >= maxGroups && g.chance(850) {
		return g.describe()
	}
	o := &createGroup{
		FeatureGroupName: pick(g, groupNames...), RecordIdentifierFeatureName: "id", EventTimeFeatureName: "at",
		Description: pick(g, "", "", "what people say of it"), Tags: g.someTags(2),
	}
	kind := g.IntN(10)
	if kind != 0 { // 0: offline only
		o.OnlineStoreConfig = &onlineConfig{EnableOnlineStore: true, StorageType: pick(g, "", "Standard", "Standard_V2", "Standard_V2", "InMemory", "InMemory")}
		if g.chance(400) {
			o.OnlineStoreConfig.TtlDuration = g.duration()
		}
	}
	inMemory := o.OnlineStoreConfig != nil && o.OnlineStoreConfig.StorageType == "InMemory"
	if kind == 0 || kind > 2 && (!inMemory || g.m.extensions) {
		o.OfflineStoreConfig = &offlineConfig{S3StorageConfig: s3Config{S3Uri: pick(g, "s3://lake", "s3://lake/fs", "s3://lake/fs/")}, TableFormat: pick(g, "", "", "Glue")}
		o.RoleArn = "arn:aws:iam::" + account + ":role/anyone"
		if g.chance(150) {
			o.OfflineStoreConfig.DataCatalogConfig = &catalogConfig{TableName: fmt.Sprint("table_", g.n), Catalog: pick(g, "AwsDataCatalog", "awsdatacatalog"), Database: "mine"}
		}
	}
	if !inMemory && g.chance(200) {
		read, write := int64(5), int64(7)
		o.ThroughputConfig = &throughput{"Provisioned", &read, &write}
		if o.OnlineStoreConfig == nil {
			o.ThroughputConfig = &throughput{ThroughputMode: "OnDemand"}
		}
	}
	o.FeatureDefinitions = g.definitions(inMemory)
	if g.chance(100) { // one feature is both
		o.RecordIdentifierFeatureName = "at"
	}
	if g.chance(150) {
		g.spoilGroup(o)
	}
	return o
}

func (g *generator) definitions(collections bool) []definition {
	all := []definition{
		{FeatureName: "id", FeatureType: pick(g, "String", "String", "String", "Integral", "Fractional")},
		{FeatureName: "at", FeatureType: pick(g, "String", "String", "Fractional")},
		{FeatureName: "Text", FeatureType: "String"}, {FeatureName: "whole", FeatureType: "Integral"}, {FeatureName: "part", FeatureType: "Fractional"},
	}
	if collections {
		all = append(all,
			definition{FeatureName: "words", FeatureType: "String", CollectionType: "List"},
			definition{FeatureName: "counts", FeatureType: "Integral", CollectionType: "Set"},
			definition{FeatureName: "vector", FeatureType: "Fractional", CollectionType: "Vector", CollectionConfig: &collectionConfig{vectorConfig{3}}})
	}
	g.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// spoilGroup breaks one rule of a new group.
func (g *generator) spoilGroup(o *createGroup) {
	o.wrong = invalidControl
	switch g.IntN(11) {
	case 0:
		o.FeatureGroupName = pick(g, "-g", "g_", "a b", strings.Repeat("n", 65), "ü")
	case 1:
		o.FeatureDefinitions = append(o.FeatureDefinitions, o.FeatureDefinitions[g.IntN(3)])
	case 2:
		o.FeatureDefinitions = append(o.FeatureDefinitions, definition{FeatureName: pick(g, "is_deleted", "Write_Time", "api_invocation_time"), FeatureType: "String"})
	case 3:
		o.RecordIdentifierFeatureName = pick(g, "ID", "nothing")
	case 4:
		o.EventTimeFeatureName = "whole"
	case 5:
		o.OnlineStoreConfig, o.OfflineStoreConfig = nil, nil
	case 6:
		o.OnlineStoreConfig = &onlineConfig{EnableOnlineStore: true, TtlDuration: &ttl{pick(g, "Months", "seconds", ""), 1}}
	case 7:
		o.Description = strings.Repeat("d", 129)
	case 8:
		o.FeatureDefinitions = append(o.FeatureDefinitions, definition{FeatureName: "odd", FeatureType: pick(g, "Text", "Boolean", "string")})
	case 9:
		o.OnlineStoreConfig = &onlineConfig{EnableOnlineStore: true, StorageType: "Standard"}
		o.FeatureDefinitions = append(o.FeatureDefinitions, definition{FeatureName: "listed", FeatureType: "String", CollectionType: "List"})
	case 10:
		o.ThroughputConfig = &throughput{ThroughputMode: "Provisioned"}
		o.OnlineStoreConfig = &onlineConfig{EnableOnlineStore: true}
	}
}

func (g *generator) deleteGroup() op { return &deleteGroup{g.ref(g.group())} }

func (g *generator) updateGroup() op {
	drawn := g.group()
	o := &updateGroup{FeatureGroupName: g.ref(drawn)}
	switch n := g.IntN(10); {
	case n < 2 && len(drawn.definitions) < 20:
		d := definition{FeatureName: g.newFeature(drawn), FeatureType: pick(g, "String", "Integral", "Fractional")}
		if g.chance(200) {
			d.CollectionType = pick(g, "List", "Set")
		}
		if g.chance(100) {
			d.FeatureName = pick(g, drawn.definitions...).FeatureName
		}
		o.FeatureAdditions = []definition{d}
	case n < 7:
		o.OnlineStoreConfig = &onlineUpdate{TtlDuration: &ttlUpdate{}}
		if drawn.online.ttl() == nil || g.chance(600) {
			t := g.duration()
			o.OnlineStoreConfig.TtlDuration = &ttlUpdate{t.Unit, t.Value}
		}
	case n < 8:
		o.OnlineStoreConfig = &onlineUpdate{StorageType: pick(g, "Standard_V2", "InMemory")}
	case n < 9:
		o.ThroughputConfig = &throughput{ThroughputMode: "OnDemand"}
	default:
		o.wrong = true
		if g.chance(500) { // two at once
			o.ThroughputConfig = &throughput{ThroughputMode: "OnDemand"}
			o.FeatureAdditions = []definition{{FeatureName: "two_at_once", FeatureType: "String"}}
		}
	}
	return o
}

func (g *generator) describe() op { return &describeGroup{g.ref(g.group())} }

func (g *generator) feature(drawn *group) string {
	if g.chance(50) {
		return "nothing"
	}
	return pick(g, drawn.definitions...).FeatureName
}

func (g *generator) describeFeature() op {
	drawn := g.group()
	return &describeFeature{g.ref(drawn), g.feature(drawn)}
}

func (g *generator) updateFeature() op {
	drawn := g.group()
	o := &updateFeature{FeatureGroupName: g.ref(drawn), FeatureName: g.feature(drawn)}
	if g.chance(500) {
		o.Description = pick(g, new(string), &texts[3])
	}
	for _, i := range g.Perm(40)[:g.IntN(8)] {
		o.ParameterAdditions = append(o.ParameterAdditions, parameter{fmt.Sprint("key ", i), fmt.Sprint("value ", g.IntN(9))})
	}
	for range g.IntN(3) {
		o.ParameterRemovals = append(o.ParameterRemovals, fmt.Sprint("key ", g.IntN(300)))
	}
	return o
}

func (g *generator) someTags(most int) []tag {
	var tags []tag
	for _, i := range g.Perm(60)[:g.IntN(most+1)] {
		tags = append(tags, tag{fmt.Sprint("tag ", i), fmt.Sprint("value ", g.IntN(9))})
	}
	return tags
}

func (g *generator) tags() op {
	arn := g.group().arn()
	if g.chance(30) {
		arn += "-that-is-not-there"
	}
	switch g.IntN(3) {
	case 0:
		if tags := g.someTags(12); len(tags) > 0 {
			return &addTags{arn, tags}
		}
	case 1:
		o := &deleteTags{ResourceArn: arn}
		for _, i := range g.Perm(60)[:1+g.IntN(9)] {
			o.TagKeys = append(o.TagKeys, fmt.Sprint("tag ", i))
		}
		return o
	}
	return &listTags{arn}
}

func (g *generator) listGroups() op {
	o := &listGroups{SortBy: pick(g, "", "Name", "CreationTime"), SortOrder: pick(g, "", "Ascending", "Descending"), NameContains: pick(g, "", "", "o", "O", "eu", "-")}
	switch pivot := stamp(g.group().created); g.IntN(5) {
	case 0:
		o.CreationTimeAfter = pivot
	case 1:
		o.CreationTimeBefore = pivot
	case 2:
		o.OfflineStoreStatusEquals = "Active"
	}
	return o
}

// raw draws a request that no SDK would send, to a group that exists.
func (g *generator) raw() op {
	name := g.group().name
	group := []string{"FeatureGroup", name}
	list := []string{"FeatureGroup", name, "ListRecords"}
	put := func(body string) request { return request{method: "PUT", path: group, body: []byte(body)} }
	get := func(query string) request {
		q, _ := url.ParseQuery(query) // the queries below can be read
		return request{method: "GET", path: group, query: q}
	}
	return pick(g,
		raw{put(`{"Record": [`), unreadable}, raw{put(`[]`), unreadable}, raw{put(`{"Record": "x"}`), unreadable},
		raw{put(`{"Record": [{"FeatureName": 7, "ValueAsString": "x"}]}`), unreadable},
		raw{put(`{}`), invalid}, raw{put(`{"Record": []}`), invalid}, raw{put(`{"record": [{"FeatureName": "id"}]}`), invalid},
		raw{put(`{"Record": [{"ValueAsString": "x"}]}`), invalid},
		raw{put(`{"Record": [{"FeatureName": "Text", "ValueAsString": "x", "ValueAsStringList": ["x"]}]}`), invalid},
		raw{put(`{"Record": [{"FeatureName": "id", "ValueAsString": "x"}], "TargetStores": ["Warehouse"]}`), invalid},
		raw{put(`{"Record": [{"FeatureName": "id", "ValueAsString": "x"}], "TtlDuration": {"Unit": "Seconds"}}`), invalid},
		raw{put(`{"Record": [{"FeatureName": "id", "ValueAsString": "x"}], "TtlDuration": {"Unit": "Eons", "Value": 1}}`), invalid},
		raw{put(`{"Record": [{"FeatureName": "id", "ValueAsString": "x"}], "TtlDuration": {"Unit": "Seconds", "Value": 0}}`), invalid},
		raw{get(""), invalid}, raw{get("RecordIdentifierValueAsString=a&ExpirationTimeResponse=Maybe"), invalid},
		raw{request{method: "DELETE", path: group, query: url.Values{"RecordIdentifierValueAsString": {"a"}}}, invalid},
		raw{request{method: "POST", path: list, body: []byte(`{"MaxResults": 0}`)}, invalid},
		raw{request{method: "POST", path: list, body: []byte(`{"MaxResults": 101}`)}, invalid},
		raw{request{method: "POST", path: list, body: []byte(`{"NextToken": "made up"}`)}, invalid},
		raw{request{method: "POST", path: []string{"FeatureGroup", "-bad-", "ListRecords"}, body: []byte(`{}`)}, invalid},
		raw{request{method: "POST", path: []string{"FeatureGroup", name, "Record"}, body: []byte(`{"RecordIdentifierValueAsString": "a", "Features": []}`)}, invalid},
		raw{request{method: "POST", path: []string{"BatchGetRecord"}, body: []byte(`{"Identifiers": []}`)}, invalid},
		raw{request{method: "POST", path: []string{"BatchWriteRecord"}, body: []byte(`{"Entries": []}`)}, invalid},
		raw{jsonCall("SageMaker.DescribeFeatureGroup", []byte(`{}`)), invalidControl},
		raw{jsonCall("SageMaker.DescribeFeatureGroup", []byte(`{"FeatureGroupName": 1}`)), unreadable},
		raw{jsonCall("SageMaker.ListFeatureGroups", []byte(`{"MaxResults": 101}`)), invalidControl},
	)
}
