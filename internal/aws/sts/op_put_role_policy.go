package sts

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// PutRolePolicy: Action=PutRolePolicy, iam:PutRolePolicy (contract §6.3)
//
// Refused:   always, as AttachRolePolicy.
func (a *api) putRolePolicy(_ context.Context, c *awshttp.Call) (*struct{}, error) {
	return nil, unmodifiable(c)
}
