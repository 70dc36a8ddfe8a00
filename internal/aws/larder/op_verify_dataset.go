package larder

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// VerifyDataset: POST /larder/Dataset/{DatasetName}/Verify, larder:VerifyDataset
//
// Supported: DatasetName; Version, the newest if absent.
// Refused:   a dataset without rows (ConflictException).
//
// It answers when the dataset has been made again, of its labels and the offline stores as they are now; Verification
// says whether its rows are the same.
func (a *api) verifyDataset(ctx context.Context, c *awshttp.Call, in *datasetVersionRequest) (*datasetShape, error) {
	r, err := refOf(c, in.Version)
	if err != nil {
		return nil, err
	}
	d, err := a.Datasets.Verify(ctx, r, c.Principal.ARN)
	if err != nil {
		return nil, err
	}
	return fromDataset(d), nil
}
