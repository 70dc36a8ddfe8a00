package runtime

import (
	"strconv"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// A putRecordRequest is the body of PutRecord, with the record as the store takes it.
type putRecordRequest struct {
	Record       []feature.Field
	TargetStores []string // nil: absent
	TtlDuration  bool     // present
}

// decodePutRecord reads the body of PutRecord. Rules that need the group are not its business.
func decodePutRecord(body []byte) (*putRecordRequest, error) {
	in := &putRecordRequest{}
	err := readJSON(body, func(r *reader, key string) (err error) {
		if r.null() {
			return nil
		}
		switch key {
		case "Record":
			in.Record, err = readRecord(r)
		case "TargetStores":
			in.TargetStores, err = r.texts()
		case "TtlDuration":
			in.TtlDuration = true
			err = r.skip()
		default:
			err = r.skip()
		}
		return err
	})
	return in, err
}

func readRecord(r *reader) ([]feature.Field, error) {
	record := make([]feature.Field, 0, 16)
	err := r.array(func(r *reader) error {
		record = append(record, feature.Field{})
		return readFeatureValue(r, &record[len(record)-1])
	})
	return record, err
}

// readFeatureValue reads {FeatureName, ValueAsString}.
func readFeatureValue(r *reader, f *feature.Field) error {
	named, listed := false, false
	f.Null = true
	if !r.null() {
		err := r.object(func(r *reader, key string) error {
			if r.null() {
				return nil
			}
			switch key {
			case "FeatureName":
				s, err := r.text()
				f.Name, named = feature.Name(s), true
				return err
			case "ValueAsString":
				s, err := r.text()
				f.Text, f.Null = s, false
				return err
			case "ValueAsStringList":
				listed = true
			}
			return r.skip()
		})
		if err != nil {
			return err
		}
	}
	if !named {
		return feature.Errorf(feature.Invalid, "a member of Record has no FeatureName; it is required")
	}
	if listed {
		return feature.Errorf(feature.Invalid, "the feature %q has a ValueAsStringList, and it is no collection; use ValueAsString", f.Name)
	}
	return nil
}

// A batchGetRecordRequest is the body of BatchGetRecord.
type batchGetRecordRequest struct {
	Identifiers            []batchGetRecordIdentifier
	ExpirationTimeResponse *string
}

type batchGetRecordIdentifier struct {
	FeatureGroupName               *string
	RecordIdentifiersValueAsString []string
	FeatureNames                   []string // nil: absent
}

func decodeBatchGetRecord(body []byte) (*batchGetRecordRequest, error) {
	in := &batchGetRecordRequest{}
	err := readJSON(body, func(r *reader, key string) error {
		if r.null() {
			return nil
		}
		switch key {
		case "Identifiers":
			in.Identifiers = nil
			return r.array(func(r *reader) error {
				in.Identifiers = append(in.Identifiers, batchGetRecordIdentifier{})
				return readIdentifier(r, &in.Identifiers[len(in.Identifiers)-1])
			})
		case "ExpirationTimeResponse":
			s, err := r.text()
			in.ExpirationTimeResponse = &s
			return err
		}
		return r.skip()
	})
	return in, err
}

func readIdentifier(r *reader, id *batchGetRecordIdentifier) error {
	if r.null() {
		return nil
	}
	return r.object(func(r *reader, key string) (err error) {
		if r.null() {
			return nil
		}
		switch key {
		case "FeatureGroupName":
			var s string
			s, err = r.text()
			id.FeatureGroupName = &s
		case "RecordIdentifiersValueAsString":
			id.RecordIdentifiersValueAsString, err = r.texts()
		case "FeatureNames":
			id.FeatureNames, err = r.texts()
		default:
			err = r.skip()
		}
		return err
	})
}

// appendRecord appends the member Record: the features that have a value, in the order of their
// definitions.
func appendRecord(b []byte, f *featurestore.Found) []byte {
	b = append(b, `"Record":[`...)
	for i, v := range f.Values {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"FeatureName":"`...)
		b = append(b, f.Group.Definitions[v.Ordinal].Name...) // nothing in a name needs an escape
		b = append(b, `","ValueAsString":`...)
		b = appendText(b, v.Text)
		b = append(b, '}')
	}
	return append(b, ']')
}

// recordSize estimates how much appendRecord appends.
func recordSize(f *featurestore.Found) int {
	n := 16
	for _, v := range f.Values {
		n += len(`{"FeatureName":"","ValueAsString":""},`) + len(f.Group.Definitions[v.Ordinal].Name) + len(v.Text)
	}
	return n
}

// appendText appends a JSON string. What is not UTF-8 becomes U+FFFD, because JSON cannot say it.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[from:i]...), "\ufffd"...)
				from = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		b = append(b, s[from:i]...)
		b = appendEscape(b, c)
		i++
		from = i
	}
	return append(append(b, s[from:]...), '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	b = append(b, `\u00`...)
	if c < 0x10 {
		b = append(b, '0')
	}
	return strconv.AppendUint(b, uint64(c), 16)
}
