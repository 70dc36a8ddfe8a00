package feature

// The throughput modes, and the most units that one may provision (contract §1.1).
const (
	OnDemand    = "OnDemand"
	Provisioned = "Provisioned"
	maxUnits    = 10_000_000
)

// checkThroughput holds the rules of a ThroughputConfig of g (contract §1.3 rules 6 and 7); nil is
// OnDemand. Read units of a group without an online store are allowed, because there is nothing
// to read that could tell.
func (g *Group) checkThroughput(t *Throughput) error {
	if t == nil {
		return nil
	}
	for _, u := range []struct {
		name  string
		units *int64
	}{{"ProvisionedReadCapacityUnits", t.Read}, {"ProvisionedWriteCapacityUnits", t.Write}} {
		if u.units != nil && (*u.units < 0 || *u.units > maxUnits) {
			return Errorf(Invalid, "%s %d is not from 0 to %d", u.name, *u.units, maxUnits)
		}
	}
	switch {
	case t.Mode == OnDemand && (t.Read != nil || t.Write != nil):
		return Errorf(Invalid, "the ThroughputMode is OnDemand and capacity units are given; give units only with the ThroughputMode Provisioned")
	case t.Mode == OnDemand:
		return nil
	case t.Mode != Provisioned:
		return Errorf(Invalid, "the ThroughputMode %s is not one of OnDemand, Provisioned", quote(t.Mode))
	case g.Online != nil && g.Online.StorageType == InMemory:
		return Errorf(Invalid, "the ThroughputMode Provisioned is not for an online store of the StorageType InMemory; use OnDemand")
	case t.Write == nil:
		return Errorf(Invalid, "the ThroughputMode Provisioned needs ProvisionedWriteCapacityUnits")
	case g.Online != nil && t.Read == nil:
		return Errorf(Invalid, "the ThroughputMode Provisioned needs ProvisionedReadCapacityUnits, because the feature group has an online store to read from")
	}
	return nil
}

// clone returns a copy that shares nothing with t.
func (t *Throughput) clone() *Throughput {
	if t == nil {
		return nil
	}
	return &Throughput{Mode: t.Mode, Read: copyOf(t.Read), Write: copyOf(t.Write)}
}

// copyOf returns a pointer to a copy of what p points to.
func copyOf[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}
