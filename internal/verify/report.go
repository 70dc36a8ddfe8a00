package verify

import (
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// A Report is what a comparison found. docs/consistency.md explains every count.
type Report struct {
	Group feature.GroupName
	At    time.Time // the moment at which both stores were looked at
	// Skipped is why there was nothing to compare, "" if there was.
	Skipped string
	Held    Held
	Table   Table
	Newest  Newest
	// Differences is how many there are, and First the first of them.
	Differences int64
	First       []Difference
}

// Held is what the online store holds.
type Held struct {
	Records    int64 // tombstones not among them
	Tombstones int64
	Expired    int64 // of Records, those that nobody sees any more
	OnlineOnly int64 // of all, those whose write did not go to the offline store
}

// Table is what the offline store has.
type Table struct {
	Files     int64
	FileRows  int64
	Unflushed int64 // rows that wait in the journal
	// ForeignFiles were written by somebody else (Spark, a notebook, a copy). Their rows are
	// counted and not compared.
	ForeignFiles int64
	ForeignRows  int64
}

// Newest counts identifiers by how what is held stands to the newest row: the one with the latest event
// time, and of those the one written last. All of it is by contract.
type Newest struct {
	Agree        int64 // the newest row is what is held
	OnlineAlone  int64 // what is held was written to the online store alone, and is not older
	OfflineAlone int64 // the newest row is a record that did not come to the online store, or did not stay there
	Removed      int64 // the newest row is a delete marker, and nothing, or an older record put later, is held
	StaleDelete  int64 // the newest row is a delete marker of the same event time as the record held
	Spellings    int64 // several identifiers are one number in the table, such as 1 and 01
}

// Kind says what kind of difference there is.
type Kind string

// The kinds of differences. No rule of the feature store explains any of them.
const (
	Missing    Kind = "Missing"    // what is held has no row, though it was written to both stores
	Different  Kind = "Different"  // a row is not what its write left online
	Twice      Kind = "Twice"      // a write time is there more than once
	Outdated   Kind = "Outdated"   // what is held is older than what the journal says was held later
	Malformed  Kind = "Malformed"  // a row that no write leaves
	Miscounted Kind = "Miscounted" // the files have not as many rows as were written into them
	Unreadable Kind = "Unreadable" // a file cannot be read; the comparison ended there
)

// A Difference is one place at which the stores do not agree, with what is known of it.
type Difference struct {
	Kind       Kind
	Identifier string
	EventTime  string           // as in the table
	WriteTime  feature.Position // 0 if it has none
	Column     string           // the first that differs
	Detail     string
}

// found notes a difference.
func (r *Report) found(most int, d Difference) {
	r.Differences++
	if len(r.First) < most {
		r.First = append(r.First, d)
	}
}
