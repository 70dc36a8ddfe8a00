// Package query carries out SQL statements: it keeps executions, translates them (package
// query/trino), runs them on an Engine and puts the result in the bucket. It knows no wire format
// and no engine.
package query

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/serde"
	"github.com/larder-dev/larder/internal/table"
)

// State is where an execution is (contract §5.3).
type State string

// The states; the last three are final.
const (
	Queued    State = "QUEUED"
	Running   State = "RUNNING"
	Succeeded State = "SUCCEEDED"
	Failed    State = "FAILED"
	Cancelled State = "CANCELLED"
)

// An Execution is one statement that a client asked for.
type Execution struct {
	ID           string // lower-case UUID
	SQL          string // as sent
	Catalog      string // as sent, "" if not
	Database     string // as sent, "" if not
	Parameters   []string
	WorkGroup    string
	Token        string // ClientRequestToken, "" if not sent
	OutputFolder string // s3://bucket/prefix as sent
	Result       ResultOptions
	Output       string // s3://bucket/prefix/<id>.csv or .txt
	Statement    string // DDL, DML or UTILITY
	Substatement string // SELECT, CREATE_TABLE, …
	State        State
	Failure      *Failure
	Submitted    time.Time
	Started      time.Time // zero until RUNNING
	Completed    time.Time // zero until final
	Columns      []Column  // of the result, known when SUCCEEDED
	Rows         int64     // of the result, without header
	Scanned      int64     // bytes that the query read of data files, and of rows that are in none
	Written      int64     `json:",omitempty"` // bytes of its result
	Manifest     string    `json:",omitempty"` // URI of the list of the files that it wrote
	// Preprocessing is from Submitted until the statement was read and the execution kept, Planning is that of the
	// query, and Engine from Started to Completed. The rest of the time until then it waited.
	Preprocessing time.Duration `json:",omitempty"`
	Planning      time.Duration
	Engine        time.Duration
	Cutoff        int64  `json:",omitempty"` // most bytes that it may scan, 0 for any
	Reuse         *Reuse `json:",omitempty"` // nil if nothing was said of it
	// Reused is the execution whose result this one was given, instead of one of its own; "" if it has its own.
	Reused string `json:",omitempty"`
	// Prepared is the text that an EXECUTE which SUCCEEDED has run; "" for other statements.
	Prepared string `json:",omitempty"`
}

// ResultOptions are what a client said of the objects of its result, "" where it said nothing.
// They are shown as they were sent; the encryption is also shown on the objects, as S3 would.
type ResultOptions struct {
	Encryption    string // SSE_S3 or SSE_KMS
	KMSKey        string
	ExpectedOwner string // the account
	ACL           string // BUCKET_OWNER_FULL_CONTROL
}

// Reuse is what a client said of giving it an earlier result of the same statement. Whoever does not ask for one
// gets what was acknowledged before its statement.
type Reuse struct {
	Enabled bool
	MaxAge  int // minutes
}

// Failure says why an execution FAILED or was CANCELLED (contract §5.2).
type Failure struct {
	Reason    string // StateChangeReason
	Category  int    // 1 system, 2 user, 3 other
	Type      int    // ErrorType
	Retryable bool
}

// A Column is a column of a result. Type is the name that Athena shows (contract §5.4): boolean,
// integer, bigint, double, varchar, decimal, timestamp, timestamp with time zone, array, …
type Column struct {
	Name      string
	Type      string
	Precision int
	Scale     int
}

// A Catalog remembers executions, and what clients define for them.
type Catalog interface {
	Executions
	Definitions
}

// Executions remembers executions. A call returns after its change is durable.
type Executions interface {
	// Create stores e. If an execution with the same Token is there, it stores nothing and
	// returns that one; else it returns e.
	Create(ctx context.Context, e *Execution) (*Execution, error)
	Get(ctx context.Context, id string) (*Execution, error) // NotFound
	// Update changes an execution atomically, and in the same commit makes its effect: a SUCCEEDED
	// is never seen without its result, nor the other way round. Its ID, Token, Submitted and WorkGroup
	// stay. Conflict, and nothing changed, if the execution's state is final already; the errors of
	// Effect.
	Update(ctx context.Context, id string, change func(*Execution), effect Effect) (*Execution, error)
	// List yields the executions of a work group, newest submission first, from the one behind the
	// execution of the ID after, or from the newest if that is "". Invalid: there is no such execution.
	List(ctx context.Context, workGroup, after string) iter.Seq2[*Execution, error]
	// Unfinished returns the IDs of those whose state is not final. It reads no others.
	Unfinished(ctx context.Context) ([]string, error)
	// Remove forgets up to limit of those that were submitted before an instant and are final, and
	// returns how many it forgot.
	Remove(ctx context.Context, before time.Time, limit int) (int, error)
}

