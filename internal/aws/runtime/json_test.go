package runtime

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

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
		{"time to live", `{"TtlDuration":{"Unit":"Days","Value":1}}`, putRecordRequest{TtlDuration: &ttlDuration{Unit: ref("Days"), Value: ref(int64(1))}}},
		{"half a time to live", `{"TtlDuration":{"Value":-2147483648,"Unit":null}}`, putRecordRequest{TtlDuration: &ttlDuration{Value: ref(int64(math.MinInt32))}}},
		{"names count with their case", `{"record":1,"TARGETSTORES":2}`, putRecordRequest{}},
		{"unknown members twice", `{"x":1,"x":[2]}`, putRecordRequest{}},
		{"list", `{"Record":[{"FeatureName":"a","ValueAsStringList":["x","","x"]}]}`, putRecordRequest{Record: []feature.Field{{Name: "a", Listed: true, List: []string{"x", "", "x"}}}}},
		{"empty list", `{"Record":[{"ValueAsStringList":[],"FeatureName":"a","ValueAsString":null}]}`, putRecordRequest{Record: []feature.Field{{Name: "a", Listed: true, List: []string{}}}}},
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
		`{"Record":[],"Record":[]}`, `{"Record":null,"Record":[]}`, `{"Record":[{"FeatureName":"a","FeatureName":"a"}]}`, `{"TtlDuration":{"Unit":"Days","Value":1,"Value":2}}`,
		`{"Record":[{"FeatureName":"a","ValueAsStringList":[null]}]}`, `{"Record":[{"FeatureName":"a","ValueAsStringList":["x",1]}]}`, `{"Record":[{"FeatureName":"a","ValueAsStringList":"x"}]}`,
		`{"TtlDuration":[]}`, `{"TtlDuration":"1 day"}`, `{"TtlDuration":{"Unit":1}}`, `{"TtlDuration":{"Value":"1"}}`, `{"TtlDuration":{"Value":1.0}}`, `{"TtlDuration":{"Value":1e3}}`, `{"TtlDuration":{"Value":2147483648}}`, `{"TtlDuration":{"Value":true}}`,
		`{"Record":{}}`, `{"Record":[1]}`, `{"Record":["a"]}`, `{"Record":[{"FeatureName":1}]}`, `{"TargetStores":[null]}`, `{"TargetStores":"OnlineStore"}`,
		`{"a":"\x"}`, `{"a":"\u12"}`, `{"a":"\ud800"}`, `{"a":"\udc00\ud800"}`, `{"a":"\ud800\u0041"}`, "{\"a\":\"\n\"}", "{\"a\":\"\xff\"}", `{"a":"`, `{"a":"\`, `{"a":"\u`,
		`{"a":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`,
	} {
		if got, err := decodePutRecord([]byte(body)); err == nil || feature.KindOf(err) != feature.Fault || !strings.HasPrefix(err.Error(), "SerializationException: ") {
			t.Errorf("decodePutRecord(%s) = %+v, %v; want a SerializationException", body, got, err)
		}
	}
}

func TestAValueOfAnotherTypeIsSaidWithItsPlace(t *testing.T) {
	cases := []struct{ body, says string }{
		{`[]`, "at byte 0, the body must be an object"},
		{`{"Record":{}}`, "at byte 10, Record must be an array"},
		{`{"Record":[{},"x"]}`, "at byte 14, Record[1] must be an object"},
		{`{"Record":[{"FeatureName":7}]}`, "at byte 26, Record[0].FeatureName must be a string"},
		{`{"Record":[{"ValueAsStringList":["x", null]}]}`, "Record[0].ValueAsStringList[1] must be a string"},
		{`{"TtlDuration":{"Value":"7"}}`, "TtlDuration.Value must be a whole number of 32 bits"},
		{`{"TtlDuration":{"Value":1.5}}`, "TtlDuration.Value must be a whole number of 32 bits"},
		{`{7:8}`, "at byte 1, the name of a member was expected"},
		{`{"Record":`, "at byte 10, an array was expected"},
	}
	for _, c := range cases {
		if _, err := decodePutRecord([]byte(c.body)); err == nil || !strings.HasSuffix(err.Error(), c.says) {
			t.Errorf("decodePutRecord(%s) = %v; want an error that ends in %q", c.body, err, c.says)
		}
	}
}

func TestRulesOnShapesOfPutRecord(t *testing.T) {
	cases := []struct{ name, body, says string }{
		{"no name", `{"Record":[{"ValueAsString":"a"}]}`, "FeatureName"},
		{"null for a value", `{"Record":[null]}`, "FeatureName"},
		{"both values", `{"Record":[{"ValueAsString":"a","ValueAsStringList":[],"FeatureName":"both"}]}`, `"both" has a ValueAsString and a ValueAsStringList`},
		{"both values, the other way round", `{"Record":[{"ValueAsStringList":["a"],"ValueAsString":"","FeatureName":"both"}]}`, `"both" has a ValueAsString and a ValueAsStringList`},
		{"the first of two counts", `{"Record":[{"ValueAsString":"a"},{"ValueAsString":"a","ValueAsStringList":[],"FeatureName":"both"}]}`, "FeatureName"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := decodePutRecord([]byte(c.body)); feature.KindOf(err) != feature.Invalid || !strings.Contains(err.Error(), c.says) {
				t.Errorf("decodePutRecord = %v; want Invalid that says %q", err, c.says)
			}
			// What is no JSON is said first.
			if _, err := decodePutRecord([]byte(c.body + "x")); feature.KindOf(err) != feature.Fault {
				t.Errorf("decodePutRecord of what is no JSON = %v; want a SerializationException", err)
			}
		})
	}
}

