package metamorphic

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A group is what the model knows of a feature group.
type group struct {
	name, identifier, eventTime string
	definitions                 []definition
	features                    map[string]*featureInfo
	online                      *onlineConfig // as Describe shows it; nil: none was described
	offline                     *offlineConfig
	throughput                  *throughput
	role, description           string
	tags                        []tag
	created, modified           time.Time // modified is zero before the first update

	held  map[string]*record
	ever  map[string]bool // identifiers that were ever written
	table *table          // nil: no offline store
}

// featureInfo is what is said of a feature.
type featureInfo struct {
	added, modified time.Time
	description     string
	parameters      []parameter
}

// stores are those that a write goes to.
type stores struct{ online, offline bool }

func (g *group) has() stores {
	return stores{g.online != nil && g.online.EnableOnlineStore, g.offline != nil}
}

func (g *group) arn() string {
	return "arn:aws:sagemaker:" + region + ":" + account + ":feature-group/" + g.name
}

func (g *group) definition(name string) *definition {
	for i := range g.definitions {
		if g.definitions[i].FeatureName == name {
			return &g.definitions[i]
		}
	}
	return nil
}

var (
	nameForm = regexp.MustCompile(`^[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}$`)
	arnForm  = regexp.MustCompile(`^arn:aws[a-z-]*:sagemaker:([a-z0-9-]*):([0-9]{12}):feature-group/(.*)$`)
)

// find resolves a name or ARN: "" and the group, or the code of what is wrong with it.
func (m *model) find(ref string) (*group, string) {
	name, parts := ref, arnForm.FindStringSubmatch(ref)
	if parts != nil {
		name = parts[3]
	}
	if !nameForm.MatchString(name) || len(name) > 64 {
		return nil, invalid
	}
	if parts != nil && (parts[1] != region || parts[2] != account) {
		return nil, notFound
	}
	if g := m.groups[name]; g != nil {
		return g, ""
	}
	var folded []*group
	for _, g := range m.groups {
		if parts != nil && strings.EqualFold(g.name, name) {
			folded = append(folded, g)
		}
	}
	if len(folded) == 1 {
		return folded[0], ""
	}
	return nil, notFound
}

// targets reads TargetStores: ok if g has them.
func (g *group) targets(asked []string) (to stores, ok bool) {
	has := g.has()
	if asked == nil {
		return has, true
	}
	for _, s := range asked {
		to.online = to.online || s == "OnlineStore"
		to.offline = to.offline || s == "OfflineStore"
	}
	return to, (has.online || !to.online) && (has.offline || !to.offline)
}

// read checks the values of a put or an update. A value of nil is null.
func (g *group) read(fields []featureValue) (values map[string]*value, ok bool) {
	values = map[string]*value{}
	size := 0
	for _, f := range fields {
		d := g.definition(f.FeatureName)
		if _, twice := values[f.FeatureName]; twice || d == nil {
			return nil, false
		}
		if f.ValueAsString != nil && (d.CollectionType != "" || f.ValueAsStringList != nil) || f.ValueAsStringList != nil && d.CollectionType == "" {
			return nil, false
		}
		v := &value{list: f.ValueAsStringList}
		switch {
		case f.ValueAsString != nil:
			v.text = *f.ValueAsString
			if !fits(d.FeatureType, v.text) || utf8.RuneCountInString(v.text) > 358_400 {
				return nil, false
			}
		case len(f.ValueAsStringList) == 0:
			v = nil
		case !d.collects(v):
			return nil, false
		}
		if v != nil {
			size += len(f.FeatureName) + len(v.text) + len(strings.Join(v.list, ""))
		}
		values[f.FeatureName] = v
	}
	return values, size <= 350<<10
}

// collects checks the elements of a collection, and makes a set of a Set.
func (d *definition) collects(v *value) bool {
	for _, e := range v.list {
		if !fits(d.FeatureType, e) {
			return false
		}
	}
	switch d.CollectionType {
	case "Set":
		seen := map[string]bool{}
		v.list = slices.DeleteFunc(slices.Clone(v.list), func(e string) bool {
			twice := seen[e]
			seen[e] = true
			return twice
		})
	case "Vector":
		return len(v.list) == d.CollectionConfig.VectorConfig.Dimension
	}
	return true
}

// whole makes a record of the values of a put: it must have an identifier and an event time.
func (g *group) whole(fields []featureValue) (*record, bool) {
	values, ok := g.read(fields)
	if !ok || values[g.identifier] == nil || values[g.eventTime] == nil {
		return nil, false
	}
	r := &record{id: values[g.identifier].text, values: map[string]value{}}
	for name, v := range values {
		if v != nil {
			r.values[name] = *v
		}
	}
	r.at, ok = instant(g.definition(g.eventTime).FeatureType, values[g.eventTime].text)
	return r, ok && g.identifies(r.id)
}

// identifies tells whether a record may have that identifier.
func (g *group) identifies(id string) bool {
	typ, ok := g.definition(g.identifier).FeatureType, true
	if g.identifier == g.eventTime {
		_, ok = instant(typ, id)
	}
	return ok && id != "" && len(id) <= 2048 && fits(typ, id)
}

// lifetime returns how many seconds a record lives whose writer asked for one of the durations, the
// first that is there.
func (g *group) lifetime(asked ...*ttl) int64 {
	for _, t := range append(asked, g.online.ttl()) {
		if t != nil {
			return t.seconds()
		}
	}
	return 0
}

func (o *onlineConfig) ttl() *ttl {
	if o == nil {
		return nil
	}
	return o.TtlDuration
}

func (g *group) storage() string {
	if g.online == nil || g.online.StorageType == "" {
		return "Standard"
	}
	return g.online.StorageType
}
