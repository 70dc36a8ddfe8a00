package featurestore

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// A Subject is what a search looks for.
type Subject uint8

// The subjects.
const (
	SearchGroups Subject = iota + 1
	SearchFeatures
)

// A Search says what to find and how to sort it (contract §1.10). Property names are those of
// Properties.
type Search struct {
	Subject    Subject
	Expression *Expression // nil: all
	// SortBy is a property, "" for LastModifiedTime. Of a property with several values the first
	// counts; what has none comes last, whatever the order. Equals are sorted by name.
	SortBy    string
	Ascending bool
	// Visible drops a group that has one of these tags with another value. One without the tag
	// stays, and so do features, which have no tags.
	Visible []feature.Tag
	// Elsewhere looks only at what other accounts share. Nobody shares anything with a server of
	// one account, so nothing is found.
	Elsewhere bool
	Limit     int    `json:"-"` // 0: 100
	Token     string `json:"-"` // of the page before; it goes with the same search, whatever its Limit
}

// A Hit is a group, or a feature of a group. Both are shared: nobody changes them.
type Hit struct {
	Group   *feature.Group
	Feature *feature.Definition // nil if groups were searched
}

// Created returns when the group was made, or the feature was added to it.
func (f Hit) Created() time.Time {
	if f.Feature == nil || f.Feature.Added.IsZero() {
		return f.Group.Created
	}
	return f.Feature.Added
}

// Modified returns when the group, or what is said of the feature, was changed last. What never
// was counts as changed when it was made, so that a sort by it has a place for everything.
func (f Hit) Modified() time.Time {
	switch {
	case f.Feature == nil && !f.Group.Modified.IsZero():
		return f.Group.Modified
	case f.Feature != nil && f.Feature.Metadata != nil:
		return f.Feature.Metadata.Modified
	}
	return f.Created()
}

// A SearchPage is a page of what a search found. Next is the token of the following page, "" if
// there is none; Total is how many there are on all pages.
type SearchPage struct {
	Found []Hit
	Next  string
	Total int
}

// Search finds groups or features a page at a time, as they stand at this moment. A page begins
// after the last of the page before, wherever that stands now, so what comes and goes meanwhile
// neither repeats nor hides others. Invalid: a rule of contract §1.10 is broken, or the token.
func (s *Store) Search(ctx context.Context, q *Search) (*SearchPage, error) {
	matches, err := q.compile()
	if err != nil {
		return nil, err
	}
	order, err := q.order()
	if err != nil {
		return nil, err
	}
	after, err := q.parseToken()
	if err != nil {
		return nil, err
	}
	page := &SearchPage{}
	if q.Elsewhere {
		return page, nil
	}
	var rest []placed
	for g, err := range s.groups.List(ctx) {
		if err != nil {
			return nil, err
		}
		for _, f := range q.candidates(g) {
			if !matches(f) {
				continue
			}
			page.Total++
			at := order(f)
			if after == nil || q.compare(after, at) < 0 {
				rest = append(rest, placed{f, at})
			}
		}
	}
	slices.SortFunc(rest, func(a, b placed) int { return q.compare(a.at, b.at) })
	if limit := cmp.Or(q.Limit, 100); len(rest) > limit {
		rest = rest[:limit]
		page.Next = q.token(rest[limit-1].at)
	}
	for _, hit := range rest {
		page.Found = append(page.Found, hit.hit)
	}
	return page, nil
}

type placed struct {
	hit Hit
	at  *searchPlace
}

// candidates returns what there is of a group for q to find.
func (q *Search) candidates(g *feature.Group) []Hit {
	if q.Subject == SearchGroups {
		return []Hit{{Group: g}}
	}
	all := make([]Hit, len(g.Definitions))
	for i := range g.Definitions {
		all[i] = Hit{Group: g, Feature: &g.Definitions[i]}
	}
	return all
}

// compile checks q and returns what tells whether something belongs to its results.
func (q *Search) compile() (func(Hit) bool, error) {
	matches := func(Hit) bool { return true }
	if q.Expression != nil {
		var err error
		if matches, err = compileExpression(q.Expression, q.Subject); err != nil {
			return nil, err
		}
	}
	return func(f Hit) bool { return q.shows(f) && matches(f) }, nil
}

func (q *Search) shows(f Hit) bool {
	if f.Feature != nil {
		return true
	}
	for _, want := range q.Visible {
		for _, tag := range f.Group.Tags {
			if tag.Key == want.Key && tag.Value != want.Value {
				return false
			}
		}
	}
	return true
}

// A searchPlace is the place of something in the order of results. Its JSON is what a token holds.
type searchPlace struct {
	Query string            `json:"q"`
	Has   bool              `json:"h,omitempty"` // it has the property
	Key   []byte            `json:"k,omitempty"` // the property's value, in a form whose bytes sort like it
	Group feature.GroupName `json:"g"`
	Name  feature.Name      `json:"f,omitempty"`
}

// order returns what places something.
func (q *Search) order() (func(Hit) *searchPlace, error) {
	by := cmp.Or(q.SortBy, "LastModifiedTime")
	p, err := findProperty(q.Subject, by)
	if err != nil {
		return nil, err
	}
	if p.kind == objects {
		return nil, feature.Errorf(feature.Invalid, "SortBy %s is an object, which has no order; use one of its members", by)
	}
	return func(f Hit) *searchPlace {
		at := &searchPlace{Group: f.Group.Name}
		if f.Feature != nil {
			at.Name = f.Feature.Name
		}
		if values := p.of(f); len(values) > 0 {
			at.Has, at.Key = true, p.kind.sortKey(values[0])
		}
		return at
	}, nil
}

// compare orders places as the search does.
func (q *Search) compare(a, b *searchPlace) int {
	if a.Has != b.Has {
		if a.Has {
			return -1
		}
		return 1
	}
	n := cmp.Or(cmp.Compare(string(a.Key), string(b.Key)), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Name, b.Name))
	if !q.Ascending {
		n = -n
	}
	return n
}

// sortKey returns bytes that sort as the values do.
func (k valueKind) sortKey(v searchValue) []byte {
	switch k {
	case numbers:
		return binary.BigEndian.AppendUint64(nil, uint64(v.number)^(1<<63))
	case times:
		return binary.BigEndian.AppendUint64(nil, uint64(v.at.UnixMicro())^(1<<63))
	default:
		return []byte(v.text)
	}
}

// query identifies q among searches, so that a token goes with no other.
func (q *Search) query() string {
	text, err := json.Marshal(q)
	if err != nil {
		panic(err) // a Search has no member that could fail
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

func (q *Search) token(at *searchPlace) string {
	last := *at
	last.Query = q.query()
	text, err := json.Marshal(&last)
	if err != nil {
		panic(err) // a place has no member that could fail
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func (q *Search) parseToken() (*searchPlace, error) {
	if q.Token == "" {
		return nil, nil
	}
	at := &searchPlace{}
	text, err := base64.RawURLEncoding.DecodeString(q.Token)
	if err == nil {
		err = json.Unmarshal(text, at)
	}
	if err != nil {
		return nil, feature.Errorf(feature.Invalid, "the NextToken is not one that this operation returned; begin without one")
	}
	if at.Query != q.query() {
		return nil, feature.Errorf(feature.Invalid, "the NextToken goes with another search; repeat the search that returned it, or begin without one")
	}
	return at, nil
}
