package feature

// EventTime is an instant in 0000-01-01T00:00:00Z … 9999-12-31T23:59:59.999999999Z.
// The zero value is 1970-01-01T00:00:00Z.
type EventTime struct {
	Sec  int64 // since 1970, may be negative
	Nsec int32 // 0 … 999,999,999, added to Sec
}

// Compare returns -1, 0 or 1: the instants decide, not their texts.
func (t EventTime) Compare(u EventTime) int {
	switch {
	case t.Sec < u.Sec, t.Sec == u.Sec && t.Nsec < u.Nsec:
		return -1
	case t == u:
		return 0
	}
	return 1
}
