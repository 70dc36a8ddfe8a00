package feature

import "time"

// A GroupUpdate is what an update of a group asks for (contract §1.5): exactly one member is set.
type GroupUpdate struct {
	Additions  []Definition
	Online     *OnlineUpdate
	Throughput *Throughput // Mode "" keeps the mode
}

// An OnlineUpdate changes how an online store is kept. "" and nil keep what is.
type OnlineUpdate struct {
	TTL         *TTL
	RemoveTTL   bool
	StorageType string
}

// Update carries out u on g, a copy that nobody else holds (see Catalog.Update), and notes it: the
// definitions are there, Modified is set and LastUpdate is InProgress; whoever extends the table
// settles that. Invalid: a rule of contract §1.5 is broken, or the last update is InProgress.
func (g *Group) Update(u *GroupUpdate, now time.Time, extensions bool) error {
	panic("not written yet")
}

// A MetadataUpdate changes what is said of a feature (contract §1.8).
type MetadataUpdate struct {
	Description *string // nil keeps it, "" clears it
	Additions   []Parameter
	Removals    []string // keys; one that is not there is no error
}

// UpdateMetadata carries out u on the feature of g, a copy that nobody else holds. NotFound: the
// feature; Invalid.
func (g *Group) UpdateMetadata(name Name, u *MetadataUpdate, now time.Time) error {
	panic("not written yet")
}

// AddTags adds tags to g, a copy that nobody else holds; a tag whose key is there replaces it
// (contract §1.9). Invalid.
func (g *Group) AddTags(tags []Tag) error { panic("not written yet") }

// DeleteTags removes the tags of these keys; one that is not there is no error. Invalid.
func (g *Group) DeleteTags(keys []string) error { panic("not written yet") }

// CheckUpdate makes an Update of the fields of an UpdateRecord (contract §2.8), or says which field
// breaks which rule (Invalid). ttl is nil if none was given.
func (g *Group) CheckUpdate(id string, fields []Field, ttl *TTL) (*Update, error) {
	panic("not written yet")
}

// Seconds returns how long t is. Invalid: its unit is none, or its value is below 1 or so large that
// no record could tell.
func (t TTL) Seconds() (int64, error) { panic("not written yet") }

// RecordTTL returns after how many seconds a record of g expires, 0 for never: as its writer says,
// or as the group says if that is nil (contract §3.5). Invalid.
func (g *Group) RecordTTL(asked *TTL) (int64, error) { panic("not written yet") }
