package trino

import (
	"errors"
	"fmt"
	"strings"
)

// A hiveParser reads Athena's DDL, which is Hive's, by recursive descent.
type hiveParser struct {
	lex *hiveLexer
	tok hiveToken
}

// parseDDL reads the statements that are Hive's; ok is false if text is none of them.
func parseDDL(text string) (s Statement, ok bool, err error) {
	p := &hiveParser{lex: newHiveLexer(text)}
	if err := p.advance(); err != nil {
		return nil, false, nil // Trino's grammar says it better
	}
	first := p.tok
	var read func() (Statement, error)
	switch {
	case p.is("CREATE"):
		read = p.create
	case p.is("DROP"):
		read = p.drop
	case p.is("ALTER"):
		read = p.alter
	case p.is("SHOW"):
		read = p.show
	case p.is("DESCRIBE"), p.is("DESC"):
		read = p.describe
	case p.is("MSCK"):
		read = p.repair
	default:
		return nil, false, nil
	}
	if err := p.advance(); err != nil {
		return nil, true, err
	}
	if first.text = strings.ToUpper(first.text); first.text == "CREATE" && p.is("TABLE") && p.definesColumns() {
		return nil, true, &Error{"NOT_SUPPORTED", first.line, first.column, notExternal + " is not supported"}
	}
	if first.text == "CREATE" && (p.is("TABLE") || p.is("VIEW") || p.is("OR")) {
		return nil, false, nil // it holds a query, which is Trino's
	}
	if s, err = read(); err == nil {
		err = p.end()
	}
	if err == errOtherKind {
		err = &Error{"NOT_SUPPORTED", first.line, first.column, "Queries of this type are not supported"}
	}
	if err != nil {
		return nil, true, err
	}
	return s, true, nil
}

// notExternal is a table that is neither external nor made of a query.
const notExternal = "CREATE TABLE without EXTERNAL, which makes an Iceberg table; use CREATE EXTERNAL TABLE or CREATE TABLE … AS: it"

// definesColumns reports whether a CREATE TABLE, from TABLE on, gives a type to its first column, as no CREATE TABLE … AS
// does. It reads as far as it must.
func (p *hiveParser) definesColumns() bool {
	begin := *p
	lex := *p.lex
	defer func() { *p, *begin.lex = begin, lex }()
	if p.expect("TABLE") != nil {
		return false
	}
	if _, err := p.accept("IF", "NOT", "EXISTS"); err != nil {
		return false
	}
	if _, err := p.table(); err != nil || p.expect("(") != nil {
		return false
	}
	_, err := p.name()
	return err == nil && p.tok.kind == hiveWord
}

// errOtherKind is what create and drop say of what they do not know.
var errOtherKind = errors.New("a statement of another kind")

func (p *hiveParser) create() (Statement, error) {
	switch {
	case p.is("EXTERNAL"):
		return p.createTable()
	case p.is("DATABASE"), p.is("SCHEMA"):
		return p.createDatabase()
	}
	return nil, errOtherKind
}

func (p *hiveParser) drop() (Statement, error) {
	switch {
	case p.is("TABLE"), p.is("VIEW"):
		return p.dropTable()
	case p.is("DATABASE"), p.is("SCHEMA"):
		return p.dropDatabase()
	}
	return nil, errOtherKind
}

func (p *hiveParser) advance() (err error) {
	p.tok, err = p.lex.next()
	return err
}

func (p *hiveParser) is(word string) bool {
	return p.tok.kind == hiveWord && strings.EqualFold(p.tok.text, word) || p.tok.kind == hiveSymbol && p.tok.text == word
}

// accept takes the words if they stand next to each other; only the first may be missing.
func (p *hiveParser) accept(words ...string) (bool, error) {
	if !p.is(words[0]) {
		return false, nil
	}
	return true, p.expect(words...)
}

