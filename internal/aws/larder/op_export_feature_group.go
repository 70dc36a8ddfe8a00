package larder

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strconv"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/export"
	"github.com/larder-dev/larder/internal/feature"
)

// ExportFeatureGroup: POST /larder/FeatureGroup/{FeatureGroupName}/Export, larder:ExportFeatureGroup
//
// Supported: FeatureGroupName (a name or an ARN); Format (parquet, csv, jsonl); Latest, the newest row of
// each identifier; AsOf (ISO 8601), nothing that was written later; FeaturesOnly, no write_time,
// api_invocation_time and is_deleted, and no delete markers; Target (s3://BUCKET/KEY, or s3://BUCKET/PREFIX/
// for several files); FileRows, the most rows of a file.
// Refused:   a Target in the own location of a feature group, or a folder that is not empty; lists as CSV.
//
// Without a Target the answer's body is the file, or with FileRows the files, as multipart/mixed; the
// trailer Larder-Rows says how many rows there are. If the export fails after its body has begun, the
// connection is cut. With a Target it answers when all files are there, or none.
func (a *api) exportFeatureGroup(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	var in exportRequest
	if err := c.DecodeJSON(&in); err != nil {
		return err
	}
	r := &export.Request{
		Group: feature.GroupRef(c.Path["FeatureGroupName"]), Format: export.Format(in.Format),
		Latest: in.Latest, FeaturesOnly: in.FeaturesOnly, FileRows: in.FileRows,
	}
	if in.AsOf != "" {
		at, err := time.Parse(time.RFC3339Nano, in.AsOf)
		if err != nil {
			return feature.Errorf(feature.Invalid, "AsOf is %.64q, which is no instant like 2024-01-31T12:00:00Z", in.AsOf)
		}
		r.AsOf = at
	}
	if in.Target != "" {
		return a.exportToBucket(ctx, c, w, r, in.Target)
	}
	body := &exportBody{w: &clientWriter{ResponseWriter: w}, control: http.NewResponseController(w), format: r.Format}
	if r.FileRows > 0 {
		body.parts = multipart.NewWriter(body)
	}
	result, err := a.Exports.Write(ctx, r, body.next)
	if err == nil {
		err = body.end(result.Rows)
	}
	if err == nil || !body.begun {
		return err
	}
	return cutOff(body.w, err)
}

func (a *api) exportToBucket(ctx context.Context, c *awshttp.Call, w http.ResponseWriter, r *export.Request, target string) error {
	result, files, err := a.Exports.WriteBucket(ctx, r, target)
	if err != nil {
		return err
	}
	out := exportResponse{Rows: result.Rows}
	for _, f := range files {
		out.Files = append(out.Files, exportedFile(f))
	}
	text, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return c.WriteJSON(w, text)
}

// rowsTrailer tells at the end of a body how many rows it has.
const rowsTrailer = "Larder-Rows"

// stall is how long a reader may take nothing. Whoever reads an export holds a snapshot, which keeps what
// was replaced since on the disk.
const stall = 10 * time.Minute

// An exportBody is the body of the answer. The status is sent with its first bytes, which are many: an
// export that fails before has an answer of its own.
type exportBody struct {
	w       *clientWriter
	control *http.ResponseController
	format  export.Format
	parts   *multipart.Writer // nil: one file
	files   int
	begun   bool
}

// next is export.Store.Write's.
func (b *exportBody) next() (io.Writer, error) {
	b.files++
	if b.parts == nil {
		return b, nil
	}
	return b.parts.CreatePart(textproto.MIMEHeader{
		"Content-Type":        {b.format.ContentType()},
		"Content-Disposition": {fmt.Sprintf("attachment; filename=%q", b.format.FileName(b.files-1))},
	})
}

// Write implements io.Writer.
func (b *exportBody) Write(p []byte) (int, error) {
	b.begin()
	if err := giveTime(b.control); err != nil {
		return 0, err
	}
	return b.w.Write(p)
}

func (b *exportBody) begin() {
	if b.begun {
		return
	}
	b.begun = true
	h := b.w.Header()
	h.Set("Content-Type", b.format.ContentType())
	if b.parts != nil {
		h.Set("Content-Type", "multipart/mixed; boundary="+b.parts.Boundary())
	}
	h.Set("Trailer", rowsTrailer)
	b.w.WriteHeader(http.StatusOK)
}

// end ends a body that is whole.
func (b *exportBody) end(rows int64) error {
	if b.parts != nil {
		if err := b.parts.Close(); err != nil {
			return err
		}
	}
	b.begin() // a file may have no bytes
	b.w.Header().Set(rowsTrailer, strconv.FormatInt(rows, 10))
	return takeTime(b.control)
}
