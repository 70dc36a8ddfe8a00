package larder

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/dataset"
)

// ListDatasetReads: GET /larder/DatasetRead, larder:ListDatasetReads
//
// Supported: DatasetName (query string), all if absent; Version, all if absent.
// Refused:   nothing.
//
// The answer is the audit trail, one JSON object a line: what was read to make or verify a dataset, and who had its
// rows. An entry is on record before anything is read or sent.
func (a *api) listDatasetReads(ctx context.Context, c *awshttp.Call, w http.ResponseWriter) error {
	c.Path = map[string]string{"DatasetName": c.Params.Get("DatasetName")}
	r, err := datasetRef(c)
	if err != nil {
		return err
	}
	reads, err := a.Datasets.Reads(ctx, r)
	if err != nil {
		return err
	}
	body := &clientWriter{ResponseWriter: w}
	begun := false
	begin := func() {
		if !begun {
			begun = true
			w.Header().Set("Content-Type", "application/x-ndjson")
			w.WriteHeader(http.StatusOK)
		}
	}
	out := json.NewEncoder(body)
	for read, err := range reads {
		if err == nil {
			begin()
			err = out.Encode(fromRead(read))
		}
		if err != nil && begun {
			return cutOff(body, err)
		}
		if err != nil {
			return err
		}
	}
	begin()
	return nil
}

func fromRead(r *dataset.Read) *datasetReadShape {
	out := &datasetReadShape{
		At: instant(r.At), By: r.By, Act: string(r.What), DatasetName: string(r.Name), Version: r.Version,
		Format: string(r.Format), Target: r.Target, Labels: r.Labels, FeatureGroupNames: r.Groups,
	}
	if r.AsOf != 0 {
		out.AsOf = instant(r.AsOf.Time())
	}
	return out
}
