package requests

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/records"
)

// everyAnswer is of how many answers one is compared whole; of the others the status is.
const everyAnswer = 64

// CheckGet compares answers to Get: request n asks for record ids[n] of that version. One of 64 is compared byte by
// byte with what was put, so that the client has time to measure.
func CheckGet(features []records.Feature, ids []int, version int) func(int, load.Answer) error {
	asked := 0
	var want []byte
	return func(n int, a load.Answer) error {
		if asked++; asked%everyAnswer != 1 {
			return nil
		}
		want = append(want[:0], `{"Record":[`...)
		for i, f := range features {
			if i > 0 {
				want = append(want, ',')
			}
			want = fmt.Appendf(want, `{"FeatureName":%q,"ValueAsString":%q}`, f.Name, records.String(ids[n], i, version))
		}
		if want = append(want, "]}"...); !bytes.Equal(want, a.Body) {
			return fmt.Errorf("record %d is not what was put: %.200q, want %.200q", ids[n], a.Body, want)
		}
		return nil
	}
}

// CheckBatchGet counts the records of every answer to BatchGet by its identifiers.
func CheckBatchGet(records int) func(int, load.Answer) error {
	mark := []byte(`"RecordIdentifierValueAsString":`)
	return func(_ int, a load.Answer) error {
		if n := bytes.Count(a.Body, mark); n != records || !bytes.Contains(a.Body[max(0, len(a.Body)-64):], []byte(`"Errors":[],"UnprocessedIdentifiers":[]`)) {
			return fmt.Errorf("%d records of %d: …%q", n, records, a.Body[max(0, len(a.Body)-200):])
		}
		return nil
	}
}

// CheckBatchWrite takes no answer that leaves an entry out.
func CheckBatchWrite(_ int, a load.Answer) error {
	if string(a.Body) != `{"Errors":[],"UnprocessedEntries":[]}` {
		return errors.New("an entry was not taken: " + string(a.Body[:min(len(a.Body), 300)]))
	}
	return nil
}