func (p *hiveParser) expect(words ...string) error {
	for _, w := range words {
		if !p.is(w) {
			return p.mismatch("'" + w + "'")
		}
		if err := p.advance(); err != nil {
			return err
		}
	}
	return nil
}

func (p *hiveParser) mismatch(want string) error {
	return &Error{"SYNTAX_ERROR", p.tok.line, p.tok.column, fmt.Sprintf("mismatched input '%s'. Expecting: %s", p.tok.raw, want)}
}

func (p *hiveParser) refuse(what string) error {
	return &Error{"NOT_SUPPORTED", p.tok.line, p.tok.column, what + " is not supported"}
}

// otherKind is the error of a statement of Hive's that Athena has, or had, or never had, and Larder has not.
func (p *hiveParser) otherKind(what string) error {
	return &Error{"NOT_SUPPORTED", p.tok.line, p.tok.column, "Queries of this type are not supported: " + what}
}

func (p *hiveParser) end() error {
	if _, err := p.accept(";"); err != nil {
		return err
	}
	if p.tok.kind != hiveEnd {
		return p.mismatch("<EOF>")
	}
	return nil
}

func (p *hiveParser) name() (string, error) {
	t := p.tok
	if t.kind != hiveWord && t.kind != hiveName && !(t.kind == hiveString && t.raw[0] == '"') || t.text == "" {
		return "", p.mismatch("<identifier>")
	}
	return strings.ToLower(t.text), p.advance()
}

// qualified reads [database.]name.
func (p *hiveParser) qualified() (database, name string, err error) {
	if name, err = p.name(); err != nil {
		return "", "", err
	}
	if ok, err := p.accept("."); !ok || err != nil {
		return "", name, err
	}
	database = name
	if name, err = p.name(); err == nil && p.is(".") {
		err = p.mismatch("<EOF>")
	}
	return database, name, err
}

func (p *hiveParser) str() (string, error) {
	if p.tok.kind != hiveString {
		return "", p.mismatch("<string>")
	}
	text := p.tok.text // Go does not say whether it would be read before the call or after it
	return text, p.advance()
}

// table reads [database.]table. A name in backquotes may be both, with the dot in it.
func (p *hiveParser) table() (t TableName, err error) {
	quoted := p.tok.kind == hiveName
	if t.Database, t.Name, err = p.qualified(); err == nil && quoted && t.Database == "" {
		if database, name, ok := strings.Cut(t.Name, "."); ok && database != "" && name != "" {
			t.Database, t.Name = database, name
		}
	}
	return t, err
}

func (p *hiveParser) dropTable() (Statement, error) {
	d := &DropTable{View: p.is("VIEW")}
	err := p.advance()
	if err == nil {
		d.IfExists, err = p.accept("IF", "EXISTS")
	}
	if err == nil {
		d.TableName, err = p.table()
	}
	return d, err
}

func (p *hiveParser) dropDatabase() (Statement, error) {
	d := &DropDatabase{}
	err := p.advance()
	if err == nil {
		d.IfExists, err = p.accept("IF", "EXISTS")
	}
	if err == nil {
		d.Name, err = p.name()
	}
	if err == nil && !p.is("CASCADE") {
		_, err = p.accept("RESTRICT")
	}
	if err == nil {
		d.Cascade, err = p.accept("CASCADE")
	}
	return d, err
}

func (p *hiveParser) createDatabase() (Statement, error) {
	d := &CreateDatabase{}
	err := p.advance()
	if err == nil {
		d.IfNotExists, err = p.accept("IF", "NOT", "EXISTS")
	}
	if err == nil {
		d.Name, err = p.name()
	}
	for err == nil && p.tok.kind == hiveWord {
		switch {
		case p.is("COMMENT"):
			if err = p.advance(); err == nil {
				d.Comment, err = p.str()
			}
		case p.is("LOCATION"):
			if err = p.advance(); err == nil {
				d.Location, err = p.str()
			}
		case p.is("WITH"):
			if err = p.expect("WITH", "DBPROPERTIES"); err == nil {
				d.Properties, err = p.properties()
			}
		default:
			err = p.refuse("CREATE DATABASE … " + strings.ToUpper(p.tok.text))
		}
	}
	return d, err
}

