package larder

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
)

// StartImport: POST /larder/FeatureGroup/{FeatureGroupName}/Import, larder:StartImport
//
// Supported: FeatureGroupName (a name or an ARN); Sources (s3://BUCKET/KEY of a bucket of this server, or
// file:///PATH of the server's machine), Format (parquet, csv, jsonl; absent: by the ends of their names),
// Columns (of the sources → features, "" leaves a column out), ClientRequestToken, MaxErrors, TargetStores
// (OnlineStore, OfflineStore; absent: all that the group has).
// Refused:   files of the machine while other machines may call, unless the server was told.
//
// It answers when the import is durable, not when it has ended. The same request again answers with the
// same import, unless that failed or was cancelled.
func (a *api) startImport(ctx context.Context, c *awshttp.Call, in *importRequest) (*importShape, error) {
	r := &ingest.Request{
		Group: feature.GroupRef(c.Path["FeatureGroupName"]), Format: ingest.Format(in.Format),
		Columns: in.Columns, Token: in.ClientRequestToken, MaxErrors: in.MaxErrors,
	}
	for _, uri := range in.Sources {
		r.Sources = append(r.Sources, ingest.Source{URI: uri})
	}
	for _, name := range in.TargetStores {
		switch name {
		case "OnlineStore":
			r.Stores |= feature.OnlineStore
		case "OfflineStore":
			r.Stores |= feature.OfflineStore
		default:
			return nil, feature.Errorf(feature.Invalid, "TargetStores has %.64q; it may have OnlineStore and OfflineStore", name)
		}
	}
	i, err := a.Imports.Start(ctx, r)
	if err != nil {
		return nil, err
	}
	return fromImport(i), nil
}
