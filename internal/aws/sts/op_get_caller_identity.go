package sts

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetCallerIdentity: Action=GetCallerIdentity, sts:GetCallerIdentity (contract §6.2)
//
// Supported: everything; it has no input. With the key of a session the reply names the role and the session.
// Refused:   nothing. Any valid signature is answered; no permission is asked for.
// Differs:   none known.
func (a *api) getCallerIdentity(_ context.Context, c *awshttp.Call) (*callerIdentity, error) {
	return &callerIdentity{Arn: c.Principal.ARN, UserId: c.Principal.UserID, Account: a.c.Account}, nil
}

type callerIdentity struct {
	Arn     string
	UserId  string
	Account string
}
