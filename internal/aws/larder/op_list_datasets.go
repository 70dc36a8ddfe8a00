package larder

import (
	"context"
	"strconv"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/feature"
)

// ListDatasets: GET /larder/Dataset, larder:ListDatasets
//
// Supported: DatasetName (query string), all if absent; MaxResults, 1 to 1000, 100 if absent: by name, the newest
// version first. Columns are left out.
// Refused:   nothing.
func (a *api) listDatasets(ctx context.Context, c *awshttp.Call, _ *empty) (*listDatasetsResponse, error) {
	most := 100
	if text := c.Params.Get("MaxResults"); text != "" {
		var err error
		if most, err = strconv.Atoi(text); err != nil || most < 1 || most > 1000 {
			return nil, feature.Errorf(feature.Invalid, "MaxResults is %.64q; it must be 1 to 1000", text)
		}
	}
	out := &listDatasetsResponse{Datasets: []*datasetShape{}}
	for d, err := range a.Datasets.List(ctx, dataset.Name(c.Params.Get("DatasetName"))) {
		if err != nil {
			return nil, err
		}
		if len(out.Datasets) == most {
			out.More = true
			break
		}
		shape := fromDataset(d)
		shape.Columns = nil
		out.Datasets = append(out.Datasets, shape)
	}
	return out, nil
}
