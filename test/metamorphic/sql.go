package metamorphic

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A cell is a value of a result: nil is NULL.
type cell *string

// compareSome compares the tables that have changed most since SQL was last asked.
func (x *runner) compareSome(ctx context.Context) (what string, err error) {
	changed := slices.SortedFunc(slices.Values(x.m.tables), func(a, b *table) int { return b.dirty - a.dirty })
	for _, t := range changed[:min(2, len(changed))] {
		if t.dirty > 0 {
			if what, err := x.compare(ctx, t); what != "" || err != nil {
				return what, err
			}
			if what, err := x.verify(ctx, t.group); what != "" || err != nil {
				return what, err
			}
		}
	}
	return "", nil
}

// verify asks the server to compare the two stores of a group itself.
func (x *runner) verify(ctx context.Context, g *group) (what string, err error) {
	if x.m.groups[g.name] != g {
		return "", nil // it was deleted
	}
	a, err := x.send(ctx, request{service: "larder", method: "POST", path: []string{"larder", "FeatureGroup", g.name, "Verify"}, body: struct{}{}})
	if err != nil {
		return "", err
	}
	var v struct{ DifferenceCount int64 }
	if err := json.Unmarshal(a.body, &v); err != nil || a.status != http.StatusOK || v.DifferenceCount != 0 {
		return fmt.Sprintf("the stores of %s are said to differ: %v", g.name, a), nil
	}
	return "", nil
}

// compare compares a whole table with the model's history of it.
func (x *runner) compare(ctx context.Context, t *table) (what string, err error) {
	header, rows, what, err := x.query(ctx, `SELECT * FROM `+t.name+` ORDER BY write_time`)
	if what != "" || err != nil {
		return what, err
	}
	x.queries++
	x.rows += len(rows)
	t.dirty = 0
	if what := t.compareHeader(header); what != "" {
		return what, nil
	}
	at := slices.IndexFunc(t.group.definitions, func(d definition) bool { return d.FeatureName == t.group.identifier })
	byKey := map[string][][]cell{}
	for _, r := range rows {
		if r[at] == nil {
			return fmt.Sprintf("table %s: a row without identifier: %s", t.name, line(r)), nil
		}
		key := t.group.column(t.group.identifier, *r[at])
		byKey[key] = append(byKey[key], r)
	}
	for _, known := range []map[string][]row{t.rows, t.markers} {
		for key := range known {
			if _, shown := byKey[key]; !shown {
				byKey[key] = nil // one without rows is compared too
			}
		}
	}
	for key, rows := range byKey {
		if what := x.compareRows(t, key, rows); what != "" {
			return fmt.Sprintf("table %s, rows of %q: %s", t.name, key, what), nil
		}
	}
	return "", nil
}

func (t *table) compareHeader(header []string) string {
	var want []string
	for _, d := range t.group.definitions {
		want = append(want, strings.ToLower(d.FeatureName))
	}
	if want = append(want, "write_time", "api_invocation_time", "is_deleted"); !slices.Equal(header, want) {
		return fmt.Sprintf("table %s has the columns %q, want %q", t.name, header, want)
	}
	return ""
}

// compareRows matches the rows of one identifier, in the order of their write times, with what the
// model has: rows in their order, markers anywhere among them, and markers of what has expired and may
// have been removed by now or not.
func (x *runner) compareRows(t *table, key string, rows [][]cell) string {
	want, markers := slices.Clone(t.rows[key]), slices.Clone(t.markers[key])
	var pending []*record
	for id, r := range t.group.held {
		if r.expired(x.m.now) && t.group.column(t.group.identifier, id) == key {
			pending = append(pending, r)
		}
	}
	for n, r := range rows {
		if i := t.next(want, r); i >= 0 {
			want = slices.Delete(want, i, i+1)
			continue
		}
		if i := slices.IndexFunc(markers, func(m row) bool { return t.group.equal(m, r) }); i >= 0 {
			markers = slices.Delete(markers, i, i+1)
			continue
		}
		i := slices.IndexFunc(pending, func(p *record) bool { return t.group.equal(t.group.expiryMarker(p), r) })
		if i < 0 {
			text := fmt.Sprintf("row %d of %d is %s", n+1, len(rows), line(r))
			if len(want) > 0 {
				text += fmt.Sprintf("; to come is %+v", want[0])
			}
			return text + fmt.Sprintf("; markers %+v", markers)
		}
		x.m.settle(t.group, pending[i].id) // it has been removed
		pending = slices.Delete(pending, i, i+1)
	}
	if len(want) > 0 || len(markers) > 0 {
		return fmt.Sprintf("missing are %+v and the markers %+v", want, markers)
	}
	return ""
}

// next returns which of the rows to come r is, -1 if it is none: the first, or one of the same call
// that is not of the same record as one before it.
func (t *table) next(want []row, r []cell) int {
	seen := map[string]bool{}
	for i := range want {
		if want[i].call != want[0].call {
			break
		}
		if !seen[want[i].id] && t.group.equal(want[i], r) {
			return i
		}
		seen[want[i].id] = true
	}
	return -1
}

