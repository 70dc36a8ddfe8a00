package trino

import (
	"fmt"
	"strings"
)

// blanks are what Trino's trim takes off: Java's white space, which has no spaces that hold a line
// together.
const blanks = "' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(28) || chr(29) || chr(30) || chr(31) || " +
	"'\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f\u3000'"

var textFunctions = []function{
	{name: "lower", params: "varchar", result: "$1", tmpl: "lower($1)"},
	{name: "lower", params: "char", result: "$1", tmpl: "lower($1)"},
	{name: "upper", params: "varchar", result: "$1", tmpl: "CASE WHEN contains($1, 'ß') THEN larder_upper($1) ELSE upper($1) END"},
	{name: "upper", params: "char", result: "$1", tmpl: "CASE WHEN contains($1, 'ß') THEN larder_upper($1) ELSE upper($1) END"},
	{name: "length", params: "varchar", result: "bigint", tmpl: "length($1)", doc: "in code points"},
	{name: "length", params: "char", result: "bigint", check: charLength, doc: "that of the type"},
	{name: "trim", params: "varchar", result: "$1", tmpl: "trim($1, " + blanks + ")"},
	{name: "ltrim", params: "varchar", result: "$1", tmpl: "ltrim($1, " + blanks + ")"},
	{name: "rtrim", params: "varchar", result: "$1", tmpl: "rtrim($1, " + blanks + ")"},
	{name: "trim", params: "char", result: "varchar", check: ofTrimmedChar("trim($1, " + blanks + ")")},
	{name: "ltrim", params: "char", result: "varchar", check: ofTrimmedChar("ltrim($1, " + blanks + ")")},
	{name: "rtrim", params: "char", result: "varchar", check: ofTrimmedChar("rtrim($1, " + blanks + ")")},
	{name: "trim", params: "varchar,varchar", result: "$1", tmpl: "trim($1, $2)"},
	{name: "ltrim", params: "varchar,varchar", result: "$1", tmpl: "ltrim($1, $2)"},
	{name: "rtrim", params: "varchar,varchar", result: "$1", tmpl: "rtrim($1, $2)"},
	{name: "substr", params: "varchar,bigint", result: "$1", tmpl: substrFrom, doc: "from 1; below 0 from the end"},
	{name: "substr", params: "varchar,bigint,bigint", result: "$1", tmpl: substrOf},
	{name: "substr", params: "char,bigint", result: "varchar", check: ofChar(substrFrom)},
	{name: "substr", params: "char,bigint,bigint", result: "varchar", check: ofChar(substrOf)},
	{name: "substring", params: "char,bigint", result: "varchar", check: ofChar(substrFrom)},
	{name: "substring", params: "char,bigint,bigint", result: "varchar", check: ofChar(substrOf)},
	{name: "substring", params: "varchar,bigint", result: "$1", tmpl: substrFrom},
	{name: "substring", params: "varchar,bigint,bigint", result: "$1", tmpl: substrOf},
	{name: "replace", params: "varchar,varchar", result: "$1", check: replacing, tmpl: "larder_replace($1, $2, '')"},
	{name: "replace", params: "varchar,varchar,varchar", result: "varchar", check: replacingWith, tmpl: "larder_replace($1, $2, $3)", doc: "an empty text is found before every character and at the end"},
	{name: "concat", params: "varchar,varchar…", result: "varchar", check: concatenating, doc: "NULL if one is"},
	{name: "concat", params: "char,char", result: "char", check: concatenatingChars, doc: "the first with its blanks"},
	{name: "concat_ws", params: "varchar,varchar,varchar…", result: "varchar", tmpl: "larder_concat_ws($1, ([$*])[2:])", check: concatenatingWith, doc: "NULLs are left out; NULL if the separator is"},
	{name: "concat_ws", params: "varchar,array(varchar)", result: "varchar", tmpl: "larder_concat_ws($1, $2)"},
	{name: "split", params: "varchar,varchar", result: "varchar", check: arrayOfFirst("larder_split($1, $2)")},
	{name: "split", params: "varchar,varchar,bigint", result: "varchar", check: arrayOfFirst("larder_split_limit($1, $2, $3)"), doc: "the last has what is left"},
	{name: "split_part", params: "varchar,varchar,bigint", result: "$1", tmpl: "larder_split_part($1, $2, $3)", doc: "from 1; NULL beyond the last"},
	{name: "strpos", params: "varchar,varchar", result: "bigint", tmpl: "strpos($1, $2)", check: seeking, doc: "from 1; 0 if it is not there"},
	{name: "strpos", params: "varchar,varchar,bigint", result: "bigint", tmpl: "larder_strpos($1, $2, $3)", doc: "of the third's occurrence, from the end if it is negative"},
	{name: "position", params: "varchar,varchar", result: "bigint", tmpl: "strpos($2, $1)", doc: "position(a IN b)"},
	{name: "index", params: "varchar,varchar", result: "bigint", tmpl: "strpos($1, $2)", doc: "as strpos"},
	{name: "starts_with", params: "varchar,varchar", result: "boolean", tmpl: "starts_with($1, $2)"},
	{name: "ends_with", params: "varchar,varchar", result: "boolean", tmpl: "ends_with($1, $2)"},
	{name: "reverse", params: "varchar", result: "$1", tmpl: "larder_reverse($1)", doc: "by code points"},
	{name: "lpad", params: "varchar,bigint,varchar", result: "varchar", tmpl: "larder_lpad($1, $2, $3)", check: padding, doc: "to four million characters at most"},
	{name: "rpad", params: "varchar,bigint,varchar", result: "varchar", tmpl: "larder_rpad($1, $2, $3)", check: padding},
	{name: "chr", params: "bigint", result: "varchar", tmpl: "larder_chr($1)", check: returning(Type{Kind: Varchar, Precision: 1})},
	{name: "codepoint", params: "varchar", result: "integer", tmpl: "CAST(larder_codepoint($1) AS INTEGER)", check: oneCharacter, doc: "of a varchar(1)"},
	{name: "levenshtein_distance", params: "varchar,varchar", result: "bigint", tmpl: "larder_levenshtein($1, $2)"},
	{name: "hamming_distance", params: "varchar,varchar", result: "bigint", tmpl: "larder_hamming($1, $2)"},
	{name: "soundex", params: "varchar", result: "varchar", tmpl: "larder_soundex($1)", check: returning(Type{Kind: Varchar, Precision: 4})},
	{name: "translate", params: "varchar,varchar,varchar", result: "varchar", tmpl: "larder_translate($1, $2, $3)"},
	{name: "luhn_check", params: "varchar", result: "boolean", tmpl: "larder_luhn($1)"},
	{name: "normalize", params: "varchar", result: "varchar", tmpl: "nfc_normalize($1)", doc: "to NFC"},
	{name: "normalize", params: "varchar,varchar", result: "varchar", check: normalizing, doc: "normalize(x, NFD), also NFC, NFKC and NFKD"},
	{name: "to_utf8", params: "varchar", result: "varbinary", tmpl: "encode($1)"},
	{name: "from_utf8", params: "varbinary", result: "varchar", tmpl: "larder_from_utf8($1)", doc: "U+FFFD for what is no UTF-8"},
	{name: "from_utf8", params: "varbinary,varchar", result: "varchar", tmpl: "larder_from_utf8_with($1, $2)", doc: "with a replacement of one character or none"},
	{name: "from_utf8", params: "varbinary,bigint", result: "varchar", tmpl: "larder_from_utf8_code($1, $2)"},
	{name: "char2hexint", params: "varchar", result: "varchar", tmpl: "larder_char2hexint($1)", doc: "the UTF-16 of the text in hexadecimal"},
	{name: "format_number", params: "bigint", result: "varchar", tmpl: "larder_format_number($1)", doc: "three digits and K, M, B, T or Q"},
	{name: "format_number", params: "double", result: "varchar", tmpl: "larder_format_number_double($1)"},
	{name: "version", result: "varchar", tmpl: "'435'", doc: "of the Trino whose SQL this is"},
	{name: "uuid", result: "uuid", tmpl: "CAST(uuid() AS VARCHAR)", doc: "another one each time"},
	{name: "format", params: "varchar,any…", result: "varchar", check: formatting, doc: "by Java's Formatter: %s %d %x %o %b %f %e with flags, width and precision"},
}

