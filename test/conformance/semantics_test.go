package conformance

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"
)

// Rule 3.1-1, 3.1-2, 3.1-3, 3.1-4, 3.1-5, 3.1-6, 3.1-8, 11-1.
func TestEventTimesDecideOnlineAndEveryPutIsARow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, step := range []struct{ name, at, want string }{
		{"nothing held", noon, "0"},
		{"older", earlier, "0"},
		{"equal", noon, "2"},
		{"equal, in other words", "2026-01-02T14:00:00.000+02:00", "3"},
		{"newer by a nanosecond", "2026-01-02T12:00:00.000000001Z", "4"},
		{"older by a nanosecond", noon, "4"},
		{"newer", later, "6"},
		{"the same again", later, "7"},
	} {
		w.mustPut("id", "a", "at", step.at, "n", fmt.Sprint(i))
		expect(t, step.name, w.get("a", "n"), []string{"n=" + step.want})
	}
	w.mustPut("id", "a", "at", later, "n", "7")
	expect(t, "rows", w.sql(`SELECT n, count(*) FROM $table WHERE NOT is_deleted GROUP BY n ORDER BY n`)[1:],
		[][]string{{"0", "1"}, {"1", "1"}, {"2", "1"}, {"3", "1"}, {"4", "1"}, {"5", "1"}, {"6", "1"}, {"7", "2"}})
}

// Rule 3.1-7, 2.1-5, 11-39, 12-2.
func TestFact02APutOfflineIsNotSeenOnlineUntilItIsPutThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	put := func(at string, stores ...runtimetypes.TargetStore) {
		t.Helper()
		must(t, w.putInput(&putInput{Record: record("id", "a", "at", at), TargetStores: stores}))
	}
	put(noon, offlineStore)
	expect(t, "offline alone", w.get("a"), []string(nil))
	put(noon, onlineStore)
	expect(t, "online alone", w.get("a"), []string{"id=a", "at=" + noon})
	expect(t, "rows", w.rows("true"), "1")
	put(later, offlineStore, offlineStore)
	expect(t, "a newer one offline", w.get("a", "at"), []string{"at=" + noon})
	put(later, offlineStore, onlineStore)
	expect(t, "both", w.get("a", "at"), []string{"at=" + later})
	expect(t, "rows of both", w.rows("true"), "3")
}

// Rule 3.2-1, 3.2-2, 3.2-3, 3.2-4, 3.2-5, 11-5, 12-5.
func TestFact05EventTimesInTheirForms(t *testing.T) {
	t.Parallel()
	text, number := newOnline(t), newOnline(t, keys("id", "x"))
	for name, c := range map[string]struct {
		on *world
		at string
		ok bool
	}{
		"to the second":               {text, "2026-01-02T03:04:05Z", true},
		"milliseconds":                {text, "2026-01-02T03:04:05.678Z", true},
		"nanoseconds":                 {text, "2026-01-02T03:04:05.123456789Z", true},
		"ten digits":                  {text, "2026-01-02T03:04:05.1234567891Z", false},
		"microseconds and +00:00":     {text, "2026-06-01T12:00:00.123456+00:00", true},
		"offset with a colon":         {text, "2026-01-02T03:04:05-07:30", true},
		"offset without a colon":      {text, "2026-01-02T03:04:05+0200", true},
		"the first year":              {text, "0000-01-01T00:00:00Z", true},
		"the last instant":            {text, "9999-12-31T23:59:59.999999999Z", true},
		"after the last instant":      {text, "9999-12-31T23:59:59-01:00", false},
		"leap day":                    {text, "2024-02-29T00:00:00Z", true},
		"no leap day":                 {text, "2025-02-29T00:00:00Z", false},
		"no zone":                     {text, "2026-01-02T03:04:05", false},
		"a space for the T":           {text, "2026-01-02 03:04:05Z", false},
		"a date alone":                {text, "2026-01-02", false},
		"empty":                       {text, "", false},
		"words":                       {text, "yesterday", false},
		"seconds":                     {number, "1700000000", true},
		"seconds with decimals":       {number, "1700000000.123456", true},
		"seconds with an exponent":    {number, "1.7e9", true},
		"before 1970":                 {number, "-86400.5", true},
		"milliseconds as a number":    {number, "1700000000000", false},
		"ISO-8601 for a number":       {number, noon, false},
		"not a number":                {number, "NaN", false},
		"a number that is too little": {number, "-99999999999", false},
	} {
		t.Run(name, func(t *testing.T) {
			feature := map[*world]string{text: "at", number: "x"}[c.on]
			record := []string{"id", name, feature, c.at}
			if c.on == number {
				record = append(record, "at", "")
			}
			err := c.on.put(record...)
			if !c.ok {
				refused(t, err, "ValidationError")
				return
			}
			must(t, err)
			expect(t, "the text", c.on.get(name, feature), []string{feature + "=" + c.at})
		})
	}
	number.mustPut("id", "order", "x", "1700000000.5", "n", "1")
	number.mustPut("id", "order", "x", "1700000000.25", "n", "2")
	number.mustPut("id", "order", "x", "17000000005e-1", "n", "3")
	expect(t, "numbers are compared as instants", number.get("order", "n"), []string{"n=3"})
}

