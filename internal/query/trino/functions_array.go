package trino

import "strings"

var arrayFunctions = []function{
	{name: "cardinality", params: "array", result: "bigint", tmpl: "len($1)"},
	{name: "element_at", params: "array,bigint", result: "element", tmpl: "CASE WHEN $2 = 0 THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:SQL array indices start at 1') ELSE list_extract($1, $2) END", doc: "from 1, or from the end with -1; NULL beyond"},
	{name: "contains", params: "array,any", result: "boolean", check: containing, doc: "NULL if it is not there but a NULL is"},
	{name: "array_position", params: "array,any", result: "bigint", check: positioning, doc: "of the first; 0 if it is not there"},
	{name: "array_min", params: "array", result: "element", check: extreme, doc: "NULL if an element is"},
	{name: "array_max", params: "array", result: "element", check: extreme, doc: "NULL if an element is"},
	{name: "array_sort", params: "array", result: "$1", check: sortableElements, doc: "NULL comes last"},
	{name: "array_join", params: "array,varchar", result: "varchar", check: joining, doc: "of texts, whole numbers and booleans; NULLs are left out"},
}

// sought coerces the second argument to the type of the elements of the first.
func sought(c *checking) error {
	e := c.args[0].typ().Elements[0]
	if !coerces(c.args[1].typ(), e) {
		return c.fail("FUNCTION_NOT_FOUND", "Unexpected parameters (%s, %s) for function %s. Expected: %s(array(T), T)", c.args[0].typ(), c.args[1].typ(), c.name, c.name)
	}
	if !comparableType(e) {
		return c.fail("FUNCTION_NOT_FOUND", "Unexpected parameters (%s, %s) for function %s. Expected: %s(array(T), T) T:comparable", c.args[0].typ(), c.args[1].typ(), c.name, c.name)
	}
	c.args[1] = coerce(c.args[1], e)
	return nil
}

func containing(c *checking) error {
	c.tmpl = "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN list_contains($1, $2) THEN TRUE WHEN list_count($1) < len($1) THEN NULL ELSE FALSE END"
	return sought(c)
}

func positioning(c *checking) error {
	c.tmpl = "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE CAST(coalesce(list_position($1, $2), 0) AS BIGINT) END"
	return sought(c)
}

func sortableElements(c *checking) error {
	if t := c.args[0].typ(); !orderable(t.Elements[0]) {
		return c.fail("FUNCTION_NOT_FOUND", "Unexpected parameters (%s) for function %s. Expected: %s(array(T)) T:orderable", t, c.name, c.name)
	}
	c.tmpl = "list_sort($1, 'ASC', 'NULLS LAST')"
	return nil
}

func extreme(c *checking) error {
	if err := sortableElements(c); err != nil {
		return err
	}
	c.tmpl = "CASE WHEN list_count($1) = len($1) THEN list_" + strings.TrimPrefix(c.name, "array_") + "($1) END"
	return nil
}

// joining takes the elements whose text is the same in the engine.
func joining(c *checking) error {
	switch e := c.args[0].typ().Elements[0]; {
	case e.Kind == Varchar:
		c.tmpl = "coalesce(array_to_string($1, $2), CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN '' END)"
	case e.Kind == Boolean || e.isInteger():
		c.tmpl = "coalesce(array_to_string(CAST($1 AS VARCHAR[]), $2), CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN '' END)"
	default:
		return c.fail("NOT_SUPPORTED", "array_join of %s is not supported", c.args[0].typ())
	}
	return nil
}