func (p *hiveParser) createTable() (Statement, error) {
	t := &CreateTable{}
	err := p.expect("EXTERNAL", "TABLE")
	if err == nil {
		t.IfNotExists, err = p.accept("IF", "NOT", "EXISTS")
	}
	if err == nil {
		t.TableName, err = p.table()
	}
	names := map[string]bool{}
	if err == nil {
		t.Columns, err = p.columns(names)
	}
	seen := map[string]bool{}
	for err == nil && p.tok.kind == hiveWord {
		clause := strings.ToUpper(p.tok.text)
		if seen[clause] {
			return nil, p.mismatch("<EOF>")
		}
		seen[clause] = true
		err = p.clause(t, clause, names)
	}
	if err == nil && t.Location == "" {
		err = &Error{"SYNTAX_ERROR", p.tok.line, p.tok.column, "CREATE EXTERNAL TABLE needs a LOCATION 's3://…'"}
	}
	return t, err
}

func (p *hiveParser) clause(t *CreateTable, clause string, names map[string]bool) (err error) {
	switch clause {
	case "COMMENT":
		if err = p.advance(); err == nil {
			t.Comment, err = p.str()
		}
	case "ROW":
		err = p.rowFormat(t)
	case "STORED":
		err = p.storedAs(t)
	case "LOCATION":
		if err = p.advance(); err == nil {
			t.Location, err = p.str()
		}
	case "TBLPROPERTIES":
		if err = p.advance(); err == nil {
			t.Properties, err = p.properties()
		}
	case "WITH":
		if err = p.expect("WITH", "SERDEPROPERTIES"); err == nil {
			t.SerDeParams, err = p.properties()
		}
	case "PARTITIONED":
		if err = p.expect("PARTITIONED", "BY"); err == nil {
			t.Partitions, err = p.columns(names)
		}
	case "CLUSTERED":
		err = p.refuse(clause + " BY")
	default:
		err = p.mismatch("'COMMENT', 'LOCATION', 'PARTITIONED BY', 'ROW FORMAT', 'STORED AS', 'TBLPROPERTIES', <EOF>")
	}
	return err
}

// columns reads (name type [COMMENT '…'], …). names holds the names that are taken; nil: none are.
func (p *hiveParser) columns(names map[string]bool) ([]HiveColumn, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	if names == nil {
		names = map[string]bool{}
	}
	var columns []HiveColumn
	for {
		at := p.tok
		c := HiveColumn{}
		var err error
		if c.Name, err = p.name(); err != nil {
			return nil, err
		}
		if names[c.Name] {
			return nil, &Error{"DUPLICATE_COLUMN_NAME", at.line, at.column, "Column name '" + c.Name + "' specified more than once"}
		}
		names[c.Name] = true
		if c.Type, err = p.columnType(); err != nil {
			return nil, err
		}
		if ok, err := p.accept("COMMENT"); err != nil {
			return nil, err
		} else if ok {
			if c.Comment, err = p.str(); err != nil {
				return nil, err
			}
		}
		columns = append(columns, c)
		if ok, err := p.accept(","); err != nil {
			return nil, err
		} else if !ok {
			return columns, p.expect(")")
		}
	}
}

