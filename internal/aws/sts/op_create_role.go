package sts

import (
	"context"
	"fmt"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// CreateRole: Action=CreateRole, iam:CreateRole (contract §6.3)
//
// Refused:   always, as EntityAlreadyExists, which programs that set a role up take for success: until roles exist,
// every name is a role of the account already.
func (a *api) createRole(_ context.Context, c *awshttp.Call) (*struct{}, error) {
	name, err := roleNameOf(c)
	if err != nil {
		return nil, err
	}
	return nil, &awshttp.Error{
		Status: http.StatusConflict, Code: "EntityAlreadyExists",
		Message: fmt.Sprintf("Role with name %s already exists. (Every name is a role of this server's account; use it as it is.)", name),
	}
}
