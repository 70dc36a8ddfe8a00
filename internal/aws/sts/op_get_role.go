package sts

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetRole: Action=GetRole, iam:GetRole (contract §6.3)
//
// Supported: RoleName. Until roles exist, every name is a role of the account, as every RoleArn of the account
// is accepted elsewhere.
// Refused:   nothing else is in its input.
// Differs:   CreateDate is the same for all; RoleId is made of the name. No NoSuchEntity.
func (a *api) getRole(_ context.Context, c *awshttp.Call) (*getRoleResult, error) {
	name, err := roleNameOf(c)
	if err != nil {
		return nil, err
	}
	return &getRoleResult{Role: a.role(c, name)}, nil
}

type getRoleResult struct{ Role role }