// columnType reads a type and gives it as the catalog keeps it: lower case, without spaces.
func (p *hiveParser) columnType() (string, error) {
	at := p.tok
	if at.kind != hiveWord {
		return "", p.mismatch("<type>")
	}
	text, depth := "", 0
	for p.tok.kind == hiveWord && (text == "" || depth > 0) || p.tok.kind == hiveNumber && depth > 0 || p.is("(") || p.is("<") || depth > 0 && (p.is(")") || p.is(">") || p.is(",") || p.is(":")) {
		text += strings.ToLower(p.tok.text)
		switch p.tok.text {
		case "(", "<":
			depth++
		case ")", ">":
			depth--
		}
		if err := p.advance(); err != nil {
			return "", err
		}
	}
	if text == "integer" {
		text = "int"
	}
	if _, ok := hiveType(text); !ok {
		return "", &Error{"NOT_SUPPORTED", at.line, at.column, "the column type " + text + " is not supported"}
	}
	return text, nil
}

func (p *hiveParser) rowFormat(t *CreateTable) error {
	if err := p.expect("ROW", "FORMAT"); err != nil {
		return err
	}
	if ok, err := p.accept("SERDE"); ok || err != nil {
		if err == nil {
			t.SerDe, err = p.str()
		}
		return err
	}
	if err := p.expect("DELIMITED"); err != nil {
		return err
	}
	t.SerDe = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
	t.SerDeParams = map[string]string{}
	for {
		var key string
		var words []string
		switch {
		case p.is("FIELDS"):
			key, words = "field.delim", []string{"FIELDS", "TERMINATED", "BY"}
		case p.is("ESCAPED"):
			key, words = "escape.delim", []string{"ESCAPED", "BY"}
		case p.is("LINES"):
			key, words = "line.delim", []string{"LINES", "TERMINATED", "BY"}
		case p.is("NULL"):
			key, words = "serialization.null.format", []string{"NULL", "DEFINED", "AS"}
		case p.is("COLLECTION"):
			key, words = "collection.delim", []string{"COLLECTION", "ITEMS", "TERMINATED", "BY"}
		case p.is("MAP"):
			key, words = "mapkey.delim", []string{"MAP", "KEYS", "TERMINATED", "BY"}
		default:
			return nil
		}
		if err := p.expect(words...); err != nil {
			return err
		}
		v, err := p.str()
		if err != nil {
			return err
		}
		t.SerDeParams[key] = v
	}
}

// The classes that the short names of formats stand for.
const (
	parquetIn    = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
	parquetOut   = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
	parquetSerDe = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
	textIn       = "org.apache.hadoop.mapred.TextInputFormat"
	textOut      = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
)

func (p *hiveParser) storedAs(t *CreateTable) error {
	if err := p.expect("STORED", "AS"); err != nil {
		return err
	}
	switch {
	case p.is("PARQUET"):
		t.InputFormat, t.OutputFormat = parquetIn, parquetOut
		if t.SerDe == "" {
			t.SerDe = parquetSerDe
		}
	case p.is("TEXTFILE"):
		t.InputFormat, t.OutputFormat = textIn, textOut
	case p.is("JSONFILE"):
		t.InputFormat, t.OutputFormat = textIn, textOut
		if t.SerDe == "" {
			t.SerDe = "org.apache.hive.hcatalog.data.JsonSerDe"
		}
	case p.is("INPUTFORMAT"):
		err := p.advance()
		if err == nil {
			t.InputFormat, err = p.str()
		}
		if err == nil {
			err = p.expect("OUTPUTFORMAT")
		}
		if err == nil {
			t.OutputFormat, err = p.str()
		}
		return err
	default:
		return &Error{"NOT_SUPPORTED", p.tok.line, p.tok.column, "STORED AS " + strings.ToUpper(p.tok.raw) + " is not supported; files of Parquet, TEXTFILE and JSONFILE can be read"}
	}
	return p.advance()
}

// properties reads ("key" = "value", …).
func (p *hiveParser) properties() (map[string]string, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	m := map[string]string{}
	for {
		k, err := p.str()
		if err == nil {
			err = p.expect("=")
		}
		if err != nil {
			return nil, err
		}
		if m[k], err = p.str(); err != nil {
			return nil, err
		}
		if ok, err := p.accept(","); err != nil {
			return nil, err
		} else if !ok {
			return m, p.expect(")")
		}
	}
}
