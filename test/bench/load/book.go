package load

import (
	"math"
	"slices"
	"time"
)

// A book knows which request is due when, and keeps how long answers took. Its times are from the start of the run.
// It is pure, so that its arithmetic is tested without a clock.
type book struct {
	rate      float64
	warm, end time.Duration
	count     int64 // of requests; as many as there are in a time if none is said
	next      int64 // number of the request that is sent next
	classes   []Times
	all       int64 // good answers, those of the warming too
	errors    int64
	first     string // error
	last      time.Duration
}

func newBook(p *Plan) *book {
	b := &book{rate: p.Rate, warm: p.Warm, end: p.Warm + p.For, count: p.Count}
	if b.count == 0 {
		b.count = math.MaxInt64
	}
	most := uint8(0)
	for i := range p.Requests {
		most = max(most, p.Requests[i].Class)
	}
	b.classes = make([]Times, most+1)
	room := 1 << 20
	if p.Rate > 0 {
		room = int(p.Rate*p.For.Seconds()) + 1
	}
	for i := range b.classes {
		b.classes[i] = make(Times, 0, room)
	}
	return b
}

// due is when request n of an open loop is.
func (b *book) due(n int64) time.Duration {
	return time.Duration(float64(n) / b.rate * float64(time.Second))
}

// take returns the request to send now and when its time began: when it was due, however late it is sent, or of a
// closed loop now.
func (b *book) take(now time.Duration) (n int64, from time.Duration, ok bool) {
	from = now
	if b.rate > 0 {
		from = b.due(b.next)
	}
	if from > now || from >= b.end || b.next >= b.count {
		return 0, 0, false
	}
	n = b.next
	b.next++
	return n, from, true
}

// sending tells whether requests are still to be sent.
func (b *book) sending(now time.Duration) bool {
	if b.next >= b.count {
		return false
	}
	if b.rate > 0 {
		return b.due(b.next) < b.end
	}
	return now < b.end
}

// wake is when the next request is due, or when the last was.
func (b *book) wake() time.Duration {
	if b.rate > 0 {
		return min(b.due(b.next), b.end)
	}
	return b.end
}

// answered keeps a good answer that came now to a request whose time began at from.
func (b *book) answered(from, now time.Duration, class uint8) {
	b.all++
	if !b.counts(from, now) {
		return
	}
	b.classes[class] = append(b.classes[class], now-from)
	b.last = max(b.last, now)
}

// failed keeps a wrong answer, or none, that of the warming too: it must not be hidden.
func (b *book) failed(why string) {
	b.errors++
	if b.first == "" {
		b.first = why
	}
}

// counts tells whether a request is of the timed part. In an open loop all that were due in it are, whenever they are
// answered; in a closed loop those that were answered in it.
func (b *book) counts(from, now time.Duration) bool {
	if b.rate > 0 {
		return from >= b.warm
	}
	return now >= b.warm && now < b.end
}

// cut ends the run early: nothing more is sent.
func (b *book) cut(now time.Duration) { b.end = min(b.end, max(now, 0)) }

func (b *book) result() Result {
	r := Result{All: b.all, Errors: b.errors, Error: b.first, Took: max(b.end-b.warm, 0), Classes: b.classes}
	switch {
	case b.next >= b.count:
		r.Took = b.last
	case b.rate > 0:
		// A server that does not keep up answers after the end; its rate is what it did until then.
		r.Took = max(r.Took, b.last-b.warm)
	}
	for _, c := range b.classes {
		slices.Sort(c)
		r.Answered += int64(len(c))
	}
	return r
}
