// Package sts answers who a caller is (STS) and which role stands behind it (IAM). It keeps
// nothing and makes no keys.
package sts

import "github.com/larder-dev/larder/internal/aws/awshttp"

// New returns the STS of an account.
func New(account string) *awshttp.Service {
	return &awshttp.Service{Name: "sts", Scope: "sts", Protocol: awshttp.Query}
}

// NewIAM returns the IAM of an account.
func NewIAM(account string) *awshttp.Service {
	return &awshttp.Service{Name: "iam", Scope: "iam", Protocol: awshttp.Query}
}
