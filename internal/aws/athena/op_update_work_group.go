package athena

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// UpdateWorkGroup: AmazonAthena.UpdateWorkGroup, athena:UpdateWorkGroup
//
// Supported: WorkGroup, Description, State, and the ConfigurationUpdates of what CreateWorkGroup supports, with
// their Remove… members.
// Without effect: as in CreateWorkGroup.
// Refused: as in CreateWorkGroup.
// Differs: none known.
func (a *api) updateWorkGroup(ctx context.Context, c *awshttp.Call, in *updateWorkGroupRequest) (*nothing, error) {
	r := &reader{}
	name := r.text("WorkGroup", in.WorkGroup, 1, 128)
	description, disabled := r.optional("Description", in.Description, 0, 1024), r.state(in.State)
	settings, results := func(*query.WorkGroup) {}, func(*query.WorkGroup) {}
	if u := in.ConfigurationUpdates; u != nil {
		settings = r.settings(&u.workGroupSettings)
		r.refuse(u.ManagedQueryResultsConfigurationUpdates != nil && on(u.ManagedQueryResultsConfigurationUpdates.Enabled), "ManagedQueryResultsConfigurationUpdates is not supported; give an OutputLocation")
		results = r.resultUpdates(c, u.ResultConfigurationUpdates)
	}
	if r.err != nil {
		return nil, r.err
	}
	return &nothing{}, a.queries.UpdateWorkGroup(ctx, name, func(g *query.WorkGroup) {
		if in.Description != nil {
			g.Description = description
		}
		set(&g.Disabled, disabled)
		settings(g)
		if u := in.ConfigurationUpdates; u != nil && on(u.RemoveBytesScannedCutoffPerQuery) {
			g.Cutoff = 0
		}
		results(g)
	})
}

// resultUpdates reads what is to become of a work group's ResultConfiguration.
func (r *reader) resultUpdates(c *awshttp.Call, u *resultConfigurationUpdates) func(*query.WorkGroup) {
	if u == nil {
		return func(*query.WorkGroup) {}
	}
	o, err := resultOptions(c, &u.resultConfiguration)
	if r.err == nil {
		r.err = err
	}
	return func(g *query.WorkGroup) {
		set(&g.Output, u.OutputLocation)
		if u.EncryptionConfiguration != nil {
			g.Result.Encryption, g.Result.KMSKey = o.Encryption, o.KMSKey
		}
		set(&g.Result.ExpectedOwner, u.ExpectedBucketOwner)
		if u.AclConfiguration != nil {
			g.Result.ACL = o.ACL
		}
		if on(u.RemoveOutputLocation) {
			g.Output = ""
		}
		if on(u.RemoveEncryptionConfiguration) {
			g.Result.Encryption, g.Result.KMSKey = "", ""
		}
		if on(u.RemoveExpectedBucketOwner) {
			g.Result.ExpectedOwner = ""
		}
		if on(u.RemoveAclConfiguration) {
			g.Result.ACL = ""
		}
	}
}

type updateWorkGroupRequest struct {
	WorkGroup            *string
	Description          *string
	State                *string
	ConfigurationUpdates *struct {
		workGroupSettings
		RemoveBytesScannedCutoffPerQuery        *bool
		ResultConfigurationUpdates              *resultConfigurationUpdates
		ManagedQueryResultsConfigurationUpdates *switched
	}
}

type resultConfigurationUpdates struct {
	resultConfiguration
	RemoveOutputLocation          *bool
	RemoveEncryptionConfiguration *bool
	RemoveExpectedBucketOwner     *bool
	RemoveAclConfiguration        *bool
}
