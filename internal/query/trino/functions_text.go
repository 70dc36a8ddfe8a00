package trino

import (
	"regexp"
	"strings"
)

// blanks are what Trino's trim takes off.
const blanks = "' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)"

var textFunctions = []function{
	{name: "lower", params: "varchar", result: "$1", tmpl: "lower($1)"},
	{name: "upper", params: "varchar", result: "$1", tmpl: "upper($1)"},
	{name: "length", params: "varchar", result: "bigint", tmpl: "length($1)", doc: "in code points"},
	{name: "trim", params: "varchar", result: "$1", tmpl: "trim($1, " + blanks + ")"},
	{name: "ltrim", params: "varchar", result: "$1", tmpl: "ltrim($1, " + blanks + ")"},
	{name: "rtrim", params: "varchar", result: "$1", tmpl: "rtrim($1, " + blanks + ")"},
	{name: "trim", params: "varchar,varchar", result: "$1", tmpl: "trim($1, $2)"},
	{name: "ltrim", params: "varchar,varchar", result: "$1", tmpl: "ltrim($1, $2)"},
	{name: "rtrim", params: "varchar,varchar", result: "$1", tmpl: "rtrim($1, $2)"},
	{name: "substr", params: "varchar,bigint", result: "$1", tmpl: "CASE WHEN $2 = 0 OR $2 < -length($1) THEN '' ELSE substring($1, $2) END", doc: "from 1; below 0 from the end"},
	{name: "substr", params: "varchar,bigint,bigint", result: "$1", tmpl: "CASE WHEN $3 <= 0 OR $2 = 0 OR $2 < -length($1) THEN '' ELSE substring($1, $2, $3) END"},
	{name: "substring", params: "varchar,bigint", result: "$1", tmpl: "CASE WHEN $2 = 0 OR $2 < -length($1) THEN '' ELSE substring($1, $2) END"},
	{name: "substring", params: "varchar,bigint,bigint", result: "$1", tmpl: "CASE WHEN $3 <= 0 OR $2 = 0 OR $2 < -length($1) THEN '' ELSE substring($1, $2, $3) END"},
	{name: "replace", params: "varchar,varchar", result: "varchar", check: replacing, tmpl: "replace($1, $2, '')"},
	{name: "replace", params: "varchar,varchar,varchar", result: "varchar", check: replacing, tmpl: "replace($1, $2, $3)", doc: "what is searched for is a constant, not empty"},
	{name: "concat", params: "varchar,varchar…", result: "varchar", check: concatenating, doc: "NULL if one is"},
	{name: "split_part", params: "varchar,varchar,bigint", result: "varchar", check: splitting, doc: "from 1; NULL beyond the last"},
	{name: "strpos", params: "varchar,varchar", result: "bigint", tmpl: "strpos($1, $2)", doc: "from 1; 0 if it is not there"},
	{name: "starts_with", params: "varchar,varchar", result: "boolean", tmpl: "starts_with($1, $2)"},
	{name: "ends_with", params: "varchar,varchar", result: "boolean", tmpl: "ends_with($1, $2)"},
	{name: "reverse", params: "varchar", result: "$1", tmpl: "array_to_string(list_reverse(regexp_extract_all($1, '(?s).')), '')", doc: "by code points"},
	{name: "lpad", params: "varchar,bigint,varchar", result: "varchar", check: padding("lpad")},
	{name: "rpad", params: "varchar,bigint,varchar", result: "varchar", check: padding("rpad")},
	{name: "chr", params: "bigint", result: "varchar", tmpl: "chr(CAST($1 AS INTEGER))"},
	{name: "regexp_like", params: "varchar,varchar", result: "boolean", check: regular("regexp_matches($1, $2)"), doc: "a constant pattern of RE2"},
	{name: "regexp_extract", params: "varchar,varchar", result: "varchar", check: regular("CASE WHEN regexp_matches($1, $2) THEN regexp_extract($1, $2) END"), doc: "NULL if nothing matches"},
	{name: "regexp_extract", params: "varchar,varchar,bigint", result: "varchar", check: regularGroup},
	{name: "regexp_replace", params: "varchar,varchar", result: "varchar", check: regular("regexp_replace($1, $2, '', 'g')")},
	{name: "regexp_replace", params: "varchar,varchar,varchar", result: "varchar", check: regularReplace, doc: "$1 in the constant replacement is the first group"},
}

func replacing(c *checking) error {
	s, err := c.constant(1, "the text searched for")
	if err == nil && s == "" {
		err = c.fail("NOT_SUPPORTED", "replace of an empty text is not supported")
	}
	return err
}

