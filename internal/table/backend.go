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

// DefaultDatabase is the database of names without one. It is there from the beginning, as Hive's.
const DefaultDatabase = "default"

// A Database is a named set of tables. Names are lower case.
type Database struct {
	Name        string
	Description string
	LocationURI string
	Parameters  map[string]string
	Created     time.Time
	Tags        map[string]string `json:",omitempty"`
}

// A Column is a column of a table; Type is a Hive type: string, bigint, double, int, boolean,
// timestamp, date, decimal(p,s), … What a client says of a table may have any other text there.
type Column struct {
	Name, Type, Comment string
	Parameters          map[string]string `json:",omitempty"`
}

// A SortColumn is a column by which files are sorted; Order is 1 for ascending, 0 for descending.
type SortColumn struct {
	Column string
	Order  int
}

// Skew says which values fill whole folders. It is kept, and read by nobody here.
type Skew struct {
	Columns   []string
	Values    []string
	Locations map[string]string
}

// Storage is where data files are and what is in them.
type Storage struct {
	Columns      []Column
	Location     string // s3://bucket/prefix
	InputFormat  string
	OutputFormat string
	SerDe        string // serialization library, a Java class name
	SerDeParams  map[string]string

	SerDeName           string            `json:",omitempty"`
	AdditionalLocations []string          `json:",omitempty"`
	Compressed          bool              `json:",omitempty"`
	Buckets             int               `json:",omitempty"` // as Hive counts them: -1 is none too
	BucketColumns       []string          `json:",omitempty"`
	SortColumns         []SortColumn      `json:",omitempty"`
	StorageParameters   map[string]string `json:",omitempty"`
	Skew                *Skew             `json:",omitempty"`
	SubDirectories      bool              `json:",omitempty"`
}

// A Table is a schema over the data files under a location. Names of databases, tables and
// columns are lower case (contract §6.1).
type Table struct {
	Database, Name string
	Storage
	Parameters  map[string]string
	TableType   string // EXTERNAL_TABLE, VIRTUAL_VIEW, …; "" if the client said nothing
	Description string
	Created     time.Time
	Updated     time.Time
	Version     int64 // VersionId, from 0
	// Group is the feature group that writes the table, 0 if none does. EventTime is the name of
	// its event-time column and EventTimeType the type of that feature.
	Group         feature.GroupID
	EventTime     string
	EventTimeType feature.Type

	Owner            string    `json:",omitempty"`
	CreatedBy        string    `json:",omitempty"` // ARN
	LastAccess       time.Time `json:",omitzero"`
	LastAnalyzed     time.Time `json:",omitzero"`
	Retention        int       `json:",omitempty"`
	PartitionKeys    []Column  `json:",omitempty"`
	ViewOriginalText string    `json:",omitempty"`
	ViewExpandedText string    `json:",omitempty"`
}

// A Partition is the part of a table's rows that have the same values of its partition keys.
type Partition struct {
	Database, Table string
	Values          []string // one for each partition key of the table
	Storage
	Parameters   map[string]string
	Created      time.Time
	LastAccess   time.Time `json:",omitzero"`
	LastAnalyzed time.Time `json:",omitzero"`
}

