// Package sts answers who a caller is (STS) and which role stands behind it (IAM). It keeps
// nothing and makes no keys.
package sts

import "github.com/larder-dev/larder/internal/aws/awshttp"

// New returns the STS of an account.
func New(account string) *awshttp.Service {
	return &awshttp.Service{
		Name:      "sts",
		Scope:     "sts",
		Protocol:  awshttp.Query,
		Version:   "2011-06-15",
		Namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
		Operations: []awshttp.Operation{
			{Name: "GetCallerIdentity", Action: "sts:GetCallerIdentity", Handle: getCallerIdentity(account)},
		},
	}
}

// NewIAM returns the IAM of an account.
func NewIAM(account string) *awshttp.Service {
	return &awshttp.Service{
		Name:      "iam",
		Scope:     "iam",
		Protocol:  awshttp.Query,
		Version:   "2010-05-08",
		Namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
		Fault:     "ServiceFailure",
		Operations: []awshttp.Operation{
			{Name: "GetRole", Action: "iam:GetRole", Handle: getRole(account)},
		},
	}
}
