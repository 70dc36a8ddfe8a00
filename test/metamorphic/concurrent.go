package metamorphic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"
)

// The shape of a concurrent history: clients that write and read few records of one group, so that
// nearly every operation meets another.
const (
	concurrentClients = 8
	concurrentKeys    = 4
	callsAClient      = 40
)

// A history is what concurrent clients did to one group, and what they were told.
type history struct {
	group   string
	audited bool // every write is a row of SQL that can be told from all others
	hard    bool // of an audited one: its deletes are hard ones
	tended  bool // time passes, and the group gets features; if it is not audited, records expire

	mu         sync.Mutex // guards the rest
	operations []porcupine.Operation
	failure    error
}

// A user is one client of a history.
type user struct {
	*history
	*rand.Rand
	*client
	number, n int
	values    int // drawn so far
	began     time.Time
}

// concur makes a group and lets clients loose on it until each has made its calls.
func concur(ctx context.Context, w *world, group string, seed uint64) (*history, error) {
	rng := rand.New(rand.NewPCG(seed, 5))
	h := &history{group: group, audited: rng.IntN(8) == 0, hard: rng.IntN(2) == 0, tended: rng.IntN(2) == 0}
	create := &createGroup{
		FeatureGroupName: group, RecordIdentifierFeatureName: "id", EventTimeFeatureName: "at",
		FeatureDefinitions: []definition{{FeatureName: "id", FeatureType: "String"}, {FeatureName: "at", FeatureType: "String"}, {FeatureName: "a", FeatureType: "String"}, {FeatureName: "b", FeatureType: "String"}},
		OnlineStoreConfig:  &onlineConfig{EnableOnlineStore: true, StorageType: "Standard_V2"},
		OfflineStoreConfig: &offlineConfig{S3StorageConfig: s3Config{S3Uri: "s3://" + bucket}},
		RoleArn:            "arn:aws:iam::" + account + ":role/anyone",
	}
	if a, err := w.client.send(ctx, create.request()); err != nil || a.status != http.StatusOK {
		return nil, errors.Join(err, fmt.Errorf("create %s: %v", group, a))
	}
	began := time.Now()
	var users, steward sync.WaitGroup
	done := make(chan struct{})
	if h.tended {
		steward.Go(func() { h.fail(h.tend(ctx, w, done)) })
	}
	for n := range concurrentClients {
		u := &user{history: h, Rand: rand.New(rand.NewPCG(seed, uint64(100+n))), client: w.client, number: n, began: began}
		users.Go(func() {
			for u.n = range callsAClient {
				if err := u.act(ctx); err != nil {
					h.fail(err)
					return
				}
			}
		})
	}
	users.Wait()
	close(done)
	steward.Wait()
	return h, h.failure
}

// fail notes an error, if it is one, that ends the history.
func (h *history) fail(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failure = errors.Join(h.failure, err)
}

// tend is what goes on beside the clients, and must not touch what they see: time passes, so that rows
// are flushed, and the group gets features.
func (h *history) tend(ctx context.Context, w *world, done <-chan struct{}) error {
	pause := time.NewTicker(5 * time.Millisecond)
	defer pause.Stop()
	for n := 0; ; n++ {
		select {
		case <-done:
			return nil
		case <-pause.C:
		}
		w.clock.set(w.clock.Now().Add(100 * time.Millisecond))
		if n%4 == 0 && n < 40 {
			add := &updateGroup{FeatureGroupName: h.group, FeatureAdditions: []definition{{FeatureName: fmt.Sprint("more", n), FeatureType: "Integral"}}}
			if a, err := w.client.send(ctx, add.request()); err != nil || a.status != http.StatusOK {
				return errors.Join(err, fmt.Errorf("add a feature to %s: %v", h.group, a))
			}
		}
	}
}

// act draws one call, makes it, and notes what it did to each record.
func (u *user) act(ctx context.Context) error {
	switch n := u.IntN(100); {
	case n < 22:
		return u.get(ctx)
	case n < 30:
		return u.batchGet(ctx)
	case n < 36:
		return u.list(ctx)
	case n < 48:
		return u.batchWrite(ctx)
	case n < 66:
		in := u.write()
		return u.one(ctx, in, request{method: "PUT", path: u.path(), body: u.entry(in)})
	case n < 80:
		in := u.draw()
		in.do = []action{softDelete, hardDelete}[u.IntN(2)]
		if u.audited {
			in.do = softDelete
			if u.hard {
				in.do = hardDelete
			}
			in.at += int64(u.number*1000 + u.n + 1) // unlike every other
		}
		q := url.Values{"RecordIdentifierValueAsString": {u.id(in.key)}, "EventTime": {u.time(in.at)}}
		if in.do == hardDelete {
			q.Set("DeletionMode", "HardDelete")
		}
		in.a, in.b = "", ""
		return u.one(ctx, in, request{method: "DELETE", path: u.path(), query: q})
	}
	return u.update(ctx)
}

