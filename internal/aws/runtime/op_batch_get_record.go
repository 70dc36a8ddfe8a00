package runtime

import (
	"context"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// BatchGetRecord: POST /BatchGetRecord, sagemaker:BatchGetRecord
//
// Supported: Identifiers, ExpirationTimeResponse.
// Refused:   nothing.
// Differs:   none known. Records come in the order asked; what is wrong with one group is in
// Errors, record by record, and UnprocessedIdentifiers is always empty.
func (a *api) batchGetRecord(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	in, err := decodeBatchGetRecord(c.Body)
	if err != nil {
		return err
	}
	if in.ExpirationTimeResponse != nil {
		if err := checkExpiration(*in.ExpirationTimeResponse); err != nil {
			return err
		}
	}
	wants, err := toWants(in.Identifiers)
	if err != nil {
		return err
	}
	batches := a.store.BatchGet(ctx, wants)
	size := 128
	for i := range batches {
		if err := batches[i].Err; err != nil && toError("GetRecord", err) == nil {
			return err // a fault fails the call: it is logged, and the client tries again
		}
		for _, found := range batches[i].Found {
			if found != nil {
				size += recordSize(found) + 256
			}
		}
	}
	return c.WriteJSON(w, appendBatches(make([]byte, 0, size), wants, batches))
}

// toWants holds the limits of contract §2.5.
func toWants(identifiers []batchGetRecordIdentifier) ([]featurestore.Want, error) {
	if n := len(identifiers); n < 1 || n > 100 {
		return nil, feature.Errorf(feature.Invalid, "Identifiers has %d entries; it must have 1 to 100", n)
	}
	wants := make([]featurestore.Want, len(identifiers))
	for i, id := range identifiers {
		if id.FeatureGroupName == nil {
			return nil, feature.Errorf(feature.Invalid, "an entry of Identifiers has no FeatureGroupName; it is required")
		}
		if n := len(id.RecordIdentifiersValueAsString); n < 1 || n > 100 {
			return nil, feature.Errorf(feature.Invalid, "RecordIdentifiersValueAsString of %q has %d identifiers; it must have 1 to 100", *id.FeatureGroupName, n)
		}
		names, err := toNames(id.FeatureNames)
		if err != nil {
			return nil, err
		}
		wants[i] = featurestore.Want{Group: feature.GroupRef(*id.FeatureGroupName), IDs: id.RecordIdentifiersValueAsString, Names: names}
	}
	return wants, nil
}

// appendBatches appends the reply. Its three lists are always there (contract §2.5).
func appendBatches(b []byte, wants []featurestore.Want, batches []featurestore.Batch) []byte {
	b = append(b, `{"Records":[`...)
	first := true
	for i := range wants {
		for j, found := range batches[i].Found {
			if found == nil {
				continue
			}
			b = appendEntry(b, &first, &wants[i], j)
			b = append(appendRecord(append(b, ','), found), '}')
		}
	}
	b = append(b, `],"Errors":[`...)
	first = true
	for i := range wants {
		if batches[i].Err == nil {
			continue
		}
		e := toError("GetRecord", batches[i].Err)
		for j := range wants[i].IDs {
			b = appendEntry(b, &first, &wants[i], j)
			b = appendText(append(b, `,"ErrorCode":`...), e.Code)
			b = appendText(append(b, `,"ErrorMessage":`...), e.Message)
			b = append(b, '}')
		}
	}
	return append(b, `],"UnprocessedIdentifiers":[]}`...)
}

// appendEntry begins an entry of a list for one record, named as the caller named it.
func appendEntry(b []byte, first *bool, want *featurestore.Want, id int) []byte {
	if !*first {
		b = append(b, ',')
	}
	*first = false
	b = appendText(append(b, `{"FeatureGroupName":`...), string(want.Group))
	return appendText(append(b, `,"RecordIdentifierValueAsString":`...), want.IDs[id])
}
