package feature

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var later = time.Date(2024, 2, 1, 8, 30, 0, 123456789, time.UTC)

// store is customers with an offline store too.
func store() *Group {
	g := customers()
	withOffline(g)
	return g
}

// numbered makes n definitions.
func numbered(n int) []Definition {
	d := make([]Definition, n)
	for i := range d {
		d[i] = Definition{Name: Name(fmt.Sprint("n", i)), Type: Fractional}
	}
	return d
}

func TestUpdateAppendsFeaturesInOrder(t *testing.T) {
	g := store()
	added := []Definition{{Name: "zip", Type: String}, {Name: "age", Type: Integral, Metadata: &Metadata{}, Added: created}}
	if err := g.Update(&GroupUpdate{Additions: added}, later); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2024, 2, 1, 8, 30, 0, 123000000, time.UTC)
	want := store()
	want.Definitions = append(want.Definitions, Definition{Name: "zip", Type: String, Added: at}, Definition{Name: "age", Type: Integral, Added: at})
	want.Modified, want.LastUpdate = at, &UpdateStatus{Status: "InProgress"}
	if diff := cmp.Diff(want, g); diff != "" {
		t.Errorf("Update (-want +got):\n%s", diff)
	}
}

func TestUpdateAdditions(t *testing.T) {
	one := func(d Definition) []Definition { return []Definition{d} }
	list := Definition{Name: "tags", Type: String, Collection: List}
	vector := Definition{Name: "second", Type: Fractional, Collection: Vector, Dimension: 2}
	cases := []struct {
		name  string
		group *Group
		added []Definition
		kind  Kind // Fault: taken
	}{
		{"100", store(), numbered(100), Fault},
		{"101", store(), numbered(101), Invalid},
		{"none", store(), []Definition{}, Invalid},
		{"a name that is there", store(), one(Definition{Name: "city", Type: String}), Invalid},
		{"a name that is there with another type", store(), one(Definition{Name: "city", Type: Integral}), Invalid},
		{"a name that is there in another case", store(), one(Definition{Name: "City", Type: String}), Invalid},
		{"the same without an offline store", customers(), one(Definition{Name: "City", Type: String}), Fault},
		{"a name twice", store(), append(numbered(1), numbered(1)...), Invalid},
		{"a reserved name", store(), one(Definition{Name: "Is_Deleted", Type: String}), Invalid},
		{"a bad name", store(), one(Definition{Name: "_", Type: String}), Invalid},
		{"no type", store(), one(Definition{Name: "zip"}), Invalid},
		{"a list in memory", baskets(), one(list), Fault},
		{"a list elsewhere", store(), one(list), Invalid},
		{"a second vector", baskets(), one(vector), Invalid},
		{"the 2500th feature", &Group{Status: Created, Definitions: numbered(2499)}, one(list0), Fault},
		{"the 2501st feature", &Group{Status: Created, Definitions: numbered(2500)}, one(list0), LimitExceeded},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := mustJSON(t, c.group)
			err := c.group.Update(&GroupUpdate{Additions: c.added}, later)
			if (err == nil) != (c.kind == Fault) || KindOf(err) != c.kind {
				t.Fatalf("Update = %v (kind %d); want kind %d", err, KindOf(err), c.kind)
			}
			if after := mustJSON(t, c.group); err != nil && after != before {
				t.Errorf("a refused update changed the group from %s to %s", before, after)
			}
		})
	}
}

// list0 is a feature that every group can take.
var list0 = Definition{Name: "last", Type: String}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestUpdateTakesOneThingAtATime(t *testing.T) {
	ttl := &OnlineUpdate{TTL: &TTL{Days, 1}}
	demand := &Throughput{Mode: OnDemand}
	busy := func(g *Group) { g.LastUpdate = &UpdateStatus{Status: UpdateInProgress} }
	free := func(g *Group) {}
	cases := []struct {
		name   string
		change func(g *Group)
		update *GroupUpdate
		says   string // "": taken
	}{
		{"nothing", free, &GroupUpdate{}, "0 of FeatureAdditions"},
		{"features and throughput", free, &GroupUpdate{Additions: numbered(1), Throughput: demand}, "2 of FeatureAdditions"},
		{"all three", free, &GroupUpdate{Additions: numbered(1), Online: ttl, Throughput: demand}, "3 of FeatureAdditions"},
		{"time to live", free, &GroupUpdate{Online: ttl}, ""},
		{"throughput", free, &GroupUpdate{Throughput: demand}, ""},
		{"after an update that succeeded", func(g *Group) { g.LastUpdate = &UpdateStatus{Status: UpdateSuccessful} }, &GroupUpdate{Online: ttl}, ""},
		{"after an update that failed", func(g *Group) { g.LastUpdate = &UpdateStatus{Status: UpdateFailed} }, &GroupUpdate{Online: ttl}, ""},
		{"during another", busy, &GroupUpdate{Online: ttl}, "InProgress"},
		{"while it is made", func(g *Group) { g.Status = Creating }, &GroupUpdate{Online: ttl}, "Creating"},
		{"after its creation failed", func(g *Group) { g.Status = CreateFailed }, &GroupUpdate{Online: ttl}, "CreateFailed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := store()
			c.change(g)
			checkRefusal(t, "Update", g.Update(c.update, later), c.says)
		})
	}
}

