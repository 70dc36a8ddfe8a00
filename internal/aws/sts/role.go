package sts

import (
	"crypto/sha256"
	"encoding/base32"
	"net/url"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

type role struct {
	Path                     string
	RoleName                 string
	RoleId                   string
	Arn                      string
	CreateDate               string
	AssumeRolePolicyDocument string
	MaxSessionDuration       int
}

// trustPolicy is the one that a SageMaker execution role has.
const trustPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

// role describes the role of a name.
func (a *api) role(c *awshttp.Call, name string) role {
	return role{
		Path:                     "/",
		RoleName:                 name,
		RoleId:                   a.roleID(c, name),
		Arn:                      "arn:aws:iam::" + a.c.Account + ":role/" + name,
		CreateDate:               "2026-01-01T00:00:00Z",
		AssumeRolePolicyDocument: strings.ReplaceAll(url.QueryEscape(trustPolicy), "+", "%20"),
		MaxSessionDuration:       43200,
	}
}

// roleID returns the stable ID of a role: the one in the caller's user ID (AROA…:session) if it is the
// caller's own, else one made of the name.
func (a *api) roleID(c *awshttp.Call, name string) string {
	if strings.HasPrefix(c.Principal.ARN, "arn:aws:sts::"+a.c.Account+":assumed-role/"+name+"/") {
		id, _, _ := strings.Cut(c.Principal.UserID, ":")
		return id
	}
	sum := sha256.Sum256([]byte(a.c.Account + "/" + name))
	return "AROA" + base32.StdEncoding.EncodeToString(sum[:])[:17]
}
