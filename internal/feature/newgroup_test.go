package feature

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var here = Place{Account: "123456789012", Region: "eu-west-1"}

var created = time.Date(2024, 1, 31, 12, 0, 0, 987654321, time.UTC)

func asked() *Group {
	return &Group{
		Name: "Customer-Features", RecordIdentifier: "id", EventTime: "at",
		Definitions: []Definition{{Name: "id", Type: String}, {Name: "at", Type: Fractional}, {Name: "n", Type: Integral}},
		Online:      &Online{},
		Offline:     &Offline{S3URI: "s3://lake/feature-store/"},
		RoleARN:     "arn:aws:iam::123456789012:role/service-role/larder",
	}
}

func TestNewGroupFillsIn(t *testing.T) {
	g, err := NewGroup(asked(), here, created, false)
	if err != nil {
		t.Fatal(err)
	}
	want := asked()
	want.ARN = "arn:aws:sagemaker:eu-west-1:123456789012:feature-group/Customer-Features"
	want.Created = time.Date(2024, 1, 31, 12, 0, 0, 987000000, time.UTC)
	want.Status = Creating
	want.Offline.Resolved = "s3://lake/feature-store/123456789012/sagemaker/eu-west-1/offline-store/Customer-Features-1706702400/data"
	want.Offline.Table = &TableRef{"AwsDataCatalog", "sagemaker_featurestore", "customer_features_1706702400"}
	if diff := cmp.Diff(want, g); diff != "" {
		t.Errorf("NewGroup (-want +got):\n%s", diff)
	}
	bucket, prefix := g.Offline.Location()
	if bucket != "lake" || prefix != "feature-store/123456789012/sagemaker/eu-west-1/offline-store/Customer-Features-1706702400/data" {
		t.Errorf("Location = %q, %q", bucket, prefix)
	}
}

