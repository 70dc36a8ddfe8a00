package featurestore

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// An OfflineStatus says how a group's offline store is (contract §1.12). "" stands for a group
// that has none, or is not Created yet.
type OfflineStatus string

// The states. No group is Blocked or Disabled yet; a filter may ask for them.
const (
	OfflineActive   OfflineStatus = "Active"
	OfflineBlocked  OfflineStatus = "Blocked"
	OfflineDisabled OfflineStatus = "Disabled"
)

// OfflineStatusOf tells how the offline store of g is.
func OfflineStatusOf(g *feature.Group) OfflineStatus {
	if g.Offline == nil || g.Status != feature.Created {
		return ""
	}
	return OfflineActive
}

// A SortKey is what a listing is sorted by.
type SortKey uint8

// The keys. Equal ones are sorted by name.
const (
	ByCreationTime SortKey = iota
	ByName
	ByStatus
	ByOfflineStatus
)

// A Listing says which groups to list and how. The zero value lists all, the newest first.
type Listing struct {
	NameContains  string         // "" for any; case counts
	Status        feature.Status // 0 for any
	OfflineStatus OfflineStatus  // "" for any
	CreatedAfter  time.Time      // zero for any; the instant itself is left out
	CreatedBefore time.Time      // zero for any; the instant itself is left out
	SortBy        SortKey
	Ascending     bool
	Limit         int    // 0: 100
	Token         string // of the page before; it goes with the same SortBy and Ascending
}

// Groups lists groups a page at a time. next is the token of the following page, "" if there is
// none. A page begins after the last group of the page before, wherever that stands now, so
// groups made or deleted meanwhile neither repeat nor hide others. Invalid: the token.
func (s *Store) Groups(ctx context.Context, l Listing) (page []*feature.Group, next string, err error) {
	after, err := l.parseToken()
	if err != nil {
		return nil, "", err
	}
	for g, err := range s.groups.List(ctx) {
		if err != nil {
			return nil, "", err
		}
		if l.takes(g) && (after == nil || l.compare(after, l.cursor(g)) < 0) {
			page = append(page, g)
		}
	}
	slices.SortFunc(page, func(a, b *feature.Group) int { return l.compare(l.cursor(a), l.cursor(b)) })
	if l.Limit == 0 {
		l.Limit = 100
	}
	if len(page) > l.Limit {
		page = page[:l.Limit]
		next = l.cursor(page[l.Limit-1]).token()
	}
	return page, next, nil
}

func (l *Listing) takes(g *feature.Group) bool {
	return strings.Contains(string(g.Name), l.NameContains) &&
		(l.Status == 0 || g.Status == l.Status) &&
		(l.OfflineStatus == "" || OfflineStatusOf(g) == l.OfflineStatus) &&
		(l.CreatedAfter.IsZero() || g.Created.After(l.CreatedAfter)) &&
		(l.CreatedBefore.IsZero() || g.Created.Before(l.CreatedBefore))
}

// A cursor is the place of a group in a listing. Its JSON is what a token holds.
type cursor struct {
	SortBy    SortKey           `json:"s"`
	Ascending bool              `json:"a,omitempty"`
	Number    int64             `json:"n,omitempty"` // creation time in milliseconds
	Text      string            `json:"t,omitempty"` // status
	Name      feature.GroupName `json:"g"`
}

func (l *Listing) cursor(g *feature.Group) *cursor {
	c := &cursor{SortBy: l.SortBy, Ascending: l.Ascending, Name: g.Name}
	switch l.SortBy {
	case ByCreationTime:
		c.Number = g.Created.UnixMilli()
	case ByStatus:
		c.Text = g.Status.String()
	case ByOfflineStatus:
		c.Text = string(OfflineStatusOf(g))
	}
	return c
}

// compare orders cursors as the listing does.
func (l *Listing) compare(a, b *cursor) int {
	n := cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Name, b.Name))
	if !l.Ascending {
		n = -n
	}
	return n
}

func (c *cursor) token() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // a cursor has no member that could fail
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func (l *Listing) parseToken() (*cursor, error) {
	if l.Token == "" {
		return nil, nil
	}
	c := &cursor{}
	text, err := base64.RawURLEncoding.DecodeString(l.Token)
	if err == nil {
		err = json.Unmarshal(text, c)
	}
	if err != nil || feature.CheckGroupName(c.Name) != nil {
		return nil, feature.Errorf(feature.Invalid, "the NextToken is not one that this operation returned; begin without one")
	}
	if c.SortBy != l.SortBy || c.Ascending != l.Ascending {
		return nil, feature.Errorf(feature.Invalid, "the NextToken goes with another SortBy or SortOrder; begin without one")
	}
	return c, nil
}
