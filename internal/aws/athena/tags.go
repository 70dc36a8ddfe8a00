package athena

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
)

type tag struct{ Key, Value string }

// mostTags is how many tags a resource may have.
const mostTags = 50

// tags reads a list of tags. A key that is given twice has its last value.
func (r *reader) tags(all []tag) map[string]string {
	if len(all) == 0 {
		return nil
	}
	tags := map[string]string{}
	for i := range all {
		tags[r.text("Tags.Key", &all[i].Key, 1, 128)] = r.text("Tags.Value", &all[i].Value, 0, 256)
	}
	if len(tags) > mostTags {
		r.fail("Tags has %d keys; a resource may have %d", len(tags), mostTags)
	}
	return tags
}

// tagged finds the work group of an ARN; other resources have no tags here.
func (a *api) tagged(ctx context.Context, c *awshttp.Call, arn *string) (*query.WorkGroup, error) {
	id, err := text("ResourceARN", arn, 1, 1011)
	if err != nil {
		return nil, err
	}
	parts := strings.SplitN(id, ":", 6)
	if len(parts) == 6 && parts[0] == "arn" && parts[2] == "athena" && parts[4] == c.Principal.Account {
		if name, ok := strings.CutPrefix(parts[5], "workgroup/"); ok {
			return a.queries.WorkGroup(ctx, name)
		}
	}
	return nil, feature.Errorf(feature.NotFound, "Resource %s was not found; work groups have tags: arn:aws:athena:<region>:%s:workgroup/<name>", id, c.Principal.Account)
}

// sortedTags is a map of tags as a list.
func sortedTags(tags map[string]string) []tag {
	out := []tag{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, tag{key, tags[key]})
	}
	return out
}
