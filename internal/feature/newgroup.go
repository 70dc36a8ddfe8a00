package feature

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// NewGroup makes a group of what a caller asks for (contract §1.1, §1.3, §4.1, §4.5, §4.7), or
// says which rule is broken (Invalid) or what is not to be had here (Unsupported). Of asked it
// reads what a caller can give: names, definitions, stores as given, role, description, tags;
// Offline.Table is the DataCatalogConfig, nil if there was none; OnlineOff is what was said of an
// online store that is not enabled. extensions lets a caller have what AWS does not offer: an
// InMemory group with an offline store. The group is Creating and has no ID yet. It shares nothing with asked that the caller could change.
func NewGroup(asked *Group, at Place, now time.Time, extensions bool) (*Group, error) {
	if err := asked.check(at, extensions); err != nil {
		return nil, err
	}
	g := &Group{
		Name: asked.Name, ARN: at.ARN(asked.Name),
		RecordIdentifier: asked.RecordIdentifier, EventTime: asked.EventTime,
		Definitions: slices.Clone(asked.Definitions), Tags: slices.Clone(asked.Tags),
		RoleARN: asked.RoleARN, Description: asked.Description, Throughput: asked.Throughput,
		Created: now.UTC().Truncate(time.Millisecond), Status: Creating,
	}
	if asked.Online != nil {
		online := *asked.Online
		g.Online = &online
	} else if asked.OnlineOff != nil {
		off := *asked.OnlineOff
		g.OnlineOff = &off
	}
	if asked.Offline != nil {
		g.Offline = newOffline(asked.Offline, g, at)
		if _, prefix := g.Offline.Location(); len(prefix)+dataFileKey > maxKey {
			return nil, Errorf(Invalid, "Invalid S3Uri provided: the keys of data files under %s would have more than %d bytes; use a prefix that is shorter by %d", quote(g.Offline.S3URI), maxKey, len(prefix)+dataFileKey-maxKey)
		}
	}
	return g, nil
}

// The names of a group's table when the caller gives none.
const (
	DefaultCatalog  = "AwsDataCatalog"
	DefaultDatabase = "sagemaker_featurestore"
)

// maxKey is how many bytes the key of an object may have, and dataFileKey how many of them a data
// file adds to its group's location (contract §4.1).
const (
	maxKey      = 1024
	dataFileKey = len("/year=2020/month=06/day=30/hour=00/20200630T064401Z_108934320012Az11.parquet")
)

// newOffline fills in where the rows of g go.
func newOffline(asked *Offline, g *Group, at Place) *Offline {
	o := *asked
	epoch := strconv.FormatInt(g.Created.Unix(), 10)
	o.Resolved = strings.TrimRight(o.S3URI, "/") + "/" + at.Account + "/sagemaker/" + at.Region +
		"/offline-store/" + string(g.Name) + "-" + epoch + "/data"
	switch {
	case asked.Table != nil:
		ref := *asked.Table
		if strings.EqualFold(ref.Catalog, DefaultCatalog) {
			ref.Catalog = DefaultCatalog
		}
		o.Table = &ref
	case !asked.DisableTable:
		name := strings.ToLower(strings.ReplaceAll(string(g.Name), "-", "_"))
		o.Table = &TableRef{Catalog: DefaultCatalog, Database: DefaultDatabase, Table: name + "_" + epoch}
	}
	return &o
}

// Location returns where the data files go, as a bucket and a prefix without a slash at its end.
func (o *Offline) Location() (bucket, prefix string) {
	bucket, prefix, _ = strings.Cut(strings.TrimPrefix(o.Resolved, "s3://"), "/")
	return bucket, prefix
}

// The limits of groups (contract §1.13, §1.1).
const (
	maxDefinitions = 2500
	maxTags        = 50
)

// check holds every rule of a new group that needs nothing but the group.
func (g *Group) check(at Place, extensions bool) error {
	if err := CheckGroupName(g.Name); err != nil {
		return err
	}
	if g.Online == nil && g.Offline == nil {
		return Errorf(Invalid, "OnlineStore and OfflineStore cannot be both disabled. Please enable at least one of them and retry the request.")
	}
	if err := g.checkDefinitions(); err != nil {
		return err
	}
	if err := g.checkKeys(); err != nil {
		return err
	}
	if err := g.checkOnline(); err != nil {
		return err
	}
	if err := g.checkRole(at); err != nil {
		return err
	}
	if err := g.checkOffline(at); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(g.Description); n > 128 {
		return Errorf(Invalid, "Description has %d characters; the most is 128", n)
	}
	return checkTags(g.Tags)
}

// reserved are the names of the columns that an offline table has beside the features.
var reserved = []string{"is_deleted", "write_time", "api_invocation_time"}

func (g *Group) checkDefinitions() error {
	if n := len(g.Definitions); n < 1 || n > maxDefinitions {
		return Errorf(Invalid, "FeatureDefinitions has %d features; it must have 1 to %d", n, maxDefinitions)
	}
	seen := make(map[string]Name, len(g.Definitions))
	for _, d := range g.Definitions {
		if err := CheckName("the FeatureName", d.Name); err != nil {
			return err
		}
		if d.Type < String || d.Type > Fractional {
			return Errorf(Invalid, "the feature %q has no FeatureType; it must be String, Integral or Fractional", d.Name)
		}
		lower := strings.ToLower(string(d.Name))
		if slices.Contains(reserved, lower) {
			return Errorf(Invalid, "the feature name %q is reserved: is_deleted, write_time and api_invocation_time are columns of every offline table; choose another name", d.Name)
		}
		key := string(d.Name)
		if g.Offline != nil {
			key = lower
		}
		if other, twice := seen[key]; twice && other == d.Name {
			return Errorf(Invalid, "the feature %q is defined twice; feature names must be unique", d.Name)
		} else if twice {
			return Errorf(Invalid, "the features %q and %q differ only in case, and columns of the offline table do not have case; rename one", other, d.Name)
		}
		seen[key] = d.Name
	}
	return nil
}

