package metamorphic

import (
	"slices"
	"strings"
)

func (g *generator) putRecord() op {
	drawn := g.group()
	return &putRecord{Group: g.ref(drawn), Record: g.record(drawn), TargetStores: g.targets(drawn), TtlDuration: g.ttl(drawn, 200)}
}

func (g *generator) deleteRecord() op {
	drawn := g.group()
	id := g.identifier(drawn)
	o := &deleteRecord{Group: g.ref(drawn), ID: id, At: g.eventTime(drawn, id), Mode: pick(g, "", "SoftDelete", "HardDelete", "HardDelete"), TargetStores: g.targets(drawn)}
	if g.chance(20) {
		o.At = pick(g, badTimes...)
	}
	return o
}

func (g *generator) updateRecord() op {
	drawn := g.online()
	if drawn.storage() == "Standard" && g.chance(700) {
		drawn = g.online()
	}
	id := g.identifier(drawn)
	o := &updateRecord{Group: g.ref(drawn), RecordIdentifierValueAsString: id}
	for _, d := range g.some(drawn.definitions, 500) {
		switch {
		case d.FeatureName == drawn.identifier:
			if g.chance(300) {
				o.Features = append(o.Features, scalar(d.FeatureName, id))
			}
		case d.FeatureName == drawn.eventTime:
			o.Features = append(o.Features, scalar(d.FeatureName, g.eventTime(drawn, id)))
			o.TtlDuration = g.ttl(drawn, 300)
		case g.chance(100):
			o.Features = append(o.Features, featureValue{FeatureName: d.FeatureName}) // to be cleared
		default:
			o.Features = append(o.Features, g.value(d))
		}
	}
	if len(o.Features) == 0 {
		o.Features = []featureValue{scalar(drawn.identifier, id)}
	}
	if g.chance(60) {
		o.Features = g.spoil(drawn, o.Features)
	}
	if g.chance(20) {
		o.TtlDuration = &ttl{"Seconds", 5} // without an event time it is refused
	}
	if g.chance(150) {
		o.TargetStores = pick(g, []string{"OnlineStore"}, []string{"OnlineStore", "OfflineStore"}, []string{"OfflineStore"})
	}
	return o
}

func (g *generator) batchWrite() op {
	o := &batchWrite{}
	for range 1 + g.IntN(pick(g, 3, 8, 25)) {
		drawn := g.group()
		e := entry{FeatureGroupName: g.ref(drawn), Record: g.record(drawn), TargetStores: g.targets(drawn), TtlDuration: g.ttl(drawn, 150)}
		if last := len(o.Entries) - 1; last >= 0 && g.chance(300) { // the same record again
			e = o.Entries[last]
			e.Record = slices.Clone(e.Record)
			for i := range e.Record {
				if again, _ := g.m.find(e.FeatureGroupName); again != nil && e.Record[i].FeatureName == again.eventTime && again.eventTime != again.identifier {
					e.Record[i] = scalar(again.eventTime, g.eventTime(again, g.m.identifierOf(e.FeatureGroupName, e.Record)))
				}
			}
		}
		o.Entries = append(o.Entries, e)
	}
	if g.chance(250) {
		o.TtlDuration = g.duration()
	}
	return o
}

func (g *generator) getRecord() op {
	drawn := g.online()
	o := &getRecord{Group: g.ref(drawn), ID: g.identifier(drawn), Expiry: pick(g, "", "Enabled", "Enabled", "Disabled")}
	if g.chance(300) {
		o.Names = g.subset(drawn)
	}
	if g.chance(20) {
		o.ID = pick(g, "nobody", "", strings.Repeat("y", 5000))
	}
	return o
}

func (g *generator) batchGet() op {
	o := &batchGet{ExpirationTimeResponse: pick(g, "", "Enabled", "Disabled")}
	for range 1 + g.IntN(5) {
		drawn := g.group()
		w := want{FeatureGroupName: g.ref(drawn)}
		for range 1 + g.IntN(6) {
			w.RecordIdentifiersValueAsString = append(w.RecordIdentifiersValueAsString, g.identifier(drawn))
		}
		if g.chance(250) {
			w.FeatureNames = g.subset(drawn)
		}
		o.Identifiers = append(o.Identifiers, w)
	}
	return o
}

