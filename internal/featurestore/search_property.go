package featurestore

import (
	"strconv"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// A valueKind is what the values of a property are. It decides which operators they have.
type valueKind uint8

const (
	texts valueKind = iota + 1
	numbers
	times
	booleans
	objects // only whether it is there can be asked
)

func (k valueKind) String() string {
	return [...]string{"", "a text", "a number", "a time", "true or false", "an object"}[k]
}

// A searchValue is one value of a property: in text, or of numbers in number, of times in at.
type searchValue struct {
	text   string
	number int64
	at     time.Time
}

// A property is what a search can ask of a group or feature.
type property struct {
	kind valueKind
	list bool // an object, and several of it: Nested can ask of one at a time
	// of reads the values: none if it lacks the property.
	of func(Hit) []searchValue
	// ofElement reads those of one element of a list; nil if it is no property of an element.
	ofElement func(*feature.Definition) []searchValue
}

// findProperty finds a property by its name. Invalid: there is none.
func findProperty(subject Subject, name string) (*property, error) {
	table, prefix := groupProperties, tagPrefix
	if subject == SearchFeatures {
		table, prefix = featureProperties, parameterPrefix
	}
	if p, ok := table[name]; ok {
		return &p, nil
	}
	if key, ok := strings.CutPrefix(name, prefix); ok && key != "" {
		return keyed(subject, key), nil
	}
	return nil, feature.Errorf(feature.Invalid, "Unknown property name: %s", name)
}

// The beginnings of the names of properties that users make.
const (
	tagPrefix       = "Tags."
	parameterPrefix = "Parameters."
)

// keyed is the property of a tag of groups, or a parameter of features.
func keyed(subject Subject, key string) *property {
	return &property{kind: texts, of: func(f Hit) []searchValue {
		var values []searchValue
		for _, pair := range pairs(subject, f) {
			if pair[0] == key {
				values = append(values, searchValue{text: pair[1]})
			}
		}
		return values
	}}
}

// pairs returns the keys and values that users attached: tags of a group, parameters of a feature.
func pairs(subject Subject, f Hit) (all [][2]string) {
	if subject == SearchGroups {
		for _, t := range f.Group.Tags {
			all = append(all, [2]string{t.Key, t.Value})
		}
	} else if f.Feature.Metadata != nil {
		for _, p := range f.Feature.Metadata.Parameters {
			all = append(all, [2]string{p.Key, p.Value})
		}
	}
	return all
}

// everyPair is the property of all keys and values together.
func everyPair(subject Subject) property {
	return property{kind: texts, of: func(f Hit) (values []searchValue) {
		for _, pair := range pairs(subject, f) {
			values = append(values, searchValue{text: pair[0]}, searchValue{text: pair[1]})
		}
		return values
	}}
}

// text is a property that what has "" lacks.
func text(read func(Hit) string) property {
	return property{kind: texts, of: func(f Hit) []searchValue { return textValue(read(f)) }}
}

func textValue(s string) []searchValue {
	if s == "" {
		return nil
	}
	return []searchValue{{text: s}}
}

func instant(read func(Hit) time.Time) property {
	return property{kind: times, of: func(f Hit) []searchValue { return []searchValue{{at: read(f)}} }}
}

func boolean(read func(Hit) (value, ok bool)) property {
	return property{kind: booleans, of: func(f Hit) []searchValue {
		if value, ok := read(f); ok {
			return []searchValue{{text: strconv.FormatBool(value)}}
		}
		return nil
	}}
}

// object is a property of which one can only ask whether it is there.
func object(has func(*feature.Group) bool) property {
	return property{kind: objects, of: func(f Hit) []searchValue {
		if has(f.Group) {
			return []searchValue{{}}
		}
		return nil
	}}
}

// element is a property of each definition of a group.
func element(kind valueKind, read func(*feature.Definition) []searchValue) property {
	return property{kind: kind, ofElement: read, of: func(f Hit) (values []searchValue) {
		for i := range f.Group.Definitions {
			values = append(values, read(&f.Group.Definitions[i])...)
		}
		return values
	}}
}

// online is a text of the online store; groups without one lack it.
func online(read func(*feature.Online) string) property {
	return text(func(f Hit) string {
		if f.Group.Online == nil {
			return ""
		}
		return read(f.Group.Online)
	})
}

// offline is a text of the offline store; groups without one lack it.
func offline(read func(*feature.Offline) string) property {
	return text(func(f Hit) string {
		if f.Group.Offline == nil {
			return ""
		}
		return read(f.Group.Offline)
	})
}

// tableName is a text of the name of the offline table, from when it is there.
func tableName(read func(*feature.TableRef) string) property {
	return text(func(f Hit) string {
		g := f.Group
		if g.Offline == nil || g.Offline.Table == nil || g.Status == feature.Creating || g.Status == feature.CreateFailed {
			return ""
		}
		return read(g.Offline.Table)
	})
}

// groupProperties are those of contract §1.10, and of their objects the members that a result
// shows. Where it has two spellings, both.
var groupProperties = map[string]property{
	"FeatureGroupName":            text(func(f Hit) string { return string(f.Group.Name) }),
	"FeatureGroupArn":             text(func(f Hit) string { return f.Group.ARN }),
	"FeatureGroupARN":             text(func(f Hit) string { return f.Group.ARN }),
	"FeatureGroupStatus":          text(func(f Hit) string { return f.Group.Status.String() }),
	"CreationTime":                instant(Hit.Created),
	"LastModifiedTime":            instant(Hit.Modified),
	"Description":                 text(func(f Hit) string { return f.Group.Description }),
	"FailureReason":               text(func(f Hit) string { return f.Group.Failure }),
	"RecordIdentifierFeatureName": text(func(f Hit) string { return string(f.Group.RecordIdentifier) }),
	"EventTimeFeatureName":        text(func(f Hit) string { return string(f.Group.EventTime) }),
	"AllTags":                     everyPair(SearchGroups),

	"OfflineStoreStatus":             text(func(f Hit) string { return string(OfflineStatusOf(f.Group)) }),
	"OfflineStoreStatus.Status":      text(func(f Hit) string { return string(OfflineStatusOf(f.Group)) }),
	"LastUpdateStatus":               lastUpdate(func(u *feature.UpdateStatus) string { return u.Status }),
	"LastUpdateStatus.Status":        lastUpdate(func(u *feature.UpdateStatus) string { return u.Status }),
	"LastUpdateStatus.FailureReason": lastUpdate(func(u *feature.UpdateStatus) string { return u.Failure }),

	"FeatureDefinitions":                                         {kind: objects, list: true, of: object(func(g *feature.Group) bool { return len(g.Definitions) > 0 }).of},
	"FeatureDefinitions.FeatureName":                             element(texts, func(d *feature.Definition) []searchValue { return textValue(string(d.Name)) }),
	"FeatureDefinitions.FeatureType":                             element(texts, func(d *feature.Definition) []searchValue { return textValue(d.Type.String()) }),
	"FeatureDefinitions.CollectionType":                          element(texts, func(d *feature.Definition) []searchValue { return textValue(d.Collection.String()) }),
	"FeatureDefinitions.CollectionConfig.VectorConfig.Dimension": element(numbers, dimension),

	"OnlineStoreConfig":                         object(func(g *feature.Group) bool { return g.Online != nil || g.OnlineOff != nil }),
	"OnlineStoreConfig.EnableOnlineStore":       boolean(func(f Hit) (bool, bool) { return f.Group.Online != nil, true }),
	"OnlineStoreConfig.SecurityConfig.KmsKeyId": online(func(o *feature.Online) string { return o.KMSKeyID }),
	"OnlineStoreConfig.StorageType":             online(func(o *feature.Online) string { return o.StorageType }),
	"OnlineStoreConfig.TtlDuration.Unit":        ttlUnit(),
	"OnlineStoreConfig.TtlDuration.Value":       ttlValue(),

	"OfflineStoreConfig":                                     object(func(g *feature.Group) bool { return g.Offline != nil }),
	"OfflineStoreConfig.S3StorageConfig.S3Uri":               offline(func(o *feature.Offline) string { return o.S3URI }),
	"OfflineStoreConfig.S3StorageConfig.KmsKeyId":            offline(func(o *feature.Offline) string { return o.KMSKeyID }),
	"OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri": offline(func(o *feature.Offline) string { return o.Resolved }),
	"OfflineStoreConfig.TableFormat":                         offline(func(o *feature.Offline) string { return o.TableFormat }),
	"OfflineStoreConfig.DisableGlueTableCreation": boolean(func(f Hit) (bool, bool) {
		o := f.Group.Offline
		return o != nil && o.DisableTable, o != nil
	}),
	"OfflineStoreConfig.DataCatalogConfig.Catalog":   tableName(func(t *feature.TableRef) string { return t.Catalog }),
	"OfflineStoreConfig.DataCatalogConfig.Database":  tableName(func(t *feature.TableRef) string { return t.Database }),
	"OfflineStoreConfig.DataCatalogConfig.TableName": tableName(func(t *feature.TableRef) string { return t.Table }),
}

// featureProperties are those of contract §1.10.
var featureProperties = map[string]property{
	"FeatureName":      text(func(f Hit) string { return string(f.Feature.Name) }),
	"FeatureGroupName": text(func(f Hit) string { return string(f.Group.Name) }),
	"FeatureType":      text(func(f Hit) string { return f.Feature.Type.String() }),
	"Description": text(func(f Hit) string {
		if f.Feature.Metadata == nil {
			return ""
		}
		return f.Feature.Metadata.Description
	}),
	"CreationTime":     instant(Hit.Created),
	"LastModifiedTime": instant(Hit.Modified),
	"AllParameters":    everyPair(SearchFeatures),
}

func lastUpdate(read func(*feature.UpdateStatus) string) property {
	return text(func(f Hit) string {
		if f.Group.LastUpdate == nil {
			return ""
		}
		return read(f.Group.LastUpdate)
	})
}

func dimension(d *feature.Definition) []searchValue {
	if d.Collection != feature.Vector {
		return nil
	}
	return []searchValue{{number: int64(d.Dimension)}}
}

func ttlUnit() property {
	return online(func(o *feature.Online) string {
		if o.TTL == nil {
			return ""
		}
		return string(o.TTL.Unit)
	})
}

func ttlValue() property {
	return property{kind: numbers, of: func(f Hit) []searchValue {
		if o := f.Group.Online; o != nil && o.TTL != nil {
			return []searchValue{{number: o.TTL.Value}}
		}
		return nil
	}}
}
