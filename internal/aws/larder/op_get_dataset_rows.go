package larder

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/dataset"
)

// GetDatasetRows: GET /larder/Dataset/{DatasetName}/Rows, larder:GetDatasetRows
//
// Supported: DatasetName; Version (query string), the newest if absent; Format: arrow (the IPC stream, if absent),
// parquet, csv.
// Refused:   CSV of lists.
//
// The answer's body is the rows, in the order of the labels. The headers Larder-Rows, Larder-Dataset-Version and
// Larder-Dataset-Hash say what they are. If it breaks off after the body has begun, the connection is cut.
func (a *api) getDatasetRows(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	r, err := datasetRef(c)
	if err != nil {
		return err
	}
	format := dataset.Format(c.Params.Get("Format"))
	if format == "" {
		format = dataset.Arrow
	}
	body := &datasetBody{w: &clientWriter{ResponseWriter: w}, control: http.NewResponseController(w)}
	err = a.Datasets.Download(ctx, r, format, c.Principal.ARN, func(d *dataset.Dataset) (io.Writer, error) {
		h := w.Header()
		h.Set("Content-Type", format.ContentType())
		h.Set(rowsTrailer, strconv.FormatInt(d.Rows, 10))
		h.Set("Larder-Dataset-Version", strconv.FormatInt(d.Version, 10))
		h.Set("Larder-Dataset-Hash", d.Hash)
		if format == dataset.Parquet {
			h.Set("Content-Length", strconv.FormatInt(d.File.Size, 10))
		}
		return body, nil
	})
	if err == nil {
		return takeTime(body.control)
	}
	if !body.begun {
		w.Header().Del("Content-Length")
		return err
	}
	return cutOff(body.w, err)
}

// A datasetBody is the body of the answer. The status is sent with its first bytes.
type datasetBody struct {
	w       *clientWriter
	control *http.ResponseController
	begun   bool
}

// Write implements io.Writer.
func (b *datasetBody) Write(p []byte) (int, error) {
	if !b.begun {
		b.begun = true
		b.w.WriteHeader(http.StatusOK)
	}
	if err := giveTime(b.control); err != nil {
		return 0, err
	}
	return b.w.Write(p)
}