func TestNewGroupTable(t *testing.T) {
	given := &TableRef{"awsdatacatalog", "my_db", "my_table"}
	cases := []struct {
		name    string
		disable bool
		given   *TableRef
		want    *TableRef
	}{
		{"automatic", false, nil, &TableRef{"AwsDataCatalog", "sagemaker_featurestore", "customer_features_1706702400"}},
		{"given names", false, given, &TableRef{"AwsDataCatalog", "my_db", "my_table"}},
		{"the caller's own table", true, given, &TableRef{"AwsDataCatalog", "my_db", "my_table"}},
		{"the caller's own table in the account's catalog", true, &TableRef{"123456789012", "d", "t"}, &TableRef{"123456789012", "d", "t"}},
		{"no table", true, nil, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := asked()
			a.Offline.DisableTable, a.Offline.Table = c.disable, c.given
			g, err := NewGroup(a, here, created, false)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, g.Offline.Table); diff != "" {
				t.Errorf("Table (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewGroupTakes(t *testing.T) {
	cases := []struct {
		name   string
		change func(g *Group)
	}{
		{"online alone without a role", func(g *Group) { g.Offline, g.RoleARN = nil, "" }},
		{"offline alone", func(g *Group) { g.Online = nil }},
		{"identifier that is the event time", func(g *Group) { g.RecordIdentifier = "at" }},
		{"names that differ in case, online alone", func(g *Group) {
			g.Offline = nil
			g.Definitions = append(g.Definitions, Definition{Name: "N", Type: String})
		}},
		{"names of partitions", func(g *Group) { g.Definitions = append(g.Definitions, Definition{Name: "year", Type: String}) }},
		{"S3Uri of a bucket alone", func(g *Group) { g.Offline.S3URI = "s3://lake" }},
		{"table format Glue", func(g *Group) { g.Offline.TableFormat = "Glue" }},
		{"storage type Standard", func(g *Group) { g.Online.StorageType = "Standard" }},
		{"2500 features", func(g *Group) {
			for len(g.Definitions) < 2500 {
				g.Definitions = append(g.Definitions, Definition{Name: Name(fmt.Sprint("f", len(g.Definitions))), Type: Fractional})
			}
		}},
		{"tags", func(g *Group) { g.Tags = []Tag{{"team", "données + café"}, {"Team", ""}} }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := asked()
			c.change(g)
			if _, err := NewGroup(g, here, created, false); err != nil {
				t.Errorf("NewGroup = %v", err)
			}
		})
	}
}

func TestNewGroupRefuses(t *testing.T) {
	define := func(d ...Definition) func(*Group) {
		return func(g *Group) { g.Definitions = append(g.Definitions, d...) }
	}
	table := func(catalog, database, name string) func(*Group) {
		return func(g *Group) { g.Offline.Table = &TableRef{catalog, database, name} }
	}
	cases := []struct {
		name   string
		change func(g *Group)
		kind   Kind
		says   string
	}{
		{"no store", func(g *Group) { g.Online, g.Offline = nil, nil }, Invalid, "OnlineStore and OfflineStore cannot be both disabled."},
		{"bad name", func(g *Group) { g.Name = "-x" }, Invalid, "feature group name"},
		{"no features", func(g *Group) { g.Definitions = nil }, Invalid, "1 to 2500"},
		{"too many features", func(g *Group) { g.Definitions = make([]Definition, 2501) }, Invalid, "1 to 2500"},
		{"bad feature name", define(Definition{Name: "a b", Type: String}), Invalid, `"a b"`},
		{"no feature type", define(Definition{Name: "a", Type: 0}), Invalid, "FeatureType"},
		{"reserved name", define(Definition{Name: "Write_Time", Type: String}), Invalid, "reserved"},
		{"duplicate", define(Definition{Name: "n", Type: String}), Invalid, "twice"},
		{"duplicate but for case", define(Definition{Name: "N", Type: String}), Invalid, "differ only in case"},
		{"unknown identifier", func(g *Group) { g.RecordIdentifier = "ID" }, Invalid, "RecordIdentifierFeatureName"},
		{"unknown event time", func(g *Group) { g.EventTime = "x" }, Invalid, "EventTimeFeatureName"},
		{"integral event time", func(g *Group) { g.EventTime = "n" }, Invalid, "Integral"},
		{"in-memory store with an offline store", func(g *Group) { g.Online.StorageType = "InMemory" }, Invalid, "cannot have an OfflineStoreConfig"},
		{"bad key", func(g *Group) { g.Online.KMSKeyID = "a key" }, Invalid, "KmsKeyId"},
		{"no role", func(g *Group) { g.RoleARN = "" }, Invalid, "RoleArn"},
		{"bad role", func(g *Group) { g.RoleARN = "arn:aws:iam::123456789012:user/someone" }, Invalid, "RoleArn"},
		{"role of another account", func(g *Group) { g.RoleARN = "arn:aws:iam::999999999999:role/larder" }, Invalid, "another account"},
		{"no S3Uri", func(g *Group) { g.Offline.S3URI = "lake/x" }, Invalid, "Invalid S3Uri provided"},
		{"S3Uri of https", func(g *Group) { g.Offline.S3URI = "https://s3.amazonaws.com/lake" }, Unsupported, "https"},
		{"long S3Uri", func(g *Group) { g.Offline.S3URI = "s3://b/" + strings.Repeat("x", 1024) }, Invalid, "Invalid S3Uri provided"},
		{"S3Uri too long for data files", func(g *Group) { g.Offline.S3URI = "s3://b/" + strings.Repeat("x", 900) }, Invalid, "shorter by"},
		{"Iceberg with a Fractional event time", func(g *Group) { g.Offline.TableFormat = "Iceberg" }, Invalid, "FeatureType String"},
		{"unknown catalog", table("other", "d", "t"), Invalid, "Catalog"},
		{"account as catalog of a table to create", table("123456789012", "d", "t"), Invalid, "Catalog"},
		{"the catalog's own database", table("AwsDataCatalog", "information_schema", "t"), Invalid, "Database"},
		{"upper-case database", table("AwsDataCatalog", "D", "t"), Invalid, "Database"},
		{"hyphen in table", table("AwsDataCatalog", "d", "a-b"), Invalid, "TableName"},
		{"long table", table("AwsDataCatalog", "d", strings.Repeat("t", 253)), Invalid, "TableName"},
		{"long description", func(g *Group) { g.Description = strings.Repeat("é", 129) }, Invalid, "Description"},
		{"51 tags", func(g *Group) { g.Tags = make([]Tag, 51) }, Invalid, "50"},
		{"empty tag key", func(g *Group) { g.Tags = []Tag{{"", "x"}} }, Invalid, "tag key"},
		{"reserved tag key", func(g *Group) { g.Tags = []Tag{{"aws:x", "x"}} }, Invalid, "reserved"},
		{"bad tag value", func(g *Group) { g.Tags = []Tag{{"k", "a*b"}} }, Invalid, "value"},
		{"tag twice", func(g *Group) { g.Tags = []Tag{{"k", "1"}, {"k", "2"}} }, Invalid, "twice"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := asked()
			c.change(g)
			_, err := NewGroup(g, here, created, false)
			if KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("NewGroup = %v (kind %d); want kind %d that says %q", err, KindOf(err), c.kind, c.says)
			}
		})
	}
}
