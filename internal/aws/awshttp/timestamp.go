package awshttp

import "time"

// A Timestamp is a time in a JSON shape: a number of seconds since 1970 with milliseconds when
// written; such a number, or ISO-8601 text, when read. Use *Timestamp with omitempty for optional members.
type Timestamp struct{ time.Time }

// NewTimestamp returns t for a shape: nil if t is zero.
func NewTimestamp(t time.Time) *Timestamp {
	if t.IsZero() {
		return nil
	}
	return &Timestamp{t}
}