func TestUpdateOnlineStore(t *testing.T) {
	hour, day := &TTL{Hours, 1}, &TTL{Days, 1}
	cases := []struct {
		name   string
		has    *Online
		update OnlineUpdate
		want   *Online
		says   string // "": taken
	}{
		{"a first time to live", &Online{}, OnlineUpdate{TTL: hour}, &Online{TTL: hour}, ""},
		{"another time to live", &Online{TTL: hour}, OnlineUpdate{TTL: day}, &Online{TTL: day}, ""},
		{"no time to live any more", &Online{TTL: hour}, OnlineUpdate{RemoveTTL: true}, &Online{}, ""},
		{"removing what is not there", &Online{}, OnlineUpdate{RemoveTTL: true}, &Online{}, ""},
		{"half a time to live", &Online{}, OnlineUpdate{TTL: &TTL{Unit: Hours}}, nil, "Unit and Value"},
		{"Standard by default to Standard_V2", &Online{}, OnlineUpdate{StorageType: StandardV2}, &Online{StorageType: StandardV2}, ""},
		{"Standard to Standard_V2, the time to live stays", &Online{StorageType: Standard, TTL: day}, OnlineUpdate{StorageType: StandardV2}, &Online{StorageType: StandardV2, TTL: day}, ""},
		{"both", &Online{}, OnlineUpdate{StorageType: StandardV2, TTL: day}, &Online{StorageType: StandardV2, TTL: day}, ""},
		{"Standard_V2 again", &Online{StorageType: StandardV2}, OnlineUpdate{StorageType: StandardV2}, &Online{StorageType: StandardV2}, ""},
		{"Standard_V2 back to Standard", &Online{StorageType: StandardV2}, OnlineUpdate{StorageType: Standard}, nil, "cannot become"},
		{"Standard to InMemory", &Online{}, OnlineUpdate{StorageType: InMemory}, nil, "cannot become"},
		{"InMemory to Standard_V2", &Online{StorageType: InMemory}, OnlineUpdate{StorageType: StandardV2}, nil, "cannot become"},
		{"InMemory to InMemory", &Online{StorageType: InMemory}, OnlineUpdate{StorageType: InMemory}, nil, "cannot become"},
		{"an unknown type", &Online{}, OnlineUpdate{StorageType: "standard"}, nil, "cannot become"},
		{"nothing", &Online{}, OnlineUpdate{}, nil, "neither"},
		{"no online store", nil, OnlineUpdate{TTL: hour}, nil, "no online store"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := store()
			g.Online = c.has
			had := mustJSON(t, c.has)
			err := g.Update(&GroupUpdate{Online: &c.update}, later)
			checkRefusal(t, "Update", err, c.says)
			if diff := cmp.Diff(c.want, g.Online); err == nil && diff != "" {
				t.Errorf("Online (-want +got):\n%s", diff)
			}
			if got := mustJSON(t, c.has); got != had {
				t.Errorf("the store that others may hold changed from %s to %s", had, got)
			}
		})
	}
}

func TestUpdateThroughput(t *testing.T) {
	provisioned := func(read, write int64) *Throughput {
		return &Throughput{Mode: Provisioned, Read: units(read), Write: units(write)}
	}
	cases := []struct {
		name   string
		has    *Throughput
		update Throughput
		want   *Throughput
		says   string // "": taken
	}{
		{"on demand to provisioned", nil, *provisioned(1, 2), provisioned(1, 2), ""},
		{"provisioned to on demand", provisioned(1, 2), Throughput{Mode: OnDemand}, &Throughput{Mode: OnDemand}, ""},
		{"write units alone", provisioned(1, 2), Throughput{Write: units(5)}, provisioned(1, 5), ""},
		{"read units, naming the mode", provisioned(1, 2), Throughput{Mode: Provisioned, Read: units(0)}, provisioned(0, 2), ""},
		{"units of on demand", nil, Throughput{Write: units(5)}, nil, "only with the ThroughputMode Provisioned"},
		{"to provisioned with half the units", nil, Throughput{Mode: Provisioned, Write: units(5)}, nil, "ProvisionedReadCapacityUnits"},
		{"to on demand with units", provisioned(1, 2), Throughput{Mode: OnDemand, Read: units(1)}, nil, "only with the ThroughputMode Provisioned"},
		{"unknown mode", nil, Throughput{Mode: "x"}, nil, "ThroughputMode"},
		{"too many units", provisioned(1, 2), Throughput{Read: units(10_000_001)}, nil, "10000001"},
		{"nothing", provisioned(1, 2), Throughput{}, nil, "empty"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := store()
			g.Throughput = c.has
			err := g.Update(&GroupUpdate{Throughput: &c.update}, later)
			checkRefusal(t, "Update", err, c.says)
			if diff := cmp.Diff(c.want, g.Throughput); err == nil && diff != "" {
				t.Errorf("Throughput (-want +got):\n%s", diff)
			}
		})
	}
}