// Tables remembers databases and tables. A call returns after its change is durable. What is
// handed out is shared: nobody changes it. A function that is given to a change gets a copy, and may
// run again if another writer came first.
type Tables interface {
	CreateDatabase(ctx context.Context, d *Database) error // Exists
	Databases(ctx context.Context) ([]*Database, error)    // sorted by name
	// UpdateDatabase is atomic; change does not change the name.
	UpdateDatabase(ctx context.Context, name string, change func(*Database) error) error // NotFound
	// DeleteDatabase deletes its tables too, in the same commit.
	DeleteDatabase(ctx context.Context, name string) error // NotFound

	CreateTable(ctx context.Context, t *Table) error                     // Exists; NotFound: the database
	GetTable(ctx context.Context, database, name string) (*Table, error) // NotFound
	ListTables(ctx context.Context, database string) ([]*Table, error)   // sorted by name; NotFound: the database
	// UpdateTable is atomic, and keeps the version that was for Versions. change does not change the
	// table's names. The Version goes up by one.
	UpdateTable(ctx context.Context, database, name string, change func(*Table) error) (*Table, error) // NotFound
	// OverwriteTable is UpdateTable, and forgets the version that was.
	OverwriteTable(ctx context.Context, database, name string, change func(*Table) error) (*Table, error) // NotFound
	// DeleteTable deletes its versions and its partitions too, in the same commit.
	DeleteTable(ctx context.Context, database, name string) error // NotFound

	// Versions returns the table and its versions that were kept, newest first.
	Versions(ctx context.Context, database, name string) ([]*Table, error) // NotFound: the table
	// DeleteVersion forgets a version that was kept. Conflict: it is the table's present one.
	DeleteVersion(ctx context.Context, database, name string, version int64) error // NotFound: the table or the version

	Partitions
}

// Partitions remembers the partitions of tables, which are NotFound if the table is. Order is that of
// the bytes of the values, the first one first.
type Partitions interface {
	// CreatePartitions creates, in one commit, those that are not there, and returns one error for
	// each of parts: nil, or Exists.
	CreatePartitions(ctx context.Context, database, table string, parts []*Partition) ([]error, error)
	GetPartition(ctx context.Context, database, table string, values []string) (*Partition, error) // NotFound
	// ListPartitions yields those behind the one that has the values of after, or all if it is nil.
	ListPartitions(ctx context.Context, database, table string, after []string) iter.Seq2[*Partition, error]
	// UpdatePartition is atomic; change may change the values. Exists: another has the new ones.
	UpdatePartition(ctx context.Context, database, table string, values []string, change func(*Partition) error) error // NotFound
	// DeletePartitions deletes, in one commit, those that are there, and returns one error for each
	// of values: nil, or NotFound.
	DeletePartitions(ctx context.Context, database, table string, values [][]string) ([]error, error)
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
	// CommitRun puts a run in the place of the runs of its folder, of folders in it and of the folder
	// that it is in. NotFound, and nothing changed: the group is deleted.
	CommitRun(ctx context.Context, r *Run) error
	// DropRuns forgets those of the runs that are still held.
	DropRuns(ctx context.Context, runs []*Run) error
}

// A Run is one file of the rows of many data files of a group, for the queries of this server alone. It
// is in no bucket, so nothing that names objects can show or read it. It goes with its group and with
// the group's table. docs/decisions/sorted-runs.md.
type Run struct {
	Group feature.GroupID
	// Folder is that of the data files, below the group's location: year=…/month=…/, of a large month
	// year=…/month=…/day=…/.
	Folder string
	// The run stands for the data files of this server in the folder that have no row that was written
	// after Through: for as long as they are so many, and their digest is this one.
	Through feature.Position
	Files   int64
	Digest  [32]byte
	File    *bucket.Object // without bucket and key
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
	// Partitions yields the partitions of a table in their order; none of a table that is not there.
	Partitions(database, table string) iter.Seq2[*Partition, error]
	// Objects yields the objects of a bucket under a key prefix, in key order.
	Objects(bucket, prefix string) iter.Seq2[*bucket.Object, error]
	// Runs yields the runs of a group in the order of their folders, whether they still stand for what
	// is there or not.
	Runs(g feature.GroupID) iter.Seq2[*Run, error]
	// Records yields what the online store holds of g, tombstones and what has expired too, in the
	// order of the bytes of the identifiers. They may be kept.
	Records(g feature.GroupID) iter.Seq2[*feature.Record, error]
	// Entries yields the entries of g that no flush has committed, in position order. They may be
	// kept.
	Entries(g feature.GroupID) iter.Seq2[*feature.Entry, error]
	Close() error
}
