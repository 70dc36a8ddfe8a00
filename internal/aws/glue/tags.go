package glue

import (
	"strings"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// maxTags is how many tags a database may have.
const maxTags = 50

// tags reads tags that a caller gives.
func (r *reader) tags(member string, tags map[string]string) map[string]string {
	r.count(member, len(tags), maxTags)
	for key, value := range tags {
		r.lines("a key of "+member, &key, 1, 128)
		r.lines(member+"."+key, &value, 0, 256)
		if strings.HasPrefix(strings.ToLower(key), "aws:") {
			r.fail("the tag key %q begins with aws:, which is reserved; choose another key", key)
		}
	}
	return tags
}

// taggedDatabase reads the ARN of what has tags: arn:aws:glue:<region>:<account>:database/<name>.
func (r *reader) taggedDatabase(c *awshttp.Call, arn *string) string {
	if arn == nil {
		r.fail("ResourceArn is missing; it is required")
		return ""
	}
	parts := strings.SplitN(*arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "glue" {
		r.fail("ResourceArn is %.256q; it must be of the form arn:aws:glue:<region>:<account>:database/<name>", *arn)
		return ""
	}
	r.catalog(c, &parts[4])
	kind, name, _ := strings.Cut(parts[5], "/")
	r.unsupported(kind != "database" || name == "", "ResourceArn of a "+kind, "only databases have tags here")
	return name
}
