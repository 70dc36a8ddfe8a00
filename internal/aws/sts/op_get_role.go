package sts

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// GetRole: Action=GetRole, iam:GetRole (contract §6.3)
//
// Supported: RoleName. Until roles exist, every name is a role of the account, as every RoleArn of the account
// is accepted elsewhere.
// Refused:   nothing else is in its input.
// Differs:   CreateDate is the same for all; RoleId is made of the name. No NoSuchEntity.
func getRole(account string) awshttp.Handler {
	return awshttp.XML(func(_ context.Context, c *awshttp.Call) (*getRoleResult, error) {
		name := c.Params.Get("RoleName")
		if !roleName.MatchString(name) {
			return nil, &awshttp.Error{
				Status: http.StatusBadRequest,
				Code:   "ValidationError",
				Message: fmt.Sprintf("1 validation error detected: Value %.80q at 'roleName' failed to satisfy constraint: "+
					"Member must have length from 1 to 64 and satisfy regular expression pattern: [\\w+=,.@-]+", name),
			}
		}
		return &getRoleResult{Role: role{
			Path:                     "/",
			RoleName:                 name,
			RoleId:                   roleID(c, account, name),
			Arn:                      "arn:aws:iam::" + account + ":role/" + name,
			CreateDate:               "2026-01-01T00:00:00Z",
			AssumeRolePolicyDocument: strings.ReplaceAll(url.QueryEscape(trustPolicy), "+", "%20"),
			MaxSessionDuration:       3600,
		}}, nil
	})
}

// trustPolicy is the one that a SageMaker execution role has.
const trustPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

var roleName = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)

type getRoleResult struct{ Role role }

type role struct {
	Path                     string
	RoleName                 string
	RoleId                   string
	Arn                      string
	CreateDate               string
	AssumeRolePolicyDocument string
	MaxSessionDuration       int
}

// roleID returns the stable ID of a role: the one in the caller's user ID (AROA…:session) if it is the
// caller's own, else one made of the name.
func roleID(c *awshttp.Call, account, name string) string {
	if strings.HasPrefix(c.Principal.ARN, "arn:aws:sts::"+account+":assumed-role/"+name+"/") {
		id, _, _ := strings.Cut(c.Principal.UserID, ":")
		return id
	}
	sum := sha256.Sum256([]byte(account + "/" + name))
	return "AROA" + base32.StdEncoding.EncodeToString(sum[:])[:17]
}