func (g *generator) listRecords() op {
	drawn := g.online()
	o := &listRecords{Group: drawn.name, Max: g.IntN(8), Deleted: g.chance(400)}
	if !drawn.has().online {
		return o
	}
	for range g.IntN(4) {
		o.between = append(o.between, pick(g, g.putRecord, g.deleteRecord, g.putRecord, g.batchWrite)().(call))
	}
	return o
}

// record draws the values of a put: mostly a good one.
func (g *generator) record(drawn *group) []featureValue {
	id := g.identifier(drawn)
	var values []featureValue
	for _, d := range drawn.definitions {
		switch {
		case d.FeatureName == drawn.identifier:
			values = append(values, scalar(d.FeatureName, id))
		case d.FeatureName == drawn.eventTime:
			values = append(values, scalar(d.FeatureName, g.eventTime(drawn, id)))
		case g.chance(800):
			values = append(values, g.value(d))
		}
	}
	if g.chance(100) {
		g.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
	}
	if g.chance(60) {
		return g.spoil(drawn, values)
	}
	return values
}

// spoil breaks one rule of values.
func (g *generator) spoil(drawn *group, values []featureValue) []featureValue {
	values = slices.Clone(values)
	at := g.IntN(len(values))
	d := drawn.definition(values[at].FeatureName)
	switch g.IntN(7) {
	case 0:
		return append(values, scalar("no_such_feature", "1"))
	case 5:
		if d.CollectionType == "Vector" {
			values[at] = featureValue{FeatureName: d.FeatureName, ValueAsStringList: []string{"1", "2"}}
			return values
		}
	case 1:
		return append(values, values[at]) // twice
	case 2:
		if d.FeatureName == drawn.identifier || d.FeatureName == drawn.eventTime {
			values[at] = featureValue{FeatureName: d.FeatureName} // null, and it must not be
			return values
		}
	case 3:
		if d.CollectionType == "" {
			values[at] = featureValue{FeatureName: d.FeatureName, ValueAsStringList: []string{"1"}}
		} else {
			values[at] = scalar(d.FeatureName, "1")
		}
		return values
	case 4:
		if d.FeatureName == drawn.identifier && g.chance(500) {
			values[at] = scalar(d.FeatureName, strings.Repeat("9", 2049))
			return values
		}
	}
	return g.spoilValue(drawn, values, d, at)
}

// spoilValue gives a feature a text that is not of its type, if there is such a text.
func (g *generator) spoilValue(drawn *group, values []featureValue, d *definition, at int) []featureValue {
	bad := ""
	switch {
	case d.FeatureName == drawn.eventTime:
		bad = pick(g, badTimes...)
	case d.FeatureType == "Integral":
		bad = pick(g, "", "1.0", "x", "9223372036854775808", " 1", "1e3", "0x10")
	case d.FeatureType == "Fractional":
		bad = pick(g, "", "NaN", "Infinity", "-inf", "1,5", "x", "0x1p4", "1e400", ".", "1_000")
	default:
		return append(values, scalar("NoSuchFeature", ""))
	}
	values[at] = scalar(d.FeatureName, bad)
	if d.CollectionType != "" {
		values[at] = featureValue{FeatureName: d.FeatureName, ValueAsStringList: []string{"1", bad, "3"}}
	}
	return values
}

// subset draws features to read, rarely one that does not exist.
func (g *generator) subset(drawn *group) []string {
	names := []string{pick(g, drawn.definitions...).FeatureName}
	for _, d := range g.some(drawn.definitions, 300) {
		if !slices.Contains(names, d.FeatureName) {
			names = append(names, d.FeatureName)
		}
	}
	if g.chance(50) {
		names = append(names, pick(g, "nothing", strings.ToUpper(names[0])+"x"))
	}
	return names
}

// some draws each definition in so many cases of a thousand.
func (g *generator) some(definitions []definition, permille int) []definition {
	return slices.DeleteFunc(slices.Clone(definitions), func(definition) bool { return !g.chance(permille) })
}
