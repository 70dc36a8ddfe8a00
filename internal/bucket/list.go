package bucket

import (
	"context"
	"strings"
)

// A Page asks for a part of a listing.
type Page struct {
	Bucket, Prefix string
	Delimiter      string // "" rolls nothing up
	After          string // keys after this one
	// SkipPrefix leaves out the common prefix that After is, or is in: it was on the page before.
	SkipPrefix bool
	Limit      int // objects and common prefixes together
}

// A Listing is what a Page got, in byte order of keys and prefixes.
type Listing struct {
	Objects  []*Object
	Prefixes []string
	// More says that there is more; the next page's After is Last, with SkipPrefix.
	More bool
	Last string // the last key or prefix that is listed
}

// restart is how many keys under one common prefix are stepped over before it is cheaper to seek.
const restart = 32

// ListPage lists a page of a bucket. BucketMissing. Pages are consistent each, not together.
func (s *Store) ListPage(ctx context.Context, p Page) (*Listing, error) {
	l := &Listing{}
	if p.Limit <= 0 {
		_, err := s.Bucket(ctx, p.Bucket)
		return l, err
	}
	skip := ""
	if p.SkipPrefix {
		skip = rolledUp(p, p.After)
	}
	after := p.After
	for {
		next, err := s.listFrom(ctx, p, l, after, &skip)
		if err != nil || next == "" {
			return l, err
		}
		after = next
	}
}

// listFrom fills l with keys after after. skip is the common prefix that is listed or left out
// already. It returns where to go on if many keys are to be stepped over, else "".
func (s *Store) listFrom(ctx context.Context, p Page, l *Listing, after string, skip *string) (string, error) {
	stepped := 0
	for o, err := range s.List(ctx, p.Bucket, p.Prefix, after) {
		if err != nil {
			return "", err
		}
		prefix := rolledUp(p, o.Key)
		if prefix != "" && prefix == *skip {
			if stepped++; stepped > restart {
				// Keys are UTF-8, which never has the byte 0xff: this is after all of the prefix.
				return prefix + "\xff", nil
			}
			continue
		}
		if len(l.Objects)+len(l.Prefixes) == p.Limit {
			l.More = true
			return "", nil
		}
		if prefix != "" {
			*skip, l.Last, stepped = prefix, prefix, 0
			l.Prefixes = append(l.Prefixes, prefix)
			continue
		}
		l.Last = o.Key
		l.Objects = append(l.Objects, o)
	}
	return "", nil
}

// rolledUp returns the common prefix that stands for the key, "" if the key stands for itself.
func rolledUp(p Page, key string) string {
	rest, ok := strings.CutPrefix(key, p.Prefix)
	if !ok || p.Delimiter == "" {
		return ""
	}
	before, _, found := strings.Cut(rest, p.Delimiter)
	if !found {
		return ""
	}
	return p.Prefix + before + p.Delimiter
}
