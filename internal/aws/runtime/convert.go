package runtime

import (
	"net/url"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
)

// groupOf returns the group that the path names.
func groupOf(c *awshttp.Call) feature.GroupRef { return feature.GroupRef(c.Path["FeatureGroupName"]) }

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

// checkExpiration holds the rule of ExpirationTimeResponse. No record has an expiry, so there is
// nothing that it could add to a reply.
func checkExpiration(s string) error {
	if s != "Enabled" && s != "Disabled" {
		return feature.Errorf(feature.Invalid, "ExpirationTimeResponse %q is not one of Enabled, Disabled", s)
	}
	return nil
}

// param returns a query parameter that must be there.
func param(params url.Values, name string) (string, error) {
	if params.Get(name) == "" {
		return "", feature.Errorf(feature.Invalid, "%s is missing; it is required", name)
	}
	return params.Get(name), nil
}
