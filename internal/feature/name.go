package feature

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A Place is where groups are: it is part of their ARNs and of their offline locations.
type Place struct {
	Account string // 12 digits
	Region  string
}

// ARN returns the ARN of a group. The case of its name is preserved.
func (p Place) ARN(name GroupName) string {
	return "arn:aws:sagemaker:" + p.Region + ":" + p.Account + ":feature-group/" + string(name)
}

// A GroupRef is how a caller names a group: by name or by ARN (contract §1.1).
type GroupRef string

// The most characters of a GroupRef: on the control plane (contract §1.1), and at the runtime (§2.1).
const (
	MaxGroupRef        = 256
	MaxRuntimeGroupRef = 150
)

// Resolve returns the name that r stands for at place p. byARN tells that r is an ARN. A text
// that is neither a name nor an ARN is Invalid; an ARN of another account or region is NotFound,
// because no such group can be here.
func (r GroupRef) Resolve(p Place) (name GroupName, byARN bool, err error) {
	text := string(r)
	if !strings.HasPrefix(text, "arn:") {
		return GroupName(text), false, CheckGroupName(GroupName(text))
	}
	if len(text) > MaxGroupRef {
		return "", true, Errorf(Invalid, "%s is too long for the ARN of a feature group; the most is %d characters", quote(text), MaxGroupRef)
	}
	prefix, rest, _ := strings.Cut(text, "feature-group/")
	at := arnPrefix.FindStringSubmatch(prefix)
	if at == nil || CheckGroupName(GroupName(rest)) != nil {
		return "", true, Errorf(Invalid, "%s is not the ARN of a feature group; its form is arn:aws:sagemaker:REGION:ACCOUNT:feature-group/NAME", quote(text))
	}
	name = GroupName(rest)
	if at[1] != p.Region || at[2] != p.Account {
		return name, true, Errorf(NotFound, "%s; this server holds the groups of account %s in region %s", NoGroup(GroupName(text)), p.Account, p.Region)
	}
	return name, true, nil
}

// NoGroup is the sentence for a group that is not there, in the service's words.
func NoGroup(name GroupName) string {
	return fmt.Sprintf("Amazon SageMaker can't find a FeatureGroup with name [%s]", name)
}

var (
	arnPrefix = regexp.MustCompile(`^arn:aws[a-z-]*:sagemaker:([a-z0-9-]*):([0-9]{12}):$`)
	roleARN   = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/?[a-zA-Z_0-9+=,.@\-/]+$`)
	s3URI     = regexp.MustCompile(`(?s)^(https|s3)://([^/]+)/?(.*)$`)
	kmsKey    = regexp.MustCompile(`^[a-zA-Z0-9:/_-]*$`)
	tagText   = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
)

// CheckGroupName holds the rule of group names: 1 to 64 letters, digits, '-' and '_', with a
// letter or digit at both ends.
func CheckGroupName(name GroupName) error {
	if !isName(string(name)) {
		return Errorf(Invalid, "the feature group name %s is not 1 to 64 letters, digits, '-' and '_' that begin and end with a letter or digit", quote(string(name)))
	}
	return nil
}

// CheckName holds the rule of feature names, which is that of group names. field says in whose
// place the name stands.
func CheckName(field string, name Name) error {
	if !isName(string(name)) {
		return Errorf(Invalid, "%s %s is not 1 to 64 letters, digits, '-' and '_' that begin and end with a letter or digit", field, quote(string(name)))
	}
	return nil
}

func isName(s string) bool {
	if len(s) < 1 || len(s) > 64 {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		inside := (c == '-' || c == '_') && i > 0 && i < len(s)-1
		if !inside && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// quote shows a caller's text in an error: quoted, and cut if it is long.
func quote(s string) string {
	const most = 200
	if len(s) <= most {
		return fmt.Sprintf("%q", s)
	}
	cut := most
	for cut > most-utf8.UTFMax && !utf8.RuneStart(s[cut]) { // text that is not UTF-8 is cut anywhere
		cut--
	}
	return fmt.Sprintf("%q… (%d bytes)", s[:cut], len(s))
}
