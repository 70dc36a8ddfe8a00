package sts

import (
	"context"
	"regexp"

	"github.com/larder-dev/larder/internal/access"
	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// AssumeRole: Action=AssumeRole, sts:AssumeRole (contract §6.2)
//
// Supported: RoleArn, of any role of the account until roles exist; RoleSessionName; DurationSeconds from 900 to 43200, and
// to 3600 with the key of a session (role chaining); SourceIdentity, which the reply echoes. The key
// outlives a restart of the server, and ends with its time.
// Without effect: ExternalId, Tags, TransitiveTagKeys: no policy reads them.
// Refused:   Policy and PolicyArns: no policy is enforced, so a session cannot be made to do less; SerialNumber,
// TokenCode; ProvidedContexts; roles of other accounts.
// Differs:   none known.
func (a *api) assumeRole(_ context.Context, c *awshttp.Call) (*assumeRoleResult, error) {
	arn, session := c.Params.Get("RoleArn"), c.Params.Get("RoleSessionName")
	account, name, ok := parseRole(arn)
	if !ok {
		return nil, invalid("%.256s is invalid: RoleArn must be of the form arn:aws:iam::%s:role/NAME", arn, a.c.Account)
	}
	if !sessionName.MatchString(session) {
		return nil, invalid("1 validation error detected: Value %.80q at 'roleSessionName' failed to satisfy constraint: "+
			"Member must have length from 2 to 64 and satisfy regular expression pattern: [\\w+=,.@-]*", session)
	}
	if err := refuseMembers(c, "no policy is enforced here, so a session cannot be made to do less than its caller", "Policy", "PolicyArns"); err != nil {
		return nil, err
	}
	if err := refuseMembers(c, noCodes, "SerialNumber", "TokenCode"); err != nil {
		return nil, err
	}
	if err := refuseMembers(c, "no provider of contexts is known", "ProvidedContexts"); err != nil {
		return nil, err
	}
	lasts, err := duration(c, 3600, 900, 43200)
	if err != nil {
		return nil, err
	}
	if c.Principal.Temporary && lasts.Seconds() > 3600 {
		return nil, invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
	}
	if source := c.Params.Get("SourceIdentity"); source != "" && !sourceIdentity.MatchString(source) {
		return nil, invalid("SourceIdentity is %.80q; it must have 2 to 64 of the characters [\\w+=,.@-], and must not begin with aws:", source)
	}
	if account != a.c.Account {
		return nil, denied("User: %s is not authorized to perform: sts:AssumeRole on resource: %s", c.Principal.ARN, arn)
	}
	p := access.Principal{
		ARN:     "arn:aws:sts::" + account + ":assumed-role/" + name + "/" + session,
		UserID:  a.roleID(c, name) + ":" + session,
		Account: account,
	}
	made, err := a.begin(p, lasts)
	if err != nil {
		return nil, err
	}
	return &assumeRoleResult{
		Credentials:     made,
		AssumedRoleUser: assumedRoleUser{AssumedRoleId: p.UserID, Arn: p.ARN},
		SourceIdentity:  c.Params.Get("SourceIdentity"),
	}, nil
}

var sourceIdentity = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

type assumeRoleResult struct {
	Credentials     credentials
	AssumedRoleUser assumedRoleUser
	SourceIdentity  string `xml:",omitempty"`
}

type assumedRoleUser struct {
	AssumedRoleId string
	Arn           string
}