const (
	substrFrom = "CASE WHEN $2 = 0 OR $2 < -length($1) THEN '' WHEN $2 > length($1) THEN '' ELSE substring($1, $2) END"
	substrOf   = "CASE WHEN $3 <= 0 OR $2 = 0 OR $2 < -length($1) THEN '' WHEN $2 > length($1) THEN '' ELSE substring($1, $2, least($3, length($1))) END"
)

// returning gives a result that the table cannot name.
func returning(t Type) func(c *checking) error {
	return func(c *checking) error {
		c.result = t
		return nil
	}
}

// arrayOfFirst gives an array of the type of the first argument.
func arrayOfFirst(tmpl string) func(c *checking) error {
	return func(c *checking) error {
		c.result = Type{Kind: Array, Elements: []Type{c.args[0].typ()}}
		c.tmpl = tmpl
		return nil
	}
}

// replacing leaves what the engine can do to it: a constant text that is not empty.
func replacing(c *checking) error {
	if s, ok := c.text(1); ok && s != "" {
		c.tmpl = strings.Replace(c.tmpl, "larder_replace", "replace", 1)
	}
	return nil
}

// replacingWith is replacing, whose result may be as long as one replacement for every place between
// characters makes it.
func replacingWith(c *checking) error {
	if x, z := c.args[0].typ().Precision, c.args[2].typ().Precision; x > 0 && z > 0 {
		c.result = bounded(x + z*(x+1))
	}
	return replacing(c)
}

// bounded is varchar(n), or varchar if no varchar is so long.
func bounded(n int) Type {
	if n >= 1<<31-1 {
		n = 0
	}
	return Type{Kind: Varchar, Precision: n}
}

