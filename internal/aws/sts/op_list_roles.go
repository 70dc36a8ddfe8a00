package sts

import (
	"context"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// ListRoles: Action=ListRoles, iam:ListRoles (contract §6.3)
//
// Supported: PathPrefix, MaxItems. Until roles exist, the one role that is listed is the caller's own; GetRole answers for
// every name.
// Refused:   a Marker: there is one page.
// Differs:   see Supported.
func (a *api) listRoles(_ context.Context, c *awshttp.Call) (*listRolesResult, error) {
	if text := c.Params.Get("MaxItems"); text != "" {
		if n, err := strconv.Atoi(text); err != nil || n < 1 || n > 1000 {
			return nil, invalid("MaxItems is %.32q; it must be a number from 1 to 1000", text)
		}
	}
	if c.Params.Get("Marker") != "" {
		return nil, invalid("the Marker is not one that this operation returned; leave it out")
	}
	out := &listRolesResult{Roles: &roles{}}
	name, _, ok := strings.Cut(strings.TrimPrefix(c.Principal.ARN, "arn:aws:sts::"+a.c.Account+":assumed-role/"), "/")
	if prefix := c.Params.Get("PathPrefix"); ok && (prefix == "" || prefix == "/") {
		out.Roles.Members = []role{a.role(c, name)}
	}
	return out, nil
}

type listRolesResult struct {
	Roles       *roles
	IsTruncated bool
}

type roles struct {
	Members []role `xml:"member"`
}
