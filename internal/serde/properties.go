package serde

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/feature"
)

// The classes of the forms, as tables name them.
const (
	HiveJSONClass  = "org.apache.hive.hcatalog.data.JsonSerDe"
	OpenXJSONClass = "org.openx.data.jsonserde.JsonSerDe"
	LazyClass      = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
	CSVClass       = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
)

// classes are the forms of the classes; the second is a later name of the first.
var classes = map[string]Form{
	HiveJSONClass: HiveJSON, "org.apache.hadoop.hive.serde2.JsonSerDe": HiveJSON, OpenXJSONClass: OpenXJSON, LazyClass: Lazy, CSVClass: CSV,
}

// Known tells whether a class is that of a form.
func Known(class string) bool { return classes[class] != 0 }

// mapping begins the properties of OpenX that name members.
const mapping = "mapping."

// known are the properties of each form. Those without effect say what the files or the class say already.
var known = map[Form][]string{
	HiveJSON:  {"serialization.format", "ignore.malformed.json", "field.delim"},
	OpenXJSON: {"serialization.format", "ignore.malformed.json", "case.insensitive", "dots.in.keys", "explicit.null", "paths", "field.delim"},
	Lazy: {"serialization.format", "field.delim", "collection.delim", "colelction.delim", "mapkey.delim", "escape.delim", "line.delim",
		"serialization.null.format", "hive.serialization.extend.nesting.levels"},
	CSV: {"serialization.format", "separatorChar", "quoteChar", "escapeChar", "field.delim"},
}

// properties are those of a SerDe and of its table.
type properties struct {
	class  string
	params map[string]string
	table  map[string]string
}

