package glue

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/larder-dev/larder/internal/table"
)

// texts and times are what tables are searched and sorted by.
var (
	texts = map[string]func(*table.Table) string{
		"Name":         func(t *table.Table) string { return t.Name },
		"DatabaseName": func(t *table.Table) string { return t.Database },
		"Description":  func(t *table.Table) string { return t.Description },
		"Owner":        func(t *table.Table) string { return t.Owner },
		"TableType":    func(t *table.Table) string { return t.TableType },
	}
	times = map[string]func(*table.Table) time.Time{
		"CreateTime":     func(t *table.Table) time.Time { return t.Created },
		"UpdateTime":     func(t *table.Table) time.Time { return t.Updated },
		"LastAccessTime": func(t *table.Table) time.Time { return t.LastAccess },
	}
)

// comparators are those of times.
var comparators = map[string]func(c int) bool{
	"EQUALS":              func(c int) bool { return c == 0 },
	"GREATER_THAN":        func(c int) bool { return c > 0 },
	"LESS_THAN":           func(c int) bool { return c < 0 },
	"GREATER_THAN_EQUALS": func(c int) bool { return c >= 0 },
	"LESS_THAN_EQUALS":    func(c int) bool { return c <= 0 },
}

// A search is a SearchTables that has been read.
type search struct {
	tests      []func(*table.Table) bool
	key        func(*table.Table) string // what the result is sorted by, before the names
	descending bool
}

func (r *reader) search(in *searchTablesRequest) *search {
	s := &search{key: func(*table.Table) string { return "" }}
	if t := in.ResourceShareType; t != nil {
		switch *t {
		case "ALL":
		case "FOREIGN", "FEDERATED":
			s.tests = append(s.tests, func(*table.Table) bool { return false })
		default:
			r.fail("ResourceShareType is %.64q; it must be FOREIGN, ALL or FEDERATED", *t)
		}
	}
	if in.SearchText != nil {
		s.tests = append(s.tests, textSearch(r.lines("SearchText", in.SearchText, 1, 1024)))
	}
	for _, f := range in.Filters {
		key, value := r.filterText("Filters.Key", f.Key), r.filterText("Filters.Value", f.Value)
		s.tests = append(s.tests, r.filter(key, value, f.Comparator))
	}
	r.count("SortCriteria", len(in.SortCriteria), 1)
	for _, c := range in.SortCriteria {
		s.sortBy(r, r.filterText("SortCriteria.FieldName", c.FieldName))
		switch {
		case c.Sort == nil || *c.Sort == "ASC":
		case *c.Sort == "DESC":
			s.descending = true
		default:
			r.fail("SortCriteria.Sort is %.64q; it must be ASC or DESC", *c.Sort)
		}
	}
	return s
}

func (r *reader) filterText(member string, s *string) string {
	if s == nil {
		r.fail("%s is missing; it is required", member)
	}
	return r.lines(member, s, 1, 1024)
}

func (s *search) sortBy(r *reader, field string) {
	if text, ok := texts[field]; ok {
		s.key = text
		return
	}
	at, ok := times[field]
	if !ok {
		r.unsupported(true, "SortCriteria.FieldName "+field, "tables are sorted by Name, DatabaseName, Description, Owner, TableType, CreateTime, UpdateTime or LastAccessTime")
		return
	}
	s.key = func(t *table.Table) string { return at(t).UTC().Format("2006-01-02T15:04:05.000000000") }
}

func (r *reader) filter(key, value string, comparator *string) func(*table.Table) bool {
	if text, ok := texts[key]; ok {
		return func(t *table.Table) bool { return fitsPart(text(t), value) }
	}
	at, ok := times[key]
	if !ok {
		r.unsupported(true, "Filters.Key "+key, "tables are found by Name, DatabaseName, Description, Owner, TableType, CreateTime, UpdateTime or LastAccessTime")
		return nil
	}
	holds := comparators["EQUALS"]
	if comparator != nil {
		if holds = comparators[*comparator]; holds == nil {
			r.fail("Filters.Comparator is %.64q; it must be EQUALS, GREATER_THAN, LESS_THAN, GREATER_THAN_EQUALS or LESS_THAN_EQUALS", *comparator)
		}
	}
	when, err := time.Parse(time.RFC3339, value)
	if err != nil {
		r.fail("Filters.Value of %s is %.64q; it must be a time such as 2026-01-02T15:04:05Z", key, value)
	}
	return func(t *table.Table) bool { return holds(at(t).Compare(when)) }
}

// fitsPart tells whether value is text, or one of the parts into which signs cut it, in any case.
func fitsPart(text, value string) bool {
	if strings.EqualFold(text, value) {
		return true
	}
	parts := strings.FieldsFunc(text, func(c rune) bool { return unicode.IsPunct(c) || unicode.IsSpace(c) || unicode.IsSymbol(c) })
	return slices.ContainsFunc(parts, func(part string) bool { return strings.EqualFold(part, value) })
}

// textSearch looks for a text in all that describes a table; for a whole one if it stands in quotes.
func textSearch(asked string) func(*table.Table) bool {
	asked = strings.ToLower(asked)
	whole, quoted := strings.CutPrefix(asked, `"`)
	if quoted {
		asked = strings.TrimSuffix(whole, `"`)
	}
	fits := func(text string) bool {
		text = strings.ToLower(text)
		return quoted && text == asked || !quoted && strings.Contains(text, asked)
	}
	return func(t *table.Table) bool {
		for _, text := range texts {
			if fits(text(t)) {
				return true
			}
		}
		return slices.ContainsFunc(slices.Concat(t.Columns, t.PartitionKeys), func(c table.Column) bool { return fits(c.Name) || fits(c.Comment) })
	}
}

func (s *search) fits(t *table.Table) bool {
	for _, test := range s.tests {
		if !test(t) {
			return false
		}
	}
	return true
}

// page sorts what was found and cuts out a page.
func (s *search) page(found []*table.Table, token *string, limit *int) ([]*table.Table, *string, error) {
	key := func(t *table.Table) string {
		return sortable(s.key(t), s.descending) + sortable(t.Database, false) + sortable(t.Name, false)
	}
	slices.SortFunc(found, func(a, b *table.Table) int { return strings.Compare(key(a), key(b)) })
	return page(found, key, token, limit, 1000)
}

// sortable writes a text so that it ends before what comes behind it, and sorts as the text does, or
// the other way round.
func sortable(text string, descending bool) string {
	b := append([]byte(strings.ReplaceAll(text, "\x00", "\x00\xff")), 0, 1)
	if descending {
		for i := range b {
			b[i] = ^b[i]
		}
	}
	return string(b)
}
