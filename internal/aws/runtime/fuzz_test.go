package runtime

import (
	"encoding/json"
	"maps"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/larder-dev/larder/internal/feature"
)

// The fuzzers hold our reader against the standard library's: what ours takes, the library reads
// alike. What ours refuses beyond it is in TestDecodePutRecordRefuses.

// An object is a JSON object as the library reads it, member by member.
type object map[string]json.RawMessage

// objectOf reads an object without its nulls, which are as if they were not there.
func objectOf(t *testing.T, raw []byte) object {
	t.Helper()
	var o object
	into(t, raw, &o)
	maps.DeleteFunc(o, func(_ string, raw json.RawMessage) bool { return string(raw) == "null" })
	return o
}

// list reads a member that is a list, nil if it is not there.
func list[T any](t *testing.T, o object, name string, element func(raw json.RawMessage) T) []T {
	t.Helper()
	if o[name] == nil {
		return nil
	}
	var raw []json.RawMessage
	into(t, o[name], &raw)
	all := []T{}
	for _, r := range raw {
		all = append(all, element(r))
	}
	return all
}

// one reads a member, nil if it is not there.
func one[T any](t *testing.T, o object, name string) *T {
	t.Helper()
	if o[name] == nil {
		return nil
	}
	v := new(T)
	into(t, o[name], v)
	return v
}

func value[T any](t *testing.T) func(json.RawMessage) T {
	return func(raw json.RawMessage) (v T) {
		t.Helper()
		into(t, raw, &v)
		return v
	}
}

func fieldOf(t *testing.T) func(json.RawMessage) feature.Field {
	return func(raw json.RawMessage) feature.Field {
		o := objectOf(t, raw)
		f := feature.Field{
			Name: feature.Name(*one[string](t, o, "FeatureName")),
			List: list(t, o, "ValueAsStringList", value[string](t)), Listed: o["ValueAsStringList"] != nil,
		}
		if text := one[string](t, o, "ValueAsString"); text != nil {
			f.Text = *text
		}
		f.Null = o["ValueAsString"] == nil && !f.Listed
		return f
	}
}

func ttlOf(t *testing.T, o object) *ttlDuration {
	if o["TtlDuration"] == nil {
		return nil
	}
	ttl := objectOf(t, o["TtlDuration"])
	return &ttlDuration{Unit: one[string](t, ttl, "Unit"), Value: one[int64](t, ttl, "Value")}
}

func putOf(t *testing.T, o object) putRecordRequest {
	return putRecordRequest{
		Record: list(t, o, "Record", fieldOf(t)), TargetStores: list(t, o, "TargetStores", value[string](t)), TtlDuration: ttlOf(t, o),
	}
}

// compare fails if body is no JSON, or want is not got. want reads the body by the library.
func compare[T any](t *testing.T, body []byte, got *T, want func(o object) T, options ...cmp.Option) {
	t.Helper()
	if len(strings.TrimSpace(string(body))) == 0 {
		if !reflect.ValueOf(*got).IsZero() {
			t.Fatalf("no body was read as %+v", *got)
		}
		return
	}
	if !json.Valid(body) || !utf8.Valid(body) {
		t.Fatalf("%q is no JSON, and was read", body)
	}
	if diff := cmp.Diff(want(objectOf(t, body)), *got, options...); diff != "" {
		t.Fatalf("%s (-standard library +ours):\n%s", body, diff)
	}
}

func seed(f *testing.F, bodies ...string) {
	for _, s := range bodies {
		f.Add([]byte(s))
	}
}

func FuzzDecodePutRecord(f *testing.F) {
	seed(f, `{"Record":[{"FeatureName":"id","ValueAsString":"C0042"},{"FeatureName":"at","ValueAsString":"1700000000"}],"TargetStores":["OnlineStore"]}`,
		`{"Record":[{"FeatureName":"a","ValueAsString":"\u00e9\n\ud83d\ude00"}],"x":[1.5e-3,true,{"y":null}]}`,
		`{"Record":[{"FeatureName":"a","ValueAsStringList":["1","2"]},{"FeatureName":"b","ValueAsStringList":[]},{"FeatureName":"c"}]}`,
		`{"Record":[null,{"FeatureName":"a","ValueAsStringList":[]}]}`, `{"TtlDuration":{"Unit":"Days","Value":30}}`, `{"TtlDuration":{}}`, `{"Record":[{"FeatureName":"\ud800"}]}`)
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decodePutRecord(body)
		if err != nil {
			return
		}
		compare(t, body, got, func(o object) putRecordRequest { return putOf(t, o) })
		if put, err := toPut("g", got, time.Time{}); err == nil && put.TTL != nil && (put.TTL.Value < 1 || put.TTL.Value > math.MaxInt32) {
			t.Fatalf("%s: the time to live is %+v", body, put.TTL)
		}
	})
}

