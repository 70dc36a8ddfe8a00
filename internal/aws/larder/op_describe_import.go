package larder

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
)

// DescribeImport: GET /larder/Import/{ImportId}, larder:DescribeImport
//
// Supported: ImportId.
// Refused:   nothing.
func (a *api) describeImport(ctx context.Context, c *awshttp.Call, _ *empty) (*importShape, error) {
	p, err := a.Imports.Get(ctx, c.Path["ImportId"])
	if err != nil {
		return nil, err
	}
	out := fromImport(&p.Import)
	if p.Phase != "" {
		out.Progress = &progressShape{Phase: p.Phase, BytesRead: p.BytesRead, Rows: p.Rows, OfRows: p.Of, RemainingSeconds: p.Remaining.Seconds()}
	}
	return out, nil
}

func fromImport(i *ingest.Import) *importShape {
	out := &importShape{
		ImportID: i.ID, FeatureGroupName: string(i.Group), Status: string(i.Status), FailureReason: i.Failure,
		Format: string(i.Format), Columns: i.Columns, ClientRequestToken: i.Token, MaxErrors: i.MaxErrors,
		StartedAt: instant(i.Started), CommittedAt: instant(i.Committed), EndedAt: instant(i.Ended),
		RowsRead: i.Read, RowsTaken: i.Taken, RowsRefused: i.Refused, Bytes: i.Bytes, Files: i.Files,
		OnlineRecords: i.Online, OnlineApplied: i.Applied,
	}
	for _, s := range i.Sources {
		out.Sources = append(out.Sources, sourceShape(s))
	}
	if i.Stores&feature.OnlineStore != 0 {
		out.TargetStores = append(out.TargetStores, "OnlineStore")
	}
	if i.Stores&feature.OfflineStore != 0 {
		out.TargetStores = append(out.TargetStores, "OfflineStore")
	}
	if i.First != 0 {
		out.FirstWriteTime, out.LastWriteTime = instant(i.First.Time()), instant(i.Last.Time())
	}
	return out
}