// checkKeys holds the rules of the record identifier and the event time, which may be the same
// feature.
func (g *Group) checkKeys() error {
	if g.Ordinal(g.RecordIdentifier) < 0 {
		return Errorf(Invalid, "RecordIdentifierFeatureName %s is not among FeatureDefinitions; it must name one of them, in the same case", quote(string(g.RecordIdentifier)))
	}
	at := g.Ordinal(g.EventTime)
	if at < 0 {
		return Errorf(Invalid, "EventTimeFeatureName %s is not among FeatureDefinitions; it must name one of them, in the same case", quote(string(g.EventTime)))
	}
	if g.Definitions[at].Type == Integral {
		return Errorf(Invalid, "the event-time feature %q is Integral; it must be String (ISO-8601) or Fractional (Unix time in seconds)", g.EventTime)
	}
	return nil
}

func (g *Group) checkOnline() error {
	if g.Online == nil {
		return nil
	}
	if t := g.Online.StorageType; t != "" && t != "Standard" {
		return Errorf(Unsupported, "StorageType %s is not supported by this server yet; use Standard", t)
	}
	return checkKey("OnlineStoreConfig.SecurityConfig.KmsKeyId", g.Online.KMSKeyID)
}

func checkKey(field, id string) error {
	if len(id) > 2048 || !kmsKey.MatchString(id) {
		return Errorf(Invalid, "%s %s is not a key: at most 2048 letters, digits and :/_-", field, quote(id))
	}
	return nil
}

func (g *Group) checkRole(at Place) error {
	if g.RoleARN == "" {
		if g.Offline != nil {
			return Errorf(Invalid, "RoleArn is missing; a feature group with an OfflineStoreConfig needs one")
		}
		return nil
	}
	if n := len(g.RoleARN); n < 20 || n > 2048 || !roleARN.MatchString(g.RoleARN) {
		return Errorf(Invalid, "RoleArn %s is not the ARN of a role; its form is arn:aws:iam::ACCOUNT:role/NAME", quote(g.RoleARN))
	}
	if account := strings.Split(g.RoleARN, ":")[4]; account != at.Account {
		return Errorf(Invalid, "RoleArn %s is a role of account %s, and a role of another account cannot be passed; this server is account %s", quote(g.RoleARN), account, at.Account)
	}
	return nil
}

func (g *Group) checkOffline(at Place) error {
	o := g.Offline
	if o == nil {
		return nil
	}
	if len(o.S3URI) > 1024 || !s3URI.MatchString(o.S3URI) {
		return Errorf(Invalid, "Invalid S3Uri provided: %s is not of the form s3://BUCKET/PREFIX", quote(o.S3URI))
	}
	if !strings.HasPrefix(o.S3URI, "s3://") {
		return Errorf(Unsupported, "the S3Uri %s is an https address, which is not supported by this server yet; write it as s3://BUCKET/PREFIX", quote(o.S3URI))
	}
	if err := checkKey("OfflineStoreConfig.S3StorageConfig.KmsKeyId", o.KMSKeyID); err != nil {
		return err
	}
	switch o.TableFormat {
	case "", "Default", "Glue":
	default:
		return Errorf(Unsupported, "TableFormat %s is not supported by this server yet; use Glue", o.TableFormat)
	}
	if o.Table == nil {
		return nil
	}
	ownAccount := o.DisableTable && o.Table.Catalog == at.Account
	if !strings.EqualFold(o.Table.Catalog, DefaultCatalog) && !ownAccount {
		return Errorf(Invalid, "DataCatalogConfig.Catalog %s is not known; it must be %s", quote(o.Table.Catalog), DefaultCatalog)
	}
	if err := checkTableName("DataCatalogConfig.Database", o.Table.Database, 255); err != nil {
		return err
	}
	return checkTableName("DataCatalogConfig.TableName", o.Table.Table, 252)
}

var tableName = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

func checkTableName(field, name string, most int) error {
	if len(name) > most || !tableName.MatchString(name) {
		return Errorf(Invalid, "%s %s is not 1 to %d lower-case letters, digits and '_' that begin with a letter or '_'", field, quote(name), most)
	}
	return nil
}

func checkTags(tags []Tag) error {
	if len(tags) > maxTags {
		return Errorf(Invalid, "Tags has %d tags; the most is %d", len(tags), maxTags)
	}
	seen := make(map[string]bool, len(tags))
	for _, t := range tags {
		if n := utf8.RuneCountInString(t.Key); n < 1 || n > 128 || !tagText.MatchString(t.Key) {
			return Errorf(Invalid, "the tag key %s is not 1 to 128 letters, digits, spaces and _.:/=+-@", quote(t.Key))
		}
		if n := utf8.RuneCountInString(t.Value); n > 256 || !tagText.MatchString(t.Value) {
			return Errorf(Invalid, "the value %s of the tag %q is not at most 256 letters, digits, spaces and _.:/=+-@", quote(t.Value), t.Key)
		}
		if strings.HasPrefix(strings.ToLower(t.Key), "aws:") {
			return Errorf(Invalid, "the tag key %q begins with aws:, which is reserved; choose another key", t.Key)
		}
		if seen[t.Key] {
			return Errorf(Invalid, "the tag key %q is given twice; tag keys must be unique", t.Key)
		}
		seen[t.Key] = true
	}
	return nil
}
