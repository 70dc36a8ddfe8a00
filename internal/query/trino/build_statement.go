package trino

import (
	"strings"

	"github.com/antlr4-go/antlr/v4"
	grammar "github.com/bytebase/parser/trino"
)

// buildStatement makes a statement of the grammar's tree. What is not carried out is NOT_SUPPORTED.
func buildStatement(tree grammar.IStatementContext, text string) (Statement, error) {
	b := &builder{}
	switch c := tree.(type) {
	case *grammar.StatementDefaultContext:
		return b.rootQuery(c.RootQuery(), text)
	case *grammar.CreateTableAsSelectContext:
		return b.createTableAs(c, text)
	case *grammar.CreateViewContext:
		return b.createView(c, text)
	case *grammar.InsertIntoContext:
		return b.insert(c, text)
	case *grammar.ExplainContext:
		return b.explain(c, text)
	case *grammar.ExplainAnalyzeContext:
		return b.explainAnalyze(c, text)
	case *grammar.PrepareContext:
		name, err := b.name(c.Identifier())
		of := place(c.Statement())
		return &Prepare{name.text, string([]rune(text)[of.start : of.stop+1])}, err
	case *grammar.ExecuteContext:
		return b.execute(c, text)
	case *grammar.DeallocateContext:
		name, err := b.name(c.Identifier())
		return &Deallocate{name.text}, err
	case *grammar.CreateTableContext:
		return nil, unsupported(c, notExternal)
	}
	p := place(tree)
	return nil, &Error{"NOT_SUPPORTED", p.line, p.column, "Queries of this type are not supported"}
}

func (b *builder) rootQuery(c grammar.IRootQueryContext, text string) (*Query, error) {
	if c.WithFunction() != nil {
		return nil, unsupported(c, "WITH FUNCTION")
	}
	root, err := b.query(c.Query())
	if err != nil {
		return nil, err
	}
	return &Query{root, []rune(text)}, nil
}

// tableName reads [catalog.][database.]table; the catalog is the one there is.
func (b *builder) tableName(c grammar.IQualifiedNameContext) (t TableName, err error) {
	parts, err := b.names(c.AllIdentifier())
	if err != nil {
		return t, err
	}
	switch n := len(parts); {
	case n > 3:
		return t, &Error{"SYNTAX_ERROR", place(c).line, place(c).column, "Too many dots in table name: " + spell(parts)}
	case n == 3 && parts[0].lower() != catalogName:
		return t, &Error{"CATALOG_NOT_FOUND", place(c).line, place(c).column, "Catalog '" + parts[0].lower() + "' not found"}
	case n > 1:
		t.Database = parts[n-2].lower()
	}
	t.Name = parts[len(parts)-1].lower()
	return t, nil
}

func (b *builder) createTableAs(c *grammar.CreateTableAsSelectContext, text string) (Statement, error) {
	t := &CreateTableAs{IfNotExists: c.EXISTS_() != nil, NoData: c.NO_() != nil}
	var err error
	if t.TableName, err = b.tableName(c.QualifiedName()); err != nil {
		return nil, err
	}
	switch {
	case c.REPLACE_() != nil:
		return nil, unsupported(c, "CREATE OR REPLACE TABLE")
	case c.ColumnAliases() != nil:
		return nil, unsupported(c.ColumnAliases(), "a list of columns in CREATE TABLE AS")
	}
	if c.String_() != nil {
		t.Comment = unquote(c.String_().GetText())
	}
	if c.Properties() != nil {
		if t.Properties, err = b.properties(c.Properties().PropertyAssignments()); err != nil {
			return nil, err
		}
	}
	t.Query, err = b.rootQuery(c.RootQuery(), text)
	return t, err
}

