package asof_test

import (
	"math"
	"strconv"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// A row is a row of a group, as the one who wrote it knows it.
type row struct {
	id, at   string
	invoked  int64 // microseconds; math.MinInt64: none
	written  int64
	place    int // of two rows that are equal in all else the one with the greater place wins
	deleted  bool
	features map[feature.Name]any // int64, float64, string or []string
}

// A label is a row to be joined.
type label struct {
	id   *string
	time *feature.EventTime
}

// newest is the join, as it is said in words: of the rows of the label's identifier that are known and not after
// the label's time the newest one, if it is neither deleted nor too old.
func newest(g *feature.Group, rows []*row, l label, lookBack time.Duration, skipDeletes bool, asOf int64) *row {
	if l.id == nil || l.time == nil {
		return nil
	}
	var best *row
	for _, r := range rows {
		if !sameID(g.Definitions[0].Type, r.id, *l.id) || instant(g, r).Compare(*l.time) > 0 || asOf != 0 && r.written > asOf || r.deleted && skipDeletes {
			continue
		}
		if best == nil || newer(g, r, best) {
			best = r
		}
	}
	if best == nil || best.deleted {
		return nil
	}
	if age := l.time.Time().Sub(instant(g, best).Time()); lookBack != 0 && age > lookBack {
		return nil
	}
	return best
}

func newer(g *feature.Group, a, b *row) bool {
	if c := instant(g, a).Compare(instant(g, b)); c != 0 {
		return c > 0
	}
	if a.invoked != b.invoked {
		return a.invoked > b.invoked
	}
	if a.written != b.written {
		return a.written > b.written
	}
	return a.place > b.place
}

func sameID(t feature.Type, a, b string) bool {
	if t == feature.String {
		return a == b
	}
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && x == y
}

// instant is the event time of a row in the offline store, where a Fractional one is a double.
func instant(g *feature.Group, r *row) feature.EventTime {
	text := r.at
	if g.Definitions[1].Type == feature.Fractional {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			panic(err)
		}
		text = strconv.FormatFloat(x, 'f', -1, 64)
	}
	t, err := feature.ParseEventTime(g.Definitions[1].Type, text)
	if err != nil {
		panic(err)
	}
	return t
}

const noTime = math.MinInt64
