package verify

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/larder-dev/larder/internal/feature"
)

// A judge takes the lines of a comparison, sorted by identifier, what is held before rows and rows by
// write time, and judges one identifier of the table after the other. It remembers of each what is held
// and its newest row, so a long history takes no room.
type judge struct {
	*comparison
	fractional bool // event times are numbers

	open   bool
	id     *string
	held   []heldLine // more than one if the table does not tell their identifiers apart
	newest *line
}

// A heldLine is what is held of one identifier.
type heldLine struct {
	line
	effect feature.Position // of the last entry of the journal that changed what is held
}

// A line is one row of the table, or what is held as such a row.
type line struct {
	exact     string // the identifier as written, "" of a row in a file
	at        string // event time, as in the table
	instant   feature.EventTime
	seconds   float64 // the event time, where it is a number
	write     feature.Position
	deleted   bool
	outcome   feature.Outcome // of a row in the journal, else 0
	isRow     bool
	malformed bool // it has no event time, or one that is none
}

// row takes a line of linesSQL.
func (j *judge) row(r []*string) error {
	if !j.open || !same(j.id, r[0]) {
		j.end()
		j.open, j.id = true, r[0]
	}
	l, err := j.parse(r)
	if err != nil {
		return err
	}
	if !l.isRow {
		j.held = append(j.held, heldLine{line: *l})
		return nil
	}
	j.see(l)
	return nil
}

func same(a, b *string) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

func (j *judge) parse(r []*string) (*line, error) {
	l := &line{
		exact: text(r[6]), at: text(r[1]), isRow: text(r[2]) == "1", deleted: text(r[4]) == "true",
	}
	if r[3] != nil {
		at, err := number(r[3])
		if err != nil {
			return nil, err
		}
		l.write = feature.Position(at)
	}
	outcome, err := strconv.ParseUint(text(r[5]), 10, 8)
	if err != nil {
		return nil, fmt.Errorf("outcome of a row: %w", err)
	}
	l.outcome = feature.Outcome(outcome)
	switch {
	case r[1] == nil:
		l.malformed = true // findMalformed has told
		return l, nil
	case j.fractional:
		l.seconds, err = strconv.ParseFloat(l.at, 64)
	default:
		l.instant, err = feature.ParseEventTime(feature.String, l.at)
	}
	if err != nil {
		l.malformed = true
		j.found(Malformed, l, lower(j.g.EventTime), "the event time is none")
	}
	return l, nil
}

// see takes a row of the identifier.
func (j *judge) see(l *line) {
	if l.malformed {
		return
	}
	for i := range j.held {
		h := &j.held[i]
		if h.write != 0 && h.write == l.write && l.outcome != 0 && l.outcome != feature.OnlineWritten {
			j.found(Different, l, "", "what is held is of a write that, by the journal, the online store did not take")
		}
		if l.exact == h.exact && (l.outcome == feature.OnlineWritten || l.outcome == feature.OnlineRemoved) {
			h.effect = l.write
		}
	}
	if j.newest == nil || j.compare(l, j.newest) >= 0 {
		j.newest = l
	}
}

// compare orders event times.
func (j *judge) compare(a, b *line) int {
	if j.fractional {
		return cmp.Compare(a.seconds, b.seconds)
	}
	return a.instant.Compare(b.instant)
}

func (j *judge) found(k Kind, l *line, column, detail string) {
	id := l.exact
	if id == "" {
		id = text(j.id)
	}
	j.report.found(j.most, Difference{Kind: k, Identifier: id, EventTime: l.at, WriteTime: l.write, Column: column, Detail: detail})
}

// end judges the identifier whose lines have all been seen.
func (j *judge) end() {
	for i := range j.held {
		if h := &j.held[i]; h.write != 0 && h.write < h.effect {
			j.found(Outdated, &h.line, "", fmt.Sprintf("the journal has a later write, at %d, that changed what is held", h.effect))
		}
	}
	if j.open {
		j.classify(&j.report.Newest)
	}
	j.open, j.id, j.held, j.newest = false, nil, j.held[:0], nil
}

// classify counts how what is held stands to the newest row. docs/consistency.md says why there are
// these cases and no others.
func (j *judge) classify(n *Newest) {
	newest := j.newest
	switch {
	case len(j.held) > 1:
		n.Spellings++
	case newest == nil && len(j.held) == 0: // malformed rows alone
	case newest == nil:
		n.OnlineAlone++
	case len(j.held) == 0:
		n.offline(newest)
	default:
		h := &j.held[0].line
		order := j.compare(newest, h)
		switch {
		case h.write != 0 && newest.write == h.write:
			n.Agree++
		case h.write == 0 && order <= 0:
			n.OnlineAlone++
		case h.write != 0 && newest.write > h.write && newest.deleted && order == 0:
			n.StaleDelete++
		case h.write != 0 && newest.write > h.write:
			n.OfflineAlone++ // the online store would have taken it, and held nothing older after
		default:
			n.offline(newest)
		}
	}
}

// offline counts a newest row that is newer than what is held.
func (n *Newest) offline(newest *line) {
	if newest.deleted {
		n.Removed++
	} else {
		n.OfflineAlone++
	}
}
