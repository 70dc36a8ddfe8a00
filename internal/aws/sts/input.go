package sts

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// invalid is the services' word for a member that breaks a rule.
func invalid(format string, args ...any) *awshttp.Error {
	return &awshttp.Error{Status: http.StatusBadRequest, Code: "ValidationError", Message: fmt.Sprintf(format, args...)}
}

func denied(format string, args ...any) *awshttp.Error {
	return &awshttp.Error{Status: http.StatusForbidden, Code: "AccessDenied", Message: fmt.Sprintf(format, args...)}
}

// refuseMembers refuses members that are there; those of lists have names of the form Tags.member.1.Key.
func refuseMembers(c *awshttp.Call, why string, names ...string) error {
	for given := range c.Params {
		for _, name := range names {
			if given == name || strings.HasPrefix(given, name+".") {
				return invalid("%s is not supported: %s; leave it out", name, why)
			}
		}
	}
	return nil
}

// noCodes are the members of multi-factor devices, which nobody has here.
const noCodes = "nobody has a multi-factor device here"

// duration reads DurationSeconds.
func duration(c *awshttp.Call, usual, least, most int) (time.Duration, error) {
	text := c.Params.Get("DurationSeconds")
	if text == "" {
		return time.Duration(usual) * time.Second, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, invalid("1 validation error detected: Value %.32q at 'durationSeconds' failed to satisfy constraint: Member must be a number from %d to %d", text, least, most)
	}
	return time.Duration(n) * time.Second, nil
}

var (
	roleName    = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)
	rolePath    = regexp.MustCompile(`^/([!-~]*/)?$`)
)

// roleNameOf reads RoleName.
func roleNameOf(c *awshttp.Call) (string, error) {
	name := c.Params.Get("RoleName")
	if !roleName.MatchString(name) {
		return "", invalid("1 validation error detected: Value %.80q at 'roleName' failed to satisfy constraint: "+
			"Member must have length from 1 to 64 and satisfy regular expression pattern: [\\w+=,.@-]+", name)
	}
	return name, nil
}

// parseRole takes arn:aws:iam::<account>:role/<path>/<name> apart.
func parseRole(arn string) (account, name string, ok bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(arn) > 2048 || len(parts) != 6 || parts[0] != "arn" || parts[2] != "iam" || parts[3] != "" {
		return "", "", false
	}
	path, ok := strings.CutPrefix(parts[5], "role")
	at := strings.LastIndexByte(path, '/') + 1
	if !ok || !rolePath.MatchString(path[:at]) || !roleName.MatchString(path[at:]) {
		return "", "", false
	}
	return parts[4], path[at:], true
}
