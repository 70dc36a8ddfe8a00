package sts

import (
	"context"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetSessionToken: Action=GetSessionToken, sts:GetSessionToken (contract §6.2)
//
// Supported: DurationSeconds from 900 to 129600 (43200 if it is left out). The key is its caller's, for that time.
// Refused:   SerialNumber, TokenCode; callers that have the key of a session themselves, as at AWS.
// Differs:   none known.
func (a *api) getSessionToken(_ context.Context, c *awshttp.Call) (*getSessionTokenResult, error) {
	if err := refuseMembers(c, noCodes, "SerialNumber", "TokenCode"); err != nil {
		return nil, err
	}
	lasts, err := duration(c, 43200, 900, 129600)
	if err != nil {
		return nil, err
	}
	if c.Principal.Temporary {
		return nil, denied("Cannot call GetSessionToken with session credentials")
	}
	made, err := a.begin(c.Principal, lasts)
	if err != nil {
		return nil, err
	}
	return &getSessionTokenResult{Credentials: made}, nil
}

type getSessionTokenResult struct{ Credentials credentials }