// NewFormat is the format of a table: of its SerDe's class and properties, and its own. Unsupported: one of them, or
// a column's type; Invalid.
func NewFormat(class string, params, table map[string]string, columns []Column) (*Format, error) {
	p := properties{class, params, table}
	f := &Format{Form: classes[class]}
	if f.Form == 0 {
		return nil, feature.Errorf(feature.Unsupported, "the SerDe %.200q is not supported", class)
	}
	var err error
	for name := range params {
		member, isMapping := strings.CutPrefix(name, mapping)
		switch {
		case isMapping && f.Form == OpenXJSON:
			if f.Names == nil {
				f.Names = map[string]string{}
			}
			f.Names[strings.ToLower(member)] = params[name]
		case !contains(known[f.Form], name):
			return nil, feature.Errorf(feature.Unsupported, "the SerDe property %.200q is not supported with %s; leave it out", name, class)
		}
	}
	if f.Header, err = p.lines("skip.header.line.count"); err == nil {
		f.Footer, err = p.lines("skip.footer.line.count")
	}
	if err == nil {
		f.NullIfInvalid, err = flag(p.table, "use.null.for.invalid.data", false)
	}
	if err != nil {
		return nil, err
	}
	switch f.Form {
	case Lazy:
		err = p.lazy(f, columns)
	case CSV:
		err = p.csv(f, columns)
	default:
		err = p.json(f, columns)
	}
	return f, err
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// lines is a number of lines that are no rows.
func (p *properties) lines(name string) (int, error) {
	text := p.table[name]
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1000 {
		return 0, feature.Errorf(feature.Invalid, "the table property %s is %.200q; it must be a number from 0 to 1000", name, text)
	}
	return n, nil
}

func flag(of map[string]string, name string, otherwise bool) (bool, error) {
	switch text, ok := of[name]; {
	case !ok:
		return otherwise, nil
	case strings.EqualFold(text, "true"):
		return true, nil
	case strings.EqualFold(text, "false"):
		return false, nil
	default:
		return false, feature.Errorf(feature.Invalid, "the property %s is %.200q; it must be true or false", name, text)
	}
}

func (p *properties) json(f *Format, columns []Column) error {
	insensitive, err := flag(p.params, "case.insensitive", true)
	if err != nil {
		return err
	}
	f.CaseSensitive = !insensitive
	for name, into := range map[string]*bool{"ignore.malformed.json": &f.IgnoreMalformed, "dots.in.keys": &f.Dots, "explicit.null": &f.ExplicitNull} {
		if *into, err = flag(p.params, name, false); err != nil {
			return err
		}
	}
	for _, c := range columns {
		if !c.Type.hasNames() {
			return feature.Errorf(feature.Unsupported, "the column %.200q has a map whose keys have parts, which JSON cannot hold; store the table as PARQUET", c.Name)
		}
	}
	return nil
}

// hasNames tells whether the keys of all maps in the type can be names of members.
func (t *Type) hasNames() bool {
	if t.Kind == Map && !t.Elements[0].scalar() {
		return false
	}
	for i := range t.Elements {
		if !t.Elements[i].hasNames() {
			return false
		}
	}
	return true
}

// defaults are Hive's separators, from the outermost to the innermost.
const (
	defaults = "\x01\x02\x03\x04\x05\x06\x07\x08"
	extended = defaults + "\x0b\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1c\x1d"
)

func (p *properties) lazy(f *Format, columns []Column) error {
	if end, ok := p.params["line.delim"]; ok && end != "\n" && end != "\r\n" && end != "\r" {
		return feature.Errorf(feature.Unsupported, "lines that end in %.200q are not supported; they must end in a newline", end)
	}
	more, err := flag(p.params, "hive.serialization.extend.nesting.levels", false)
	if err != nil {
		return err
	}
	f.Separators = []byte(defaults)
	if more {
		f.Separators = []byte(extended)
	}
	for i, names := range [][]string{{"field.delim", "serialization.format"}, {"collection.delim", "colelction.delim"}, {"mapkey.delim"}} {
		if f.Separators[i], err = p.separator(names, f.Separators[i]); err != nil {
			return err
		}
	}
	if _, ok := p.params["escape.delim"]; ok {
		c, err := p.separator([]string{"escape.delim"}, '\\')
		if err != nil {
			return err
		}
		f.Escape = []byte{c}
	}
	f.Null = `\N`
	if null, ok := p.params["serialization.null.format"]; ok {
		f.Null = null
	}
	for _, c := range columns {
		if levels := c.Type.levels(); levels+1 > len(f.Separators) {
			return feature.Errorf(feature.Unsupported, "the type of the column %.200q needs %d separators, one inside the other, and text has %d; set hive.serialization.extend.nesting.levels, or store the table as PARQUET",
				c.Name, levels+1, len(f.Separators))
		}
		if !c.Type.hasNames() {
			return feature.Errorf(feature.Unsupported, "the column %.200q has a map whose keys have parts, which is not supported in files of text; store the table as PARQUET", c.Name)
		}
	}
	return nil
}

// separator is the byte of the first of these properties that is set: a number, or else a character.
func (p *properties) separator(names []string, otherwise byte) (byte, error) {
	for _, name := range names {
		text := p.params[name]
		if text == "" {
			continue
		}
		if n, err := strconv.Atoi(text); err == nil && n >= 0 && n < 128 {
			return byte(n), nil
		}
		if c := text[0]; c < 0x80 && c != '\n' && c != '\r' {
			return c, nil
		}
		return 0, feature.Errorf(feature.Unsupported, "the SerDe property %s is %.200q; it must be a character of ASCII, and not the end of a line", name, text)
	}
	return otherwise, nil
}

func (p *properties) csv(f *Format, columns []Column) error {
	f.Separator, f.Quote, f.CSVEscape = ",", `"`, `\`
	for name, into := range map[string]*string{"separatorChar": &f.Separator, "quoteChar": &f.Quote, "escapeChar": &f.CSVEscape} {
		if text, ok := p.params[name]; ok {
			_, n := utf8.DecodeRuneInString(text) // the first character counts; NUL is none
			*into = strings.TrimLeft(text[:n], "\x00")
		}
	}
	switch {
	case f.Separator == "" || f.Separator == "\n" || f.Separator == "\r":
		return feature.Errorf(feature.Invalid, "the SerDe property separatorChar is %.200q; it must be a character, and not the end of a line", p.params["separatorChar"])
	case f.Separator == f.Quote, f.Separator == f.CSVEscape, f.Quote == f.CSVEscape && f.Quote != "":
		return feature.Errorf(feature.Invalid, "separatorChar, quoteChar and escapeChar are %q, %q and %q; each must be another character", f.Separator, f.Quote, f.CSVEscape)
	}
	for _, c := range columns {
		if !c.Type.scalar() {
			return feature.Errorf(feature.Unsupported, "the column %.200q has the type %s, which OpenCSVSerde cannot read; use LazySimpleSerDe, JSON or PARQUET", c.Name, c.Type.word())
		}
	}
	return nil
}
