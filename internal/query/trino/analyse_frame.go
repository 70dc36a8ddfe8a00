package trino

import "strings"

// frame analyses the frame of a window.
func (a *analyser) frame(w *xWindow, order []sortKey, e *env) (*frame, error) {
	f := w.frame
	if f == nil {
		return nil, nil
	}
	end := f.end
	if end == nil {
		end = &xBound{pos: f.pos, kind: "CURRENT ROW"}
	}
	switch start := f.start; {
	case start.kind == "UNBOUNDED FOLLOWING":
		return nil, fail(f.pos, "INVALID_WINDOW_FRAME", "Window frame start cannot be UNBOUNDED FOLLOWING")
	case end.kind == "UNBOUNDED PRECEDING":
		return nil, fail(f.pos, "INVALID_WINDOW_FRAME", "Window frame end cannot be UNBOUNDED PRECEDING")
	case start.kind == "CURRENT ROW" && end.kind == "PRECEDING":
		return nil, fail(f.pos, "INVALID_WINDOW_FRAME", "Window frame starting from CURRENT ROW cannot end with PRECEDING")
	case start.kind == "FOLLOWING" && end.kind == "PRECEDING", start.kind == "FOLLOWING" && end.kind == "CURRENT ROW":
		return nil, fail(f.pos, "INVALID_WINDOW_FRAME", "Window frame starting from FOLLOWING cannot end with %s", end.kind)
	}
	if f.unit != "ROWS" && len(w.order) == 0 && (f.unit == "GROUPS" || f.start.value != nil || end.value != nil) {
		return nil, fail(f.pos, "MISSING_ORDER_BY", "Window frame of type %s PRECEDING or FOLLOWING requires ORDER BY", f.unit)
	}
	out := &frame{unit: f.unit}
	var err error
	if out.start, err = a.bound(f, f.start, order, e); err != nil {
		return nil, err
	}
	out.end, err = a.bound(f, end, order, e)
	return out, err
}

// bound analyses a bound. A distance is a number of rows or groups, or of RANGE what the sort key can
// be moved by; it is not negative and not NULL.
func (a *analyser) bound(f *xFrame, b *xBound, order []sortKey, e *env) (bound, error) {
	out := bound{kind: b.kind}
	if b.value == nil {
		return out, nil
	}
	n, err := a.expr(b.value, e)
	if err != nil {
		return out, err
	}
	t := n.typ()
	if f.unit != "RANGE" {
		if !t.isInteger() && (t.Kind != Decimal || t.Scale != 0) {
			return out, fail(b.pos, "TYPE_MISMATCH", "Window frame %s value type must be exact numeric type with scale 0 (actual %s)", f.unit, t)
		}
		out.value = notNegative(&cast{t: Type{Kind: Bigint}, arg: n}, "0")
		return out, nil
	}
	if len(order) != 1 {
		return out, fail(f.pos, "INVALID_ORDER_BY", "Window frame of type RANGE PRECEDING or FOLLOWING requires single sort item in ORDER BY (actual: %d)", len(order))
	}
	key := order[0].expr.typ()
	interval := t.Kind == IntervalDay || t.Kind == IntervalMonth
	switch {
	case key.isNumber() && t.isNumber() && coerces(t, key):
		out.value = notNegative(coerce(n, key), "0")
	case key.isNumber() && t.isNumber():
		c, _ := commonType(key, t)
		order[0].expr = coerce(order[0].expr, c)
		out.value = notNegative(coerce(n, c), "0")
	case isInstant(key) && interval && key.Zone == "", key.Kind == Time && t.Kind == IntervalDay:
		out.value = notNegative(n, "to_microseconds(0)")
	default:
		return out, fail(b.pos, "TYPE_MISMATCH", "Window frame RANGE value type (%s) not compatible with sort item type (%s)", t, key)
	}
	return out, nil
}

// notNegative makes a distance below zero, or NULL, an error. The engine would take it.
func notNegative(n node, zero string) node {
	if l, ok := n.(*literal); ok && !l.null && !strings.HasPrefix(l.text, "-") {
		return n
	}
	const wrong = "error('LARDER:INVALID_WINDOW_FRAME:Window frame offset value must not be negative or null')"
	return &call{t: n.typ(), fn: operator("case"), args: []node{n}, tmpl: "CASE WHEN $1 IS NULL OR $1 < " + zero + " THEN " + wrong + " ELSE $1 END"}
}
