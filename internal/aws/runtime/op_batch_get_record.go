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
// Supported: every member. Records come in the order asked; what is wrong with one group is in
// Errors, record by record.
// Refused:   nothing.
// Differs:   none known. UnprocessedIdentifiers has what is beyond 64 MiB of records in one call,
// and what is throttled (`larder serve --throttle`).
func (a *api) batchGetRecord(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	in, err := decodeBatchGetRecord(c.Body)
	if err != nil {
		return err
	}
	expires := false
	if e := in.ExpirationTimeResponse; e != nil {
		if expires, err = toExpiration(*e, true); err != nil {
			return err
		}
	}
	wants, err := toWants(in.Identifiers)
	if err != nil {
		return err
	}
	body := a.takeBody()
	defer a.giveBody(body)
	reply := batchReply{wants: wants, expires: expires, body: append(*body, `{"Records":[`...)}
	batches := a.store.BatchGet(ctx, wants, reply.record)
	for i := range batches {
		if err := batches[i].Err; err != nil && toError("GetRecord", err) == nil {
			return err // a fault fails the call: it is logged, and the client tries again
		}
	}
	*body = reply.end(batches)
	return c.WriteJSON(w, *body)
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
		group, err := toGroup(*id.FeatureGroupName)
		if err != nil {
			return nil, err
		}
		if n := len(id.RecordIdentifiersValueAsString); n < 1 || n > 100 {
			return nil, feature.Errorf(feature.Invalid, "RecordIdentifiersValueAsString of %q has %d identifiers; it must have 1 to 100", group, n)
		}
		for _, s := range id.RecordIdentifiersValueAsString {
			if err := checkLength("an identifier of RecordIdentifiersValueAsString", s); err != nil {
				return nil, err
			}
		}
		names, err := toNames(id.FeatureNames)
		if err != nil {
			return nil, err
		}
		wants[i] = featurestore.Want{Group: group, IDs: id.RecordIdentifiersValueAsString, Names: names}
	}
	return wants, nil
}

// A batchReply is written as records are found. Its three lists are always there (contract §2.5).
type batchReply struct {
	wants   []featurestore.Want
	expires bool
	body    []byte
	more    bool // there is a record before the next
}

// record appends the record of an identifier of a Want.
func (r *batchReply) record(want, i int, f *featurestore.Found) {
	if r.more {
		r.body = append(r.body, ',')
	}
	r.more = true
	r.body = append(appendEntry(r.body, &r.wants[want], i), ',')
	r.body = append(appendRecord(r.body, f, r.expires), '}')
}

// end appends what was not read, and returns the whole reply.
func (r *batchReply) end(batches []featurestore.Batch) []byte {
	b := append(r.body, `],"Errors":[`...)
	first := true
	for i := range r.wants {
		if batches[i].Err == nil {
			continue
		}
		e := toError("GetRecord", batches[i].Err)
		for j := batches[i].Read; j < len(r.wants[i].IDs); j++ {
			b = appendEntry(appendComma(b, &first), &r.wants[i], j)
			b = appendText(append(b, `,"ErrorCode":`...), e.Code)
			b = appendText(append(b, `,"ErrorMessage":`...), e.Message)
			b = append(b, '}')
		}
	}
	b = append(b, `],"UnprocessedIdentifiers":[`...)
	first = true
	for i := range r.wants {
		if batches[i].Refused != nil {
			b = appendUnprocessed(appendComma(b, &first), &r.wants[i], batches[i].Refused)
		}
	}
	return append(b, `]}`...)
}

// appendEntry begins an entry of a list for one record, named as the caller named it.
func appendEntry(b []byte, want *featurestore.Want, id int) []byte {
	b = appendText(append(b, `{"FeatureGroupName":`...), string(want.Group))
	return appendText(append(b, `,"RecordIdentifierValueAsString":`...), want.IDs[id])
}

// appendUnprocessed appends an identifier that asks again for what was refused.
func appendUnprocessed(b []byte, want *featurestore.Want, refused []error) []byte {
	b = appendText(append(b, `{"FeatureGroupName":`...), string(want.Group))
	b = append(b, `,"RecordIdentifiersValueAsString":[`...)
	first := true
	for i, err := range refused {
		if err != nil {
			b = appendText(appendComma(b, &first), want.IDs[i])
		}
	}
	b = append(b, ']')
	if want.Names != nil {
		b = append(b, `,"FeatureNames":[`...)
		first = true
		for _, name := range want.Names {
			b = appendText(appendComma(b, &first), string(name))
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

var batchGetRecordMembers = []awshttp.Member{
	{Path: "Identifiers", Note: "100 entries of 100 records each"},
	{Path: "Identifiers.FeatureGroupName"},
	{Path: "Identifiers.RecordIdentifiersValueAsString", Note: "one that is there twice is answered twice"},
	{Path: "Identifiers.FeatureNames"},
	{Path: "ExpirationTimeResponse"},
}
