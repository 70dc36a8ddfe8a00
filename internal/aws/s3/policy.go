package s3

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// maxPolicy is how long S3 lets a policy be.
const maxPolicy = 20 << 10

// A policy is what is read of a bucket's policy: enough to tell whether keeping it, and enforcing
// nothing, is the truth. All who have a key here belong to the account and may do everything, so to
// allow them something changes nothing. To deny something would; so would letting in who has no key.
type policy struct {
	Statement oneOrMore[statement]
}

type statement struct {
	Effect                  string
	Principal, NotPrincipal json.RawMessage
	Action, NotAction       oneOrMore[string]
	Resource, NotResource   oneOrMore[string]
}

// oneOrMore is a list, of which JSON policies may write the only element alone.
type oneOrMore[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (l *oneOrMore[T]) UnmarshalJSON(b []byte) error {
	var list []T
	if strings.HasPrefix(string(b), "[") {
		err := json.Unmarshal(b, &list)
		*l = list
		return err
	}
	var one T
	err := json.Unmarshal(b, &one)
	*l = []T{one}
	return err
}

func malformedPolicy(text string) error {
	return &awshttp.Error{Status: http.StatusBadRequest, Code: "MalformedPolicy", Message: text}
}

// checkPolicy refuses a policy that is none, or that asks for what is not enforced.
func checkPolicy(bucket, text string) error {
	if len(text) > maxPolicy {
		return malformedPolicy("Policy exceeds the maximum allowed document size: 20480 bytes.")
	}
	var p policy
	if !strings.HasPrefix(text, "{") || json.Unmarshal([]byte(text), &p) != nil {
		return malformedPolicy("Policies must be valid JSON and the first byte must be '{'")
	}
	if len(p.Statement) == 0 {
		return malformedPolicy("Missing required field Statement")
	}
	for _, s := range p.Statement {
		if err := s.check(bucket); err != nil {
			return err
		}
	}
	return nil
}

func (s statement) check(bucket string) error {
	switch {
	case s.Effect != "Allow" && s.Effect != "Deny":
		return malformedPolicy("Invalid effect: " + s.Effect)
	case s.Principal == nil && s.NotPrincipal == nil:
		return malformedPolicy("Missing required field Principal")
	case len(s.Action)+len(s.NotAction) == 0:
		return malformedPolicy("Missing required field Action")
	case len(s.Resource)+len(s.NotResource) == 0:
		return malformedPolicy("Missing required field Resource")
	}
	for _, action := range append(s.Action, s.NotAction...) {
		if action != "*" && !strings.HasPrefix(strings.ToLower(action), "s3:") {
			return malformedPolicy("Policy has invalid action")
		}
	}
	for _, resource := range append(s.Resource, s.NotResource...) {
		name, _, _ := strings.Cut(strings.TrimPrefix(resource, "arn:aws:s3:::"), "/")
		if !strings.HasPrefix(resource, "arn:aws:s3:::") || name != bucket && !strings.ContainsAny(name, "*?$") {
			return malformedPolicy("Policy has invalid resource")
		}
	}
	if s.Effect == "Deny" {
		return notImplemented("Policies of buckets are kept and not enforced: a statement that denies something would not be kept to, so it is not taken.")
	}
	if s.NotPrincipal != nil || everybody(s.Principal) {
		return &awshttp.Error{Status: http.StatusForbidden, Code: "AccessDenied", Message: "public policies are prevented by the BlockPublicPolicy setting, and are not taken without it: nobody is let in without a key"}
	}
	return nil
}

// everybody tells a principal that is *, also among others.
func everybody(principal json.RawMessage) bool {
	var name string
	if json.Unmarshal(principal, &name) == nil {
		return name == "*"
	}
	var kinds map[string]oneOrMore[string]
	if json.Unmarshal(principal, &kinds) != nil {
		return false
	}
	for _, names := range kinds {
		for _, name := range names {
			if name == "*" {
				return true
			}
		}
	}
	return false
}
