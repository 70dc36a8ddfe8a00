package feature

import (
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
// InMemory group with an offline store. The group is Creating and has no ID yet. It shares nothing
// with asked that the caller could change.
func NewGroup(asked *Group, at Place, now time.Time, extensions bool) (*Group, error) {
	if err := asked.check(at, extensions); err != nil {
		return nil, err
	}
	g := &Group{
		Name: asked.Name, ARN: at.ARN(asked.Name),
		RecordIdentifier: asked.RecordIdentifier, EventTime: asked.EventTime,
		Definitions: slices.Clone(asked.Definitions), Tags: slices.Clone(asked.Tags),
		RoleARN: asked.RoleARN, Description: asked.Description, Throughput: asked.Throughput.clone(),
		Created: now.UTC().Truncate(time.Millisecond), Status: Creating,
	}
	if asked.Online != nil {
		g.Online = asked.Online.clone()
	} else if asked.OnlineOff != nil {
		g.OnlineOff = asked.OnlineOff.clone()
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

// InformationSchema is the database in which SQL finds what the catalog has. Another of its name would be hidden by it.
const InformationSchema = "information_schema"

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

// maxDescription is how many characters may describe a group (contract §1.1).
const maxDescription = 128

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
	if err := g.checkOnline(extensions); err != nil {
		return err
	}
	if err := g.checkThroughput(g.Throughput); err != nil {
		return err
	}
	if err := g.checkRole(at); err != nil {
		return err
	}
	if err := g.checkOffline(at); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(g.Description); n > maxDescription {
		return Errorf(Invalid, "Description has %d characters; the most is %d", n, maxDescription)
	}
	return checkTags(g.Tags)
}
