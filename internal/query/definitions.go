package query

import (
	"context"
	"time"
)

// A WorkGroup is a named set of executions and the settings that they have in common.
type WorkGroup struct {
	Name        string
	Description string
	Disabled    bool
	Enforced    bool   // the settings below hold whatever a client says
	Output      string // s3://bucket/prefix, "" if none is set
	Result      ResultOptions
	Cutoff      int64 // most bytes that a query may scan, 0 for any
	Metrics     bool  // PublishCloudWatchMetricsEnabled, as it was set
	Requester   bool  // RequesterPaysEnabled, as it was set
	Engine      string
	Created     time.Time
	Tags        map[string]string `json:",omitempty"`
}

// A NamedQuery is a statement that somebody has kept.
type NamedQuery struct {
	ID          string // lower-case UUID
	Name        string
	Description string
	Database    string
	SQL         string
	WorkGroup   string
	Token       string // ClientRequestToken, "" if not sent
}

// A Prepared is a statement with parameters, known by its name in a work group.
type Prepared struct {
	Name        string
	WorkGroup   string
	SQL         string
	Description string
	Modified    time.Time
}

// Definitions remember what clients define. A call returns after its change is durable. What is handed
// out may be kept.
type Definitions interface {
	WorkGroups
	NamedQueries
	PreparedStatements
}

// WorkGroups remember work groups. PrimaryWorkGroup is there from the beginning.
type WorkGroups interface {
	CreateWorkGroup(ctx context.Context, g *WorkGroup) error                               // Exists
	GetWorkGroup(ctx context.Context, name string) (*WorkGroup, error)                     // NotFound
	ListWorkGroups(ctx context.Context) ([]*WorkGroup, error)                              // sorted by name
	UpdateWorkGroup(ctx context.Context, name string, change func(*WorkGroup) error) error // NotFound
	// DeleteWorkGroup forgets a work group with its named queries and its prepared statements, and which
	// executions were its. Conflict: it has some of these, and all is false.
	DeleteWorkGroup(ctx context.Context, name string, all bool) error // NotFound
}

// NamedQueries remember named queries.
type NamedQueries interface {
	// CreateNamedQuery stores q. If one with the same Token is there, it stores nothing and returns
	// that one; else it returns q. NotFound: the work group.
	CreateNamedQuery(ctx context.Context, q *NamedQuery) (*NamedQuery, error)
	GetNamedQuery(ctx context.Context, id string) (*NamedQuery, error)                     // NotFound
	ListNamedQueries(ctx context.Context, workGroup string) ([]*NamedQuery, error)         // sorted by ID
	UpdateNamedQuery(ctx context.Context, id string, change func(*NamedQuery) error) error // NotFound
	DeleteNamedQuery(ctx context.Context, id string) error                                 // NotFound
}

// PreparedStatements remember prepared statements.
type PreparedStatements interface {
	// PutPrepared stores p. Exists and NotFound as how says; NotFound also: the work group.
	PutPrepared(ctx context.Context, p *Prepared, how Putting) error
	GetPrepared(ctx context.Context, workGroup, name string) (*Prepared, error) // NotFound
	ListPrepared(ctx context.Context, workGroup string) ([]*Prepared, error)    // sorted by name
	DeletePrepared(ctx context.Context, workGroup, name string) error           // NotFound
}

// Putting says whether what is put is to be new.
type Putting int

// The ways of putting.
const (
	MustBeNew   Putting = iota // Exists if it is there
	MustBeThere                // NotFound if it is not
	Either
)