func TestEntriesOfBatchWriteRecordBreakRulesAlone(t *testing.T) {
	in, err := decodeBatchWriteRecord([]byte(`{"Entries" : [ {"Record":[null] } ,{"FeatureGroupName":"g", "Record":[{"FeatureName":"a" ,"ValueAsString":"\u00e9"}]},` +
		`{"Record":[{"FeatureName":"a","ValueAsString":"","ValueAsStringList":[]}]}], "TtlDuration":{"Unit":"Weeks","Value":3}}`))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, e := range in.Entries {
		got = append(got, e.Raw)
	}
	want := []string{`{"Record":[null] }`, `{"FeatureGroupName":"g", "Record":[{"FeatureName":"a" ,"ValueAsString":"\u00e9"}]}`, `{"Record":[{"FeatureName":"a","ValueAsString":"","ValueAsStringList":[]}]}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entries as they were sent (-want +got):\n%s", diff)
	}
	if in.Entries[0].Broken == nil || in.Entries[1].Broken != nil || in.Entries[2].Broken == nil {
		t.Errorf("rules broken: %v, %v, %v; want some, none, some", in.Entries[0].Broken, in.Entries[1].Broken, in.Entries[2].Broken)
	}
	if diff := cmp.Diff([]feature.Field{{Name: "a", Text: "é"}}, in.Entries[1].Record); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(&ttlDuration{Unit: ref("Weeks"), Value: ref(int64(3))}, in.TtlDuration); diff != "" {
		t.Errorf("TtlDuration (-want +got):\n%s", diff)
	}
}

func ref[T any](v T) *T { return &v }

func into(t *testing.T, raw []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
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
		Group:  &feature.Group{Definitions: []feature.Definition{{Name: "id"}, {Name: "x"}, {Name: "s"}, {Name: "l", Collection: feature.List}}},
		Values: []feature.Value{{Ordinal: 0, Text: "1"}, {Ordinal: 2, Text: "a\"b"}, {Ordinal: 3, List: []string{"", "\n"}}},
	}
	record := `"Record":[{"FeatureName":"id","ValueAsString":"1"},{"FeatureName":"s","ValueAsString":"a\"b"},{"FeatureName":"l","ValueAsStringList":["","\n"]}]`
	if got := string(appendRecord(nil, found, true)); got != record {
		t.Errorf("appendRecord = %s; want %s", got, record)
	}
	found.Expires = &feature.EventTime{Sec: 1700000000, Nsec: 120_000_000}
	if got := string(appendRecord(nil, found, false)); got != record {
		t.Errorf("appendRecord without expiration = %s; want %s", got, record)
	}
	if got, want := string(appendRecord(nil, found, true)), record+`,"ExpiresAt":"2023-11-14T22:13:20.12Z"`; got != want {
		t.Errorf("appendRecord with expiration = %s; want %s", got, want)
	}
}

// TestRepliesAreReadAsTheyAreMeant has the standard library read back replies of random records.
func TestRepliesAreReadAsTheyAreMeant(t *testing.T) {
	type value struct {
		FeatureName       string
		ValueAsString     *string
		ValueAsStringList []string
	}
	type detail struct {
		FeatureGroupName, RecordIdentifierValueAsString string
		Record                                          []value
		ExpiresAt                                       string
	}
	g := &feature.Group{Definitions: []feature.Definition{{Name: "id"}, {Name: "a-b_c"}, {Name: "l", Collection: feature.List}}}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("\"\\/\n\r\t\x00\x1f\x7f<é😀\u2028"))))
		var wants []featurestore.Want
		var founds []*featurestore.Found
		expires := rapid.Bool().Draw(t, "expires")
		var want []detail
		for range rapid.IntRange(0, 3).Draw(t, "groups") {
			w := featurestore.Want{Group: feature.GroupRef(text.Draw(t, "group")), IDs: []string{text.Draw(t, "id"), "none"}}
			d := detail{FeatureGroupName: string(w.Group), RecordIdentifierValueAsString: w.IDs[0], Record: []value{}}
			found := &featurestore.Found{Group: g}
			for at, s := range rapid.SliceOfN(text, 0, 2).Draw(t, "texts") {
				found.Values = append(found.Values, feature.Value{Ordinal: at, Text: s})
				d.Record = append(d.Record, value{FeatureName: string(g.Definitions[at].Name), ValueAsString: &s})
			}
			if list := rapid.SliceOf(text).Draw(t, "list"); len(list) > 0 {
				found.Values = append(found.Values, feature.Value{Ordinal: 2, List: list})
				d.Record = append(d.Record, value{FeatureName: "l", ValueAsStringList: list})
			}
			if rapid.Bool().Draw(t, "has an expiry") {
				found.Expires = &feature.EventTime{Sec: rapid.Int64Range(-62167219200, 253402300799).Draw(t, "sec"), Nsec: rapid.Int32Range(0, 999_999_999).Draw(t, "nsec")}
				if expires {
					d.ExpiresAt = found.Expires.String()
				}
			}
			wants, founds, want = append(wants, w), append(founds, found), append(want, d)
		}
		r := batchReply{wants: wants, expires: expires, body: []byte(`{"Records":[`)}
		for i, found := range founds {
			r.record(i, 0, found)
		}
		var got struct{ Records []detail }
		if reply := r.end(make([]featurestore.Batch, len(wants))); json.Unmarshal(reply, &got) != nil {
			t.Fatalf("%s is no JSON", reply)
		}
		if diff := cmp.Diff(want, got.Records, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("records (-want +got):\n%s", diff)
		}
	})
}
