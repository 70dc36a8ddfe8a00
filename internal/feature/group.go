package feature

import "time"

// GroupID names one creation of a group. It is never used again, so what a deleted group left
// behind cannot be taken for a later group's of the same name.
type GroupID uint64

// GroupName is the name of a group: 1 to 64 letters, digits, '-' and '_' (contract §1.1).
type GroupName string

// Name is the name of a feature. Names are case-sensitive; two that differ only in case may not
// be in one group with an offline store, because columns are not (contract §1.3 rule 9).
type Name string

// Type is the type of a feature.
type Type uint8

// The types of the contract, §4.2: String is text, Integral int64, Fractional float64.
const (
	String Type = iota + 1
	Integral
	Fractional
)

// String returns the type's name, "" for what is no type.
func (t Type) String() string {
	if t < String || t > Fractional {
		return ""
	}
	return [...]string{"String", "Integral", "Fractional"}[t-String]
}

// Collection says how many values a feature has in one record (contract §3.3).
type Collection uint8

// The collections. What is not a Scalar is read and written as a list of texts.
const (
	Scalar Collection = iota // one
	List                     // any number, in order
	Set                      // any number, each once
	Vector                   // as many as the Dimension says
)

// String returns the collection's name, "" for a Scalar and for what is no collection.
func (c Collection) String() string {
	if c > Vector {
		return ""
	}
	return [...]string{"", "List", "Set", "Vector"}[c]
}

// A Definition is the name and type of one feature, and what people say of it.
type Definition struct {
	Name       Name
	Type       Type       // of each element, if it is a collection
	Collection Collection `json:",omitzero"`
	Dimension  int        `json:",omitzero"` // of a Vector: how many elements; else 0
	Added      time.Time  `json:",omitzero"` // zero: with the group
	Metadata   *Metadata  `json:",omitzero"` // nil until somebody described the feature
}

// Metadata describes a feature to people and searches (contract §1.8).
type Metadata struct {
	Description string
	Parameters  []Parameter // at most 25, in the order in which their keys came
	Modified    time.Time
}

// A Parameter is a key and a value that a user attached to a feature.
type Parameter struct{ Key, Value string }

// A TTL is how long a record lives from its event time on, as a caller says it (contract §3.5).
type TTL struct {
	Unit  TTLUnit
	Value int64 // from 1
}

// TTLUnit is a unit of time to live; it is its name.
type TTLUnit string

// The units.
const (
	Seconds TTLUnit = "Seconds"
	Minutes TTLUnit = "Minutes"
	Hours   TTLUnit = "Hours"
	Days    TTLUnit = "Days"
	Weeks   TTLUnit = "Weeks"
)

// Throughput is a ThroughputConfig. It binds a group only when the server throttles.
type Throughput struct {
	Mode string // OnDemand or Provisioned
	// Read and Write are capacity units a second, nil if not given: a read unit is 4 KiB read, a
	// write unit 1 KiB written.
	Read, Write *int64
}

// UpdateStatus is how the last update of a group went: Successful, Failed or InProgress.
type UpdateStatus struct {
	Status  string
	Failure string
}

// Status is where a group is in its life (contract §1.12).
type Status uint8

// A group is usable when Created.
const (
	Creating Status = iota + 1
	Created
	CreateFailed
	Deleting
	DeleteFailed
)

// String returns the status's name, "" for what is no status.
func (s Status) String() string {
	if s < Creating || s > DeleteFailed {
		return ""
	}
	return [...]string{"Creating", "Created", "CreateFailed", "Deleting", "DeleteFailed"}[s-Creating]
}

// A Group is a schema and what is kept of its records. Once made it changes only by
// Catalog.Update; holders of a *Group do not change it.
type Group struct {
	ID               GroupID
	Name             GroupName
	ARN              string
	RecordIdentifier Name
	EventTime        Name
	// Definitions keep the order of creation. A feature's place in it, its ordinal, never
	// changes: later additions go to the end. Stored records name features by ordinal.
	Definitions []Definition
	Online      *Online     // nil: no online store
	OnlineOff   *Online     // an online store was described and not enabled; echoed
	Offline     *Offline    // nil: no offline store
	Throughput  *Throughput `json:",omitzero"` // nil if not given: OnDemand
	RoleARN     string      // "" if none was given
	Description string
	Tags        []Tag
	Created     time.Time // to the millisecond, as AWS shows it
	Status      Status
	Failure     string // why Status is CreateFailed or DeleteFailed
	// Modified and LastUpdate are zero and nil before the first update.
	Modified   time.Time     `json:",omitzero"`
	LastUpdate *UpdateStatus `json:",omitzero"`
}

// The storage types of an online store. One engine serves them all; they differ in what they let
// a caller do (contract §3.6).
const (
	Standard   = "Standard"
	StandardV2 = "Standard_V2" // and UpdateRecord
	InMemory   = "InMemory"    // and UpdateRecord and collections, but no offline store
)

// Online says how a group's online store was asked for.
type Online struct {
	StorageType string // as given; "" if not given (Standard)
	KMSKeyID    string // as given; echoed, without effect: no caller can tell
	TTL         *TTL   `json:",omitzero"` // of records that say nothing else; nil: they live for ever
}

// Offline says how a group's offline store was asked for, and where it is.
type Offline struct {
	S3URI        string // as given
	KMSKeyID     string // as given
	Resolved     string // s3://bucket/prefix/account/sagemaker/region/offline-store/name-epoch/data (contract §4.1)
	TableFormat  string // as given; "" if not given (Glue)
	DisableTable bool   // DisableGlueTableCreation
	// Table is the table of the group, and nil only if DisableTable is set and no
	// DataCatalogConfig was given (contract §4.7).
	Table *TableRef
}

// TableRef names a table. Database and Table are lower case.
type TableRef struct{ Catalog, Database, Table string }

// Tag is a key and a value that a user attached to a group.
type Tag struct{ Key, Value string }

// Ordinal returns the place of the feature in g.Definitions, and -1 if g has no such feature.
func (g *Group) Ordinal(name Name) int {
	for i, d := range g.Definitions {
		if d.Name == name {
			return i
		}
	}
	return -1
}
