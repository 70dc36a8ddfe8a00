package metamorphic

import (
	"net/url"
	"slices"
)

// getRecord is GetRecord.
type getRecord struct {
	Group, ID string
	Names     []string
	Expiry    string // ExpirationTimeResponse; "": not given
}

func (o *getRecord) request() request {
	q := url.Values{"RecordIdentifierValueAsString": {o.ID}}
	if o.Names != nil {
		q["FeatureName"] = o.Names
	}
	if o.Expiry != "" {
		q.Set("ExpirationTimeResponse", o.Expiry)
	}
	return request{method: "GET", path: []string{"FeatureGroup", o.Group}, query: q}
}

// A found is the reply of GetRecord.
type found struct {
	Record    []featureValue `json:",omitzero"`
	ExpiresAt string         `json:",omitempty"`
}

func (o *getRecord) expect(m *model) reply {
	if o.ID == "" {
		return reply{code: invalid}
	}
	f, code := m.get(o.Group, o.ID, o.Names, o.Expiry == "Enabled")
	return reply{code: code, body: f}
}

// get reads one record.
func (m *model) get(ref, id string, names []string, expiry bool) (f found, code string) {
	g, code := m.find(ref)
	if code != "" {
		return f, code
	}
	for _, name := range names {
		if g.definition(name) == nil {
			return f, invalid
		}
	}
	if !g.has().online {
		return f, invalid
	}
	r := m.seen(g, id)
	if r == nil {
		return f, ""
	}
	f.Record = []featureValue{}
	for _, d := range g.definitions {
		v, ok := r.values[d.FeatureName]
		switch {
		case !ok || names != nil && !slices.Contains(names, d.FeatureName):
		case d.CollectionType != "":
			f.Record = append(f.Record, featureValue{FeatureName: d.FeatureName, ValueAsStringList: v.list})
		default:
			f.Record = append(f.Record, featureValue{FeatureName: d.FeatureName, ValueAsString: &v.text})
		}
	}
	if at, mortal := r.expiry(); mortal && expiry {
		f.ExpiresAt = isoText(at)
	}
	return f, ""
}

// batchGet is BatchGetRecord.
type batchGet struct {
	Identifiers            []want
	ExpirationTimeResponse string `json:",omitempty"`
}

// A want is some records of one group.
type want struct {
	FeatureGroupName               string
	RecordIdentifiersValueAsString []string
	FeatureNames                   []string `json:",omitzero"`
}

func (o *batchGet) request() request {
	return request{method: "POST", path: []string{"BatchGetRecord"}, body: o}
}

// The reply of BatchGetRecord; its three lists are always there.
type batchFound struct {
	Records                []batchRecord
	Errors                 []batchError
	UnprocessedIdentifiers []want
}

type batchRecord struct {
	FeatureGroupName, RecordIdentifierValueAsString string
	found
}

type batchError struct {
	FeatureGroupName, RecordIdentifierValueAsString, ErrorCode string
}

func (o *batchGet) expect(m *model) reply {
	b := batchFound{Records: []batchRecord{}, Errors: []batchError{}, UnprocessedIdentifiers: []want{}}
	for _, w := range o.Identifiers {
		for _, id := range w.RecordIdentifiersValueAsString {
			f, code := m.get(w.FeatureGroupName, id, w.FeatureNames, o.ExpirationTimeResponse == "Enabled")
			switch {
			case code != "":
				b.Errors = append(b.Errors, batchError{w.FeatureGroupName, id, code})
			case f.Record != nil:
				b.Records = append(b.Records, batchRecord{w.FeatureGroupName, id, f})
			}
		}
	}
	return reply{body: b}
}

// batchWrite is BatchWriteRecord.
type batchWrite struct {
	Entries     []entry
	TtlDuration *ttl `json:",omitempty"`
}

type entry struct {
	FeatureGroupName string
	Record           []featureValue
	TargetStores     []string `json:",omitzero"`
	TtlDuration      *ttl     `json:",omitempty"`
}

func (o *batchWrite) request() request {
	return request{method: "POST", path: []string{"BatchWriteRecord"}, body: o}
}

type failedEntry struct {
	Entry     entry
	ErrorCode string
}

// The reply of BatchWriteRecord: an entry that failed is echoed as it was sent.
type batchWritten struct {
	Errors             []failedEntry
	UnprocessedEntries []entry
}

func (o *batchWrite) expect(m *model) reply {
	m.calls++
	b := batchWritten{Errors: []failedEntry{}, UnprocessedEntries: []entry{}}
	for _, e := range o.Entries {
		if code := m.put(e.FeatureGroupName, e.Record, e.TargetStores, e.TtlDuration, o.TtlDuration); code != "" {
			b.Errors = append(b.Errors, failedEntry{e, code})
		}
	}
	return reply{body: b}
}

// listRecords is ListRecords from the first page to the last, with a write between two of them.
type listRecords struct {
	Group   string
	Max     int // 0: not given
	Deleted bool
	between []call
}

// expect carries out what is between the pages; whoever runs the pages says what they must be.
func (o *listRecords) expect(m *model) reply {
	_, code := m.find(o.Group)
	for _, c := range o.between {
		c.expect(m)
	}
	return reply{code: code}
}

// listPage is one page.
type listPage struct {
	Group                     string `json:"-"`
	MaxResults                int    `json:",omitempty"`
	IncludeSoftDeletedRecords bool   `json:",omitempty"`
	NextToken                 string `json:",omitempty"`
}

func (o *listPage) request() request {
	return request{method: "POST", path: []string{"FeatureGroup", o.Group, "ListRecords"}, body: o}
}
