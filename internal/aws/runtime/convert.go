package runtime

import (
	"net/url"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// groupOf returns the group that the path names.
func groupOf(c *awshttp.Call) (feature.GroupRef, error) { return toGroup(c.Path["FeatureGroupName"]) }

// toGroup holds the rule on the length of FeatureGroupName. Its form is the store's business.
func toGroup(ref string) (feature.GroupRef, error) {
	if n := utf8.RuneCountInString(ref); n < 1 || n > feature.MaxRuntimeGroupRef {
		return "", feature.Errorf(feature.Invalid, "FeatureGroupName has %d characters; it must have 1 to %d", n, feature.MaxRuntimeGroupRef)
	}
	return feature.GroupRef(ref), nil
}

// toStores reads TargetStores: nil is absent and gives 0. A store that is named twice counts once.
func toStores(names []string) (feature.Stores, error) {
	if names != nil && (len(names) < 1 || len(names) > 2) {
		return 0, feature.Errorf(feature.Invalid, "TargetStores has %d stores; it must have 1 or 2", len(names))
	}
	var stores feature.Stores
	for _, name := range names {
		switch name {
		case "OnlineStore":
			stores |= feature.OnlineStore
		case "OfflineStore":
			stores |= feature.OfflineStore
		default:
			return 0, feature.Errorf(feature.Invalid, "TargetStores has %q; it must be OnlineStore or OfflineStore", name)
		}
	}
	return stores, nil
}

// toTTL reads TtlDuration: nil is absent. Both of its members are required here (contract §2.1).
func toTTL(t *ttlDuration) (*feature.TTL, error) {
	switch {
	case t == nil:
		return nil, nil
	case t.Unit == nil:
		return nil, feature.Errorf(feature.Invalid, "TtlDuration has no Unit; it needs a Unit and a Value")
	case t.Value == nil:
		return nil, feature.Errorf(feature.Invalid, "TtlDuration has no Value; it needs a Unit and a Value")
	}
	ttl := &feature.TTL{Unit: feature.TTLUnit(*t.Unit), Value: *t.Value}
	if _, err := ttl.Seconds(); err != nil {
		return nil, err
	}
	return ttl, nil
}

// toNames reads FeatureNames: nil is absent and chooses all features.
func toNames(names []string) ([]feature.Name, error) {
	if names == nil {
		return nil, nil
	}
	if len(names) == 0 {
		return nil, feature.Errorf(feature.Invalid, "FeatureNames is empty; name a feature or leave it out")
	}
	out := make([]feature.Name, len(names))
	for i, name := range names {
		out[i] = feature.Name(name)
	}
	return out, nil
}

// toExpiration reads ExpirationTimeResponse, "" if it is absent: whether a reply says when a record
// expires.
func toExpiration(s string, given bool) (bool, error) {
	if given && s != "Enabled" && s != "Disabled" {
		return false, feature.Errorf(feature.Invalid, "ExpirationTimeResponse %q is not one of Enabled, Disabled", s)
	}
	return s == "Enabled", nil
}

// checkLength holds the rule on the length of a ValueAsString that is no feature's.
func checkLength(member, s string) error {
	if len(s) > feature.MaxValueChars && utf8.RuneCountInString(s) > feature.MaxValueChars {
		return feature.Errorf(feature.Invalid, "%s has %d characters; the most is %d", member, utf8.RuneCountInString(s), feature.MaxValueChars)
	}
	return nil
}

// param returns a query parameter that may be there once.
func param(params url.Values, name string) (value string, given bool, err error) {
	switch values := params[name]; len(values) {
	case 0:
		return "", false, nil
	case 1:
		return values[0], true, checkLength(name, values[0])
	default:
		return "", true, feature.Errorf(feature.Invalid, "%s is there %d times; give it once", name, len(values))
	}
}

// required returns a query parameter that must be there once, with a value.
func required(params url.Values, name string) (string, error) {
	value, given, err := param(params, name)
	switch {
	case err != nil:
		return "", err
	case !given:
		return "", feature.Errorf(feature.Invalid, "%s is missing; it is required", name)
	case value == "":
		return "", feature.Errorf(feature.Invalid, "%s is empty; it must have a value", name)
	}
	return value, nil
}
