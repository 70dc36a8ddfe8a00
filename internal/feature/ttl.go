package feature

// seconds returns the length of a unit, 0 for what is none (contract §3.5).
func (u TTLUnit) seconds() int64 {
	switch u {
	case Seconds:
		return 1
	case Minutes:
		return 60
	case Hours:
		return 60 * 60
	case Days:
		return 24 * 60 * 60
	case Weeks:
		return 7 * 24 * 60 * 60
	}
	return 0
}

// maxTTL is how far apart two event times can be at most. A longer time to live would say the
// same of every record, and would leave the range of int64 sooner or later.
const maxTTL = maxEventSec - minEventSec

// Seconds returns how long t is. Invalid: its unit is none, or its value is below 1 or so large that
// no record could tell.
func (t TTL) Seconds() (int64, error) {
	unit := t.Unit.seconds()
	switch {
	case unit == 0 && t.Unit == "":
		return 0, Errorf(Invalid, "TtlDuration has no Unit; Unit and Value come together, and Unit is Seconds, Minutes, Hours, Days or Weeks")
	case unit == 0:
		return 0, Errorf(Invalid, "the Unit %s of TtlDuration is not one of Seconds, Minutes, Hours, Days, Weeks", quote(string(t.Unit)))
	case t.Value < 1:
		return 0, Errorf(Invalid, "the Value %d of TtlDuration is less than 1; Unit and Value come together, and Value is 1 or more", t.Value)
	case t.Value > maxTTL/unit:
		return 0, Errorf(Invalid, "the Value %d of TtlDuration is too large: the most is %d %s", t.Value, maxTTL/unit, t.Unit)
	}
	return t.Value * unit, nil
}

// RecordTTL returns after how many seconds a record of g expires, 0 for never: as its writer says,
// or as the group says if that is nil (contract §3.5). Invalid.
func (g *Group) RecordTTL(asked *TTL) (int64, error) {
	if asked != nil && g.Online == nil {
		return 0, Errorf(Invalid, "the record has a TtlDuration, and the feature group %s has no online store for it to expire from; leave it out", g.Name)
	}
	if asked == nil && g.Online != nil {
		asked = g.Online.TTL
	}
	if asked == nil {
		return 0, nil
	}
	return asked.Seconds()
}