// Rule 3.3-1, 3.3-2, 3.3-3, 3.3-11, 3.3-12.
func TestValuesOfTheirTypes(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	for name, c := range map[string]struct {
		pairs []string
		ok    bool
	}{
		"the least integer":         {[]string{"n", "-9223372036854775808"}, true},
		"the greatest integer":      {[]string{"n", "9223372036854775807"}, true},
		"one more":                  {[]string{"n", "9223372036854775808"}, false},
		"an integer with a point":   {[]string{"n", "1.0"}, false},
		"an empty integer":          {[]string{"n", ""}, false},
		"an integer of words":       {[]string{"n", "True"}, false},
		"a decimal":                 {[]string{"x", "-0.50"}, true},
		"an exponent":               {[]string{"x", "1e-05"}, true},
		"a whole number":            {[]string{"x", "7"}, true},
		"NaN":                       {[]string{"x", "NaN"}, false},
		"NA":                        {[]string{"x", "NA"}, false},
		"Infinity":                  {[]string{"x", "Infinity"}, false},
		"inf":                       {[]string{"x", "-inf"}, false},
		"beyond a double":           {[]string{"x", "1e309"}, false},
		"an empty number":           {[]string{"x", ""}, false},
		"an empty text":             {[]string{"s", ""}, true},
		"an unknown feature":        {[]string{"colour", "red"}, false},
		"a feature in another case": {[]string{"S", "x"}, false},
		"a feature twice":           {[]string{"s", "x", "s", "x"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := w.put(append([]string{"id", name, "at", noon}, c.pairs...)...)
			if c.ok {
				must(t, err)
			} else {
				refused(t, err, "ValidationError")
			}
		})
	}
	null := func(name string) runtimetypes.FeatureValue { return runtimetypes.FeatureValue{FeatureName: &name} }
	for name, r := range map[string][]runtimetypes.FeatureValue{
		"no identifier":     record("at", noon),
		"a null identifier": append(record("at", noon), null("id")),
		"no event time":     record("id", "a"),
		"a null event time": append(record("id", "a"), null("at")),
	} {
		t.Run(name, func(t *testing.T) { refused(t, w.putInput(&putInput{Record: r}), "ValidationError") })
	}
}

// Rule 3.3-4, 3.3-13.
func TestOnlineKeepsTheTextAndOfflineTheType(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mustPut("id", "007", "at", noon, "n", "+7", "x", "1.50")
	expect(t, "online", w.get("007"), []string{"id=007", "at=" + noon, "n=+7", "x=1.50"})
	expect(t, "offline", w.sql(`SELECT id, n + 1, x * 2, typeof(n), typeof(x), s IS NULL FROM $table`)[1:], [][]string{{"007", "8", "3.0", "bigint", "double", "true"}})
}

