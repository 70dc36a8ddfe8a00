package larder

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/columnar"
	"github.com/larder-dev/larder/internal/feature"
)

// WriteRecords: POST /larder/FeatureGroup/{FeatureGroupName}/Write, larder:WriteRecords
//
// Supported: FeatureGroupName (a name or an ARN). The body is a stream of Arrow: a row is a record, a column a feature,
// a null no value. In the query string TargetStores (once a store), TtlDuration.Unit and TtlDuration.Value, as PutRecord
// has them.
// Refused:   more than 100,000 rows; a compressed stream, an Arrow file; a column that is no feature's or of a type that
// has no text; other parameters.
//
// It answers when every row that was taken is durable. Rows are put in their order, each as BatchWriteRecord would; a
// refused one does not touch the others, and the first hundred are in Errors. Nothing is written if the stream cannot
// be read to its end.
func (a *api) writeRecords(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	if err := onlyParams(c, "TargetStores", "TtlDuration.Unit", "TtlDuration.Value"); err != nil {
		return err
	}
	kind, err := mediaType(c)
	if err != nil {
		return err
	}
	if kind == mediaJSON {
		return feature.Errorf(feature.Invalid, "the body is JSON; send records as a stream of Arrow with the Content-Type %s, or use BatchWriteRecord", arrowStream)
	}
	in := &columnar.Write{Group: feature.GroupRef(c.Path["FeatureGroupName"]), Stream: c.Body, Accepted: c.Received}
	if in.Stores, err = toStores(c.Params["TargetStores"]); err != nil {
		return err
	}
	if in.TTL, err = ttlOf(c); err != nil {
		return err
	}
	done, err := a.Columnar.Write(ctx, in)
	if err != nil {
		return err
	}
	out := writeResponse{RowsRead: done.Rows, RowsTaken: done.Taken, RowsRefused: done.Refused, Errors: []rowError{}}
	for _, r := range done.Refusals {
		e := toError("", r.Err)
		if e == nil {
			return fmt.Errorf("row %d: %w", r.Row, r.Err)
		}
		out.Errors = append(out.Errors, rowError{Row: r.Row, RecordIdentifierValueAsString: r.ID, ErrorCode: e.Code, ErrorMessage: e.Message})
	}
	text, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return c.WriteJSON(w, text)
}

type writeResponse struct {
	RowsRead    int
	RowsTaken   int
	RowsRefused int
	Errors      []rowError // the first of them
}

type rowError struct {
	Row                           int // from 1
	RecordIdentifierValueAsString string
	ErrorCode                     string
	ErrorMessage                  string
}

// ttlOf reads the time to live of a query string, nil if it has none.
func ttlOf(c *awshttp.Call) (*feature.TTL, error) {
	unit, value := c.Params["TtlDuration.Unit"], c.Params["TtlDuration.Value"]
	switch {
	case unit == nil && value == nil:
		return nil, nil
	case len(unit) != 1 || len(value) != 1:
		return nil, feature.Errorf(feature.Invalid, "TtlDuration.Unit is there %d times and TtlDuration.Value %d times; give both, once", len(unit), len(value))
	}
	n, err := strconv.ParseInt(value[0], 10, 64)
	if err != nil {
		return nil, feature.Errorf(feature.Invalid, "TtlDuration.Value is %.64q, which is no whole number", value[0])
	}
	ttl := &feature.TTL{Unit: feature.TTLUnit(unit[0]), Value: n}
	if _, err := ttl.Seconds(); err != nil {
		return nil, err
	}
	return ttl, nil
}
