package larder

import (
	"math"
	"strconv"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/feature"
)

// datasetRef names what the path names, in the version that the query string says, or the newest.
func datasetRef(c *awshttp.Call) (dataset.Ref, error) {
	r := dataset.Ref{Name: dataset.Name(c.Path["DatasetName"])}
	if text := c.Params.Get("Version"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			return r, feature.Errorf(feature.Invalid, "Version is %.64q; it must be 1 or more, or absent for the newest", text)
		}
		r.Version = n
	}
	return r, nil
}

// refOf is datasetRef for a version in a body.
func refOf(c *awshttp.Call, version int64) (dataset.Ref, error) {
	if version < 0 {
		return dataset.Ref{}, feature.Errorf(feature.Invalid, "Version is %d; it must be 1 or more, or absent for the newest", version)
	}
	return dataset.Ref{Name: dataset.Name(c.Path["DatasetName"]), Version: version}, nil
}

func fromProgress(p *dataset.Progress) *datasetShape {
	out := fromDataset(&p.Dataset)
	if p.Phase != "" {
		out.Progress = &datasetProgressShape{
			Phase: p.Phase, Detail: p.Detail, Rows: p.Done, OfRows: p.Of, LabelRows: p.LabelsOf, RemainingSeconds: math.Round(p.Remaining.Seconds()*10) / 10,
		}
	}
	return out
}

func fromDataset(d *dataset.Dataset) *datasetShape {
	out := &datasetShape{
		DatasetName: string(d.Name), Version: d.Version, Status: string(d.Status), FailureReason: d.Failure, CreatedBy: d.By,
		StartedAt: instant(d.Started), EndedAt: instant(d.Ended), AsOf: instant(d.AsOf.Time()),
		Rows: d.Rows, Hash: d.Hash, FileHash: d.FileHash, Release: d.Release, ScratchBytes: d.Scratch,
		Labels: labelsShape{
			Source: d.Spec.Labels.Source, Format: string(d.Spec.Labels.Format), Table: d.Spec.Labels.Table,
			SQL: d.Spec.Labels.SQL, Database: d.Spec.Labels.Database, TimeColumn: d.Spec.Labels.Time,
		},
	}
	if d.File != nil {
		out.FileBytes = d.File.Size
	}
	for i := range d.Groups {
		g := &d.Groups[i]
		out.Groups = append(out.Groups, datasetGroupShape{
			FeatureGroupName: string(g.Name), JoinColumn: g.Column, Features: g.Features, LookBackSeconds: int64(g.LookBack / time.Second),
			SkipDeletes: g.SkipDeletes, SchemaVersion: g.Schema(), OfflineRows: g.Rows,
		})
	}
	for _, c := range d.Columns {
		t := string(c.Type)
		if c.List {
			t = "list<" + t + ">"
		}
		out.Columns = append(out.Columns, datasetColumnShape{
			Name: c.Name, Type: t, FeatureGroupName: string(c.Group), FeatureName: string(c.Feature),
			Values: c.Values, Nulls: c.Nulls, Distinct: c.Distinct, Min: c.Min, Max: c.Max, Mean: c.Mean, Hash: c.Hash,
		})
	}
	if v := d.Verified; v != nil {
		out.Verification = &verificationShape{
			VerifiedAt: instant(v.At), VerifiedBy: v.By, Outcome: string(v.Outcome), Reason: v.Reason, Rows: v.Rows, Hash: v.Hash,
			SameFile: v.SameFile, Seconds: v.Took.Seconds(),
		}
	}
	return out
}
