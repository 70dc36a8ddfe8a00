package embedded

import (
	"maps"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// setDocuments keeps documents with their buckets. NotFound if one is not there.
func setDocuments(b *pebble.Batch, documents []bucket.Document) error {
	for _, d := range documents {
		key := key1(bucketKeys, d.Bucket)
		held, err := getJSON[bucket.Bucket](b, key)
		if err != nil {
			return err
		}
		if held == nil {
			return feature.Errorf(feature.NotFound, "no bucket is named %q", d.Bucket)
		}
		held.Documents = maps.Clone(held.Documents)
		if held.Documents == nil {
			held.Documents = map[string]string{}
		}
		if held.Documents[d.Name] = d.Text; d.Text == "" {
			delete(held.Documents, d.Name)
		}
		value, err := toJSON(held)
		if err != nil {
			return err
		}
		set(b, key, value)
	}
	return nil
}