func concatenating(c *checking) error {
	var parts []string
	for range c.args {
		parts = append(parts, "")
	}
	if len(parts) > 9 {
		return c.fail("NOT_SUPPORTED", "concat of more than nine texts is not supported; use ||")
	}
	for i := range parts {
		parts[i] = "$" + string(rune('1'+i))
	}
	c.tmpl = "(" + strings.Join(parts, " || ") + ")"
	return nil
}

func splitting(c *checking) error {
	d, err := c.constant(1, "the delimiter")
	if err != nil {
		return err
	}
	if d == "" {
		return c.fail("NOT_SUPPORTED", "split_part by an empty delimiter is not supported")
	}
	c.tmpl = "CASE WHEN $3 <= 0 THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:Index must be greater than zero') WHEN $3 > len(string_split($1, $2)) THEN NULL ELSE split_part($1, $2, $3) END"
	return nil
}

func padding(engine string) func(c *checking) error {
	return func(c *checking) error {
		s, err := c.constant(2, "the padding")
		if err != nil {
			return err
		}
		if s == "" {
			return c.fail("INVALID_FUNCTION_ARGUMENT", "Padding string must not be empty")
		}
		c.tmpl = engine + "($1, CASE WHEN $2 BETWEEN 0 AND 1000000 THEN CAST($2 AS INTEGER) WHEN $2 IS NOT NULL THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:Target length must be in the range [0..1000000]') END, $3)"
		return nil
	}
}

// pattern is the constant pattern of a regular expression that means the same to the engine as to
// Trino: both Go and the engine have RE2, so what Go refuses is refused here.
func pattern(c *checking) (*regexp.Regexp, error) {
	p, err := c.constant(1, "the pattern")
	if err != nil {
		return nil, err
	}
	re, err := regexp.Compile(p)
	if err != nil || strings.Contains(p, `\C`) || strings.Contains(p, `\Q`) {
		return nil, c.fail("NOT_SUPPORTED", "the regular expression %s is not supported: RE2 does not know it", p)
	}
	return re, nil
}

func regular(tmpl string) func(c *checking) error {
	return func(c *checking) error {
		_, err := pattern(c)
		c.tmpl = tmpl
		return err
	}
}

func regularGroup(c *checking) error {
	re, err := pattern(c)
	if err != nil {
		return err
	}
	n := c.args[2]
	if w, ok := n.(*cast); ok {
		n = w.arg
	}
	l, ok := n.(*literal)
	if !ok || l.null {
		return c.fail("NOT_SUPPORTED", "the group of regexp_extract must be a constant")
	}
	g, err := parseFloat(l.text)
	if err != nil || g < 0 || int(g) > re.NumSubexp() {
		return c.fail("INVALID_FUNCTION_ARGUMENT", "Pattern has %d groups. Cannot access group %s", re.NumSubexp(), l.text)
	}
	if g > 9 {
		return c.fail("NOT_SUPPORTED", "a group beyond the ninth is not supported")
	}
	c.tmpl = "CASE WHEN regexp_matches($1, $2) THEN regexp_extract($1, $2, " + l.text + ") END"
	return nil
}

func regularReplace(c *checking) error {
	re, err := pattern(c)
	if err != nil {
		return err
	}
	with, err := c.constant(2, "the replacement")
	if err != nil {
		return err
	}
	var b strings.Builder
	for i := 0; i < len(with); i++ {
		switch ch := with[i]; {
		case ch == '\\' && i+1 < len(with):
			i++
			if with[i] == '\\' {
				b.WriteByte('\\')
			}
			b.WriteByte(with[i])
		case ch == '$' && i+1 < len(with) && with[i+1] >= '0' && with[i+1] <= '9':
			if i+2 < len(with) && with[i+2] >= '0' && with[i+2] <= '9' || int(with[i+1]-'0') > re.NumSubexp() {
				return c.fail("INVALID_FUNCTION_ARGUMENT", "Illegal replacement sequence: unknown group")
			}
			i++
			b.WriteString(`\` + string(with[i]))
		case ch == '$' || ch == '\\':
			return c.fail("INVALID_FUNCTION_ARGUMENT", "Illegal replacement sequence: %s", with)
		default:
			b.WriteByte(ch)
		}
	}
	c.args[2] = varcharLiteral(b.String())
	c.tmpl = "regexp_replace($1, $2, $3, 'g')"
	return nil
}
