package athena

import (
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// engineNames are the versions of the engine that may be asked for.
const (
	engineAuto = "AUTO"
	engine3    = "Athena engine version 3"
)

func engineOf(g *query.WorkGroup) engineVersion {
	selected := g.Engine
	if selected == "" {
		selected = engineAuto
	}
	return engineVersion{SelectedEngineVersion: selected, EffectiveEngineVersion: engine3}
}

func fromWorkGroup(g *query.WorkGroup) workGroup {
	out := workGroup{
		Name: g.Name, State: stateOf(g), Description: g.Description, CreationTime: awshttp.NewTimestamp(g.Created),
		Configuration: workGroupConfiguration{
			EnforceWorkGroupConfiguration: g.Enforced, PublishCloudWatchMetricsEnabled: g.Metrics, RequesterPaysEnabled: g.Requester,
			EngineVersion: engineOf(g), ResultConfiguration: fromOptions(g.Result),
		},
	}
	out.Configuration.ResultConfiguration.OutputLocation = given(g.Output)
	if g.Cutoff > 0 {
		out.Configuration.BytesScannedCutoffPerQuery = &g.Cutoff
	}
	return out
}

func stateOf(g *query.WorkGroup) string {
	if g.Disabled {
		return "DISABLED"
	}
	return "ENABLED"
}

// fromOptions echoes what was said of results.
func fromOptions(o query.ResultOptions) resultConfiguration {
	out := resultConfiguration{ExpectedBucketOwner: given(o.ExpectedOwner)}
	if o.Encryption != "" {
		out.EncryptionConfiguration = &encryptionConfiguration{EncryptionOption: &o.Encryption, KmsKey: given(o.KMSKey)}
	}
	if o.ACL != "" {
		out.AclConfiguration = &aclConfiguration{S3AclOption: &o.ACL}
	}
	return out
}

// Settings that creating and updating a work group have in common.
type workGroupSettings struct {
	EnforceWorkGroupConfiguration   *bool
	PublishCloudWatchMetricsEnabled *bool
	RequesterPaysEnabled            *bool
	BytesScannedCutoffPerQuery      *int64
	EngineVersion                   *struct{ SelectedEngineVersion *string }

	AdditionalConfiguration                 *string
	ExecutionRole                           *string
	CustomerContentEncryptionConfiguration  *struct{}
	EnableMinimumEncryptionConfiguration    *bool
	EngineConfiguration                     *struct{}
	IdentityCenterConfiguration             *switched
	MonitoringConfiguration                 *struct{}
	QueryResultsS3AccessGrantsConfiguration *struct{ EnableS3AccessGrants *bool }
}

// A switched is a configuration that may be there and off.
type switched struct {
	Enabled              *bool
	EnableIdentityCenter *bool
}

func on(b *bool) bool { return b != nil && *b }

// settings reads them, and returns what they change.
func (r *reader) settings(s *workGroupSettings) func(*query.WorkGroup) {
	if s == nil {
		return func(*query.WorkGroup) {}
	}
	r.refuse(deref(s.AdditionalConfiguration) != "" || s.EngineConfiguration != nil || s.MonitoringConfiguration != nil || deref(s.ExecutionRole) != "" ||
		s.CustomerContentEncryptionConfiguration != nil,
		"AdditionalConfiguration, EngineConfiguration, ExecutionRole, MonitoringConfiguration and CustomerContentEncryptionConfiguration are for Spark, which this server does not have; leave them out")
	r.refuse(on(s.EnableMinimumEncryptionConfiguration), "EnableMinimumEncryptionConfiguration is not supported; leave it out")
	r.refuse(s.IdentityCenterConfiguration != nil && on(s.IdentityCenterConfiguration.EnableIdentityCenter), "IdentityCenterConfiguration is not supported; leave it out")
	r.refuse(s.QueryResultsS3AccessGrantsConfiguration != nil && on(s.QueryResultsS3AccessGrantsConfiguration.EnableS3AccessGrants), "QueryResultsS3AccessGrantsConfiguration is not supported; leave it out")
	engine := ""
	if s.EngineVersion != nil {
		engine = deref(s.EngineVersion.SelectedEngineVersion)
		r.refuse(engine != "" && engine != engineAuto && engine != engine3, "SelectedEngineVersion %q is not supported; use %q or %q", engine, engineAuto, engine3)
	}
	return func(g *query.WorkGroup) {
		set(&g.Enforced, s.EnforceWorkGroupConfiguration)
		set(&g.Metrics, s.PublishCloudWatchMetricsEnabled)
		set(&g.Requester, s.RequesterPaysEnabled)
		set(&g.Cutoff, s.BytesScannedCutoffPerQuery)
		if engine != "" {
			g.Engine = engine
		}
	}
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// state reads the State of a work group: whether it is disabled, nil if nothing is said.
func (r *reader) state(s *string) *bool {
	var disabled bool
	switch deref(s) {
	case "":
		return nil
	case "ENABLED":
	case "DISABLED":
		disabled = true
	default:
		r.fail("State is %q; it must be ENABLED or DISABLED", *s)
	}
	return &disabled
}
