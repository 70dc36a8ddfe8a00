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
	found  bool             // its row
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
	beside    bool   // something is held of this write time
	column    string // the first in which that differs
	malformed bool
}

// row takes a line of linesSQL.
func (j *judge) row(r []*string) error {
	l, err := j.parse(r)
	if err != nil {
		return err
	}
	if !j.open || !same(j.id, r[0]) {
		j.end()
		j.open, j.id = true, r[0]
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
		beside: r[7] != nil, column: text(r[7]), malformed: text(r[8]) == "true",
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
	if r[1] == nil {
		return l, nil
	}
	if j.fractional {
		l.seconds, err = strconv.ParseFloat(l.at, 64)
	} else {
		l.instant, err = feature.ParseEventTime(feature.String, l.at)
	}
	l.malformed = l.malformed || err != nil
	return l, nil
}

// see takes a row of the identifier.
func (j *judge) see(l *line) {
	if l.malformed {
		j.found(Malformed, l, "", "the row lacks what every row has, its event time is none, or it is a delete marker with values")
		return
	}
	switch {
	case l.beside && l.column != "":
		j.found(Different, l, l.column, "the row is not what is held of this write")
	case l.beside && l.outcome != 0 && l.outcome != feature.OnlineWritten:
		j.found(Different, l, "", "what is held is of a write that, by the journal, the online store did not take")
	}
	for i := range j.held {
		h := &j.held[i]
		h.found = h.found || l.beside && h.write == l.write
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
	whole := true
	for i := range j.held {
		h := &j.held[i]
		if h.write == 0 {
			continue
		}
		if !h.found {
			whole = false
			j.found(Missing, &h.line, "", "this is held and was written to both stores, and the table has no such row")
		}
		if h.write < h.effect {
			whole = false
			j.found(Outdated, &h.line, "", fmt.Sprintf("the journal has a later write, at %d, that changed what is held", h.effect))
		}
	}
	if whole && j.open {
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