// properties reads name = value, …
func (b *builder) properties(c grammar.IPropertyAssignmentsContext) (map[string]Value, error) {
	all := map[string]Value{}
	for _, p := range c.AllProperty() {
		name, err := b.name(p.Identifier())
		if err != nil {
			return nil, err
		}
		if _, twice := all[name.lower()]; twice {
			return nil, &Error{"DUPLICATE_PROPERTY", name.line, name.column, "Duplicate property: " + name.lower()}
		}
		given, ok := p.PropertyValue().(*grammar.NonDefaultPropertyValueContext)
		if !ok {
			return nil, unsupported(p, "DEFAULT as the value of a property")
		}
		x, err := b.expr(given.Expression())
		if err != nil {
			return nil, err
		}
		v, err := propertyValue(x)
		if err != nil {
			return nil, err
		}
		v.pos = place(p)
		all[name.lower()] = v
	}
	return all, nil
}

// propertyValue is the value of a constant.
func propertyValue(x xExpr) (Value, error) {
	switch x := x.(type) {
	case *xLiteral:
		if x.kind == litString || x.kind == litInteger || x.kind == litBool {
			return Value{Text: x.text}, nil
		}
	case *xArray:
		v := Value{list: true, List: []string{}}
		for _, item := range x.items {
			l, ok := item.(*xLiteral)
			if !ok || l.kind != litString {
				return v, &Error{"INVALID_TABLE_PROPERTY", item.at().line, item.at().column, "the items of an ARRAY in a property must be texts"}
			}
			v.List = append(v.List, l.text)
		}
		return v, nil
	}
	return Value{}, &Error{"INVALID_TABLE_PROPERTY", x.at().line, x.at().column, "the value of a property must be a text, a number, a boolean or an ARRAY of texts"}
}

func (b *builder) createView(c *grammar.CreateViewContext, text string) (Statement, error) {
	v := &CreateView{Replace: c.REPLACE_() != nil}
	var err error
	if v.TableName, err = b.tableName(c.QualifiedName()); err != nil {
		return nil, err
	}
	if c.SECURITY_() != nil {
		return nil, unsupported(c, "CREATE VIEW … SECURITY")
	}
	if c.String_() != nil {
		v.Comment = unquote(c.String_().GetText())
	}
	of := place(c.RootQuery())
	v.SQL = string([]rune(text)[of.start : of.stop+1])
	v.Query, err = b.rootQuery(c.RootQuery(), text)
	return v, err
}

func (b *builder) insert(c *grammar.InsertIntoContext, text string) (Statement, error) {
	i := &Insert{At: place(c)}
	var err error
	if i.TableName, err = b.tableName(c.QualifiedName()); err != nil {
		return nil, err
	}
	columns, err := b.aliases(c.ColumnAliases())
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, name := range columns {
		if seen[name.lower()] {
			return nil, &Error{"DUPLICATE_COLUMN_NAME", name.line, name.column, "Insert column name is specified more than once: " + name.lower()}
		}
		seen[name.lower()] = true
		i.Columns = append(i.Columns, name.lower())
	}
	i.Query, err = b.rootQuery(c.RootQuery(), text)
	return i, err
}

func (b *builder) execute(c *grammar.ExecuteContext, text string) (Statement, error) {
	name, err := b.name(c.Identifier())
	if err != nil {
		return nil, err
	}
	e := &Execute{Name: name.text}
	for _, x := range c.AllExpression() {
		of := place(x)
		e.Parameters = append(e.Parameters, string([]rune(text)[of.start:of.stop+1]))
	}
	return e, nil
}

