package metamorphic

import (
	"strconv"
	"strings"
	"time"
)

// createGroup is CreateFeatureGroup. A history's invalid ones say what is wrong with them.
type createGroup struct {
	FeatureGroupName            string
	RecordIdentifierFeatureName string `json:",omitempty"`
	EventTimeFeatureName        string `json:",omitempty"`
	FeatureDefinitions          []definition
	OnlineStoreConfig           *onlineConfig  `json:",omitempty"`
	OfflineStoreConfig          *offlineConfig `json:",omitempty"`
	ThroughputConfig            *throughput    `json:",omitempty"`
	RoleArn                     string         `json:",omitempty"`
	Description                 string         `json:",omitempty"`
	Tags                        []tag          `json:",omitempty"`

	wrong string // the code of its error, whatever the store holds
}

func (o *createGroup) request() request { return jsonCall("SageMaker.CreateFeatureGroup", o) }

func (o *createGroup) expect(m *model) reply {
	if o.wrong != "" {
		return reply{code: o.wrong}
	}
	if m.groups[o.FeatureGroupName] != nil {
		return reply{code: "ResourceInUse"}
	}
	g := &group{
		name: o.FeatureGroupName, identifier: o.RecordIdentifierFeatureName, eventTime: o.EventTimeFeatureName,
		features: map[string]*featureInfo{}, throughput: o.ThroughputConfig, role: o.RoleArn,
		description: o.Description, tags: append([]tag{}, o.Tags...),
		created: m.now.Truncate(time.Millisecond), held: map[string]*record{}, ever: map[string]bool{},
	}
	if o.OnlineStoreConfig != nil {
		online := *o.OnlineStoreConfig
		g.online = &online
	}
	if o.OfflineStoreConfig != nil {
		m.place(g, *o.OfflineStoreConfig)
	}
	g.add(o.FeatureDefinitions, g.created)
	m.groups[g.name] = g
	return reply{body: map[string]string{"FeatureGroupArn": g.arn()}}
}

// add adds definitions to g.
func (g *group) add(definitions []definition, at time.Time) {
	for _, d := range definitions {
		g.definitions = append(g.definitions, d)
		g.features[d.FeatureName] = &featureInfo{added: at, modified: at}
	}
}

// place gives g an offline store where none was before: a location and a table name have the second
// of creation in them, which moves on until both are free (contract §4.1, §4.5).
func (m *model) place(g *group, asked offlineConfig) {
	for {
		second := strconv.FormatInt(g.created.Unix(), 10)
		location := strings.TrimRight(asked.S3StorageConfig.S3Uri, "/") + "/" + account + "/sagemaker/" + region + "/offline-store/" + g.name + "-" + second + "/data"
		name := strings.ToLower(strings.ReplaceAll(g.name, "-", "_")) + "_" + second
		catalog := catalogConfig{TableName: name, Catalog: "AwsDataCatalog", Database: "sagemaker_featurestore"}
		if asked.DataCatalogConfig != nil {
			catalog.TableName, catalog.Database = asked.DataCatalogConfig.TableName, asked.DataCatalogConfig.Database
			name = location // which is all that has the second in it
		}
		if !m.locations[location] && !m.locations[name] {
			m.locations[location], m.locations[name] = true, true
			asked.S3StorageConfig.ResolvedOutputS3Uri = location
			asked.DataCatalogConfig = &catalog
			break
		}
		g.created = g.created.Truncate(time.Second).Add(time.Second)
	}
	kept := false
	if asked.DisableGlueTableCreation == nil {
		asked.DisableGlueTableCreation = &kept
	}
	g.offline = &asked
	g.table = &table{name: `"` + asked.DataCatalogConfig.Database + `"."` + asked.DataCatalogConfig.TableName + `"`, group: g, rows: map[string][]row{}, markers: map[string][]row{}}
	m.tables = append(m.tables, g.table)
}

// describeGroup is DescribeFeatureGroup.
type describeGroup struct{ FeatureGroupName string }

func (o *describeGroup) request() request { return jsonCall("SageMaker.DescribeFeatureGroup", o) }

// described is the reply of DescribeFeatureGroup (contract §1.4).
type described struct {
	FeatureGroupArn, FeatureGroupName                 string
	RecordIdentifierFeatureName, EventTimeFeatureName string
	FeatureDefinitions                                []definition
	CreationTime                                      float64
	LastModifiedTime                                  float64        `json:",omitempty"`
	OnlineStoreConfig                                 *onlineConfig  `json:",omitempty"`
	OfflineStoreConfig                                *offlineConfig `json:",omitempty"`
	ThroughputConfig                                  throughput
	RoleArn                                           string `json:",omitempty"`
	FeatureGroupStatus                                string
	OfflineStoreStatus                                *status `json:",omitempty"`
	LastUpdateStatus                                  *status `json:",omitempty"`
	Description                                       string  `json:",omitempty"`
}

