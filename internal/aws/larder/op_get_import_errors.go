package larder

import (
	"context"
	"io"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// GetImportErrors: GET /larder/Import/{ImportId}/Errors, larder:GetImportErrors
//
// Supported: ImportId.
// Refused:   nothing.
//
// The answer is one JSON object a line: source, row (from 1), reason. While the import reads, it is what
// was refused so far.
func (a *api) getImportErrors(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	p, err := a.Imports.Get(ctx, c.Path["ImportId"])
	if err != nil {
		return err
	}
	r, err := a.Imports.Errors(ctx, p.ID)
	if feature.KindOf(err) == feature.NotFound && p.Refused == 0 {
		r, err = http.NoBody, nil
	}
	if err != nil {
		return err
	}
	defer r.Close() // it was only read
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.WriteHeader(http.StatusOK)
	body := &clientWriter{ResponseWriter: w}
	if _, err := io.Copy(body, r); err != nil {
		return cutOff(body, err)
	}
	return nil
}