// Rule 3.3-6, 3.3-7, 3.3-8, 3.3-10, 11-27, 12-7, 2.2-2.
func TestFact07CollectionsComeBack(t *testing.T) {
	t.Parallel()
	w := newOnline(t, inMemory, define(
		collection("items", "String", types.CollectionTypeList), collection("codes", "Integral", types.CollectionTypeSet),
		collection("rates", "Fractional", types.CollectionTypeList), vector("v", "Fractional", 3)))
	put := func(id string, lists ...runtimetypes.FeatureValue) {
		t.Helper()
		must(t, w.putInput(&putInput{Record: append(record("id", id, "at", noon), lists...)}))
	}
	put("full", elements("v", "1", "0.5", "-2e3"), elements("items", "b", "a", "b", "", "line\nline"), elements("codes", "2", "1", "2"), elements("rates", "1.50"))
	expect(t, "all", w.get("full"), []string{
		"id=full", "at=" + noon, `items=["b" "a" "b" "" "line\nline"]`, `codes=["2" "1"]`, `rates=["1.50"]`, `v=["1" "0.5" "-2e3"]`})
	expect(t, "a choice", w.get("full", "codes"), []string{`codes=["2" "1"]`})
	put("empty", elements("items"), elements("codes"), elements("v"))
	expect(t, "empty lists", w.get("empty"), []string{"id=empty", "at=" + noon})
	put("full", elements("codes", "3"))
	expect(t, "a put replaces lists too", w.get("full"), []string{"id=full", "at=" + noon, `codes=["3"]`})
	must(t, w.updateRecord(&updateInput{RecordIdentifierValueAsString: aws.String("full"), Features: []runtimetypes.FeatureValue{elements("items", "x"), elements("codes")}}))
	expect(t, "an update sets one and clears one", w.get("full"), []string{"id=full", "at=" + noon, `items=["x"]`})
	got, err := w.Runtime.BatchGetRecord(t.Context(), &runtime.BatchGetRecordInput{Identifiers: []runtimetypes.BatchGetRecordIdentifier{{FeatureGroupName: &w.group, RecordIdentifiersValueAsString: []string{"full"}}}})
	must(t, err)
	expect(t, "in a batch", texts(got.Records[0].Record), w.get("full"))
	list := elements("items", "x")
	plain := newOnline(t)
	refused(t, plain.putInput(&putInput{Record: append(record("id", "a", "at", noon), runtimetypes.FeatureValue{FeatureName: aws.String("s"), ValueAsStringList: list.ValueAsStringList})}), "ValidationError")
	plain.mustPut("id", "a", "at", noon, "s", "['a', 'b']")
	expect(t, "a list that is a text", plain.get("a", "s"), []string{"s=['a', 'b']"})
}

