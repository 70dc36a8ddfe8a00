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
	// Version is that of the page before; 0 begins a listing. It belongs in a continuation token.
	Version Version
	// ByKey says that the caller can name the page before by After alone, as a marker does: where
	// that page ended is remembered for a minute, and Version is of no use.
	ByKey bool
}

// A Listing is what a Page got, in byte order of keys and prefixes.
type Listing struct {
	Objects  []*Object
	Prefixes []string
	// More says that there is more; the next page's After is Last, with SkipPrefix.
	More bool
	Last string // the last key or prefix that is listed
	// Version is for the next page.
	Version Version
}

// restart is how many keys under one common prefix are stepped over before it is cheaper to seek.
const restart = 32

// ListPage lists a page of a bucket. BucketMissing. The pages of one listing, each with the Version
// of the one before, show one version of what tables wrote: while flushes and compactions go on, no
// row's file comes twice and none is missed. What clients put and delete shows as it stands, as in
// S3. A Version older than Options.Retention is not honoured: the page shows what there is now.
func (s *Store) ListPage(ctx context.Context, p Page) (*Listing, error) {
	if err := s.pinPage(ctx, &p); err != nil {
		return nil, err
	}
	l := &Listing{Version: p.Version}
	if p.Limit <= 0 {
		_, err := s.Bucket(ctx, p.Bucket)
		return l, err
	}
	err := s.fillPage(ctx, p, l)
	if err == nil && l.More && p.ByKey {
		s.pages.remember(p.under(l.Last), p.Version, s.options.Now())
	}
	return l, err
}

// pinPage chooses the version that p shows.
func (s *Store) pinPage(ctx context.Context, p *Page) error {
	if p.ByKey && p.After != "" {
		p.Version = s.pages.recall(p.under(p.After), s.options.Now())
	}
	if p.Version > 0 && s.options.Now().Sub(p.Version.Time()) < s.options.Retention {
		return nil
	}
	var err error
	p.Version, err = s.index.Version(ctx)
	return err
}

func (s *Store) fillPage(ctx context.Context, p Page, l *Listing) error {
	skip := ""
	if p.SkipPrefix {
		skip = rolledUp(p, p.After)
	}
	after := p.After
	for {
		next, err := s.listFrom(ctx, p, l, after, &skip)
		if err != nil || next == "" {
			return err
		}
		after = next
	}
}

// listFrom fills l with keys after after. skip is the common prefix that is listed or left out
// already. It returns where to go on if many keys are to be stepped over, else "".
func (s *Store) listFrom(ctx context.Context, p Page, l *Listing, after string, skip *string) (string, error) {
	stepped := 0
	for o, err := range s.index.ListAt(ctx, p.Version, p.Bucket, p.Prefix, after) {
		if err != nil {
			return "", s.missing(ctx, ObjectRef{Bucket: p.Bucket}, err)
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
