package runtime

import "github.com/larder-dev/larder/internal/feature"

// The shapes that several operations have (contract §2.1). Members that were not given are nil.

// readRecord reads a list of FeatureValues: a record, as the store takes it. what is its member's name.
func readRecord(r *reader, what string) ([]feature.Field, error) {
	record := make([]feature.Field, 0, 16)
	err := r.array(func(r *reader) error {
		record = append(record, feature.Field{})
		return readFeatureValue(r, what, &record[len(record)-1])
	})
	return record, err
}

// readFeatureValue reads {FeatureName, ValueAsString, ValueAsStringList}.
func readFeatureValue(r *reader, what string, f *feature.Field) error {
	named, both := false, false
	f.Null = true
	if !r.null() {
		err := r.members([]string{"FeatureName", "ValueAsString", "ValueAsStringList"}, func(r *reader, name string) (err error) {
			switch name {
			case "FeatureName":
				var s string
				s, err = r.text()
				f.Name, named = feature.Name(s), true
			case "ValueAsString":
				f.Text, err = r.text()
				both, f.Null = f.Listed, false
			case "ValueAsStringList":
				f.List, err = r.texts()
				both, f.Listed, f.Null = !f.Null, true, false
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	switch {
	case !named:
		r.breaks("a member of %s has no FeatureName; it is required", what)
	case both:
		r.breaks("the feature %q has a ValueAsString and a ValueAsStringList; give the one that its type has", f.Name)
	}
	return nil
}

// A ttlDuration is {Unit, Value}.
type ttlDuration struct {
	Unit  *string
	Value *int64
}

func readTTL(r *reader) (*ttlDuration, error) {
	t := &ttlDuration{}
	return t, r.members([]string{"Unit", "Value"}, func(r *reader, name string) error {
		if name == "Unit" {
			s, err := r.text()
			t.Unit = &s
			return err
		}
		n, err := r.integer()
		t.Value = &n
		return err
	})
}

// A putRecordRequest is the body of PutRecord, and of an entry of BatchWriteRecord.
type putRecordRequest struct {
	Record       []feature.Field
	TargetStores []string
	TtlDuration  *ttlDuration
}

var putRecordNames = []string{"Record", "TargetStores", "TtlDuration"}

// member reads one of putRecordNames.
func (in *putRecordRequest) member(r *reader, name string) (err error) {
	switch name {
	case "Record":
		in.Record, err = readRecord(r, name)
	case "TargetStores":
		in.TargetStores, err = r.texts()
	case "TtlDuration":
		in.TtlDuration, err = readTTL(r)
	}
	return err
}

// decodePutRecord reads the body of PutRecord. Rules that need the group are not its business.
func decodePutRecord(body []byte) (*putRecordRequest, error) {
	in := &putRecordRequest{}
	return in, readJSON(body, putRecordNames, in.member)
}

// An updateRecordRequest is the body of UpdateRecord.
type updateRecordRequest struct {
	RecordIdentifierValueAsString *string
	Features                      []feature.Field
	TargetStores                  []string
	TtlDuration                   *ttlDuration
}

func decodeUpdateRecord(body []byte) (*updateRecordRequest, error) {
	in := &updateRecordRequest{}
	names := []string{"RecordIdentifierValueAsString", "Features", "TargetStores", "TtlDuration"}
	return in, readJSON(body, names, func(r *reader, name string) (err error) {
		switch name {
		case "RecordIdentifierValueAsString":
			var s string
			s, err = r.text()
			in.RecordIdentifierValueAsString = &s
		case "Features":
			in.Features, err = readRecord(r, name)
		case "TargetStores":
			in.TargetStores, err = r.texts()
		case "TtlDuration":
			in.TtlDuration, err = readTTL(r)
		}
		return err
	})
}

// A batchGetRecordRequest is the body of BatchGetRecord.
type batchGetRecordRequest struct {
	Identifiers            []batchGetRecordIdentifier
	ExpirationTimeResponse *string
}

type batchGetRecordIdentifier struct {
	FeatureGroupName               *string
	RecordIdentifiersValueAsString []string
	FeatureNames                   []string
}

func decodeBatchGetRecord(body []byte) (*batchGetRecordRequest, error) {
	in := &batchGetRecordRequest{}
	return in, readJSON(body, []string{"Identifiers", "ExpirationTimeResponse"}, func(r *reader, name string) error {
		if name == "ExpirationTimeResponse" {
			s, err := r.text()
			in.ExpirationTimeResponse = &s
			return err
		}
		return r.array(func(r *reader) error {
			in.Identifiers = append(in.Identifiers, batchGetRecordIdentifier{})
			return readIdentifier(r, &in.Identifiers[len(in.Identifiers)-1])
		})
	})
}

func readIdentifier(r *reader, id *batchGetRecordIdentifier) error {
	if r.null() {
		return nil
	}
	names := []string{"FeatureGroupName", "RecordIdentifiersValueAsString", "FeatureNames"}
	return r.members(names, func(r *reader, name string) (err error) {
		switch name {
		case "FeatureGroupName":
			var s string
			s, err = r.text()
			id.FeatureGroupName = &s
		case "RecordIdentifiersValueAsString":
			id.RecordIdentifiersValueAsString, err = r.texts()
		case "FeatureNames":
			id.FeatureNames, err = r.texts()
		}
		return err
	})
}

// A batchWriteRecordRequest is the body of BatchWriteRecord.
type batchWriteRecordRequest struct {
	Entries     []batchWriteRecordEntry
	TtlDuration *ttlDuration
}

type batchWriteRecordEntry struct {
	putRecordRequest
	FeatureGroupName *string
	Raw              string // the entry as it was sent
	Broken           error  // the first rule on shapes that it breaks
}

func decodeBatchWriteRecord(body []byte) (*batchWriteRecordRequest, error) {
	in := &batchWriteRecordRequest{}
	return in, readJSON(body, []string{"Entries", "TtlDuration"}, func(r *reader, name string) (err error) {
		if name == "TtlDuration" {
			in.TtlDuration, err = readTTL(r)
			return err
		}
		return r.array(func(r *reader) error {
			in.Entries = append(in.Entries, batchWriteRecordEntry{})
			return readEntry(r, &in.Entries[len(in.Entries)-1])
		})
	})
}

// readEntry reads an entry. A rule that it breaks is its own.
func readEntry(r *reader, e *batchWriteRecordEntry) error {
	r.space()
	from := r.at
	names := []string{"FeatureGroupName", "Record", "TargetStores", "TtlDuration"}
	err := r.members(names, func(r *reader, name string) error {
		if name == "FeatureGroupName" {
			s, err := r.text()
			e.FeatureGroupName = &s
			return err
		}
		return e.member(r, name)
	})
	if err != nil {
		return err
	}
	e.Raw = r.s[from:r.at]
	e.Broken, r.broken = r.broken, nil
	return nil
}

// A listRecordsRequest is the body of ListRecords.
type listRecordsRequest struct {
	MaxResults                *int64
	NextToken                 *string
	IncludeSoftDeletedRecords bool
}

func decodeListRecords(body []byte) (*listRecordsRequest, error) {
	in := &listRecordsRequest{}
	return in, readJSON(body, []string{"MaxResults", "NextToken", "IncludeSoftDeletedRecords"}, func(r *reader, name string) (err error) {
		switch name {
		case "MaxResults":
			var n int64
			n, err = r.integer()
			in.MaxResults = &n
		case "NextToken":
			var s string
			s, err = r.text()
			in.NextToken = &s
		case "IncludeSoftDeletedRecords":
			in.IncludeSoftDeletedRecords, err = r.boolean()
		}
		return err
	})
}
