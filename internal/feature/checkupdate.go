package feature

import "slices"

// maxUpdateFeatures is how many features one update of a record may name (contract §1.13).
const maxUpdateFeatures = 100

// CheckUpdate makes an Update of the fields of an UpdateRecord (contract §2.8), or says which field
// breaks which rule (Invalid). ttl is nil if none was given. A null clears its feature. The record
// identifier may be among the fields only as it is, and needs not to be.
func (g *Group) CheckUpdate(id string, fields []Field, ttl *TTL) (*Update, error) {
	if n := len(fields); n < 1 || n > maxUpdateFeatures {
		return nil, Errorf(Invalid, "Features has %d features; it must have 1 to %d", n, maxUpdateFeatures)
	}
	if err := g.checkID(id); err != nil {
		return nil, err
	}
	values, err := g.values(fields)
	if err != nil {
		return nil, err
	}
	u := &Update{ID: id}
	for _, v := range values {
		if v.Ordinal < 0 {
			u.Clear = append(u.Clear, ^v.Ordinal)
		} else {
			u.Values = append(u.Values, v)
		}
	}
	if err := g.checkUpdateKeys(u); err != nil {
		return nil, err
	}
	if ttl == nil {
		return u, nil
	}
	if u.EventTime == nil {
		return nil, Errorf(Invalid, "the update has a TtlDuration and no value for the event-time feature %q; give both", g.EventTime)
	}
	seconds, err := g.RecordTTL(ttl)
	if err != nil {
		return nil, err
	}
	u.TTL = &seconds
	return u, nil
}

// checkUpdateKeys holds the rules of the identifier and the event time in an update, and sets the
// latter.
func (g *Group) checkUpdateKeys(u *Update) error {
	idAt, etAt := g.Ordinal(g.RecordIdentifier), g.Ordinal(g.EventTime)
	switch {
	case slices.Contains(u.Clear, idAt):
		return Errorf(Invalid, "the feature %q has no value, and it is the record identifier of the feature group %s; leave it out", g.RecordIdentifier, g.Name)
	case slices.Contains(u.Clear, etAt):
		return Errorf(Invalid, "the feature %q has no value, and it is the event time of the feature group %s; give a value, or leave it out to keep that of the record", g.EventTime, g.Name)
	}
	if text, ok := find(u.Values, idAt); ok && text != u.ID {
		return Errorf(Invalid, "the record identifier %q cannot change from %s to %s; leave it out", g.RecordIdentifier, quote(u.ID), quote(text))
	}
	text, ok := find(u.Values, etAt)
	if !ok {
		return nil
	}
	at, err := ParseEventTime(g.Definitions[etAt].Type, text)
	if err != nil {
		return err
	}
	u.EventTime = &at
	return nil
}

// checkID holds the rules of a record identifier that is given beside the record. One that is the
// event time too must be one, as that of a put must: it is the event time of a marker's row.
func (g *Group) checkID(id string) error {
	if err := checkIdentifier(id); err != nil {
		return err
	}
	typ := g.Definitions[g.Ordinal(g.RecordIdentifier)].Type
	if err := checkText(g.RecordIdentifier, typ, id); err != nil || g.RecordIdentifier != g.EventTime {
		return err
	}
	_, err := ParseEventTime(typ, id)
	return err
}
