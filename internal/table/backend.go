// Package table carries out what clients and the engine ask of databases and tables: make them,
// read them, flush the journal into data files. It knows no wire format and no engine.
//
// The data files of a table are the objects of the index under the table's location. There is no
// second list that could disagree: a flush, a foreign writer's put and a delete all join or leave
// the table in the commit that changes the index.
package table

import (
	"context"
	"iter"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// FeatureStoreDatabase is the database of the tables of feature groups. It is there before any
// group is (client-behaviour §2).
const FeatureStoreDatabase = "sagemaker_featurestore"

// A Database is a named set of tables. Names are lower case.
type Database struct {
	Name        string
	Description string
	LocationURI string
	Parameters  map[string]string
	Created     time.Time
}

// A Column is a column of a table; Type is a Hive type: string, bigint, double, int, boolean,
// timestamp, date, decimal(p,s), …
type Column struct{ Name, Type, Comment string }

// A Table is a schema over the data files under a location. Names of databases, tables and
// columns are lower case (contract §6.1).
type Table struct {
	Database, Name string
	Columns        []Column
	Location       string // s3://bucket/prefix
	InputFormat    string
	OutputFormat   string
	SerDe          string // serialization library, a Java class name
	SerDeParams    map[string]string
	Parameters     map[string]string
	TableType      string // EXTERNAL_TABLE
	Description    string
	Created        time.Time
	Updated        time.Time
	Version        int64 // VersionId, from 0
	// Group is the feature group that writes the table, 0 if none does. EventTime is the name of
	// its event-time column and EventTimeType the type of that feature.
	Group         feature.GroupID
	EventTime     string
	EventTimeType feature.Type
}

// Tables remembers databases and tables. A call returns after its change is durable. What is
// handed out is shared: nobody changes it.
type Tables interface {
	CreateDatabase(ctx context.Context, d *Database) error               // Exists
	Databases(ctx context.Context) ([]*Database, error)                  // sorted by name
	CreateTable(ctx context.Context, t *Table) error                     // Exists; NotFound: the database
	GetTable(ctx context.Context, database, name string) (*Table, error) // NotFound
	ListTables(ctx context.Context, database string) ([]*Table, error)   // sorted by name; NotFound: the database
	// UpdateTable is atomic: change gets a copy, and may run again if another writer came first. It
	// does not change the table's names. The Version goes up by one.
	UpdateTable(ctx context.Context, database, name string, change func(*Table) error) (*Table, error) // NotFound
	DeleteTable(ctx context.Context, database, name string) error                                      // NotFound
}

// Offline is the journal and the index seen together, for flush and for queries.
type Offline interface {
	// Snapshot pins the store as it stands: every commit acknowledged before is in it.
	Snapshot(ctx context.Context) (Snapshot, error)
	// Pending returns what of each group waits in the journal for a flush. Groups with nothing
	// waiting are left out.
	Pending(ctx context.Context) ([]Pending, error)
	// CommitFlush puts the objects and forgets the group's entries up to and with through, in one
	// durable commit. through is not after the Settled position of the snapshot that the entries
	// were read from: a large backlog is flushed in several commits. NotFound: the bucket.
	CommitFlush(ctx context.Context, g feature.GroupID, through feature.Position, objects []*bucket.Object) error
	// Group returns the group as it was when last known, also after it was deleted, for as long
	// as entries of it may wait in the journal.
	Group(ctx context.Context, g feature.GroupID) (*feature.Group, error) // NotFound
}

// Pending says what of a group waits in the journal.
type Pending struct {
	Group feature.GroupID
	Bytes int64            // estimate
	Since feature.Position // the oldest entry
}

// A Snapshot is the store at one moment: tables, objects and journal agree with each other. The
// blobs that its objects name stay readable until Close. It is safe for concurrent use.
type Snapshot interface {
	// Settled is the position up to and with which no entry can be missing from the snapshot.
	// Entries after it may be in it too.
	Settled() feature.Position
	Table(database, name string) (*Table, error) // NotFound
	// Objects yields the objects of a bucket under a key prefix, in key order.
	Objects(bucket, prefix string) iter.Seq2[*bucket.Object, error]
	// Records yields what the online store holds of g, tombstones and what has expired too, in the
	// order of the bytes of the identifiers. They may be kept.
	Records(g feature.GroupID) iter.Seq2[*feature.Record, error]
	// Entries yields the entries of g that no flush has committed, in position order. They may be
	// kept.
	Entries(g feature.GroupID) iter.Seq2[*feature.Entry, error]
	Close() error
}
