package metamorphic

import "time"

// A step is one op of a history, and the time at which the clock stands for it.
type step struct {
	at time.Time
	op
}

// carry carries the step out on the model.
func (s step) carry(m *model) {
	m.now = s.at
	s.expect(m)
}

// An op is what one step does.
type op interface {
	// expect carries the step out on the model and returns what must come back.
	expect(m *model) reply
}

// A call is an op that is one request.
type call interface {
	op
	request() request
}

// A touch is an op that concerns one record, which is read after it.
type touch interface {
	touches(m *model) (group, id string)
}

// restart closes the server and opens it again on the same directory.
type restart struct{}

func (restart) expect(*model) reply { return reply{} }

// askSQL compares the whole history of a table with the model's.
type askSQL struct{}

func (askSQL) expect(*model) reply { return reply{} }

// askStatus asks the control plane about every group.
type askStatus struct{}

func (askStatus) expect(*model) reply { return reply{} }

// A raw is a request that no well-behaved client sends, and the code of its error.
type raw struct {
	sent request
	code string
}

func (o raw) request() request    { return o.sent }
func (o raw) expect(*model) reply { return reply{code: o.code} }
