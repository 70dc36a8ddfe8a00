package larder

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// CancelImport: POST /larder/Import/{ImportId}/Cancel, larder:CancelImport
//
// Supported: ImportId.
// Refused:   an import whose rows are in the table, and one that has ended (ConflictException).
//
// Nothing of a cancelled import is kept.
func (a *api) cancelImport(ctx context.Context, c *awshttp.Call, _ *empty) (*importShape, error) {
	i, err := a.Imports.Cancel(ctx, c.Path["ImportId"])
	if err != nil {
		return nil, err
	}
	return fromImport(i), nil
}
