// Package ingest carries out bulk loads: it takes the rows of files into the offline and the online
// store of a group, all of them or none. It knows no wire format of a service and no backend, and
// must never show a part of an import to a reader of a table.
package ingest

import (
	"context"
	"iter"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// A Format is how the rows of a source are written; it is its name.
type Format string

// The formats.
const (
	Parquet Format = "parquet"
	CSV     Format = "csv"   // with a header line
	JSONL   Format = "jsonl" // one JSON object a line
)

// Status is how far an import has come; it is its name.
type Status string

// The statuses. An import is in the tables from Applying on, and online too when it is Done.
const (
	Staging   Status = "Staging"   // its rows are read, checked, sorted and written to files nobody sees
	Applying  Status = "Applying"  // its rows are in the offline table and go to the online store
	Done      Status = "Done"      // they are in both
	Failed    Status = "Failed"    // nothing of it was kept
	Cancelled Status = "Cancelled" // nothing of it was kept
)

// Ended tells whether nothing will happen to an import of that status any more.
func (s Status) Ended() bool { return s == Done || s == Failed || s == Cancelled }

// A Source is where rows are. It is read again if the server restarts before they are committed.
type Source struct {
	// URI is s3://bucket/key for an object of this server, or file:///path for a file of the
	// machine that it runs on, which Options.LocalFiles must allow.
	URI string
	// Size and Version are what the source had when the import began: it fails if they change. For
	// an object Version is its ETag, for a file its time of modification. Start sets them.
	Size    int64
	Version string
}

// A Request is one import as a caller asks for it.
type Request struct {
	Group   feature.GroupRef
	Sources []Source
	Format  Format // "": by the ends of the names of the sources
	// Columns names the feature of a column of the sources, "" for a column to leave out; a column
	// that is not in it is the feature of its name.
	Columns map[string]feature.Name
	// Token makes the request idempotent: an import that has the same Token, whatever its status
	// but Failed and Cancelled, is returned instead of a new one. "": made of the group and of the
	// sources with their sizes and versions.
	Token string
	// MaxErrors is how many rows may be refused before the import fails; nil: any number.
	MaxErrors *int64
	Stores    feature.Stores // 0: every store that the group has
}

// An Import is what is known of one import. Read = Taken + Refused when it is not Staging.
type Import struct {
	ID      string
	Token   string
	Group   feature.GroupName
	GroupID feature.GroupID
	Sources []Source
	Format  Format
	Columns map[string]feature.Name `json:",omitempty"`
	Stores  feature.Stores

	MaxErrors *int64 `json:",omitempty"`
	Status    Status
	Failure   string    // why it Failed, or why it does not get on while it is Applying, for its caller
	Started   time.Time // the api_invocation_time of its rows
	Committed time.Time `json:",omitzero"` // when its rows came into the table
	Ended     time.Time `json:",omitzero"`

	Read, Taken, Refused int64 // rows
	Bytes                int64 // of the sources together
	Files                int64 // that it made in the table
	// First and Last are the write times of its rows, 0 before there are any. Others may have write
	// times between them.
	First, Last feature.Position
	// Online is how many records go to the online store: the newest of each identifier. Applied of
	// them are there, up to and with Mark bytes of the file that holds them.
	Online, Applied, Mark int64
}

// Progress is where an import is at a moment.
type Progress struct {
	Import
	Phase     string // waiting, reading, writing, applying; "" when it has ended
	BytesRead int64  // of Import.Bytes, while it is reading
	Rows      int64  // that the phase has done
	Of        int64  // rows that the phase has to do, 0 if that is not known yet
	// Remaining estimates how long it will take still, 0 if nobody can say.
	Remaining time.Duration
}

// Imports remembers imports. A call returns after its change is durable. The caller may keep what it
// gets.
type Imports interface {
	// Create stores i. If one of the same Token is there that is not Failed or Cancelled, it is
	// returned instead, and nothing changes.
	Create(ctx context.Context, i *Import) (*Import, error)
	Get(ctx context.Context, id string) (*Import, error) // NotFound
	// Update is atomic. ID and Token stay. If change returns an error nothing is changed.
	Update(ctx context.Context, id string, change func(*Import) error) (*Import, error) // NotFound
	// List yields imports, the newest first.
	List(ctx context.Context) iter.Seq2[*Import, error]
}

// A Loader takes what an import has made into the stores.
type Loader interface {
	// Reserve gives out n write times that follow one another and nobody else has, and returns the
	// first. They are later than every one given out before.
	Reserve(n int64) feature.Position
	// Commit puts the objects and changes the import in one durable commit: whoever sees one of them
	// sees all. If change returns an error nothing happens. NotFound: the bucket, or the group.
	Commit(ctx context.Context, id string, objects []*bucket.Object, change func(*Import) error) (*Import, error)
	// Apply carries out a decision for each of the records, whose identifiers are all different, and
	// changes the import, in one durable commit: under the locks of the identifiers decide is told
	// what is held, until it returns and without Values, and the place of the record, and is pure. Decisions have no Journal; their Record
	// remembers its own Position when it is held. Of two calls for an import that one is first whose
	// change is called first; the other may then be made before it returns. NotFound: the group.
	Apply(ctx context.Context, id string, g *feature.Group, records []*feature.Record,
		decide func(held *feature.Record, i int) feature.Decision, change func(*Import) error) error
}
