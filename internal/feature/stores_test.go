package feature

import "testing"

func units(n int64) *int64 { return &n }

func TestNewGroupOnlineStore(t *testing.T) {
	cases := []struct {
		name   string
		change func(g *Group)
		says   string // "": taken
	}{
		{"storage Standard_V2", func(g *Group) { g.Online.StorageType = StandardV2 }, ""},
		{"storage in memory, online alone", func(g *Group) { g.Online.StorageType = InMemory; g.Offline = nil }, ""},
		{"storage in memory with an offline store", func(g *Group) { g.Online.StorageType = InMemory }, "OfflineStoreConfig"},
		{"storage in memory with a key", func(g *Group) { g.Offline = nil; g.Online = &Online{StorageType: InMemory, KMSKeyID: "k"} }, "KmsKeyId"},
		{"unknown storage", func(g *Group) { g.Online.StorageType = "inmemory" }, "StorageType"},
		{"time to live", func(g *Group) { g.Online.TTL = &TTL{Weeks, 2} }, ""},
		{"time to live without a unit", func(g *Group) { g.Online.TTL = &TTL{Value: 2} }, "Unit and Value"},
		{"time to live without a value", func(g *Group) { g.Online.TTL = &TTL{Unit: Days} }, "Unit and Value"},
		{"time to live of no online store", func(g *Group) { g.Online, g.OnlineOff = nil, &Online{TTL: &TTL{Days, 1}} }, "EnableOnlineStore"},
		{"an online store that is off", func(g *Group) { g.Online, g.OnlineOff = nil, &Online{StorageType: Standard} }, ""},
		{"unknown storage that is off", func(g *Group) { g.Online, g.OnlineOff = nil, &Online{StorageType: "x"} }, "StorageType"},
		{"bad key of a store that is off", func(g *Group) { g.Online, g.OnlineOff = nil, &Online{KMSKeyID: "a key"} }, "KmsKeyId"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := asked()
			c.change(g)
			_, err := NewGroup(g, here, created, false)
			checkRefusal(t, "NewGroup", err, c.says)
		})
	}
}

func TestExtensionsGiveAnInMemoryGroupAnOfflineStore(t *testing.T) {
	g := baskets()
	withOffline(g)
	if _, err := NewGroup(g, here, created, true); err != nil {
		t.Errorf("NewGroup with extensions = %v", err)
	}
	_, err := NewGroup(g, here, created, false)
	checkRefusal(t, "NewGroup without extensions", err, "OfflineStoreConfig")
}

func TestNewGroupThroughput(t *testing.T) {
	offlineAlone := func(g *Group) { g.Online = nil }
	inMemory := func(g *Group) { g.Online.StorageType, g.Offline = InMemory, nil }
	standardV2 := func(g *Group) { g.Online.StorageType = StandardV2 }
	asIs := func(*Group) {}
	cases := []struct {
		name   string
		change func(g *Group)
		given  *Throughput
		says   string // "": taken
	}{
		{"none", asIs, nil, ""},
		{"on demand", asIs, &Throughput{Mode: OnDemand}, ""},
		{"on demand with read units", asIs, &Throughput{Mode: OnDemand, Read: units(1)}, "only with the ThroughputMode Provisioned"},
		{"on demand with no write units", asIs, &Throughput{Mode: OnDemand, Write: units(0)}, "only with the ThroughputMode Provisioned"},
		{"provisioned", asIs, &Throughput{Mode: Provisioned, Read: units(0), Write: units(10_000_000)}, ""},
		{"provisioned Standard_V2", standardV2, &Throughput{Mode: Provisioned, Read: units(1), Write: units(1)}, ""},
		{"provisioned in memory", inMemory, &Throughput{Mode: Provisioned, Read: units(1), Write: units(1)}, "InMemory"},
		{"provisioned without read units", asIs, &Throughput{Mode: Provisioned, Write: units(1)}, "ProvisionedReadCapacityUnits"},
		{"provisioned without write units", asIs, &Throughput{Mode: Provisioned, Read: units(1)}, "ProvisionedWriteCapacityUnits"},
		{"provisioned offline alone", offlineAlone, &Throughput{Mode: Provisioned, Write: units(1)}, ""},
		{"provisioned offline alone with read units", offlineAlone, &Throughput{Mode: Provisioned, Read: units(0), Write: units(1)}, ""},
		{"provisioned offline alone without write units", offlineAlone, &Throughput{Mode: Provisioned, Read: units(1)}, "ProvisionedWriteCapacityUnits"},
		{"negative units", asIs, &Throughput{Mode: Provisioned, Read: units(-1), Write: units(1)}, "ProvisionedReadCapacityUnits -1"},
		{"too many units", asIs, &Throughput{Mode: Provisioned, Read: units(1), Write: units(10_000_001)}, "ProvisionedWriteCapacityUnits 10000001"},
		{"unknown mode", asIs, &Throughput{Mode: "ON_DEMAND"}, "ThroughputMode"},
		{"no mode", asIs, &Throughput{Read: units(1), Write: units(1)}, "ThroughputMode"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := asked()
			c.change(g)
			g.Throughput = c.given
			_, err := NewGroup(g, here, created, false)
			checkRefusal(t, "NewGroup", err, c.says)
		})
	}
}