// Rule 3.4-1, 3.4-2, 3.4-3, 3.4-7, 3.4-8, 3.4-10, 11-6, 11-7, 11-9.
func TestSoftDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const (
		t1 = "2026-01-01T00:00:00Z"
		t2 = "2026-01-02T00:00:00Z"
		t3 = "2026-01-03T00:00:00Z"
		t4 = "2026-01-04T00:00:00Z"
	)
	w.mustPut("id", "a", "at", t2, "n", "1")
	must(t, w.remove("a", t1, soft))
	expect(t, "an older delete", w.get("a", "n"), []string{"n=1"})
	must(t, w.remove("a", t2, soft))
	expect(t, "an equal delete", w.get("a", "n"), []string{"n=1"})
	must(t, w.remove("a", t3, soft))
	expect(t, "a newer delete", w.get("a"), []string(nil))
	w.mustPut("id", "a", "at", t2, "n", "2")
	expect(t, "an older put", w.get("a"), []string(nil))
	w.mustPut("id", "a", "at", t3, "n", "3")
	expect(t, "an equal put", w.get("a", "n"), []string{"n=3"})
	must(t, w.remove("a", t4, soft))
	must(t, w.remove("a", t3, soft))
	w.mustPut("id", "a", "at", "2026-01-03T12:00:00Z", "n", "4")
	expect(t, "an older delete of a tombstone leaves it", w.get("a"), []string(nil))
	must(t, w.remove("a", "2026-01-06T00:00:00Z", soft))
	w.mustPut("id", "a", "at", "2026-01-05T00:00:00Z", "n", "5")
	expect(t, "a newer delete of a tombstone moves it", w.get("a"), []string(nil))
	expect(t, "markers", w.sql(`SELECT at, n, x, s, is_deleted, write_time > timestamp '2020-01-01', api_invocation_time > timestamp '2020-01-01' FROM $table WHERE is_deleted ORDER BY write_time`)[1:],
		slices.Collect(func(yield func([]string) bool) {
			for _, at := range []string{t1, t2, t3, t4, t3, "2026-01-06T00:00:00Z"} {
				if !yield([]string{at, "", "", "", "true", "true", "true"}) {
					return
				}
			}
		}))
	expect(t, "rows in all", w.rows("NOT is_deleted"), "5")
	must(t, w.remove("nobody", t2, soft))
	w.mustPut("id", "nobody", "at", t1)
	expect(t, "nothing leaves a tombstone", w.get("nobody"), []string(nil))
	expect(t, "and a marker", w.rows("id = 'nobody' AND is_deleted"), "1")
}

// Rule 3.4-4, 3.4-5, 3.4-6, 3.4-9, 3.4-11, 11-8, 11-9, 12-3.
func TestFact03HardDeleteThenOlderPutIsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mustPut("id", "a", "at", noon, "n", "1")
	for name, at := range map[string]string{"older": earlier, "equal": noon} {
		err := w.remove("a", at, hard)
		refused(t, err, "ValidationError")
		expect(t, name+": status", statusOf(err), 400)
	}
	expect(t, "unchanged", w.get("a", "n"), []string{"n=1"})
	expect(t, "no marker", w.rows("is_deleted"), "0")
	must(t, w.remove("a", later, hard))
	expect(t, "gone", w.get("a"), []string(nil))
	w.mustPut("id", "a", "at", earlier, "n", "2")
	expect(t, "back", w.get("a", "n"), []string{"n=2"})
	must(t, w.remove("nobody", noon, hard))
	w.mustPut("id", "nobody", "at", earlier)
	expect(t, "nothing was held, nothing is remembered", len(w.get("nobody")), 2)
	expect(t, "markers", w.sql(`SELECT id, at, n FROM $table WHERE is_deleted ORDER BY id`)[1:], [][]string{{"a", later, ""}, {"nobody", noon, ""}})
	must(t, w.remove("a", later, soft, offlineStore))
	expect(t, "offline alone", w.get("a", "n"), []string{"n=2"})
	must(t, w.remove("a", later, soft, onlineStore))
	expect(t, "online alone", w.get("a"), []string(nil))
	expect(t, "markers of it", w.rows("is_deleted AND id = 'a'"), "2")
	must(t, w.remove("a", "2026-01-04T00:00:00Z", hard, onlineStore))
	w.mustPut("id", "a", "at", earlier)
	expect(t, "a tombstone is removed too", len(w.get("a")), 2)
}

