package larder

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/feature"
)

// CreateDataset: POST /larder/Dataset, larder:CreateDataset
//
// Supported: DatasetName; Labels: Source (s3://BUCKET/KEY, or file:///PATH of the server's machine) with Format
// (parquet, csv), or Table, or Sql, the last two with Database; TimeColumn; Groups: FeatureGroupName (a name or an
// ARN), JoinColumn (the name of its record identifier if absent), Features (all if absent), LookBackSeconds,
// SkipDeletes, Prefix; AsOf (ISO 8601), nothing that was written later; WaitSeconds (0 to 900).
// Refused:   files of the machine while other machines may call, unless the server was told.
//
// It answers when the dataset is on record as a new version of its name, and Running; with WaitSeconds when it has
// ended, or after so many seconds, and Status tells. Its rows are of what was acknowledged before.
func (a *api) createDataset(ctx context.Context, c *awshttp.Call, in *datasetRequest) (*datasetShape, error) {
	spec := dataset.Spec{Labels: dataset.Labels{
		Source: in.Labels.Source, Format: dataset.Format(in.Labels.Format), Table: in.Labels.Table,
		SQL: in.Labels.SQL, Database: in.Labels.Database, Time: in.Labels.TimeColumn,
	}}
	for _, g := range in.Groups {
		const most = math.MaxInt64 / int64(time.Second)
		if g.LookBackSeconds < 0 || g.LookBackSeconds > most {
			return nil, feature.Errorf(feature.Invalid, "LookBackSeconds of %s is %d; it must be 1 to %d, or absent", g.FeatureGroupName, g.LookBackSeconds, most)
		}
		spec.Groups = append(spec.Groups, dataset.GroupSpec{
			Group: feature.GroupRef(g.FeatureGroupName), Column: g.JoinColumn, Features: g.Features,
			LookBack: time.Duration(g.LookBackSeconds) * time.Second, SkipDeletes: g.SkipDeletes, Prefix: g.Prefix,
		})
	}
	if in.AsOf != "" {
		at, err := time.Parse(time.RFC3339Nano, in.AsOf)
		if err != nil {
			return nil, feature.Errorf(feature.Invalid, "AsOf is %.64q, which is no instant like 2024-01-31T12:00:00Z", in.AsOf)
		}
		spec.AsOf = at
	}
	if in.WaitSeconds < 0 || in.WaitSeconds > maxWait {
		return nil, feature.Errorf(feature.Invalid, "WaitSeconds is %d; it must be 0 to %d", in.WaitSeconds, maxWait)
	}
	d, err := a.Datasets.Start(ctx, dataset.Name(in.DatasetName), spec, c.Principal.ARN)
	if err == nil && in.WaitSeconds > 0 {
		waiting, cancel := context.WithTimeout(ctx, time.Duration(in.WaitSeconds)*time.Second)
		defer cancel()
		if _, err = a.Datasets.Wait(waiting, d.Ref()); errors.Is(err, context.DeadlineExceeded) {
			err = ctx.Err()
		}
	}
	if err != nil {
		return nil, err
	}
	p, err := a.Datasets.Get(ctx, d.Ref())
	if err != nil {
		return nil, err
	}
	return fromProgress(p), nil
}
