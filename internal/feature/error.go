package feature

import (
	"errors"
	"fmt"
)

// Kind is the meaning of an error. Each wire service maps a kind to its own code and status;
// the same kind may differ between services.
type Kind uint8

// An error without a kind is a fault of ours.
const (
	Fault         Kind = iota
	Invalid            // the caller's input breaks a rule
	NotFound           // what the caller names is not there
	Exists             // what the caller would make is there
	Conflict           // somebody else changed it first, or it is in a state that forbids the call
	Forbidden          // the caller may not
	Outdated           // what is held is newer than what the caller brings (UpdateRecord)
	Throttled          // more than the group's throughput; the same call succeeds later
	LimitExceeded      // more than the service has for one group
	Unsupported        // AWS does it, this server does not
	Unavailable        // not now; the same call may succeed later
)

// An Error carries a kind and a text for the caller. The text names the field, the value, the
// rule and the way out.
type Error struct {
	Kind Kind
	Text string
}

func (e *Error) Error() string { return e.Text }

// Errorf makes an Error of a kind.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Text: fmt.Sprintf(format, args...)}
}

// KindOf returns the kind of the first Error in err's chain, and Fault if there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Fault
}
