package larder

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"strconv"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/columnar"
	"github.com/larder-dev/larder/internal/feature"
)

// ReadRecords: POST /larder/FeatureGroup/{FeatureGroupName}/Read, larder:ReadRecords
//
// Supported: FeatureGroupName (a name or an ARN). The body is a stream of Arrow with one column of identifiers, text or
// whole numbers, or JSON: Identifiers, a list of texts; FeatureNames. The query string may have FeatureNames too, once
// a name.
// Refused:   more than 100,000 identifiers; a compressed stream, an Arrow file; other parameters; an
// identifier of an Integral feature that no int64 is written as.
//
// The answer's body is a stream of Arrow: a row for each identifier, in the order asked, and a column for each feature
// asked for and for the identifier, in the order of the definitions: int64, double or string, or a list of these. A
// record that BatchGetRecord would not return is a row of nulls but for its identifier. If it breaks off after the body
// has begun, the connection is cut.
func (a *api) readRecords(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	r := &columnar.Read{Group: feature.GroupRef(c.Path["FeatureGroupName"])}
	if err := onlyParams(c, "FeatureNames"); err != nil {
		return err
	}
	kind, err := mediaType(c)
	if err != nil {
		return err
	}
	names := c.Params["FeatureNames"]
	if kind == arrowStream || kind == "" && !bytes.HasPrefix(bytes.TrimSpace(c.Body), []byte("{")) {
		r.IDs, err = columnar.Identifiers(c.Body)
	} else {
		var in readRequest
		if err = c.DecodeJSON(&in); err == nil && in.FeatureNames != nil && names != nil {
			err = feature.Errorf(feature.Invalid, "FeatureNames is in the body and in the query string; give it once")
		}
		if in.FeatureNames != nil {
			names = in.FeatureNames
		}
		r.IDs = in.Identifiers
	}
	if err != nil {
		return err
	}
	if names != nil && len(names) == 0 {
		return feature.Errorf(feature.Invalid, "FeatureNames is empty; name a feature or leave it out")
	}
	for _, name := range names {
		r.Names = append(r.Names, feature.Name(name))
	}
	body := &streamBody{w: &clientWriter{ResponseWriter: w}, control: http.NewResponseController(w), rows: len(r.IDs)}
	out := bufio.NewWriterSize(body, streamBuffer)
	err = a.Columnar.Read(ctx, r, out)
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		return body.end()
	}
	if !body.begun {
		return err
	}
	return cutOff(body.w, err)
}

// readRequest is the JSON form.
type readRequest struct {
	Identifiers  []string
	FeatureNames []string
}

// streamBuffer is how much of an answer is made before its status is sent.
const streamBuffer = 64 << 10

// A streamBody is the body of the answer. The status is sent with its first bytes.
type streamBody struct {
	w       *clientWriter
	control *http.ResponseController
	rows    int
	begun   bool
}

// Write implements io.Writer.
func (b *streamBody) Write(p []byte) (int, error) {
	if !b.begun {
		b.begun = true
		h := b.w.Header()
		h.Set("Content-Type", arrowStream)
		h.Set(rowsTrailer, strconv.Itoa(b.rows))
		b.w.WriteHeader(http.StatusOK)
	}
	if err := giveTime(b.control); err != nil {
		return 0, err
	}
	return b.w.Write(p)
}

// end ends a body that is whole.
func (b *streamBody) end() error { return takeTime(b.control) }