func (u *user) path() []string { return []string{"FeatureGroup", u.group} }

func (u *user) id(key int) string { return "key " + strconv.Itoa(key) }

// lifetime is the time to live of all records that have one.
const lifetime = time.Hour

// origin is where the event times of concurrent histories begin: a record that has a lifetime and an event
// time near it has expired.
var origin = epoch.Add(-2 * lifetime)

// time writes an event time: a text that no other instant has, in one of several zones.
func (u *user) time(at int64) string {
	zone := time.FixedZone("", 3600*int(at%3))
	return origin.Add(time.Duration(at)).In(zone).Format(time.RFC3339Nano)
}

// instant reads it back.
func (u *user) instant(text string) (int64, error) {
	at, err := time.Parse(time.RFC3339Nano, text)
	return int64(at.Sub(origin)), err
}

// clock is what the clock shows.
func (u *user) clock() int64 { return int64(u.now().Sub(origin)) }

// draw draws a record, an event time and values that nobody else writes.
func (u *user) draw() input {
	in := input{key: u.IntN(concurrentKeys), at: int64(u.IntN(6)) * int64(time.Second)}
	if u.tended && !u.audited { // it expires about now, if it is to
		in.at = u.clock() - int64(lifetime) + int64(u.IntN(7)-2)*int64(100*time.Millisecond)
	}
	u.values++
	in.a = fmt.Sprintf("%d.%d", u.number, u.values)
	if u.IntN(2) == 0 {
		in.b = in.a
	}
	return in
}

// write draws a put.
func (u *user) write() input {
	in := u.draw()
	in.do = put
	switch n := u.IntN(12); {
	case u.audited:
	case n == 0:
		in.do = putOffline
	case n < 3, n < 7 && u.tended:
		in.lives = int64(lifetime)
	}
	return in
}

// entry is the body of a put.
func (u *user) entry(in input) *entry {
	e := &entry{FeatureGroupName: u.group, Record: []featureValue{scalar("id", u.id(in.key)), scalar("at", u.time(in.at))}}
	for name, text := range map[string]string{"a": in.a, "b": in.b} {
		if text != "" {
			e.Record = append(e.Record, scalar(name, text))
		}
	}
	switch {
	case in.do == putOffline:
		e.TargetStores = []string{"OfflineStore"}
	case in.lives > 0:
		e.TtlDuration = &ttl{"Hours", 1}
	case !u.audited && u.IntN(3) == 0:
		e.TargetStores = []string{"OnlineStore"}
	}
	return e
}

func (u *user) update(ctx context.Context) error {
	in := u.draw()
	in.do = change
	if u.IntN(2) == 0 {
		in.at = -1
	}
	body := &updateRecord{RecordIdentifierValueAsString: u.id(in.key), Features: []featureValue{scalar("a", in.a)}}
	switch u.IntN(3) {
	case 0:
		in.b = "-"
		body.Features = append(body.Features, featureValue{FeatureName: "b"})
	case 1:
		in.b = in.a
		body.Features = append(body.Features, scalar("b", in.b))
	default:
		in.b = ""
	}
	if in.at >= 0 {
		body.Features = append(body.Features, scalar("at", u.time(in.at)))
		if u.tended && !u.audited && u.IntN(4) == 0 {
			in.lives, body.TtlDuration = int64(lifetime), &ttl{"Hours", 1}
		}
	}
	return u.one(ctx, in, request{method: "POST", path: append(u.path(), "Record"), body: body})
}

// one makes a call that writes one record.
func (u *user) one(ctx context.Context, in input, r request) error {
	a, called, err := u.call(ctx, r)
	if err != nil {
		return err
	}
	u.note(called, in, output{code: a.code})
	return nil
}

// A moment is when a call began, in nanoseconds of the history and by the clock.
type moment struct{ real, clock int64 }

