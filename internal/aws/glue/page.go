package glue

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// pageSize is the most items of a page, and how many there are unless told otherwise.
const pageSize = 100

// page cuts one page out of items that are sorted by name. Its token is the name of the last item
// of the page before, so that what comes and goes meanwhile moves nothing.
func page[T any](items []T, name func(T) string, token *string, limit *int) ([]T, *string, error) {
	n := pageSize
	if limit != nil {
		if n = *limit; n < 1 || n > pageSize {
			return nil, nil, feature.Errorf(feature.Invalid, "MaxResults is %d; it must be 1 to %d", n, pageSize)
		}
	}
	if token != nil && *token != "" {
		after, err := base64.RawURLEncoding.DecodeString(*token)
		if err != nil {
			return nil, nil, feature.Errorf(feature.Invalid, "the NextToken is not one that this operation returned; begin without one")
		}
		at, found := slices.BinarySearchFunc(items, string(after), func(i T, s string) int { return strings.Compare(name(i), s) })
		if found {
			at++
		}
		items = items[at:]
	}
	if len(items) <= n {
		return items, nil, nil
	}
	next := base64.RawURLEncoding.EncodeToString([]byte(name(items[n-1])))
	return items[:n], &next, nil
}
