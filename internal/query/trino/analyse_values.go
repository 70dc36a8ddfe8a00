package trino

func (a *analyser) values(x *xValues, outer *scope, with *withScope) (*query, error) {
	e := &env{scope: outer, with: with, clause: "VALUES"}
	body := &valuesBody{}
	q := &query{body: body}
	for i, row := range x.rows {
		nodes, err := a.valuesRow(row, e)
		if err != nil {
			return nil, err
		}
		if i > 0 && len(nodes) != len(q.columns) {
			return nil, fail(x.pos, "TYPE_MISMATCH", "Values rows have mismatched sizes: %d vs %d", len(q.columns), len(nodes))
		}
		for j, n := range nodes {
			if i == 0 {
				q.columns = append(q.columns, outColumn{t: n.typ()})
				continue
			}
			t, ok := commonType(q.columns[j].t, n.typ())
			if !ok {
				return nil, fail(row[min(j, len(row)-1)].at(), "TYPE_MISMATCH", "Values rows have mismatched types: %s vs %s", q.columns[j].t, n.typ())
			}
			q.columns[j].t = t
		}
		body.rows = append(body.rows, nodes)
	}
	for _, row := range body.rows {
		for j := range row {
			row[j] = coerce(row[j], q.columns[j].t)
		}
	}
	return q, nil
}

// valuesRow analyses a row. One expression that is a row itself is as many columns as that has fields.
func (a *analyser) valuesRow(row []xExpr, e *env) ([]node, error) {
	nodes, err := a.exprs(row, e)
	if err != nil || len(nodes) != 1 || nodes[0].typ().Kind != Row {
		return nodes, err
	}
	var fields []node
	for i := range nodes[0].typ().Elements {
		fields = append(fields, fieldAt(clone(nodes[0]), i))
	}
	return fields, nil
}
