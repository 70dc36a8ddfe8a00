package larder

import (
	"context"
	"errors"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
)

// StartImport: POST /larder/FeatureGroup/{FeatureGroupName}/Import, larder:StartImport
//
// Supported: FeatureGroupName (a name or an ARN); Sources (s3://BUCKET/KEY of a bucket of this server, or
// file:///PATH of the server's machine), Format (parquet, csv, jsonl; absent: by the ends of their names),
// Columns (of the sources → features, "" leaves a column out), ClientRequestToken, MaxErrors, TargetStores
// (OnlineStore, OfflineStore; absent: all that the group has), WaitSeconds (0 to 900).
// Refused:   files of the machine while other machines may call, unless the server was told.
//
// It answers when the import is durable; with WaitSeconds when it has ended, or after so many seconds,
// and Status tells. The same request again answers with the
// same import, unless that failed or was cancelled.
func (a *api) startImport(ctx context.Context, c *awshttp.Call, in *importRequest) (*importShape, error) {
	r := &ingest.Request{
		Group: feature.GroupRef(c.Path["FeatureGroupName"]), Format: ingest.Format(in.Format),
		Columns: in.Columns, Token: in.ClientRequestToken, MaxErrors: in.MaxErrors,
	}
	for _, uri := range in.Sources {
		r.Sources = append(r.Sources, ingest.Source{URI: uri})
	}
	var err error
	if r.Stores, err = toStores(in.TargetStores); err != nil {
		return nil, err
	}
	if in.WaitSeconds < 0 || in.WaitSeconds > maxWait {
		return nil, feature.Errorf(feature.Invalid, "WaitSeconds is %d; it must be 0 to %d", in.WaitSeconds, maxWait)
	}
	i, err := a.Imports.Start(ctx, r)
	if err == nil && in.WaitSeconds > 0 {
		i, err = a.awaitImport(ctx, i.ID, time.Duration(in.WaitSeconds)*time.Second)
	}
	if err != nil {
		return nil, err
	}
	return fromImport(i), nil
}

// maxWait is the longest that a call waits for an import: what is between client and server may end a
// connection on which nothing comes.
const maxWait = 900

// awaitImport returns an import when it has ended, or as it is after so long.
func (a *api) awaitImport(ctx context.Context, id string, most time.Duration) (*ingest.Import, error) {
	waiting, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	i, err := a.Imports.Wait(waiting, id)
	if !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
		return i, err
	}
	p, err := a.Imports.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return &p.Import, nil
}
