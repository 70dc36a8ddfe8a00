package runtime

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// BatchWriteRecord: POST /BatchWriteRecord, sagemaker:BatchWriteRecord and sagemaker:PutRecord
//
// Supported: every member. Entries of one record are applied in their order.
// Refused:   nothing.
// Differs:   an entry fails alone, with the error that PutRecord would give it (of no group:
// ResourceNotFound); the call fails only if it cannot be read, has no entries or too many, or its
// own TtlDuration is wrong.
func (a *api) batchWriteRecord(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	in, err := decodeBatchWriteRecord(c.Body)
	if err != nil {
		return err
	}
	if n := len(in.Entries); n < 1 || n > maxEntries {
		return feature.Errorf(feature.Invalid, "Entries has %d entries; it must have 1 to %d", n, maxEntries)
	}
	if _, err := toTTL(in.TtlDuration); err != nil {
		return err
	}
	errs := a.batchPut(ctx, in, c.Received)
	for i, err := range errs {
		if err != nil && toError("BatchWriteRecord", err) == nil {
			return fmt.Errorf("entry %d: %w", i, err) // a fault fails the call: it is logged, and the client tries again
		}
	}
	return c.WriteJSON(w, appendWritten(nil, in.Entries, errs))
}

// maxEntries is how many entries a call has at most (contract §2.6).
const maxEntries = 25

// batchPut writes the entries that can be puts. It returns one error for each entry.
func (a *api) batchPut(ctx context.Context, in *batchWriteRecordRequest, received time.Time) []error {
	errs := make([]error, len(in.Entries))
	puts := make([]featurestore.Put, 0, len(in.Entries))
	places := make([]int, 0, len(in.Entries)) // of each put among the entries
	for i := range in.Entries {
		put, err := toEntryPut(&in.Entries[i], in.TtlDuration, received)
		if err != nil {
			errs[i] = err
			continue
		}
		puts, places = append(puts, put), append(places, i)
	}
	for i, err := range a.store.BatchPut(ctx, puts) {
		errs[places[i]] = err
	}
	return errs
}

func toEntryPut(e *batchWriteRecordEntry, ttl *ttlDuration, received time.Time) (featurestore.Put, error) {
	if e.Broken != nil {
		return featurestore.Put{}, e.Broken
	}
	if e.FeatureGroupName == nil {
		return featurestore.Put{}, feature.Errorf(feature.Invalid, "the entry has no FeatureGroupName; it is required")
	}
	group, err := toGroup(*e.FeatureGroupName)
	if err != nil {
		return featurestore.Put{}, err
	}
	own := e.putRecordRequest
	if own.TtlDuration == nil {
		own.TtlDuration = ttl
	}
	return toPut(group, &own, received)
}

// appendWritten appends the reply. Its two lists are always there, and their entries are as they were
// sent: a client finds out by comparing which of its rows failed (contract §2.6, §11.31).
func appendWritten(b []byte, entries []batchWriteRecordEntry, errs []error) []byte {
	b = append(b, `{"Errors":[`...)
	first := true
	for i, err := range errs {
		if err == nil || retriable(err) {
			continue
		}
		e := toError("BatchWriteRecord", err)
		b = append(appendComma(b, &first), `{"Entry":`...)
		b = append(b, entries[i].Raw...)
		b = appendText(append(b, `,"ErrorCode":`...), e.Code)
		b = appendText(append(b, `,"ErrorMessage":`...), e.Message)
		b = append(b, '}')
	}
	b = append(b, `],"UnprocessedEntries":[`...)
	first = true
	for i, err := range errs {
		if retriable(err) {
			b = append(appendComma(b, &first), entries[i].Raw...)
		}
	}
	return append(b, `]}`...)
}

var batchWriteRecordMembers = []awshttp.Member{
	{Path: "Entries"},
	{Path: "Entries.FeatureGroupName"},
	{Path: "Entries.Record"},
	{Path: "Entries.Record.FeatureName"},
	{Path: "Entries.Record.ValueAsString"},
	{Path: "Entries.Record.ValueAsStringList", Note: "an empty list is no value; a null in it is a SerializationException"},
	{Path: "Entries.TargetStores", Note: "a store that is named twice counts once"},
	{Path: "Entries.TtlDuration"},
	{Path: "Entries.TtlDuration.Unit"},
	{Path: "Entries.TtlDuration.Value"},
	{Path: "TtlDuration", Note: "of entries without one"},
	{Path: "TtlDuration.Unit"},
	{Path: "TtlDuration.Value"},
}