func FuzzDecodeUpdateRecord(f *testing.F) {
	seed(f, `{"RecordIdentifierValueAsString":"a","Features":[{"FeatureName":"n","ValueAsString":"1"},{"FeatureName":"l","ValueAsStringList":["x"]}]}`,
		`{"RecordIdentifierValueAsString":"","Features":[{"FeatureName":"n"}],"TargetStores":["OnlineStore","OfflineStore"],"TtlDuration":{"Unit":"Hours","Value":1}}`, `{}`, ``)
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decodeUpdateRecord(body)
		if err != nil {
			return
		}
		compare(t, body, got, func(o object) updateRecordRequest {
			return updateRecordRequest{
				RecordIdentifierValueAsString: one[string](t, o, "RecordIdentifierValueAsString"), Features: list(t, o, "Features", fieldOf(t)),
				TargetStores: list(t, o, "TargetStores", value[string](t)), TtlDuration: ttlOf(t, o),
			}
		})
		if u, err := toUpdate("g", got, time.Time{}); err == nil && u.ID != *got.RecordIdentifierValueAsString {
			t.Fatalf("%s: the identifier is %q", body, u.ID)
		}
	})
}

func FuzzDecodeBatchGetRecord(f *testing.F) {
	seed(f, `{"Identifiers":[{"FeatureGroupName":"g","RecordIdentifiersValueAsString":["a"],"FeatureNames":["n"]}],"ExpirationTimeResponse":"Enabled"}`,
		`{"Identifiers":[{"FeatureGroupName":"arn:aws:sagemaker:us-east-1:123456789012:feature-group/g","RecordIdentifiersValueAsString":[]},null]}`)
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decodeBatchGetRecord(body)
		if err != nil {
			return
		}
		compare(t, body, got, func(o object) batchGetRecordRequest {
			return batchGetRecordRequest{
				Identifiers: list(t, o, "Identifiers", func(raw json.RawMessage) batchGetRecordIdentifier {
					id := objectOf(t, raw)
					return batchGetRecordIdentifier{
						FeatureGroupName:               one[string](t, id, "FeatureGroupName"),
						RecordIdentifiersValueAsString: list(t, id, "RecordIdentifiersValueAsString", value[string](t)),
						FeatureNames:                   list(t, id, "FeatureNames", value[string](t)),
					}
				}),
				ExpirationTimeResponse: one[string](t, o, "ExpirationTimeResponse"),
			}
		}, cmpopts.EquateEmpty())
		if wants, err := toWants(got.Identifiers); err == nil && (len(wants) < 1 || len(wants) > 100) {
			t.Fatalf("%s: %d wants", body, len(wants))
		}
	})
}

func FuzzDecodeBatchWriteRecord(f *testing.F) {
	seed(f, `{"Entries":[{"FeatureGroupName":"g","Record":[{"FeatureName":"id","ValueAsString":"a"}],"TargetStores":["OnlineStore"],"TtlDuration":{"Unit":"Weeks","Value":2}}],"TtlDuration":{"Unit":"Days","Value":1}}`,
		`{"Entries":[ {"x":{"y":[1]}} , {"Record":[null]},{"FeatureGroupName":"g","Record":[{"FeatureName":"l","ValueAsStringList":["\n"]}]}]}`, `{"Entries":[null]}`)
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decodeBatchWriteRecord(body)
		if err != nil {
			return
		}
		for i := range got.Entries {
			if got.Entries[i].Broken != nil {
				return // the library knows no such rule; what it breaks is in TestRulesOnShapesOfPutRecord
			}
		}
		compare(t, body, got, func(o object) batchWriteRecordRequest {
			return batchWriteRecordRequest{
				Entries: list(t, o, "Entries", func(raw json.RawMessage) batchWriteRecordEntry {
					e := objectOf(t, raw)
					return batchWriteRecordEntry{putRecordRequest: putOf(t, e), FeatureGroupName: one[string](t, e, "FeatureGroupName"), Raw: string(raw)}
				}),
				TtlDuration: ttlOf(t, o),
			}
		}, cmp.AllowUnexported(batchWriteRecordEntry{}), cmpopts.EquateEmpty())
	})
}

