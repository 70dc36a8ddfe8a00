package sts

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// AssumeRoleWithWebIdentity: Action=AssumeRoleWithWebIdentity, sts:AssumeRoleWithWebIdentity
//
// Refused:   always: this server trusts no provider of identities. SDKs do not sign the call; without a signature it is a
// MissingAuthenticationToken.
func (a *api) assumeRoleWithWebIdentity(context.Context, *awshttp.Call) (*struct{}, error) {
	return nil, denied("Not authorized to perform sts:AssumeRoleWithWebIdentity: this server trusts no provider of identities; use AssumeRole, or the key of larder env")
}
