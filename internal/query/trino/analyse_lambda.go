package trino

import "strconv"

// A pendingLambda is a lambda among arguments that waits until the function is chosen: only that
// gives its parameters types.
type pendingLambda struct {
	x   *xLambda
	env *env
}

func (*pendingLambda) typ() Type { return Type{} }

// arguments analyses the arguments of a function; lambdas are left pending.
func (a *analyser) arguments(xs []xExpr, e *env) ([]node, error) {
	var out []node
	for _, x := range xs {
		if l, ok := x.(*xLambda); ok {
			out = append(out, &pendingLambda{l, e})
			continue
		}
		n, err := a.expr(x, e)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// bindLambdas analyses the lambdas among args with the types that b gives their parameters, and
// widens b by what their bodies give. A body that widens the type of an earlier parameter is
// analysed once more with it.
func (a *analyser) bindLambdas(p pos, b *binding, args []node) ([]node, error) {
	for range 4 {
		out := append([]node(nil), args...)
		again := false
		for i, s := range b.shapes {
			l, ok := args[i].(*pendingLambda)
			if !ok {
				continue
			}
			var types []Type
			for _, v := range s.args[:len(s.args)-1] {
				t, _ := v.target(Type{}, b.vars)
				types = append(types, t)
			}
			n, err := a.lambda(l, types)
			if err != nil {
				return nil, err
			}
			out[i] = n
			result := s.args[len(s.args)-1]
			before := b.vars[result.word]
			if !result.unify(n.body.typ(), b.vars) {
				return nil, noOverload(p, b.fn.name, []*function{b.fn}, args)
			}
			if t, ok := result.target(n.body.typ(), b.vars); !ok || !coerces(n.body.typ(), t) {
				return nil, noOverload(p, b.fn.name, []*function{b.fn}, args)
			}
			again = again || result.variable() && before.Kind != Unknown && !before.Equal(b.vars[result.word])
		}
		if !b.constrained() {
			return nil, noOverload(p, b.fn.name, []*function{b.fn}, args)
		}
		if !again {
			return out, nil
		}
	}
	return nil, noOverload(p, b.fn.name, []*function{b.fn}, args)
}

// lambda analyses a body with its parameters in scope. The names in the engine tell how deep the
// lambda is in others, so that equal expressions are written equally.
func (a *analyser) lambda(l *pendingLambda, types []Type) (*lambda, error) {
	e := *l.env
	e.scope = &scope{outer: l.env.scope, lambda: true}
	e.clause, e.inside = "Lambda expression", ""
	e.aggregates, e.windows = false, false
	e.lambdas++
	out := &lambda{}
	for i, name := range l.x.params {
		v := &lambdaVar{types[i], "l" + strconv.Itoa(e.lambdas) + "_" + strconv.Itoa(i+1)}
		for _, f := range e.scope.fields {
			if f.name == name.lower() {
				return nil, fail(name.pos, "DUPLICATE_PARAMETER_NAME", "Lambda argument %s is already declared", name.lower())
			}
		}
		e.scope.fields = append(e.scope.fields, &field{name: name.lower(), expr: v})
		out.params = append(out.params, v)
	}
	body, err := a.expr(l.x.body, &e)
	out.body = body
	return out, err
}
