package metamorphic

import (
	"net/url"
)

// putRecord is PutRecord.
type putRecord struct {
	Group        string `json:"-"`
	Record       []featureValue
	TargetStores []string `json:",omitzero"`
	TtlDuration  *ttl     `json:",omitempty"`
}

func (o *putRecord) request() request {
	return request{method: "PUT", path: []string{"FeatureGroup", o.Group}, body: o}
}

func (o *putRecord) expect(m *model) reply {
	m.calls++
	code := m.put(o.Group, o.Record, o.TargetStores, o.TtlDuration, nil)
	if code == notFound {
		code = invalid // PutRecord and DeleteRecord have no ResourceNotFound (contract §11.3)
	}
	return reply{code: code}
}

func (o *putRecord) touches(m *model) (string, string) {
	return o.Group, m.identifierOf(o.Group, o.Record)
}

// identifierOf returns the identifier of a record, "" if it has none.
func (m *model) identifierOf(ref string, record []featureValue) string {
	g, _ := m.find(ref)
	for _, f := range record {
		if g != nil && f.FeatureName == g.identifier && f.ValueAsString != nil {
			return *f.ValueAsString
		}
	}
	return ""
}

// put is a put of a call, or of an entry of a batch whose call says perCall.
func (m *model) put(ref string, fields []featureValue, asked []string, own, perCall *ttl) (code string) {
	g, code := m.find(ref)
	if code != "" {
		return code
	}
	to, ok := g.targets(asked)
	if !ok {
		return invalid
	}
	if own == nil {
		own = perCall
	}
	if own != nil && !to.online {
		return invalid
	}
	r, ok := g.whole(fields)
	if !ok {
		return invalid
	}
	r.lives = g.lifetime(own)
	m.write(g, r, to)
	return ""
}

// deleteRecord is DeleteRecord.
type deleteRecord struct {
	Group, ID, At, Mode string // Mode "": not given
	TargetStores        []string
}

func (o *deleteRecord) request() request {
	q := url.Values{"RecordIdentifierValueAsString": {o.ID}, "EventTime": {o.At}}
	if o.Mode != "" {
		q.Set("DeletionMode", o.Mode)
	}
	if o.TargetStores != nil {
		q["TargetStores"] = o.TargetStores
	}
	return request{method: "DELETE", path: []string{"FeatureGroup", o.Group}, query: q}
}

func (o *deleteRecord) expect(m *model) reply {
	m.calls++
	g, code := m.find(o.Group)
	if code != "" {
		return reply{code: invalid}
	}
	to, ok := g.targets(o.TargetStores)
	if !ok || !g.identifies(o.ID) {
		return reply{code: invalid}
	}
	at, ok := instant(g.definition(g.eventTime).FeatureType, o.At)
	if !ok || !m.remove(g, o.ID, o.At, at, o.Mode == "HardDelete", to) {
		return reply{code: invalid}
	}
	return reply{}
}

func (o *deleteRecord) touches(*model) (string, string) { return o.Group, o.ID }

// updateRecord is UpdateRecord.
type updateRecord struct {
	Group                         string `json:"-"`
	RecordIdentifierValueAsString string
	Features                      []featureValue
	TargetStores                  []string `json:",omitzero"`
	TtlDuration                   *ttl     `json:",omitempty"`
}

func (o *updateRecord) request() request {
	return request{method: "POST", path: []string{"FeatureGroup", o.Group, "Record"}, body: o}
}

func (o *updateRecord) expect(m *model) reply {
	m.calls++
	g, code := m.find(o.Group)
	if code != "" {
		return reply{code: code}
	}
	to, ok := g.targets(o.TargetStores)
	if !ok || !to.online || !m.extensions && g.storage() == "Standard" {
		return reply{code: invalid}
	}
	set, ok := g.read(o.Features)
	if !ok || len(set) == 0 || !g.identifies(o.RecordIdentifierValueAsString) {
		return reply{code: invalid}
	}
	if v, listed := set[g.identifier]; listed && (v == nil || v.text != o.RecordIdentifierValueAsString) {
		return reply{code: invalid}
	}
	v, timed := set[g.eventTime]
	if timed && v == nil || o.TtlDuration != nil && !timed {
		return reply{code: invalid}
	}
	var lives *int64
	if o.TtlDuration != nil {
		s := o.TtlDuration.seconds()
		lives = &s
	}
	if !timed {
		return reply{code: m.update(g, o.RecordIdentifierValueAsString, set, nil, lives, to)}
	}
	at, ok := instant(g.definition(g.eventTime).FeatureType, v.text)
	if !ok {
		return reply{code: invalid}
	}
	return reply{code: m.update(g, o.RecordIdentifierValueAsString, set, &at, lives, to)}
}

func (o *updateRecord) touches(*model) (string, string) {
	return o.Group, o.RecordIdentifierValueAsString
}
