package sts

import (
	"context"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// AttachRolePolicy: Action=AttachRolePolicy, iam:AttachRolePolicy (contract §6.3)
//
// Refused:   always: no policy is enforced, and whoever attached one would think that it is.
func (a *api) attachRolePolicy(_ context.Context, c *awshttp.Call) (*struct{}, error) {
	return nil, unmodifiable(c)
}

// unmodifiable refuses a change of what a role may do.
func unmodifiable(c *awshttp.Call) error {
	name, err := roleNameOf(c)
	if err != nil {
		return err
	}
	return &awshttp.Error{
		Status: http.StatusBadRequest, Code: "UnmodifiableEntity",
		Message: "The role " + name + " cannot be given policies: this server enforces none, and every role may do everything; leave the call out",
	}
}
