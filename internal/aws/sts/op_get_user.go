package sts

import (
	"context"
	"fmt"
	"net/http"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetUser: Action=GetUser, iam:GetUser (contract §6.3)
//
// Supported: UserName. There are no users, so none is found; a caller is a role, which must name one.
// Refused:   nothing.
// Differs:   none known.
func (a *api) getUser(_ context.Context, c *awshttp.Call) (*struct{}, error) {
	name := c.Params.Get("UserName")
	if name == "" {
		return nil, invalid("Must specify userName when calling with non-User credentials")
	}
	return nil, &awshttp.Error{Status: http.StatusNotFound, Code: "NoSuchEntity", Message: fmt.Sprintf("The user with name %.128s cannot be found.", name)}
}
