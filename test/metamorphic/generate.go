package metamorphic

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// How often a history asks for more than the one record that its last step touched.
const (
	stepsToBatch = 100   // BatchGetRecord and ListRecords of everything
	stepsToSQL   = 1_000 // the whole of a table
)

// A generator draws histories. It keeps a model of its own, so that it knows what would be interesting
// next; the same seed draws the same history, whatever a server answers.
type generator struct {
	*rand.Rand
	m *model
	n int // steps drawn
}

// generate draws a history.
func generate(seed uint64, steps int, extensions bool) []step {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 3)), m: newModel(extensions)}
	history := make([]step, 0, steps+steps/20)
	for g.n = 0; g.n < steps; g.n++ {
		g.m.now = g.m.now.Add(g.pause())
		for _, o := range g.next() {
			s := step{g.m.now, o}
			s.carry(g.m)
			history = append(history, s)
		}
	}
	return history
}

// next draws one step, with the checks of everything when it is time for them.
func (g *generator) next() []op {
	ops := []op{g.draw()}
	if g.n%stepsToBatch == stepsToBatch-1 {
		for _, name := range g.names() {
			ops = append(ops, g.batchOfAll(name), &listRecords{Group: name, Max: g.IntN(6), Deleted: g.chance(30)})
		}
	}
	if g.n%stepsToSQL == stepsToSQL-1 {
		ops = append(ops, askStatus{}, askSQL{})
	}
	return ops
}

// chance is true in so many cases of a thousand.
func (g *generator) chance(permille int) bool { return g.IntN(1000) < permille }

func pick[T any](g *generator, from ...T) T { return from[g.IntN(len(from))] }

// draw draws a step. The weights make most steps writes of records.
func (g *generator) draw() op {
	if len(g.m.groups) == 0 {
		return g.createGroup()
	}
	draws := []struct {
		weight int
		draw   func() op
	}{
		{330, g.putRecord}, {120, g.deleteRecord}, {130, g.updateRecord}, {70, g.batchWrite},
		{90, g.getRecord}, {60, g.batchGet}, {25, g.listRecords},
		{6, g.createGroup}, {3, g.deleteGroup}, {14, g.updateGroup},
		{12, g.describe}, {12, g.updateFeature}, {8, g.describeFeature}, {15, g.tags}, {5, g.listGroups}, {10, g.search},
		{12, g.raw}, {1, func() op { return restart{} }},
	}
	total := 0
	for _, d := range draws {
		total += d.weight
	}
	at := g.IntN(total)
	for _, d := range draws {
		if at -= d.weight; at < 0 {
			return d.draw()
		}
	}
	panic("the weights do not add up")
}

// pause draws how long the clock stands still before a step: mostly milliseconds; now and then it
// jumps to an expiry, just before or just after it, or by hours.
func (g *generator) pause() time.Duration {
	switch n := g.IntN(1000); {
	case n < 20:
		if by, ok := g.toExpiry(); ok {
			return by
		}
	case n < 24:
		return time.Duration(g.Int64N(int64(3 * time.Hour)))
	case n < 26:
		return time.Duration(g.Int64N(int64(40 * time.Hour)))
	case n < 300:
		return 0
	}
	return time.Duration(g.Int64N(int64(5 * time.Millisecond)))
}

// toExpiry draws a record that will expire within two days, and how long it is to about then.
func (g *generator) toExpiry() (by time.Duration, ok bool) {
	var due []time.Time
	for _, name := range g.names() {
		held := g.m.groups[name].held
		for _, id := range slices.Sorted(maps.Keys(held)) {
			if at, mortal := held[id].expiry(); mortal && at.After(g.m.now) && at.Before(g.m.now.Add(48*time.Hour)) {
				due = append(due, at)
			}
		}
	}
	if len(due) == 0 {
		return 0, false
	}
	by = pick(g, due...).Sub(g.m.now) + pick(g, 0, 0, -1, 1, time.Microsecond, -time.Microsecond, time.Millisecond, -time.Second)
	return max(by, 0), true
}

// names are those of the groups that there are, sorted.
func (g *generator) names() []string { return slices.Sorted(maps.Keys(g.m.groups)) }

// group draws one of the groups that there are, nil if there is none.
func (g *generator) group() *group { return g.m.groups[pick(g, g.names()...)] }

// online draws a group with an online store, if it can.
func (g *generator) online() *group {
	for range 4 {
		if drawn := g.group(); drawn.has().online {
			return drawn
		}
	}
	return g.group()
}

// ref draws a way to name a group: rarely one that does not exist.
func (g *generator) ref(drawn *group) string {
	switch g.IntN(40) {
	case 0:
		return drawn.arn()
	case 1:
		return strings.ToLower(drawn.arn())
	case 2:
		return pick(g, "no-such-group", "no_such_group", strings.Replace(drawn.arn(), account, "210987654321", 1))
	case 3:
		return strings.ToUpper(drawn.name)
	}
	return drawn.name
}

// batchOfAll asks for every record that was ever in a group, and one that never was.
func (g *generator) batchOfAll(name string) op {
	ids := append(slices.Sorted(maps.Keys(g.m.groups[name].ever)), "never there")
	o := &batchGet{ExpirationTimeResponse: "Enabled"}
	for from := 0; from < len(ids); from += 100 {
		o.Identifiers = append(o.Identifiers, want{FeatureGroupName: name, RecordIdentifiersValueAsString: ids[from:min(from+100, len(ids))]})
	}
	return o
}
