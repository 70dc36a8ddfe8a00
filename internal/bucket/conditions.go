package bucket

import (
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// Only is what a write or a delete demands of what is held at the key.
type Only struct {
	IfMatch     string // ETags or *, as sent; "" demands nothing
	IfNoneMatch string // *; "" demands nothing
}

// Check returns what Put and Delete take as their condition, nil if o demands nothing. Its
// errors are KeyMissing and PreconditionFails.
func (o Only) Check() func(held *Object) error {
	if o == (Only{}) {
		return nil
	}
	return func(held *Object) error {
		if o.IfMatch != "" && held == nil {
			return failf(KeyMissing, feature.NotFound, "The specified key does not exist, so it cannot match %s.", o.IfMatch)
		}
		if o.IfMatch != "" && !MatchETag(o.IfMatch, held.ETag) {
			return preconditionFails("If-Match")
		}
		if o.IfNoneMatch != "" && held != nil && MatchETag(o.IfNoneMatch, held.ETag) {
			return preconditionFails("If-None-Match")
		}
		return nil
	}
}

func preconditionFails(name string) *Error {
	return failf(PreconditionFails, feature.Conflict, "At least one of the pre-conditions you specified did not hold: %s.", name)
}

// ReadIf is what a read demands of the object. The zero value demands nothing.
type ReadIf struct {
	Match, NoneMatch               string // ETags or *, as sent
	ModifiedSince, UnmodifiedSince time.Time
}

// Check tells whether the caller has the object already; PreconditionFails if it is another than
// the caller demands. A date counts only where no ETag is named (RFC 9110 §13.2.2). name is how
// the request's members begin: "If-" or "x-amz-copy-source-if-".
func (c ReadIf) Check(o *Object, name string) (unchanged bool, err error) {
	modified := o.Modified.Truncate(time.Second) // as the caller was told
	switch {
	case c.Match != "":
		if !MatchETag(c.Match, o.ETag) {
			return false, preconditionFails(name + "Match")
		}
	case !c.UnmodifiedSince.IsZero():
		if modified.After(c.UnmodifiedSince) {
			return false, preconditionFails(name + "Unmodified-Since")
		}
	}
	switch {
	case c.NoneMatch != "":
		return MatchETag(c.NoneMatch, o.ETag), nil
	case !c.ModifiedSince.IsZero():
		return !modified.After(c.ModifiedSince), nil
	}
	return false, nil
}

// MatchETag tells whether a list of ETags, with or without quotes, or * has the tag.
func MatchETag(list, tag string) bool {
	for one := range strings.SplitSeq(list, ",") {
		one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
		if one == "*" || strings.Trim(one, `"`) == tag {
			return true
		}
	}
	return false
}
