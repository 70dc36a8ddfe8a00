package larder

import (
	"context"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/verify"
)

// VerifyFeatureGroup: POST /larder/FeatureGroup/{FeatureGroupName}/Verify, larder:VerifyFeatureGroup
//
// Supported: FeatureGroupName (a name, no ARN); MaxResults, how many differences are listed: 0 to 1000,
// 100 if absent. All are counted.
// Refused:   nothing.
//
// It answers when the comparison has ended, which takes as long as reading the group does.
func (a *api) verifyFeatureGroup(ctx context.Context, c *awshttp.Call, in *verifyRequest) (*verifyResponse, error) {
	most := 100
	if in.MaxResults != nil {
		most = *in.MaxResults
	}
	if most < 0 || most > 1000 {
		return nil, feature.Errorf(feature.Invalid, "MaxResults is %d; it must be 0 to 1000", most)
	}
	r, err := a.Verifier.Group(ctx, feature.GroupName(c.Path["FeatureGroupName"]), most)
	if err != nil {
		return nil, err
	}
	return fromReport(r), nil
}

func fromReport(r *verify.Report) *verifyResponse {
	out := &verifyResponse{
		FeatureGroupName: string(r.Group), VerifiedAt: r.At.Format(time.RFC3339Nano), Skipped: r.Skipped,
		Held: heldShape(r.Held), Table: tableShape(r.Table), Newest: newestShape(r.Newest),
		DifferenceCount: r.Differences, Differences: []differenceShape{},
	}
	for _, d := range r.First {
		shown := differenceShape{Kind: string(d.Kind), Identifier: d.Identifier, EventTime: d.EventTime, Column: d.Column, Detail: d.Detail}
		if d.WriteTime != 0 {
			shown.WriteTime = d.WriteTime.Time().Format("2006-01-02T15:04:05.000000Z")
		}
		out.Differences = append(out.Differences, shown)
	}
	return out
}
