package runtime

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

func TestDecodePutRecord(t *testing.T) {
	cases := []struct {
		name, body string
		want       putRecordRequest
	}{
		{"no body", "", putRecordRequest{}},
		{"white space", " \r\n", putRecordRequest{}},
		{"nulls", `{"Record":null,"TargetStores":null,"TtlDuration":null}`, putRecordRequest{}},
		{"null value", `{"Record":[{"FeatureName":"a","ValueAsString":null,"ValueAsStringList":null}]}`, putRecordRequest{Record: []feature.Field{{Name: "a", Null: true}}}},
		{"escapes", `{"Record" : [ {"ValueAsString":"\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00x","FeatureName":"a"} ] }`, putRecordRequest{Record: []feature.Field{{Name: "a", Text: "\"\\/\b\f\n\r\té😀x"}}}},
		{"escaped key", `{"\u0054argetStores":["OnlineStore"]}`, putRecordRequest{TargetStores: []string{"OnlineStore"}}},
		{"time to live", `{"TtlDuration":{"Unit":"Days","Value":1}}`, putRecordRequest{TtlDuration: true}},
		{"the last of two counts", `{"TargetStores":["a"],"TargetStores":["b"]}`, putRecordRequest{TargetStores: []string{"b"}}},
		{"unknown members", `{"x":{"y":[{},[],-0.5E+3,0,true,false,null,"z"]},"TargetStores":[]}`, putRecordRequest{TargetStores: []string{}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodePutRecord([]byte(c.body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&c.want, got); diff != "" {
				t.Errorf("decodePutRecord (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodePutRecordRefuses(t *testing.T) {
	for _, body := range []string{
		`[]`, `null`, `"x"`, `{`, `{}x`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a":01}`, `{"a":1.}`, `{"a":1e}`, `{"a":+1}`, `{"a":nul}`, `{"a":tru}`,
		`{"Record":{}}`, `{"Record":[1]}`, `{"Record":["a"]}`, `{"Record":[{"FeatureName":1}]}`, `{"TargetStores":[null]}`, `{"TargetStores":"OnlineStore"}`,
		`{"a":"\x"}`, `{"a":"\u12"}`, `{"a":"\ud800"}`, `{"a":"\udc00\ud800"}`, `{"a":"\ud800\u0041"}`, "{\"a\":\"\n\"}", "{\"a\":\"\xff\"}", `{"a":"`, `{"a":"\`, `{"a":"\u`,
		`{"a":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`,
	} {
		if got, err := decodePutRecord([]byte(body)); err == nil || feature.KindOf(err) != feature.Fault || !strings.HasPrefix(err.Error(), "SerializationException: ") {
			t.Errorf("decodePutRecord(%s) = %+v, %v; want a SerializationException", body, got, err)
		}
	}
}

// FuzzDecodePutRecord holds our reader against the standard library's.
func FuzzDecodePutRecord(f *testing.F) {
	for _, s := range []string{
		`{"Record":[{"FeatureName":"id","ValueAsString":"C0042"},{"FeatureName":"at","ValueAsString":"1700000000"}],"TargetStores":["OnlineStore"]}`,
		`{"Record":[{"FeatureName":"a","ValueAsString":"\u00e9\n\ud83d\ude00"}],"x":[1.5e-3,true,{"y":null}]}`,
		`{"Record":[null,{"FeatureName":"a","ValueAsStringList":[]}]}`, `{"TtlDuration":{}}`, `{"Record":[{"FeatureName":"\ud800"}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decodePutRecord(body)
		if err != nil {
			return // what we refuse and the library takes is in TestDecodePutRecordRefuses
		}
		if len(strings.TrimSpace(string(body))) == 0 {
			return
		}
		if !json.Valid(body) || !utf8.Valid(body) {
			t.Fatalf("%q is no JSON, and was read", body)
		}
		for _, name := range []string{"Record", "TargetStores", "TtlDuration"} {
			if strings.Count(string(body), name) > 1 || strings.Contains(string(body), `\u`) {
				return // a null after a value leaves the value, and the library's map forgets it
			}
		}
		want := standardPutRecord(t, body)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s (-standard library +ours):\n%s", body, diff)
		}
	})
}

// standardPutRecord reads what decodePutRecord has read, by maps: member names count with their
// case, and the last of two counts.
func standardPutRecord(t *testing.T, body []byte) *putRecordRequest {
	var top map[string]json.RawMessage
	into(t, body, &top)
	want := &putRecordRequest{}
	isNull := func(raw json.RawMessage) bool { return raw == nil || string(raw) == "null" }
	want.TtlDuration = !isNull(top["TtlDuration"])
	if raw := top["TargetStores"]; !isNull(raw) {
		want.TargetStores = []string{}
		into(t, raw, &want.TargetStores)
	}
	if raw := top["Record"]; !isNull(raw) {
		var values []map[string]json.RawMessage
		into(t, raw, &values)
		want.Record = []feature.Field{}
		for _, v := range values {
			f := feature.Field{Null: isNull(v["ValueAsString"])}
			into(t, v["FeatureName"], &f.Name)
			if !f.Null {
				into(t, v["ValueAsString"], &f.Text)
			}
			want.Record = append(want.Record, f)
		}
	}
	return want
}

func into(t *testing.T, raw []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
}

// FuzzDecodeBatchGetRecord looks for panics, and for texts that are no JSON and were read.
func FuzzDecodeBatchGetRecord(f *testing.F) {
	f.Add([]byte(`{"Identifiers":[{"FeatureGroupName":"g","RecordIdentifiersValueAsString":["a"],"FeatureNames":["n"]}],"ExpirationTimeResponse":"Enabled"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		_, err := decodeBatchGetRecord(body)
		if err == nil && len(strings.TrimSpace(string(body))) > 0 && !json.Valid(body) {
			t.Fatalf("%q is no JSON, and was read", body)
		}
	})
}

// FuzzAppendText says that the standard library reads back what we write, but for bytes that are
// not UTF-8.
func FuzzAppendText(f *testing.F) {
	for _, s := range []string{"", "plain", "\"\\\n\r\t\x00\x1f\x7f", "é😀\u2028\ufffd", "a\xffb\xc3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var got string
		into(t, appendText(nil, s), &got)
		if want := strings.ToValidUTF8(s, "\ufffd"); utf8.ValidString(s) && got != s || !utf8.ValidString(s) && strings.Count(got, "\ufffd") < strings.Count(want, "\ufffd") {
			t.Fatalf("%q was written as %q", s, got)
		}
	})
}

func TestAppendRecord(t *testing.T) {
	found := &featurestore.Found{
		Group:  &feature.Group{Definitions: []feature.Definition{{Name: "id"}, {Name: "x"}, {Name: "s"}}},
		Values: []feature.Value{{Ordinal: 0, Text: "1"}, {Ordinal: 2, Text: "a\"b"}},
	}
	want := `"Record":[{"FeatureName":"id","ValueAsString":"1"},{"FeatureName":"s","ValueAsString":"a\"b"}]`
	if got := string(appendRecord(nil, found)); got != want {
		t.Errorf("appendRecord = %s; want %s", got, want)
	}
}