// charLength is that of the type, whatever the value.
func charLength(c *checking) error {
	c.tmpl = fmt.Sprintf("CASE WHEN $1 IS NOT NULL THEN CAST(%d AS BIGINT) END", c.args[0].typ().Precision)
	return nil
}

// ofChar is a function that sees a char with the blanks at its end.
func ofChar(tmpl string) func(c *checking) error {
	return func(c *checking) error {
		n := c.args[0].typ().Precision
		c.result = Type{Kind: Varchar, Precision: n}
		c.args[0] = &cast{t: c.result, arg: c.args[0]}
		c.tmpl = tmpl
		return nil
	}
}

// ofTrimmedChar is a function that takes the blanks off: it need not see them.
func ofTrimmedChar(tmpl string) func(c *checking) error {
	return func(c *checking) error {
		c.result = Type{Kind: Varchar, Precision: c.args[0].typ().Precision}
		c.tmpl = tmpl
		return nil
	}
}

func concatenatingChars(c *checking) error {
	x, y := c.args[0].typ(), c.args[1].typ()
	if x.Precision+y.Precision > maxChar {
		return c.fail("TYPE_MISMATCH", "CHAR length scale must be in range [0, %d]", maxChar)
	}
	c.result = Type{Kind: Char, Precision: x.Precision + y.Precision}
	c.tmpl = "rtrim(" + padded("$1", x.Precision) + " || $2, ' ')"
	return nil
}

// oneCharacter takes varchar(1), and the text without characters, whose varchar(0) is varchar here.
func oneCharacter(c *checking) error {
	if s, ok := c.text(0); ok && s == "" || c.args[0].typ().Precision == 1 {
		return nil
	}
	if l, ok := c.args[0].(*literal); ok && l.null {
		return nil
	}
	return c.fail("FUNCTION_NOT_FOUND", "Unexpected parameters (%s) for function codepoint. Expected: codepoint(varchar(1))", c.args[0].typ())
}

// seeking finds what may be empty as Trino does.
func seeking(c *checking) error {
	if s, ok := c.text(1); !ok || s == "" {
		c.tmpl = "larder_strpos($1, $2, CAST(1 AS BIGINT))"
	}
	return nil
}

func concatenating(c *checking) error {
	if len(c.args) > 9 {
		return c.fail("NOT_SUPPORTED", "concat of more than nine texts is not supported; use ||")
	}
	var parts []string
	for i := range c.args {
		parts = append(parts, "$"+string(rune('1'+i)))
	}
	c.tmpl = "(" + strings.Join(parts, " || ") + ")"
	return nil
}

func concatenatingWith(c *checking) error {
	if l, ok := c.args[0].(*literal); ok && l.null {
		c.tmpl = "CAST(NULL AS VARCHAR)"
	}
	return nil
}

func padding(c *checking) error {
	if s, ok := c.text(2); ok && s == "" {
		return c.fail("INVALID_FUNCTION_ARGUMENT", "Padding string must not be empty")
	}
	return nil
}

func normalizing(c *checking) error {
	form, err := c.constant(1, "the form")
	if err != nil {
		return err
	}
	switch form {
	case "NFC":
		c.tmpl = "nfc_normalize($1)"
	case "NFD", "NFKC", "NFKD":
		c.tmpl = "larder_normalize($1, '" + form + "')"
	default:
		return c.fail("INVALID_FUNCTION_ARGUMENT", "normalization form must be one of [NFD, NFC, NFKD, NFKC]")
	}
	return nil
}

// formatting hands each value over as a letter, which is its type to Java, and its text.
func formatting(c *checking) error {
	if len(c.args) > 9 {
		return c.fail("NOT_SUPPORTED", "format of more than eight values is not supported")
	}
	var values []string
	for i, a := range c.args[1:] {
		arg := "$" + string(rune('2'+i))
		letter := "s"
		switch t := a.typ(); {
		case t.Kind == Boolean:
			letter = "b"
		case t.isInteger():
			letter = "i"
		case t.Kind == Decimal:
			letter = "d"
		case t.Kind == Real || t.Kind == Double:
			letter = "f"
		case t.Kind == Timestamp || t.Kind >= TimestampTZ && t.Kind != UUID:
			return c.fail("NOT_SUPPORTED", "format of %s is not supported; cast it to varchar", t)
		}
		switch a.typ().Kind {
		case Unknown, Varchar:
		case Double, Real:
			// %s is Java's text of a double; a cast has another.
			c.args[i+1] = &call{t: Type{Kind: Varchar}, fn: operator("cast, try_cast"), args: []node{a}, tmpl: javaDoubleTemplate}
		default:
			c.args[i+1] = &cast{t: Type{Kind: Varchar}, arg: a}
		}
		values = append(values, "'"+letter+"' || "+arg)
	}
	c.tmpl = "larder_format($1, CAST([" + strings.Join(values, ", ") + "] AS VARCHAR[]))"
	return nil
}