// call sends a request, and returns when it was called.
func (u *user) call(ctx context.Context, r request) (a *answer, called moment, err error) {
	called = moment{int64(time.Since(u.began)), u.clock()}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	a, err = u.send(ctx, r)
	if err == nil && (a.status >= 500 || a.status == http.StatusForbidden) {
		err = fmt.Errorf("%v: %v", r, a)
	}
	return a, called, err
}

// note keeps an operation that has just returned.
func (u *user) note(called moment, in input, out output) {
	in.from, in.to = called.clock, u.clock()
	returned := int64(time.Since(u.began))
	u.mu.Lock()
	defer u.mu.Unlock()
	u.operations = append(u.operations, porcupine.Operation{ClientId: u.number, Input: in, Call: called.real, Output: out, Return: returned})
}

// found reads a record of a reply.
func (u *user) found(f found) (output, error) {
	if f.Record == nil {
		return output{}, nil
	}
	out := output{register: register{is: held}}
	for _, v := range f.Record {
		switch v.FeatureName {
		case "at":
			var err error
			if out.at, err = u.instant(*v.ValueAsString); err != nil {
				return out, err
			}
		case "a":
			out.a = *v.ValueAsString
		case "b":
			out.b = *v.ValueAsString
		}
	}
	if f.ExpiresAt != "" {
		until, err := u.instant(f.ExpiresAt)
		if err != nil {
			return out, err
		}
		out.lives = until - out.at
	}
	return out, nil
}

func (u *user) get(ctx context.Context) error {
	in := input{key: u.IntN(concurrentKeys)}
	a, called, err := u.call(ctx, (&getRecord{Group: u.group, ID: u.id(in.key), Expiry: "Enabled"}).request())
	if err != nil {
		return err
	}
	var f found
	if err := json.Unmarshal(a.body, &f); err != nil || a.status != http.StatusOK {
		return fmt.Errorf("GetRecord: %v", a)
	}
	out, err := u.found(f)
	if err != nil {
		return err
	}
	u.note(called, in, out)
	return nil
}

// batchGet reads every record, and one of them twice: each is an operation of its own.
func (u *user) batchGet(ctx context.Context) error {
	w := want{FeatureGroupName: u.group}
	for key := range concurrentKeys {
		w.RecordIdentifiersValueAsString = append(w.RecordIdentifiersValueAsString, u.id(key))
	}
	a, called, err := u.call(ctx, (&batchGet{Identifiers: []want{w}, ExpirationTimeResponse: "Enabled"}).request())
	if err != nil {
		return err
	}
	var b batchFound
	if err := json.Unmarshal(a.body, &b); err != nil || a.status != http.StatusOK || len(b.Errors)+len(b.UnprocessedIdentifiers) > 0 {
		return fmt.Errorf("BatchGetRecord: %v", a)
	}
	byID := map[string]found{}
	for _, r := range b.Records {
		byID[r.RecordIdentifierValueAsString] = r.found
	}
	for key := range concurrentKeys {
		out, err := u.found(byID[u.id(key)])
		if err != nil {
			return err
		}
		u.note(called, input{key: key}, out)
	}
	return nil
}

// list lists the group: of each record it says whether it is held, at some moment of the call.
func (u *user) list(ctx context.Context) error {
	with := u.IntN(2) == 0
	a, called, err := u.call(ctx, (&listPage{Group: u.group, IncludeSoftDeletedRecords: with}).request())
	if err != nil {
		return err
	}
	var p struct{ RecordIdentifiers []string }
	if err := json.Unmarshal(a.body, &p); err != nil || a.status != http.StatusOK {
		return fmt.Errorf("ListRecords: %v", a)
	}
	is := map[string]condition{}
	for _, id := range p.RecordIdentifiers {
		is[id] = held
	}
	for key := range concurrentKeys {
		u.note(called, input{key: key, do: listed, with: with}, output{register: register{is: is[u.id(key)]}})
	}
	return nil
}

// batchWrite writes several records, sometimes one of them twice: each is an operation of its own.
func (u *user) batchWrite(ctx context.Context) error {
	var ins []input
	o := &batchWrite{}
	for range 1 + u.IntN(5) {
		in := u.write()
		ins = append(ins, in)
		o.Entries = append(o.Entries, *u.entry(in))
	}
	a, called, err := u.call(ctx, o.request())
	if err != nil {
		return err
	}
	if string(a.body) != `{"Errors":[],"UnprocessedEntries":[]}` {
		return fmt.Errorf("BatchWriteRecord: %v", a)
	}
	for _, in := range ins {
		u.note(called, in, output{})
	}
	return nil
}
