package larder

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// Flush: POST /larder/Flush, larder:Flush
//
// Supported: it has no members.
// Refused:   nothing.
//
// It answers when every row of every group that was acknowledged before is in a file.
func (a *api) flush(ctx context.Context, _ *awshttp.Call, _ *empty) (*flushResponse, error) {
	asked := a.Now()
	if err := a.Tables.FlushNow(ctx); err != nil {
		return nil, whole(err)
	}
	return flushed(asked), nil
}
