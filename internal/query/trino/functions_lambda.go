package trino

var lambdaFunctions = []function{
	{name: "transform", params: "array(T),function(T,U)", result: "array(U)", tmpl: "list_transform($1, $2)"},
	{name: "filter", params: "array(T),function(T,boolean)", result: "array(T)", tmpl: "list_filter($1, $2)"},
	{name: "reduce", params: "array(T),S,function(S,T,S),function(S,R)", result: "R", check: reducing, doc: "from the first to the last"},
}

// reducing folds over rows of the state and an element: the engine's own reduction wants both of one
// type.
func reducing(c *checking) error {
	element, state := engineType(c.args[0].typ().Elements[0]), engineType(c.args[1].typ())
	row := "STRUCT(s " + state + ", x " + element + ")"
	steps := "list_concat([CAST(struct_pack(s := $2, x := NULL) AS " + row + ")], list_transform($1, lambda $x: CAST(struct_pack(s := NULL, x := $x) AS " + row + ")))"
	fold := "list_reduce(" + steps + ", lambda $a, $b: CAST(struct_pack(s := $3($a.s, $b.x), x := NULL) AS " + row + "))"
	c.tmpl = "CASE WHEN $1 IS NOT NULL THEN list_transform([" + fold + "], lambda $r: $4($r.s))[1] END"
	return nil
}
