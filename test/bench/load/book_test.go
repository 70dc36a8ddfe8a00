package load

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const ms = time.Millisecond

// A server that answers at once but stops for 100 ms costs every request that was due then, not only the one that it
// had: at one a millisecond they take 100, 99, … 1 ms.
func TestRequestsThatWereDueWhileTheServerStoppedCountFromWhenTheyWereDue(t *testing.T) {
	b := newBook(&Plan{Rate: 1000, For: time.Second, Requests: make([]Request, 1)})
	for now := time.Duration(0); now < time.Second; now += ms {
		if now > 200*ms && now < 300*ms {
			continue // the one connection has no answer
		}
		for {
			_, from, ok := b.take(now)
			if !ok {
				break
			}
			if from == 200*ms {
				b.answered(from, 300*ms, 0)
				break // the connection is busy until then
			}
			b.answered(from, now, 0)
		}
	}
	r := b.result()
	if r.Answered != 1000 || r.Took != time.Second {
		t.Fatalf("%d answers in %v", r.Answered, r.Took)
	}
	late := Times(nil)
	for _, took := range r.Times() {
		if took > 0 {
			late = append(late, took)
		}
	}
	var want Times
	for i := range 100 {
		want = append(want, time.Duration(i+1)*ms)
	}
	if diff := cmp.Diff(want, late); diff != "" {
		t.Errorf("the late ones (-want +got):\n%s", diff)
	}
	if q := r.Times().Quantile(0.99); q != 90*ms {
		t.Errorf("p99 is %v; ten of a thousand took longer than 90 ms", q)
	}
}

func TestAnOpenLoopSendsAllThatIsDueAndNothingElse(t *testing.T) {
	b := newBook(&Plan{Rate: 3, Warm: time.Second, For: 2 * time.Second, Requests: make([]Request, 1)})
	var due []time.Duration
	for {
		_, from, ok := b.take(time.Hour) // however late
		if !ok {
			break
		}
		due = append(due, from)
		b.answered(from, from+ms, 0)
	}
	want := []time.Duration{0, 333333333, 666666666, time.Second, 1333333333, 1666666666, 2 * time.Second, 2333333333, 2666666666}
	if diff := cmp.Diff(want, due); diff != "" {
		t.Errorf("due (-want +got):\n%s", diff)
	}
	if r := b.result(); r.Answered != 6 || r.Rate() != 3 {
		t.Errorf("%d answers counted, %v a second; the second of warming is not", r.Answered, r.Rate())
	}
}

func TestAnOpenLoopDoesNotSendEarly(t *testing.T) {
	b := newBook(&Plan{Rate: 10, For: time.Second, Requests: make([]Request, 1)})
	if _, from, ok := b.take(0); !ok || from != 0 {
		t.Fatalf("the first is due at once: %v %v", from, ok)
	}
	if _, _, ok := b.take(99 * ms); ok {
		t.Error("the second went 1 ms early")
	}
	if at := b.wake(); at != 100*ms {
		t.Errorf("it wakes at %v", at)
	}
}

func TestAServerThatDoesNotKeepUpHasTheRateThatItDid(t *testing.T) {
	b := newBook(&Plan{Rate: 1000, For: time.Second, Requests: make([]Request, 1)})
	for i := range 1000 { // 500 a second
		_, from, ok := b.take(time.Duration(i) * 2 * ms)
		if !ok {
			t.Fatal("not due")
		}
		b.answered(from, time.Duration(i+1)*2*ms, 0)
	}
	if r := b.result(); r.Took != 2*time.Second || r.Rate() != 500 {
		t.Errorf("%v a second in %v", r.Rate(), r.Took)
	}
}

