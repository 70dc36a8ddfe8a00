package embedded

import (
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// Groups is the catalog.
type Groups struct{ feature.Catalog }

// Records is the online store and the journal.
type Records struct{ feature.Records }

// Objects is the index of the buckets.
type Objects struct{ bucket.Index }

// Tables is the catalog of databases and tables.
type Tables struct{ table.Tables }

// Offline is the journal and the index seen together.
type Offline struct{ table.Offline }

// Executions is the catalog of executions.
type Executions struct{ query.Executions }

// Groups returns the catalog.
func (s *Store) Groups() *Groups { return &Groups{} }

// Records returns the records.
func (s *Store) Records() *Records { return &Records{} }

// Objects returns the index.
func (s *Store) Objects() *Objects { return &Objects{} }

// Tables returns the tables.
func (s *Store) Tables() *Tables { return &Tables{} }

// Offline returns the offline store.
func (s *Store) Offline() *Offline { return &Offline{} }

// Executions returns the executions.
func (s *Store) Executions() *Executions { return &Executions{} }