// parseUnload reads UNLOAD (query) TO 'location' [WITH (…)], which no grammar knows; ok is false if text is
// none. The query and the properties are read by Trino's, each at its place in the text: what surrounds
// them is blank for it.
func parseUnload(text string, tokens []antlr.Token) (s Statement, ok bool, err error) {
	if len(tokens) == 0 || !strings.EqualFold(tokens[0].GetText(), "UNLOAD") {
		return nil, false, nil
	}
	if err := checkDepth(tokens); err != nil {
		return nil, true, err
	}
	u := &Unload{}
	last, next := 0, 1 // the token of the query's last parenthesis, and the one behind
	for depth := 0; next < len(tokens); next++ {
		switch tokens[next].GetTokenType() {
		case grammar.TrinoLexerLPAREN_:
			depth++
		case grammar.TrinoLexerRPAREN_:
			depth--
		}
		if depth == 0 {
			last, next = next, next+1
			break
		}
	}
	want := func(kind int, words string) error {
		if next < len(tokens) && tokens[next].GetTokenType() == kind {
			next++
			return nil
		}
		return wrongToken(tokens, next, words)
	}
	if len(tokens) == 1 || tokens[1].GetTokenType() != grammar.TrinoLexerLPAREN_ {
		return nil, true, wrongToken(tokens, 1, "'('")
	}
	if last == 0 {
		return nil, true, wrongToken(tokens, len(tokens), "')'")
	}
	for _, w := range []struct {
		kind  int
		words string
	}{{grammar.TrinoLexerTO_, "'TO'"}, {grammar.TrinoLexerSTRING_, "<string>"}} {
		if err := want(w.kind, w.words); err != nil {
			return nil, true, err
		}
	}
	u.Location = unquote(tokens[next-1].GetText())
	runes := []rune(text)
	tree, err := parseTrino(defaultTokens(only(runes, tokens[1].GetStart(), tokens[last].GetStop())))
	if err != nil {
		return nil, true, err
	}
	d, isQuery := tree.(*grammar.StatementDefaultContext)
	if !isQuery {
		return nil, true, unsupported(tree, "UNLOAD of a statement that is not a query")
	}
	b := &builder{}
	if u.Query, err = b.rootQuery(d.RootQuery(), text); err != nil {
		return nil, true, err
	}
	err = b.unloadProperties(u, runes, tokens, next)
	return u, true, err
}

// unloadProperties reads [WITH (…)] [;].
func (b *builder) unloadProperties(u *Unload, runes []rune, tokens []antlr.Token, next int) error {
	end := len(tokens)
	if end > next && tokens[end-1].GetTokenType() == grammar.TrinoLexerSEMICOLON_ {
		end--
	}
	if next == end {
		return nil
	}
	if tokens[next].GetTokenType() != grammar.TrinoLexerWITH_ || end-next < 3 {
		return wrongToken(tokens[:end], next, "'WITH', <EOF>")
	}
	// As the properties of a table: nothing of it is carried out but the parentheses.
	const before, after = "CREATE TABLE t ", " AS SELECT 1"
	properties := string(runes[tokens[next].GetStart() : tokens[end-1].GetStop()+1])
	at := tokenPlace(tokens[next])
	tree, err := parseTrino(defaultTokens(before + properties + after))
	if err != nil {
		return shifted(err, at, len(before))
	}
	c, ok := tree.(*grammar.CreateTableAsSelectContext)
	if !ok || c.Properties() == nil || c.ColumnAliases() != nil {
		return wrongToken(tokens[:end], next+1, "'('")
	}
	if u.Properties, err = b.properties(c.Properties().PropertyAssignments()); err != nil {
		return shifted(err, at, len(before))
	}
	for name, v := range u.Properties {
		if v.line == 1 {
			v.column += at.column - 1 - len(before)
		}
		v.line += at.line - 1
		u.Properties[name] = v
	}
	return nil
}

// shifted moves an error to its place in a statement whose part, which begins at a place, was read behind
// some characters.
func shifted(err error, at pos, behind int) error {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	moved := *e
	if e.Line == 1 {
		moved.Column += at.column - 1 - behind
	}
	moved.Line += at.line - 1
	return &moved
}

// only is a text of which nothing is left but what is between two characters. Lines stay.
func only(text []rune, first, last int) string {
	out := make([]rune, last+1)
	for i := range out {
		if out[i] = ' '; i >= first || text[i] == '\n' {
			out[i] = text[i]
		}
	}
	return string(out)
}

// wrongToken is the error of a token that is not what is wanted.
func wrongToken(tokens []antlr.Token, at int, want string) error {
	if at >= len(tokens) {
		last := tokens[len(tokens)-1]
		p := tokenPlace(last)
		return &Error{"SYNTAX_ERROR", p.line, p.column + p.stop - p.start + 1, "mismatched input '<EOF>'. Expecting: " + want}
	}
	p := tokenPlace(tokens[at])
	return &Error{"SYNTAX_ERROR", p.line, p.column, "mismatched input '" + tokens[at].GetText() + "'. Expecting: " + want}
}
