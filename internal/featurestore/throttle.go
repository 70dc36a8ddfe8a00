package featurestore

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/larder-dev/larder/internal/feature"
)

// A direction is what a unit of throughput is of.
type direction uint8

const (
	reading direction = iota
	writing
)

// unitBytes is how much one unit pays for (contract §1.13).
var unitBytes = [...]int{reading: 4096, writing: 1024}

// burstSeconds is how long a group's units add up while it is idle.
const burstSeconds = 5

// A meter holds groups to their provisioned throughput (docs/decisions/throttle.md). A nil meter
// holds nobody. It is safe for concurrent use.
type meter struct {
	now    func() time.Time
	mu     sync.Mutex // guards groups and what they hold
	groups map[feature.GroupID]*[2]*rate.Limiter
}

func newMeter(now func() time.Time) *meter {
	return &meter{now: now, groups: map[feature.GroupID]*[2]*rate.Limiter{}}
}

// take pays for size bytes of g. Throttled: the units of g do not suffice now.
func (m *meter) take(g *feature.Group, d direction, size int) error {
	if m == nil || g.Throughput == nil || g.Throughput.Mode != feature.Provisioned {
		return nil
	}
	capacity := [...]*int64{reading: g.Throughput.Read, writing: g.Throughput.Write}[d]
	if capacity == nil || m.allow(g.ID, d, *capacity, size) {
		return nil
	}
	return feature.Errorf(feature.Throttled, "the feature group %s has used up its %d %s capacity units a second; try again later, or give it more in its ThroughputConfig",
		g.Name, *capacity, [...]string{reading: "read", writing: "write"}[d])
}

func (m *meter) allow(g feature.GroupID, d direction, capacity int64, size int) bool {
	now, limit, burst := m.now(), rate.Limit(capacity), int(capacity*burstSeconds)
	m.mu.Lock()
	defer m.mu.Unlock()
	limiters := m.groups[g]
	if limiters == nil {
		limiters = new([2]*rate.Limiter)
		m.groups[g] = limiters
	}
	l := limiters[d]
	switch {
	case l == nil:
		l = rate.NewLimiter(limit, burst)
		limiters[d] = l
	case l.Limit() != limit: // the group was updated
		l.SetLimitAt(now, limit)
		l.SetBurstAt(now, burst)
	}
	units := (size + unitBytes[d] - 1) / unitBytes[d]
	// What is larger than the whole burst takes all of it: else nothing could ever pay for it. Of
	// no capacity nothing is paid.
	return l.AllowN(now, max(1, min(units, burst)))
}

// keep forgets the groups that are not live.
func (m *meter) keep(live map[feature.GroupID]bool) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for g := range m.groups {
		if !live[g] {
			delete(m.groups, g)
		}
	}
}

// sizeOf returns how many bytes of names and texts the values have.
func sizeOf(g *feature.Group, values []feature.Value) int {
	n := 0
	for i := range values {
		n += len(g.Definitions[values[i].Ordinal].Name) + values[i].Size()
	}
	return n
}
