package larder

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// DescribeDataset: GET /larder/Dataset/{DatasetName}, larder:DescribeDataset
//
// Supported: DatasetName; Version (query string), the newest if absent.
// Refused:   nothing.
func (a *api) describeDataset(ctx context.Context, c *awshttp.Call, _ *empty) (*datasetShape, error) {
	r, err := datasetRef(c)
	if err != nil {
		return nil, err
	}
	p, err := a.Datasets.Get(ctx, r)
	if err != nil {
		return nil, err
	}
	return fromProgress(p), nil
}
