// Package sts answers who a caller is and makes keys for a time (STS), and which role stands behind
// them (IAM). It keeps nothing.
package sts

import (
	"io"
	"time"

	"github.com/larder-dev/larder/internal/access"
	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// Config is what the services work with.
type Config struct {
	Account string
	Keys    *access.Keyring
	Now     func() time.Time
	Random  io.Reader // of keys
}

// New returns the STS of an account.
func New(c Config) *awshttp.Service {
	a := &api{c}
	return &awshttp.Service{
		Name:      "sts",
		Scope:     "sts",
		Protocol:  awshttp.Query,
		Version:   "2011-06-15",
		Namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
		Operations: []awshttp.Operation{
			{Name: "GetCallerIdentity", Action: "sts:GetCallerIdentity", Handle: awshttp.XML(a.getCallerIdentity)},
			{Name: "AssumeRole", Action: "sts:AssumeRole", Handle: awshttp.XML(a.assumeRole)},
			{Name: "GetSessionToken", Action: "sts:GetSessionToken", Handle: awshttp.XML(a.getSessionToken)},
			{Name: "GetAccessKeyInfo", Action: "sts:GetAccessKeyInfo", Handle: awshttp.XML(a.getAccessKeyInfo)},
			{Name: "AssumeRoleWithWebIdentity", Action: "sts:AssumeRoleWithWebIdentity", Handle: awshttp.XML(a.assumeRoleWithWebIdentity)},
		},
	}
}

// NewIAM returns the IAM of an account.
func NewIAM(account string) *awshttp.Service {
	a := &api{Config{Account: account}}
	return &awshttp.Service{
		Name:      "iam",
		Scope:     "iam",
		Protocol:  awshttp.Query,
		Version:   "2010-05-08",
		Namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
		Fault:     "ServiceFailure",
		Operations: []awshttp.Operation{
			{Name: "GetRole", Action: "iam:GetRole", Handle: awshttp.XML(a.getRole)},
			{Name: "ListRoles", Action: "iam:ListRoles", Handle: awshttp.XML(a.listRoles)},
			{Name: "GetUser", Action: "iam:GetUser", Handle: awshttp.XML(a.getUser)},
			{Name: "CreateRole", Action: "iam:CreateRole", Handle: awshttp.XML(a.createRole)},
			{Name: "AttachRolePolicy", Action: "iam:AttachRolePolicy", Handle: awshttp.XML(a.attachRolePolicy)},
			{Name: "PutRolePolicy", Action: "iam:PutRolePolicy", Handle: awshttp.XML(a.putRolePolicy)},
		},
	}
}

// api holds what the operations work with.
type api struct{ c Config }
