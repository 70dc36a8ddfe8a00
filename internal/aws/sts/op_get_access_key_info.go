package sts

import (
	"context"
	"regexp"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetAccessKeyInfo: Action=GetAccessKeyInfo, sts:GetAccessKeyInfo (contract §6.2)
//
// Supported: AccessKeyId, of the root key or of a session that this server began, also one that has ended.
// Refused:   keys of others: their accounts are not known here.
// Differs:   none known.
func (a *api) getAccessKeyInfo(_ context.Context, c *awshttp.Call) (*getAccessKeyInfoResult, error) {
	id := c.Params.Get("AccessKeyId")
	if !keyID.MatchString(id) {
		return nil, invalid("1 validation error detected: Value %.140q at 'accessKeyId' failed to satisfy constraint: "+
			"Member must have length from 16 to 128 and satisfy regular expression pattern: [\\w]*", id)
	}
	if !a.c.Keys.Knows(id) {
		return nil, invalid("The access key ID %s does not exist in this server's records", id)
	}
	return &getAccessKeyInfoResult{Account: a.c.Account}, nil
}

var keyID = regexp.MustCompile(`^\w{16,128}$`)

type getAccessKeyInfoResult struct{ Account string }
