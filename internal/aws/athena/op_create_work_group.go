package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// CreateWorkGroup: AmazonAthena.CreateWorkGroup, athena:CreateWorkGroup
//
// Supported: Name, Description, Tags, and of Configuration: ResultConfiguration (as in StartQueryExecution),
// EnforceWorkGroupConfiguration, BytesScannedCutoffPerQuery, EngineVersion AUTO and version 3.
// Without effect: PublishCloudWatchMetricsEnabled and RequesterPaysEnabled are kept and shown: there is no
// CloudWatch, and nobody is charged. ManagedQueryResultsConfiguration that is not Enabled.
// Refused: managed results, Spark's settings, identity centres, access grants, minimum encryption.
// Differs: none known.
func (a *api) createWorkGroup(ctx context.Context, c *awshttp.Call, in *createWorkGroupRequest) (*nothing, error) {
	r := &reader{}
	g := &query.WorkGroup{Name: r.text("Name", in.Name, 1, 128), Description: r.optional("Description", in.Description, 0, 1024), Tags: r.tags(in.Tags)}
	if s := in.Configuration; s != nil {
		r.settings(&s.workGroupSettings)(g)
		r.refuse(s.ManagedQueryResultsConfiguration != nil && on(s.ManagedQueryResultsConfiguration.Enabled), "ManagedQueryResultsConfiguration is not supported; give an OutputLocation")
		if s.ResultConfiguration != nil && r.err == nil {
			g.Output = deref(s.ResultConfiguration.OutputLocation)
			g.Result, r.err = resultOptions(c, s.ResultConfiguration)
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	return &nothing{}, a.queries.CreateWorkGroup(ctx, g)
}

type createWorkGroupRequest struct {
	Name          *string
	Description   *string
	Tags          []tag
	Configuration *struct {
		workGroupSettings
		ResultConfiguration              *resultConfiguration
		ManagedQueryResultsConfiguration *switched
	}
}