func (o *describeGroup) expect(m *model) reply {
	g, code := m.find(o.FeatureGroupName)
	if code != "" {
		return reply{code: control(code)}
	}
	d := described{
		FeatureGroupArn: g.arn(), FeatureGroupName: g.name,
		RecordIdentifierFeatureName: g.identifier, EventTimeFeatureName: g.eventTime,
		FeatureDefinitions: g.definitions, CreationTime: stamp(g.created),
		OnlineStoreConfig: g.online, OfflineStoreConfig: g.offline, ThroughputConfig: throughput{ThroughputMode: "OnDemand"},
		RoleArn: g.role, FeatureGroupStatus: "Created", OfflineStoreStatus: g.offlineStatus(), Description: g.description,
	}
	if g.throughput != nil {
		d.ThroughputConfig = *g.throughput
	}
	if !g.modified.IsZero() {
		d.LastModifiedTime, d.LastUpdateStatus = stamp(g.modified), &status{"Successful"}
	}
	return reply{body: d}
}

func (g *group) offlineStatus() *status {
	if g.offline == nil {
		return nil
	}
	return &status{"Active"}
}

// control is the code of the control plane for one of the runtime.
func control(code string) string {
	if code == invalid {
		return invalidControl
	}
	return code
}

// stamp is a time as the control plane writes it.
func stamp(at time.Time) float64 { return float64(at.UnixMilli()) / 1000 }

// deleteGroup is DeleteFeatureGroup.
type deleteGroup struct{ FeatureGroupName string }

func (o *deleteGroup) request() request { return jsonCall("SageMaker.DeleteFeatureGroup", o) }

func (o *deleteGroup) expect(m *model) reply {
	g, code := m.find(o.FeatureGroupName)
	if code == "" {
		delete(m.groups, g.name)
		for id, r := range g.held { // what has not expired by now never will
			if !r.expired(m.now) {
				delete(g.held, id)
			}
		}
	}
	return reply{code: control(code)}
}

// updateGroup is UpdateFeatureGroup.
type updateGroup struct {
	FeatureGroupName  string
	FeatureAdditions  []definition  `json:",omitzero"`
	OnlineStoreConfig *onlineUpdate `json:",omitempty"`
	ThroughputConfig  *throughput   `json:",omitempty"`

	wrong bool
}

type onlineUpdate struct {
	TtlDuration *ttlUpdate `json:",omitempty"`
	StorageType string     `json:",omitempty"`
}

// ttlUpdate is a duration, or none to take the group's away.
type ttlUpdate struct {
	Unit  string `json:",omitempty"`
	Value int64  `json:",omitempty"`
}

func (o *updateGroup) request() request { return jsonCall("SageMaker.UpdateFeatureGroup", o) }

func (o *updateGroup) expect(m *model) reply {
	g, code := m.find(o.FeatureGroupName)
	switch {
	case code != "":
		return reply{code: control(code)}
	case o.wrong:
		return reply{code: invalidControl}
	case o.FeatureAdditions != nil:
		for _, d := range o.FeatureAdditions {
			for _, has := range g.definitions {
				same := has.FeatureName == d.FeatureName || g.offline != nil && strings.EqualFold(has.FeatureName, d.FeatureName)
				if same || d.CollectionType != "" && g.storage() != "InMemory" {
					return reply{code: invalidControl}
				}
			}
		}
		g.add(o.FeatureAdditions, m.now.Truncate(time.Millisecond))
	case o.OnlineStoreConfig != nil:
		if !g.has().online {
			return reply{code: invalidControl}
		}
		online := *g.online
		if s := o.OnlineStoreConfig.StorageType; s != "" {
			if g.storage() == "InMemory" || s != "Standard_V2" && s != g.storage() {
				return reply{code: invalidControl}
			}
			online.StorageType = s
		}
		if t := o.OnlineStoreConfig.TtlDuration; t != nil {
			online.TtlDuration = nil
			if t.Unit != "" {
				online.TtlDuration = &ttl{t.Unit, t.Value}
			}
		}
		g.online = &online
	default:
		g.throughput = o.ThroughputConfig
	}
	g.modified = m.now.Truncate(time.Millisecond)
	return reply{body: map[string]string{"FeatureGroupArn": g.arn()}}
}