func FuzzDecodeListRecords(f *testing.F) {
	seed(f, ``, `{}`, `{"MaxResults":10,"NextToken":"AQAAAA","IncludeSoftDeletedRecords":true}`, `{"MaxResults":-1,"IncludeSoftDeletedRecords":false,"NextToken":""}`, `{"MaxResults":1e1}`)
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decodeListRecords(body)
		if err != nil {
			return
		}
		compare(t, body, got, func(o object) listRecordsRequest {
			deleted := one[bool](t, o, "IncludeSoftDeletedRecords")
			return listRecordsRequest{
				MaxResults: one[int64](t, o, "MaxResults"), NextToken: one[string](t, o, "NextToken"),
				IncludeSoftDeletedRecords: deleted != nil && *deleted,
			}
		})
		if l, err := toListing("g", got); err == nil && (l.Limit < 0 || l.Limit > 100 || len(l.Token) > 8192) {
			t.Fatalf("%s: the listing is %+v", body, l)
		}
	})
}

// single tells whether a query parameter is there once, with one of the values, any if there are none.
func single(params url.Values, name string, values ...string) bool {
	return len(params[name]) == 1 && (len(values) == 0 && params[name][0] != "" || slices.Contains(values, params[name][0]))
}

func FuzzQueryOfGetRecord(f *testing.F) {
	for _, s := range []string{"RecordIdentifierValueAsString=a%2Fb&FeatureName=x&FeatureName=y&ExpirationTimeResponse=Enabled", "RecordIdentifierValueAsString=a&RecordIdentifierValueAsString=b", "ExpirationTimeResponse=&RecordIdentifierValueAsString=%ff", "FeatureName="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		params, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		got, err := decodeGetRecord(params)
		good := single(params, "RecordIdentifierValueAsString") && (params["ExpirationTimeResponse"] == nil || single(params, "ExpirationTimeResponse", "Enabled", "Disabled"))
		if (err == nil) != good {
			t.Fatalf("%s: %v", query, err)
		}
		if err != nil && feature.KindOf(err) != feature.Invalid {
			t.Fatalf("%s: %v; want Invalid", query, err)
		}
		if err == nil && (got.id != params.Get("RecordIdentifierValueAsString") || len(got.names) != len(params["FeatureName"]) || got.expires != (params.Get("ExpirationTimeResponse") == "Enabled")) {
			t.Fatalf("%s was read as %+v", query, got)
		}
	})
}

func FuzzQueryOfDeleteRecord(f *testing.F) {
	for _, s := range []string{"RecordIdentifierValueAsString=a&EventTime=2024-01-31T12%3A00%3A00Z&TargetStores=OnlineStore&TargetStores=OfflineStore&DeletionMode=HardDelete", "RecordIdentifierValueAsString=a&EventTime=1&DeletionMode=", "EventTime=1&EventTime=2&TargetStores="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		params, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		got, err := decodeDeleteRecord(params)
		stores := params["TargetStores"]
		good := single(params, "RecordIdentifierValueAsString") && single(params, "EventTime") &&
			(params["DeletionMode"] == nil || single(params, "DeletionMode", "SoftDelete", "HardDelete")) &&
			len(stores) <= 2 && !slices.ContainsFunc(stores, func(s string) bool { return s != "OnlineStore" && s != "OfflineStore" })
		if (err == nil) != good {
			t.Fatalf("%s: %v", query, err)
		}
		if err == nil && (got.ID != params.Get("RecordIdentifierValueAsString") || got.EventTime != params.Get("EventTime") || (got.Mode == feature.HardDelete) != (params.Get("DeletionMode") == "HardDelete")) {
			t.Fatalf("%s was read as %+v", query, got)
		}
	})
}