func TestAClosedLoopCountsWhatIsAnsweredInItsTime(t *testing.T) {
	b := newBook(&Plan{Warm: 10 * ms, For: 20 * ms, Requests: make([]Request, 1)})
	for now := time.Duration(0); ; now += 4 * ms { // answers at 4, 8, 12, … 28, 32
		_, from, ok := b.take(now)
		if !ok {
			break
		}
		b.answered(from, now+4*ms, 0)
	}
	if r := b.result(); r.Answered != 5 || r.Took != 20*ms || r.Rate() != 250 || r.Times().Quantile(1) != 4*ms {
		t.Errorf("%+v", r)
	}
}

func TestACountOfRequestsTakesUntilTheLastAnswer(t *testing.T) {
	b := newBook(&Plan{Count: 3, For: time.Second, Requests: make([]Request, 1)})
	for now := time.Duration(0); b.sending(now); now += 5 * ms {
		_, from, ok := b.take(now)
		if !ok {
			t.Fatal("nothing to send")
		}
		b.answered(from, now+5*ms, 0)
	}
	if r := b.result(); r.Answered != 3 || r.Took != 15*ms || r.Rate() != 200 {
		t.Errorf("%+v, %v a second", r, r.Rate())
	}
}

func TestClassesAreKeptApart(t *testing.T) {
	b := newBook(&Plan{Rate: 1, For: 4 * time.Second, Requests: []Request{{}, {Class: 1}}})
	for i := range 4 {
		_, from, _ := b.take(time.Hour)
		b.answered(from, from+time.Duration(i)*ms, uint8(i%2))
	}
	r := b.result()
	if diff := cmp.Diff([]Times{{0, 2 * ms}, {ms, 3 * ms}}, r.Classes); diff != "" {
		t.Errorf("classes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Times{0, ms, 2 * ms, 3 * ms}, r.Times()); diff != "" {
		t.Errorf("together (-want +got):\n%s", diff)
	}
}

func TestErrorsOfTheWarmingAreNotHidden(t *testing.T) {
	b := newBook(&Plan{Warm: time.Second, For: time.Second, Requests: make([]Request, 1)})
	b.failed("one")
	b.failed("two")
	if r := b.result(); r.Errors != 2 || r.Error != "one" {
		t.Errorf("%+v", r)
	}
}

func TestARunThatIsCutHasTheTimeThatItHad(t *testing.T) {
	b := newBook(&Plan{Rate: 100, For: time.Minute, Requests: make([]Request, 1)})
	for range 100 {
		_, from, _ := b.take(time.Second)
		b.answered(from, from, 0)
	}
	b.cut(time.Second)
	if r := b.result(); b.sending(time.Second) || r.Took != time.Second || r.Rate() != 100 {
		t.Errorf("%v in %v", r.Rate(), r.Took)
	}
}

func TestQuantilesAreTimesThatWereMeasured(t *testing.T) {
	hundred := make(Times, 100)
	for i := range hundred {
		hundred[i] = time.Duration(i + 1)
	}
	for _, c := range []struct {
		name  string
		times Times
		q     float64
		want  time.Duration
	}{
		{"none", nil, 0.5, 0},
		{"one", Times{7}, 0.99, 7},
		{"median of two", Times{1, 2}, 0.5, 1},
		{"median of three", Times{1, 2, 3}, 0.5, 2},
		{"p50 of a hundred", hundred, 0.5, 50},
		{"p99 of a hundred", hundred, 0.99, 99},
		{"p99.9 of a hundred", hundred, 0.999, 100},
		{"worst", hundred, 1, 100},
		{"least", hundred, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.times.Quantile(c.q); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestAnswersOfTheWarmingCountForTheProcessorAlone(t *testing.T) {
	b := newBook(&Plan{Warm: time.Second, For: time.Second, Requests: make([]Request, 1)})
	for _, now := range []time.Duration{500 * ms, 1500 * ms, 1700 * ms, 2500 * ms} {
		b.answered(now-ms, now, 0)
	}
	if r := b.result(); r.All != 4 || r.Answered != 2 {
		t.Errorf("%d answers, %d of them in time; want 4 and 2", r.All, r.Answered)
	}
}