// An Effect is what becomes visible in the commit that makes an execution final. The zero value is none.
type Effect struct {
	Objects []*bucket.Object // put into the index. NotFound: the bucket
	// Create is a table to make. Exists; NotFound: the database.
	Create *table.Table
	// Extend is a table that must still be there, at the same location and with the same partition keys.
	// Conflict.
	Extend *table.Table
	// Partitions are those of Create or Extend that the objects are in. Those that are there stay.
	Partitions []*table.Partition
}

// An Engine runs plans, a few at a time; Run waits for its turn. A plan that fails, exceeds its
// memory or kills its process fails alone.
type Engine interface {
	// Run calls started when the plan leaves the queue, then rows with batches of the result in
	// order; a nil *string is NULL, the others are the texts that Athena prints (contract §5.4).
	// Errors of the plan are *EngineError, or ErrCutoff. Cancelling ctx ends the run within a second.
	Run(ctx context.Context, p *Plan, started func(), rows func(batch [][]*string) error) error
	Close() error
}

// EngineError is an error of the data or the statement that the engine met while it ran.
type EngineError struct {
	Code    string // DIVISION_BY_ZERO, INVALID_CAST_ARGUMENT, EXCEEDED_LOCAL_MEMORY_LIMIT, …, as Trino names them
	Message string // in Trino's words, never the engine's
}

func (e *EngineError) Error() string { return e.Code + ": " + e.Message }

// A Plan is a statement in the engine's dialect and the relations that it names.
type Plan struct {
	SQL string
	// Spare gives the same as SQL and needs less memory: the engine runs it if SQL runs out of memory before its first
	// row. "" if there is none.
	Spare     string
	Relations []Relation
	Columns   []Column // of the result
	// Layouts say how the values of each column are printed: its type in full, as trino.Type.Layout has
	// it. nil: as the columns' types and the engine's say.
	Layouts []string
	Write   *Write // instead of rows; nil: the result is rows
	// Measure is called when the plan has run, before Run returns, with what the engine's operators did; nil
	// if it could not be measured. Nothing is measured if Measure is nil, or for a plan that writes.
	Measure func(*Operator)
	// Cutoff is how many bytes of its relations the plan may read; 0: any number. A plan that reads more ends
	// while it does, or at the latest when it would be done.
	Cutoff int64
	Read   int64 // how many it read: what Run leaves here, also when it fails
}

// An Operator is a step in which an engine carried out a plan. The root gives the result.
type Operator struct {
	Kind     string // Scan, Filter, Project, HashJoin, … or Other
	Relation int    // of a Scan of files: the place of its relation in the plan; else -1
	Rows     int64  // that it gave
	Read     int64  // of a Scan: rows that it read before its filters
	Time     time.Duration
	Inputs   []*Operator
}

// A Write makes the engine write the result of a plan into files.
type Write struct {
	Format      string         // parquet or text
	Text        *serde.Format  // of text
	Columns     []serde.Column // of text: those that are in the files
	Compression string         // NONE, SNAPPY, GZIP, ZSTD, LZ4
	// Keys is of how many partition keys the last column of the plan is made, which is in no file and is named
	// "larder folder": for each key "v" and its text in hexadecimal, or "n" for NULL, with dots between.
	// 0: there is no such column.
	Keys int
	// Single makes one file of all rows, in their order, however long it gets. It has no Keys.
	Single bool
	// File is called for each file when it is whole. It does not keep body. Its error ends the plan.
	File func(keys []*string, body io.Reader) error
	Rows int64 // in all files: what Run leaves here
}

// A Relation is what the engine reads under a name. Every value has the type of its column;
// values that cannot be converted are the engine's error.
type Relation struct {
	Name    string
	Columns []RelationColumn
	// Keys is how many of the columns, the last ones, are in no file: each File says what they are in
	// its rows.
	Keys  int
	Files []File
	// Placed says that the plan also reads the relation, of Parquet files, by its rows' places: trino.Translation has how.
	Placed bool
	// Rows yields rows that are in no file, again each time that it is called: nil, bool, int64, float64, string, time.Time (UTC,
	// microseconds) or []any of these, one a column. nil if there are none.
	Rows iter.Seq2[[]any, error]
}

// RelationColumn is a column of a relation: its name in the data files (matched without case)
// and its type in the engine's words: VARCHAR, BIGINT, DOUBLE, BOOLEAN, TIMESTAMP, VARCHAR[], …
type RelationColumn struct {
	Name, Type string
	Hive       serde.Type // the same type, for files of text
}

// A File is a data file on the local disk, which the engine opens read-only.
type File struct {
	Path string
	Size int64
	URI  string // s3://bucket/key: what errors call the file
	Rows int64  // for the order of joins; 0 if nobody has counted them
	// Keys are the values of the relation's Keys in the rows of this file, as texts of the columns'
	// types; nil is NULL.
	Keys []*string
	// Text is how the lines of a file of text are read; nil: the file is Parquet.
	Text *serde.Format
	// Compression is how a file of text is compressed: "", gzip or zstd.
	Compression string
}
