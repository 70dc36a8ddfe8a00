package athena

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/query"
)

// A reader reads the members of a request. After the first that breaks a rule it returns zeros.
type reader struct{ err error }

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = invalid(format, args...)
	}
}

func (r *reader) refuse(there bool, format string, args ...any) {
	if there && r.err == nil {
		r.err = unsupported(format, args...)
	}
}

// text reads a member that must be there and have from least to most characters.
func (r *reader) text(member string, s *string, least, most int) string {
	v, err := text(member, s, least, most)
	if r.err == nil {
		r.err = err
	}
	return v
}

// optional reads a member that may be absent: "" then.
func (r *reader) optional(member string, s *string, least, most int) string {
	if s == nil {
		return ""
	}
	return r.text(member, s, least, most)
}

// workGroup reads the name of a work group; absent, it is the primary one.
func (r *reader) workGroup(s *string) string {
	if s == nil {
		return query.PrimaryWorkGroup
	}
	return r.text("WorkGroup", s, 1, 128)
}

// limit reads MaxResults: most if it is absent, or 0 where AWS's model lets it be.
func (r *reader) limit(n *int, least, most int) int {
	if n == nil {
		return most
	}
	if *n < least || *n > most {
		r.fail("MaxResults is %d; it must be %d to %d", *n, least, most)
	}
	if *n == 0 {
		return most
	}
	return *n
}

// names reads a list of from one to most names.
func (r *reader) names(member string, all []string, most int) []string {
	if len(all) < 1 || len(all) > most {
		r.fail("%s has %d items; it must have 1 to %d", member, len(all), most)
		return nil
	}
	for i := range all {
		if n := utf8.RuneCountInString(all[i]); n < 1 || n > 256 {
			r.fail("an item of %s has %d characters; it must have 1 to 256", member, n)
		}
	}
	return all
}

// after reads a NextToken: what the page before ended with, "" for the first page.
func (r *reader) after(token *string) string {
	if token == nil {
		return ""
	}
	name, err := base64.RawURLEncoding.DecodeString(*token)
	if err != nil || len(name) == 0 {
		r.fail("NextToken %.64q is none that this operation gave; send the one of the page before, or none", *token)
	}
	return string(name)
}

// next is the token of a page that ends with a name.
func next(name string) *string {
	token := base64.RawURLEncoding.EncodeToString([]byte(name))
	return &token
}

// page cuts the page behind after out of items that are sorted by name.
func page[T any](items []T, name func(T) string, after string, limit int) ([]T, *string) {
	if after != "" {
		at, found := slices.BinarySearchFunc(items, after, func(i T, s string) int { return strings.Compare(name(i), s) })
		if found {
			at++
		}
		items = items[at:]
	}
	if len(items) <= limit {
		return items, nil
	}
	return items[:limit], next(name(items[limit-1]))
}