func TestNewGroupTableFormat(t *testing.T) {
	text := func(g *Group) { g.Definitions[1].Type = String }
	cases := []struct {
		name, format string
		change       func(g *Group)
		says         string // "": taken
	}{
		{"default", "Default", text, ""},
		{"unknown", "glue", text, "not one of Default, Glue, Iceberg"},
		{"Iceberg", "Iceberg", text, "not supported by this server yet; use Glue"},
		{"Iceberg with a Fractional event time", "Iceberg", func(*Group) {}, "FeatureType String"},
		{"Iceberg without a table", "Iceberg", func(g *Group) { text(g); g.Offline.DisableTable = true }, "DisableGlueTableCreation"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := asked()
			c.change(g)
			g.Offline.TableFormat = c.format
			_, err := NewGroup(g, here, created, false)
			checkRefusal(t, "NewGroup", err, c.says)
		})
	}
}

// TestNewGroupSaysWhatClientsWaitFor holds the words on which clients retry a creation (contract §1.2).
func TestNewGroupSaysWhatClientsWaitFor(t *testing.T) {
	cases := []struct {
		name   string
		change func(g *Group)
		says   string
	}{
		{"role that is none", func(g *Group) { g.RoleARN = "arn:aws:iam::123456789012:user/x" }, "The execution role ARN is invalid."},
		{"role of another account", func(g *Group) { g.RoleARN = "arn:aws:iam::999999999999:role/larder" }, "The execution role ARN is invalid."},
		{"address of no bucket", func(g *Group) { g.Offline.S3URI = "ftp://lake" }, "Invalid S3Uri provided"},
		{"no store", func(g *Group) { g.Online, g.Offline = nil, nil }, "OnlineStore and OfflineStore cannot be both disabled. Please enable at least one of them and retry the request."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := asked()
			c.change(g)
			_, err := NewGroup(g, here, created, false)
			checkRefusal(t, "NewGroup", err, c.says)
		})
	}
}

func TestNewGroupSharesNothingWithWhatWasAsked(t *testing.T) {
	a := asked()
	a.Online.TTL = &TTL{Days, 1}
	a.Throughput = &Throughput{Mode: Provisioned, Read: units(1), Write: units(1)}
	g, err := NewGroup(a, here, created, false)
	if err != nil {
		t.Fatal(err)
	}
	a.Online.TTL.Value, *a.Throughput.Read, a.Definitions[0].Name = 2, 2, "changed"
	if g.Online.TTL.Value != 1 || *g.Throughput.Read != 1 || g.Definitions[0].Name != "id" {
		t.Errorf("the group changed with what was asked: %+v %+v %+v", g.Online.TTL, *g.Throughput.Read, g.Definitions[0])
	}
}
