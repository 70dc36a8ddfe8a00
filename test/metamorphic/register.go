package metamorphic

import (
	"fmt"

	"github.com/anishathalye/porcupine"
)

// A register is what the model of concurrent histories knows of one record: contract §3.1, §3.4 and
// §2.8 once more, as a value that can be compared.
type register struct {
	is    condition
	at    int64 // event time, nanoseconds after origin
	lives int64 // nanoseconds from at on; 0: for ever
	a, b  string
}

type condition uint8

const (
	nothing condition = iota
	held
	tombstone
)

// An input is what a client does to one record.
type input struct {
	key   int
	do    action
	at    int64  // of a write; -1: an update that leaves it
	lives int64  // of a write; 0: for ever, or of an update: what is left of it
	a, b  string // of a write; "" is no value; of an update also "-": to be cleared
	with  bool   // a listing has tombstones too
	// from and to are what the clock showed when the call began and when it had returned: what expires
	// in between has, or has not.
	from, to int64
}

type action uint8

const (
	read       action = iota
	put               // a put to the online store, or to both
	putOffline        // which changes nothing online
	softDelete
	hardDelete
	change
	listed
)

// An output is what a client was told.
type output struct {
	code string // of an error
	register
}

// apply carries an input out: what comes back, and what is held then.
func (r register) apply(in input) (output, register) {
	newer := r.is == nothing || in.at > r.at
	older := r.is != nothing && in.at < r.at
	switch in.do {
	case read:
		if r.is != held {
			return output{}, r
		}
		return output{register: r}, r
	case listed:
		if r.is == held || r.is == tombstone && in.with {
			return output{register: register{is: held}}, r
		}
		return output{}, r
	case put:
		if !older {
			r = register{held, in.at, in.lives, in.a, in.b}
		}
	case softDelete:
		if newer {
			r = register{is: tombstone, at: in.at}
		}
	case hardDelete:
		if !newer {
			return output{code: invalid}, r
		}
		r = register{}
	case change:
		return r.change(in)
	}
	return output{}, r
}

func (r register) change(in input) (output, register) {
	if r.is != held {
		return output{code: notFound}, r
	}
	if in.at >= 0 {
		if in.at < r.at {
			return output{code: conflict}, r
		}
		r.at = in.at
	}
	if in.lives > 0 {
		r.lives = in.lives
	}
	r.a, r.b = changed(r.a, in.a), changed(r.b, in.b)
	return output{}, r
}

func changed(was, to string) string {
	switch to {
	case "":
		return was
	case "-":
		return ""
	}
	return to
}

// seen returns what r may be to an operation: what it is, nothing if it expired before the operation, and
// either if it expires during it. What was put when it had expired is held all the same: to all that come
// later it is nothing.
func (r register) seen(in input) []register {
	switch until := r.at + r.lives; {
	case r.is != held || r.lives == 0 || until > in.to:
		return []register{r}
	case until <= in.from:
		return []register{{}}
	}
	return []register{r, {}}
}

// registers is the specification of the store that a checker of linearizability reads: every record is a
// register of its own.
func registers() porcupine.Model {
	model := porcupine.NondeterministicModel{
		Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
			var keys [][]porcupine.Operation
			for _, o := range history {
				key := o.Input.(input).key
				for len(keys) <= key {
					keys = append(keys, nil)
				}
				keys[key] = append(keys[key], o)
			}
			return keys
		},
		Init: func() []any { return []any{register{}} },
		Step: func(state, given, out any) (after []any) {
			r, in := state.(register), given.(input)
			for _, seen := range r.seen(in) {
				want, next := seen.apply(in)
				if want != out.(output) {
					continue
				}
				if next == seen { // a write that began earlier may find it alive
					next = r
				}
				after = append(after, next)
			}
			return after
		},
		DescribeOperation: func(in, out any) string { return fmt.Sprintf("%v → %v", in, out) },
		DescribeState:     func(state any) string { return fmt.Sprint(state) },
	}
	return model.ToModel()
}

func (in input) String() string {
	name := [...]string{"get", "put", "put offline", "delete", "hard delete", "update", "list"}[in.do]
	switch in.do {
	case read, listed:
		return fmt.Sprintf("%s %d", name, in.key)
	}
	return fmt.Sprintf("%s %d at %d for %d %s %s, %d to %d", name, in.key, in.at, in.lives, in.a, in.b, in.from, in.to)
}

func (out output) String() string { return out.code + out.register.String() }

func (r register) String() string {
	return fmt.Sprintf("%s %d for %d %s %s", [...]string{"nothing", "held", "tombstone"}[r.is], r.at, r.lives, r.a, r.b)
}
