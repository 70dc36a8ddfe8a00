package glue

import (
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// pageSize is the most items of most pages, and how many there are unless told otherwise.
const pageSize = 100

// page cuts one page out of items that are sorted by name. Its token is the name of the last item
// of the page before, so that what comes and goes meanwhile moves nothing.
func page[T any](items []T, name func(T) string, token *string, limit *int, most int) ([]T, *string, error) {
	r := &reader{}
	n := r.limit(limit, most)
	if r.err != nil {
		return nil, nil, r.err
	}
	if token != nil && *token != "" {
		after, err := base64.RawURLEncoding.DecodeString(*token)
		if err != nil {
			return nil, nil, foreignToken()
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

func foreignToken() error {
	return feature.Errorf(feature.Invalid, "the NextToken is not one that this operation returned; begin without one")
}

// limit reads MaxResults: most if there is none.
func (r *reader) limit(n *int, most int) int {
	if n == nil {
		return most
	}
	if *n < 1 || *n > most {
		r.fail("MaxResults is %d; it must be 1 to %d", *n, most)
	}
	return *n
}

// valuesToken is the token of a page that ends with the partition of these values.
func valuesToken(values []string) *string {
	// Texts always have a JSON.
	text, _ := json.Marshal(values)
	token := base64.RawURLEncoding.EncodeToString(text)
	return &token
}

func (r *reader) valuesToken(token *string) []string {
	if token == nil || *token == "" {
		return nil
	}
	text, err := base64.RawURLEncoding.DecodeString(*token)
	var values []string
	if err != nil || json.Unmarshal(text, &values) != nil || len(values) == 0 {
		if r.err == nil {
			r.err = foreignToken()
		}
	}
	return values
}

// segment returns which partitions are of a Segment. Each is of one of its TotalSegments.
func (r *reader) segment(s *segment) func(values []string) bool {
	if s == nil {
		return func([]string) bool { return true }
	}
	if s.SegmentNumber == nil || s.TotalSegments == nil {
		r.fail("Segment needs SegmentNumber and TotalSegments")
		return nil
	}
	number, total := *s.SegmentNumber, *s.TotalSegments
	if total < 1 || total > 10 || number < 0 || number >= total {
		r.fail("Segment is number %d of %d; TotalSegments must be 1 to 10, and SegmentNumber 0 or more and less than it", number, total)
		return nil
	}
	return func(values []string) bool {
		h := fnv.New32a()
		for _, v := range values {
			_, _ = h.Write([]byte(v + "\x00")) // a hash takes everything
		}
		return int(h.Sum32()%uint32(total)) == number
	}
}

// version reads the VersionId of a table: a number from 0.
func (r *reader) version(id string) int64 {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 0 {
		r.fail("VersionId is %.64q; it must be a number, as those of GetTableVersions are", id)
	}
	return n
}
