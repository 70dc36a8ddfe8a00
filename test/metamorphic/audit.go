package metamorphic

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/anishathalye/porcupine"
)

// audit reads the offline history of an audited one and holds it against what the clients were told:
// every acknowledged write has one row, and no other is there; the order of write times respects the
// order of calls; and the registers that the rows make in that order are what the rows of updates show
// and what is held in the end. It says what is wrong, "" if nothing is.
func (h *history) audit(ctx context.Context, x *runner) (what string, err error) {
	written := map[string]porcupine.Operation{} // by what tells a row from all others
	for _, o := range h.operations {
		if in := o.Input.(input); in.do >= put && in.do <= change && o.Output.(output).code == "" {
			written[in.mark()] = o
		}
	}
	table, what, err := x.tableOf(ctx, h.group)
	if what != "" || err != nil {
		return what, err
	}
	_, rows, what, err := x.query(ctx, `SELECT id, "at", a, b, is_deleted FROM "`+table+`" ORDER BY write_time`)
	if what != "" || err != nil {
		return what, err
	}
	x.queries++
	x.rows += len(rows)
	u := &user{history: h}
	var state [concurrentKeys]register
	var latest int64 // call of a row before
	for n, r := range rows {
		shown, err := u.found(found{Record: []featureValue{{FeatureName: "at", ValueAsString: r[1]}, {FeatureName: "a", ValueAsString: known(r[2])}, {FeatureName: "b", ValueAsString: known(r[3])}}})
		if err != nil {
			return "", err
		}
		mark := fmt.Sprint(*r[0], " ", shown.at)
		if *r[4] == "false" {
			mark = shown.a
		}
		o, ok := written[mark]
		if !ok {
			return fmt.Sprintf("row %d, %s, was never acknowledged, or is there twice", n, line(r)), nil
		}
		delete(written, mark)
		if o.Return < latest {
			return fmt.Sprintf("row %d, %s, has a later write time than a row whose call began after it had returned", n, line(r)), nil
		}
		latest = max(latest, o.Call)
		in := o.Input.(input)
		_, after := state[in.key].apply(in)
		state[in.key] = after
		if in.do == change && (after.a != shown.a || after.b != shown.b || after.at != shown.at) {
			return fmt.Sprintf("row %d, %s, of an update, shows another record than %v, which the rows before it make", n, line(r), after), nil
		}
	}
	if len(written) > 0 {
		return fmt.Sprintf("%d acknowledged writes have no row: %v", len(written), written), nil
	}
	return h.compareHeld(ctx, x, u, state)
}

// compareHeld compares what is held with the registers that the rows make.
func (h *history) compareHeld(ctx context.Context, x *runner, u *user, state [concurrentKeys]register) (what string, err error) {
	for key, r := range state {
		a, err := x.send(ctx, (&getRecord{Group: h.group, ID: u.id(key)}).request())
		if err != nil {
			return "", err
		}
		var f found
		if err := json.Unmarshal(a.body, &f); err != nil {
			return fmt.Sprintf("GetRecord: %v", a), nil
		}
		got, err := u.found(f)
		if err != nil {
			return "", err
		}
		if want, _ := r.apply(input{do: read}); got != want {
			return fmt.Sprintf("held of key %d is %v, and by the rows in the order of their write times it is %v", key, got, want), nil
		}
	}
	return "", nil
}

// mark is what the row of a write shows and no other row does.
func (in input) mark() string {
	if in.do == softDelete || in.do == hardDelete {
		return fmt.Sprint("key ", in.key, " ", in.at)
	}
	return in.a
}

// known is a cell's text, "" for NULL.
func known(c cell) cell {
	if c == nil {
		return new(string)
	}
	return c
}

// tableOf asks for the name of a group's table.
func (x *runner) tableOf(ctx context.Context, group string) (name, what string, err error) {
	a, err := x.send(ctx, (&describeGroup{group}).request())
	if err != nil {
		return "", "", err
	}
	var d described
	if err := json.Unmarshal(a.body, &d); err != nil || d.OfflineStoreConfig == nil || d.OfflineStoreConfig.DataCatalogConfig == nil {
		return "", fmt.Sprintf("DescribeFeatureGroup of %s: %v", group, strings.TrimSpace(a.String())), nil
	}
	return d.OfflineStoreConfig.DataCatalogConfig.TableName, "", nil
}