// Rule 3.5-1, 3.5-2, 3.5-8, 2.2-7, 2.3-6, 2.5-6.
func TestExpiriesAreEventTimePlusTimeToLive(t *testing.T) {
	t.Parallel()
	w := newOnline(t, live(types.TtlDurationUnitHours, 1))
	now := time.Now().Truncate(time.Second)
	for name, c := range map[string]struct {
		at   string
		ttl  *runtimetypes.TtlDuration
		want time.Time
	}{
		"the group's": {second(now), nil, now.Add(time.Hour)},
		"seconds":     {second(now), lives("Seconds", 90), now.Add(90 * time.Second)},
		"minutes":     {second(now), lives("Minutes", 2), now.Add(2 * time.Minute)},
		"hours":       {second(now), lives("Hours", 3), now.Add(3 * time.Hour)},
		"days":        {second(now), lives("Days", 4), now.Add(4 * 24 * time.Hour)},
		"weeks":       {second(now), lives("Weeks", 2), now.Add(14 * 24 * time.Hour)},
		"a fraction":  {now.UTC().Format("2006-01-02T15:04:05") + ".25Z", lives("Hours", 1), now.Add(time.Hour + 250*time.Millisecond)},
		"an offset":   {now.In(time.FixedZone("", 2*3600)).Format("2006-01-02T15:04:05-07:00"), lives("Hours", 1), now.Add(time.Hour)},
		"the future":  {second(now.AddDate(1, 0, 0)), lives("Hours", 1), now.AddDate(1, 0, 0).Add(time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			w := &world{Clients: w.Clients, t: t, group: w.group}
			must(t, w.putInput(&putInput{Record: record("id", name, "at", c.at), TtlDuration: c.ttl}))
			r, expires := w.expiry(name)
			at, err := time.Parse(time.RFC3339Nano, aws.ToString(expires))
			if err != nil || !at.Equal(c.want) || !strings.HasSuffix(*expires, "Z") {
				t.Errorf("ExpiresAt is %q; want %s", aws.ToString(expires), c.want)
			}
			batch, err := w.Runtime.BatchGetRecord(t.Context(), &runtime.BatchGetRecordInput{ExpirationTimeResponse: runtimetypes.ExpirationTimeResponseEnabled,
				Identifiers: []runtimetypes.BatchGetRecordIdentifier{{FeatureGroupName: &w.group, RecordIdentifiersValueAsString: []string{name}}}})
			must(t, err)
			expect(t, "in a batch", []any{texts(batch.Records[0].Record), batch.Records[0].ExpiresAt}, []any{r, expires})
			got, err := w.Runtime.GetRecord(t.Context(), &runtime.GetRecordInput{FeatureGroupName: &w.group, RecordIdentifierValueAsString: &name})
			must(t, err)
			if got.ExpiresAt != nil {
				t.Errorf("ExpiresAt is %q though nobody asked", *got.ExpiresAt)
			}
		})
	}
}

// Rule 3.5-4, 3.5-5, 3.5-6, 2.7-3.
func TestAnExpiredRecordIsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := time.Now().Add(-time.Hour + 3*time.Second).Truncate(time.Second)
	must(t, w.putInput(&putInput{Record: record("id", "a", "at", second(at), "n", "1"), TtlDuration: lives("Hours", 1)}))
	w.mustPut("id", "b", "at", noon)
	expect(t, "before", w.get("a", "n"), []string{"n=1"})
	expect(t, "listed before", w.ids(false), []string{"a", "b"})
	eventually(t, "expiry", func() bool { return w.get("a") == nil })
	if early := time.Until(at.Add(time.Hour)); early > 0 {
		t.Errorf("it went %s too early", early)
	}
	expect(t, "listed after", w.ids(true), []string{"b"})
	got, err := w.Runtime.BatchGetRecord(t.Context(), &runtime.BatchGetRecordInput{Identifiers: []runtimetypes.BatchGetRecordIdentifier{{FeatureGroupName: &w.group, RecordIdentifiersValueAsString: []string{"a"}}}})
	must(t, err)
	expect(t, "in a batch", len(got.Records)+len(got.Errors)+len(got.UnprocessedIdentifiers), 0)
	w.mustPut("id", "a", "at", earlier, "n", "2")
	expect(t, "any event time after", w.get("a", "n"), []string{"n=2"})
	expect(t, "rows", w.sql(`SELECT at, n, is_deleted FROM $table WHERE id = 'a' ORDER BY write_time`)[1:],
		[][]string{{second(at), "1", "false"}, {second(at.Add(time.Hour)), "", "true"}, {earlier, "2", "false"}})
}

