package metamorphic

import (
	"slices"
	"time"
)

// A model is the naive store: what the contract says of groups and records, in maps and slices.
type model struct {
	now        time.Time
	extensions bool
	groups     map[string]*group
	tables     []*table        // of every group that ever had one, in the order of creation
	locations  map[string]bool // of offline stores and tables that were ever used
	calls      int             // writes of records so far; a batch is one
}

func newModel(extensions bool) *model {
	return &model{now: epoch, extensions: extensions, groups: map[string]*group{}, locations: map[string]bool{}}
}

// A record is what the online store holds of an identifier, or would.
type record struct {
	id      string
	at      time.Time
	lives   int64 // seconds after at; 0: for ever
	values  map[string]value
	deleted bool // a tombstone
}

// A value is a scalar's text, or a collection's elements.
type value struct {
	text string
	list []string
}

// A row is one line of history.
type row struct {
	id      string
	call    int // rows of one call but of different records come in any order
	values  map[string]value
	deleted bool
	invoked time.Time // zero: not known
}

// A table is the history of a group's offline store: the rows of each identifier, as a column holds
// it, in the order of their acceptance, and the markers of its expiries, which come at any time after
// them.
type table struct {
	name    string // quoted, as SQL names it
	group   *group
	rows    map[string][]row
	markers map[string][]row
	dirty   int // rows since SQL was last asked
}

func (t *table) add(r row) {
	key := t.group.column(t.group.identifier, r.id)
	t.rows[key] = append(t.rows[key], r)
	t.dirty++
}

func (t *table) mark(r row) {
	key := t.group.column(t.group.identifier, r.id)
	t.markers[key] = append(t.markers[key], r)
	t.dirty++
}

// expiry returns when r expires.
func (r *record) expiry() (time.Time, bool) {
	if r == nil || r.lives == 0 {
		return time.Time{}, false
	}
	if r.at.Unix()+r.lives > lastInstant.Unix() {
		return lastInstant, true
	}
	return time.Unix(r.at.Unix()+r.lives, int64(r.at.Nanosecond())).UTC(), true
}

func (r *record) expired(now time.Time) bool {
	at, mortal := r.expiry()
	return mortal && !now.Before(at)
}

// seen returns the record that readers see, nil if there is none.
func (m *model) seen(g *group, id string) *record {
	if r := g.held[id]; r != nil && !r.deleted && !r.expired(m.now) {
		return r
	}
	return nil
}

// settle forgets what is held if it has expired, and notes the marker.
func (m *model) settle(g *group, id string) {
	if r := g.held[id]; r.expired(m.now) {
		delete(g.held, id)
		if g.table != nil {
			g.table.mark(g.expiryMarker(r))
		}
	}
}

// write carries out a put of r, a whole record, to the stores.
func (m *model) write(g *group, r *record, to stores) {
	g.ever[r.id] = true
	if to.online {
		m.settle(g, r.id)
		switch held := g.held[r.id]; {
		case held != nil && r.at.Before(held.at): // stale: history only
		case r.expired(m.now):
			delete(g.held, r.id)
		default:
			g.held[r.id] = r
		}
	}
	if to.offline {
		g.table.add(row{id: r.id, call: m.calls, values: r.values, invoked: m.now})
	}
}

// remove carries out a delete. It is refused if it is a hard one that is not newer.
func (m *model) remove(g *group, id, text string, at time.Time, hard bool, to stores) (ok bool) {
	if to.online {
		held := g.held[id]
		if held.expired(m.now) {
			held = nil
		}
		newer := held == nil || at.After(held.at)
		if hard && !newer {
			return false
		}
		m.settle(g, id)
		switch {
		case hard:
			delete(g.held, id)
		case newer:
			g.held[id] = &record{id: id, at: at, deleted: true}
		}
	}
	g.ever[id] = true
	if to.offline {
		g.table.add(row{id: id, call: m.calls, values: g.keys(id, text), deleted: true, invoked: m.now})
	}
	return true
}

// update carries out an UpdateRecord that has been checked; at is nil if it names no event time.
func (m *model) update(g *group, id string, set map[string]*value, at *time.Time, lives *int64, to stores) (code string) {
	held := m.seen(g, id)
	if held == nil {
		return "ResourceNotFound"
	}
	r := &record{id: id, at: held.at, lives: held.lives, values: map[string]value{}}
	for name, v := range held.values {
		r.values[name] = v
	}
	for name, v := range set {
		if v == nil {
			delete(r.values, name)
		} else {
			r.values[name] = *v
		}
	}
	if at != nil {
		if at.Before(held.at) {
			return "ConflictException"
		}
		r.at = *at
	}
	if lives != nil {
		r.lives = *lives
	}
	m.write(g, r, to)
	return ""
}

// list returns the identifiers that are held, sorted.
func (m *model) list(g *group, deleted bool) []string {
	ids := []string{}
	for id, r := range g.held {
		if !r.expired(m.now) && (deleted || !r.deleted) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// keys are the values of a marker.
func (g *group) keys(id, eventTime string) map[string]value {
	return map[string]value{g.eventTime: {text: eventTime}, g.identifier: {text: id}}
}

func (g *group) expiryMarker(r *record) row {
	at, _ := r.expiry()
	text := isoText(at)
	if g.definition(g.eventTime).FeatureType == "Fractional" {
		text = epochText(at)
	}
	return row{id: r.id, values: g.keys(r.id, text), deleted: true}
}
