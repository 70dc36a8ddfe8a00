// Package dataset makes training sets: for each row of somebody's labels the features of any number of
// groups as they were known at the row's time. It keeps them with what they were made of, so that each can
// be made again and compared. It knows no wire format and no backend; package asof finds the rows.
package dataset

import (
	"strconv"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// Name is the name of a dataset: 1 to 64 letters, digits, '-' and '_', as of a group.
type Name string

// A Ref names one version of a dataset; Version 0 is the newest.
type Ref struct {
	Name    Name
	Version int64
}

func (r Ref) String() string {
	if r.Version == 0 {
		return string(r.Name)
	}
	return string(r.Name) + " version " + strconv.FormatInt(r.Version, 10)
}

// Status is how far a dataset has come; it is its name.
type Status string

// The statuses. Running alone can change to another but Deleted.
const (
	Running   Status = "Running"
	Ready     Status = "Ready"
	Failed    Status = "Failed"
	Cancelled Status = "Cancelled"
	Deleted   Status = "Deleted" // its rows are gone; what they were is still known
)

// A Spec is what a dataset is to be made of.
type Spec struct {
	Labels Labels
	Groups []GroupSpec
	// AsOf leaves out of every group what was written later. Zero: nothing that was acknowledged before
	// the dataset was asked for.
	AsOf time.Time `json:",omitzero"`
}

// Labels say where the label rows are: one of Source, Table and SQL.
type Labels struct {
	// Source is a file: s3://bucket/key of this server, or file:///path of the machine that it runs on, which
	// Options.LocalFiles must allow.
	Source string `json:",omitempty"`
	Format Format `json:",omitempty"` // of Source: Parquet or CSV; "": by the end of its name
	// Table is a table of the catalog, as name or database.name.
	Table string `json:",omitempty"`
	SQL   string `json:",omitempty"` // a SELECT
	// Database is that of names without one in Table and SQL; "": sagemaker_featurestore.
	Database string `json:",omitempty"`
	// Time is the column of the label times: timestamps, dates, texts or numbers as in event times.
	Time string
}

// A GroupSpec is what a dataset takes of one group.
type GroupSpec struct {
	Group feature.GroupRef
	// Column is the label column that has the group's identifiers; "": the one of the name of the group's
	// record identifier.
	Column string `json:",omitempty"`
	// Features are those that are wanted, in this order; nil: all but the record identifier.
	Features []feature.Name `json:",omitempty"`
	// LookBack leaves out what is older than so long before the label time; 0: nothing is too old.
	LookBack time.Duration `json:",omitempty"`
	// SkipDeletes passes over delete markers, as if nobody had deleted. Else a record is absent from its
	// deletion on, until it is put again.
	SkipDeletes bool `json:",omitempty"`
	// Prefix goes before the names of the group's columns. nil: the group's name and '_', for those names
	// alone that another group or the labels have too.
	Prefix *string `json:",omitempty"`
}

// A Dataset is one version of a dataset, and what it was made of.
type Dataset struct {
	Name    Name
	Version int64
	Spec    Spec
	By      string // ARN of who asked for it
	Status  Status
	Failure string    `json:",omitempty"` // why it Failed, for its caller
	Started time.Time // when it was asked for
	Ended   time.Time `json:",omitzero"`
	// AsOf is the last write time that its rows may come from.
	AsOf feature.Position
	// Groups are those of the Spec, in its order, as they were.
	Groups []Group

	// What follows is known of one that is or was Ready.
	Rows    int64
	Columns []Column `json:",omitempty"` // those of the labels, then those of each group
	Hash    string   `json:",omitempty"` // of the rows: docs/formats/dataset.md
	// File is the rows as Parquet, in no bucket; nil when it is Deleted. FileHash is the SHA-256 of its
	// bytes, in hexadecimal: the release that made it makes the same.
	File     *bucket.Object `json:",omitempty"`
	FileHash string         `json:",omitempty"`
	Release  string         `json:",omitempty"` // of Larder
	Scratch  int64          `json:",omitempty"` // most bytes of files that were needed to make it
	// Verified is how the last verification ended, nil if there was none.
	Verified *Verification `json:",omitempty"`
}

// Ref names d.
func (d *Dataset) Ref() Ref { return Ref{d.Name, d.Version} }

// Took is how long it took to make d; 0 if it has not ended.
func (d *Dataset) Took() time.Duration {
	if d.Ended.IsZero() {
		return 0
	}
	return d.Ended.Sub(d.Started)
}

// A Group is a group as a dataset has read it.
type Group struct {
	Name     feature.GroupName
	ID       feature.GroupID
	Location string // of its data files: s3://bucket/prefix
	// Identifier, EventTime and Definitions are its schema at that time.
	Identifier  feature.Name
	EventTime   feature.Name
	Definitions []feature.Definition
	Column      string // of the labels
	Features    []feature.Name
	LookBack    time.Duration `json:",omitempty"`
	SkipDeletes bool          `json:",omitempty"`
	// Rows is how many rows of its offline store were written up to AsOf when the dataset was made.
	Rows int64
}

// Schema is how many features the group had: features are only ever added, so that names its schema.
func (g *Group) Schema() int { return len(g.Definitions) }

// A Column is a column of a dataset, and what its values are like.
type Column struct {
	Name    string
	Type    Type
	List    bool              `json:",omitempty"` // of values of the Type
	Group   feature.GroupName `json:",omitempty"` // "": of the labels
	Feature feature.Name      `json:",omitempty"`
	Hash    string            `json:",omitempty"` // of its values: docs/formats/dataset.md
	Statistics
}

// Type is what the values of a column are; it is its name.
type Type string

// The types.
const (
	Text    Type = "text"
	Integer Type = "integer" // of 64 bits
	Double  Type = "double"
	Boolean Type = "boolean"
	Micros  Type = "timestamp"    // an instant, to the microsecond
	Nanos   Type = "timestamp_ns" // an instant, to the nanosecond
)

// Statistics are those of the values of a column. Of a list column Values and Nulls count rows, and the
// others are empty.
type Statistics struct {
	Values   int64 // that are not NULL
	Nulls    int64
	Distinct int64 `json:",omitempty"` // an estimate, 1 % off or so
	// Min and Max are as text, long ones cut to 64 characters; "" if there are none. NaN is neither.
	Min, Max string   `json:",omitempty"`
	Mean     *float64 `json:",omitempty"` // of numbers
}

// A Verification is how it went when a dataset was made again.
type Verification struct {
	At      time.Time
	By      string // ARN
	Outcome Outcome
	// Reason says what differs, or why the dataset cannot be made again.
	Reason string `json:",omitempty"`
	Rows   int64
	Hash   string `json:",omitempty"` // of the rows that were made; "" if none were
	// SameFile tells whether the file that was made has the same bytes; nil if another release made the first.
	SameFile *bool `json:",omitempty"`
	Took     time.Duration
}

// Outcome is what a verification found; it is its name.
type Outcome string

// The outcomes.
const (
	Same      Outcome = "Same"      // the rows are the same
	Differs   Outcome = "Differs"   // they are not, and the offline stores have what they had
	Forgotten Outcome = "Forgotten" // an offline store no longer has all rows that the dataset was made of
)

// A Read is an entry of the audit trail: somebody let the server read for a dataset, or read one.
type Read struct {
	Name    Name
	Version int64
	At      time.Time
	By      string // ARN
	What    Act
	// Format and Target are of an Export and a Download: how, and to where.
	Format Format `json:",omitempty"`
	Target string `json:",omitempty"`
	// Groups are those whose offline stores were read: of Create and Verify.
	Groups []feature.GroupName `json:",omitempty"`
	// Labels is where the labels came from: of Create.
	Labels string           `json:",omitempty"`
	AsOf   feature.Position `json:",omitempty"`
}

// An Act is what was done; it is its name.
type Act string

// The acts.
const (
	Create   Act = "Create"
	Verify   Act = "Verify"
	Export   Act = "Export"   // to an object of a bucket
	Download Act = "Download" // the rows were sent to a client
	Delete   Act = "Delete"
)

// A Format is how files are written; it is its name, and the end of the names of files.
type Format string

// The formats. Labels are Parquet or CSV; datasets are given out in all three.
const (
	Parquet Format = "parquet"
	CSV     Format = "csv"   // with a header line
	Arrow   Format = "arrow" // the IPC stream
)

// ContentType is what a file of the format is called over HTTP.
func (f Format) ContentType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8"
	case Arrow:
		return "application/vnd.apache.arrow.stream"
	}
	return "application/vnd.apache.parquet"
}