// Rule 3.5-6.
func TestAnExpiryBecomesAMarkerByItself(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, keys("id", "x"))
	at := time.Now().Add(-time.Hour + 2*time.Second).Unix()
	must(t, w.putInput(&putInput{Record: record("id", "a", "x", fmt.Sprint(at, ".5"), "n", "1"), TtlDuration: lives("Hours", 1)}))
	eventually(t, "marker", func() bool { return w.rows("is_deleted") == "1" })
	expect(t, "marker", w.sql(`SELECT id, CAST(x AS decimal(20,1)), n FROM $table WHERE is_deleted`)[1:], [][]string{{"a", fmt.Sprint(at+3600, ".5"), ""}})
}

// Rule 3.5-7, 11-10.
func TestARecordThatHasExpiredAlready(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mustPut("id", "a", "at", earlier, "n", "1")
	must(t, w.putInput(&putInput{Record: record("id", "a", "at", noon, "n", "2"), TtlDuration: lives("Minutes", 1)}))
	expect(t, "it hides the older one", w.get("a"), []string(nil))
	expect(t, "it is not listed", w.ids(true), []string{})
	w.mustPut("id", "b", "at", later, "n", "1")
	must(t, w.putInput(&putInput{Record: record("id", "b", "at", noon, "n", "2"), TtlDuration: lives("Minutes", 1)}))
	expect(t, "it does not hide a newer one", w.get("b", "n"), []string{"n=1"})
	expect(t, "rows", w.sql(`SELECT id, n FROM $table WHERE NOT is_deleted ORDER BY id, n`)[1:], [][]string{{"a", "1"}, {"a", "2"}, {"b", "1"}, {"b", "2"}})
	w.mustPut("id", "a", "at", earlier, "n", "3")
	expect(t, "an older one is accepted after", w.get("a", "n"), []string{"n=3"})
}

// Rule 3.6-1, 1.3-29.
func TestStorageTypesAreAlike(t *testing.T) {
	t.Parallel()
	for _, kind := range []types.StorageType{"", types.StorageTypeStandard, types.StorageTypeStandardV2, types.StorageTypeInMemory} {
		t.Run("storage "+string(kind), func(t *testing.T) {
			w := newOnline(t, storage(kind))
			w.mustPut("id", "a", "at", noon, "n", "1")
			w.mustPut("id", "a", "at", earlier, "n", "2")
			expect(t, "the record", w.get("a"), []string{"id=a", "at=" + noon, "n=1"})
			expect(t, "listed", w.ids(false), []string{"a"})
			must(t, w.remove("a", later, soft))
			expect(t, "deleted", w.get("a"), []string(nil))
			must(t, w.remove("a", "2026-01-04T00:00:00Z", hard))
			must(t, w.putInput(&putInput{Record: record("id", "a", "at", second(time.Now())), TtlDuration: lives("Days", 1)}))
			if _, expires := w.expiry("a"); expires == nil {
				t.Error("no ExpiresAt")
			}
		})
	}
}

// Rule 3.6-2, 11-35.
func TestProvisionedThroughputDoesNotThrottleByDefault(t *testing.T) {
	t.Parallel()
	w := newOnline(t, throughput(types.ThroughputModeProvisioned, aws.Int32(1), aws.Int32(1)))
	for i := range 100 {
		w.mustPut("id", fmt.Sprint(i), "at", noon)
	}
	expect(t, "records", len(w.ids(false)), 100)
}