// equal tells whether a row of a result is the row.
func (g *group) equal(want row, r []cell) bool {
	for i, d := range g.definitions {
		v, ok := want.values[d.FeatureName]
		if (r[i] == nil) == ok || ok && !sameValue(&d, v, *r[i]) {
			return false
		}
	}
	invoked, deleted := r[len(g.definitions)+1], r[len(g.definitions)+2]
	if invoked == nil || deleted == nil || *deleted != strconv.FormatBool(want.deleted) {
		return false
	}
	return want.invoked.IsZero() || *invoked == want.invoked.Truncate(time.Millisecond).Format("2006-01-02 15:04:05.000")
}

// sameValue tells whether a result shows a value: columns are typed, so texts that mean the same number
// are the same.
func sameValue(d *definition, v value, shown string) bool {
	if d.CollectionType == "" {
		return columnText(d.FeatureType, v.text) == columnText(d.FeatureType, shown)
	}
	inside, opened := strings.CutPrefix(shown, "[")
	inside, closed := strings.CutSuffix(inside, "]")
	if !opened || !closed {
		return false
	}
	if d.FeatureType == "String" {
		return inside == strings.Join(v.list, ", ")
	}
	elements := strings.Split(inside, ", ")
	return slices.EqualFunc(v.list, elements, func(a, b string) bool { return columnText(d.FeatureType, a) == columnText(d.FeatureType, b) })
}

// column writes a value of a feature as its column holds it.
func (g *group) column(feature, text string) string {
	return columnText(g.definition(feature).FeatureType, text)
}

func columnText(typ, text string) string {
	switch typ {
	case "Integral":
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return strconv.FormatInt(n, 10)
		}
	case "Fractional":
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return strconv.FormatFloat(n+0, 'g', -1, 64) // +0: a zero has no sign here
		}
	}
	return text
}

// line shows a row of a result.
func line(r []cell) string {
	var b strings.Builder
	for _, c := range r {
		if c == nil {
			b.WriteString(" NULL")
		} else {
			fmt.Fprintf(&b, " %.60q", *c)
		}
	}
	return b.String()
}

// query runs a statement to its end and reads its result.
func (x *runner) query(ctx context.Context, sql string) (header []string, rows [][]cell, what string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	var started struct{ QueryExecutionId string }
	what, err = x.ask(ctx, "StartQueryExecution", map[string]any{
		"QueryString":           sql,
		"QueryExecutionContext": map[string]string{"Database": "sagemaker_featurestore"},
		"ResultConfiguration":   map[string]string{"OutputLocation": "s3://" + bucket + "/results/"},
	}, &started)
	if what != "" || err != nil {
		return nil, nil, what, err
	}
	for {
		var got struct {
			QueryExecution struct {
				Status struct{ State, StateChangeReason string }
			}
		}
		if what, err = x.ask(ctx, "GetQueryExecution", started, &got); what != "" || err != nil {
			return nil, nil, what, err
		}
		switch s := got.QueryExecution.Status; s.State {
		case "QUEUED", "RUNNING":
		case "SUCCEEDED":
			a, err := x.send(ctx, request{service: "s3", method: "GET", path: []string{bucket, "results", started.QueryExecutionId + ".csv"}})
			if err != nil {
				return nil, nil, "", err
			}
			if a.status != http.StatusOK {
				return nil, nil, fmt.Sprintf("the result of %s: %v", sql, a), nil
			}
			header, rows, what = readCSV(string(a.body))
			return header, rows, what, nil
		default:
			return nil, nil, fmt.Sprintf("%s: %s: %s", sql, s.State, s.StateChangeReason), nil
		}
	}
}

// ask calls Athena.
func (x *runner) ask(ctx context.Context, op string, in, out any) (what string, err error) {
	a, err := x.send(ctx, jsonCall("AmazonAthena."+op, in))
	if err != nil {
		return "", err
	}
	if a.status != http.StatusOK {
		return fmt.Sprintf("%s: %v", op, a), nil
	}
	return "", json.Unmarshal(a.body, out)
}

// readCSV reads a result as Athena writes it: every value is quoted, and NULL is nothing at all.
func readCSV(text string) (header []string, rows [][]cell, what string) {
	var r []cell
	for at := 0; at < len(text); {
		var c cell
		if text[at] == '"' {
			var b strings.Builder
			at++
			for at < len(text) && (text[at] != '"' || at+1 < len(text) && text[at+1] == '"') {
				if text[at] == '"' {
					at++
				}
				b.WriteByte(text[at])
				at++
			}
			at++
			value := b.String()
			c = &value
		}
		r = append(r, c)
		if at >= len(text) || text[at] != ',' && text[at] != '\n' {
			return nil, nil, fmt.Sprintf("a result that is no CSV at byte %d of %d: %.300q", at, len(text), text)
		}
		if text[at] == '\n' || at == len(text) {
			rows, r = append(rows, r), nil
		} else if at+1 < len(text) && text[at+1] == '\n' || at+1 == len(text) {
			r = append(r, nil)
			rows, r = append(rows, r), nil
			at++
		}
		at++
	}
	if len(rows) == 0 {
		return nil, nil, "a result without header"
	}
	for _, c := range rows[0] {
		header = append(header, *cmp.Or(c, new(string)))
	}
	for _, r := range rows {
		if len(r) != len(header) {
			return nil, nil, fmt.Sprintf("a row of %d values under %d columns: %s", len(r), len(header), line(r))
		}
	}
	return header, rows[1:], ""
}
