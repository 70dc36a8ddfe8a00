package metamorphic

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A runner carries out a history on a server and on a model, and compares.
type runner struct {
	*world
	m        *model
	noSQL    bool // SQL is left out
	requests int
	queries  int
	rows     int   // compared in SQL
	last     touch // of the step that touched a record last
	kinds    map[string]int
}

// A disagreement is where server and model part.
type disagreement struct {
	step int    // in the history
	kind string // of the step
	what string
}

func (d *disagreement) Error() string { return fmt.Sprintf("step %d: %s", d.step, d.what) }

// run carries out a history, then asks for everything once more. An error that is no disagreement is a
// fault of the test or of the machine.
func (x *runner) run(ctx context.Context, history []step) error {
	for i, s := range history {
		x.m.now = s.at
		x.clock.set(s.at)
		what, err := x.step(ctx, s.op)
		if err != nil {
			return fmt.Errorf("step %d, %s: %w", i, show(s.op), err)
		}
		if logged := x.logged.take(); what == "" && logged != "" {
			what = "the server logged: " + logged
		}
		if what != "" {
			return &disagreement{i, kind(s.op), show(s.op) + "\n" + what}
		}
	}
	for _, t := range x.m.tables {
		if x.noSQL {
			break
		}
		what, err := x.compare(ctx, t)
		if err != nil {
			return err
		}
		if what != "" {
			return &disagreement{len(history), kind(askSQL{}), "at the end: " + what}
		}
	}
	return nil
}

// kind names the kind of a step.
func kind(o op) string {
	text := fmt.Sprintf("%T", o)
	return text[strings.LastIndexByte(text, '.')+1:]
}

// show names a step for people.
func show(o op) string {
	name := kind(o)
	switch o := o.(type) {
	case call:
		return name + " " + o.request().String()
	case *listRecords:
		text := fmt.Sprintf("%s of %s, %d a page, deleted: %v", name, o.Group, o.Max, o.Deleted)
		for _, c := range o.between {
			text += "\n    between pages: " + show(c)
		}
		return text
	}
	return name
}

// step carries out one step. what says how server and model disagree, "" if they do not.
func (x *runner) step(ctx context.Context, o op) (what string, err error) {
	x.kinds[kind(o)]++
	switch o := o.(type) {
	case restart:
		return "", x.restart(ctx)
	case askSQL:
		if x.noSQL {
			return "", nil
		}
		return x.compareSome(ctx)
	case askStatus:
		return x.compareStatus(ctx)
	case *listRecords:
		return x.list(ctx, o)
	case call:
		if what, err = x.call(ctx, o); what != "" || err != nil {
			return what, err
		}
		if t, ok := o.(touch); ok {
			x.last = t
		}
		return x.look(ctx)
	}
	panic("a step of no kind: " + show(o))
}

// call sends one request and compares the reply.
func (x *runner) call(ctx context.Context, c call) (what string, err error) {
	r := c.request()
	got, err := x.send(ctx, r)
	if err != nil {
		return "", err
	}
	return c.expect(x.m).differs(got, r.target != ""), nil
}

func (x *runner) send(ctx context.Context, r request) (*answer, error) {
	x.requests++
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return x.client.send(ctx, r)
}

// look reads the record that was touched last.
func (x *runner) look(ctx context.Context) (what string, err error) {
	if x.last == nil {
		return "", nil
	}
	group, id := x.last.touches(x.m)
	if group == "" || id == "" {
		return "", nil
	}
	get := &getRecord{Group: group, ID: id, Expiry: "Enabled"}
	what, err = x.call(ctx, get)
	if what != "" {
		what = "then " + show(get) + "\n" + what
	}
	return what, err
}

// compareStatus asks the control plane about everything.
func (x *runner) compareStatus(ctx context.Context) (what string, err error) {
	calls := []call{&listGroups{}}
	for _, g := range x.m.groups {
		calls = append(calls, &describeGroup{g.name}, &listTags{g.arn()})
		for _, d := range g.definitions {
			calls = append(calls, &describeFeature{g.name, d.FeatureName})
		}
	}
	for _, c := range calls {
		if what, err := x.call(ctx, c); what != "" || err != nil {
			return "then " + show(c) + "\n" + what, err
		}
	}
	return "", nil
}

// list reads every page of a listing, with writes between the first two, and says what is wrong with
// them: what is held throughout is listed, what is never held is not, in order and no page too long.
func (x *runner) list(ctx context.Context, o *listRecords) (what string, err error) {
	g, code := x.m.find(o.Group)
	if code == "" && !g.has().online {
		code = invalid
	}
	page := &listPage{Group: o.Group, MaxResults: o.Max, IncludeSoftDeletedRecords: o.Deleted}
	var always, ever, listed []string
	if code == "" {
		always = x.m.list(g, o.Deleted)
		ever = always
	}
	between := o.between
	most := o.Max
	if most == 0 {
		most = 100
	}
	for {
		got, err := x.send(ctx, page.request())
		if err != nil {
			return "", err
		}
		if code != "" {
			return reply{code: code}.differs(got, false), nil
		}
		var p struct {
			RecordIdentifiers []string
			NextToken         string
		}
		if err := json.Unmarshal(got.body, &p); err != nil || got.status != 200 || p.RecordIdentifiers == nil {
			return fmt.Sprintf("a page of records: %v", got), nil
		}
		if n := len(p.RecordIdentifiers); n > most || p.NextToken != "" && n < most || n == 0 && page.NextToken != "" && len(o.between) == 0 {
			return fmt.Sprintf("a page of %d records, token %q, where a page has %d", n, p.NextToken, most), nil
		}
		listed = append(listed, p.RecordIdentifiers...)
		if p.NextToken == "" {
			break
		}
		page.NextToken = p.NextToken
		for ; len(between) > 0; between = between[1:] {
			if what, err := x.call(ctx, between[0]); what != "" || err != nil {
				return what, err
			}
			now := x.m.list(g, o.Deleted)
			ever = append(slices.Clone(ever), now...)
			always = slices.DeleteFunc(slices.Clone(always), func(id string) bool { return !slices.Contains(now, id) })
		}
	}
	for i, id := range listed {
		if i > 0 && listed[i-1] >= id {
			return fmt.Sprintf("%q is listed after %q", id, listed[i-1]), nil
		}
		if !slices.Contains(ever, id) {
			return fmt.Sprintf("%q is listed, and is not held", id), nil
		}
	}
	for _, id := range always {
		if !slices.Contains(listed, id) {
			return fmt.Sprintf("%q is held throughout, and not listed: %q", id, listed), nil
		}
	}
	// The writes that no second page asked for.
	for _, c := range between {
		if what, err := x.call(ctx, c); what != "" || err != nil {
			return what, err
		}
	}
	return "", nil
}
