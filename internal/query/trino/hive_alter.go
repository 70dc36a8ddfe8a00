package trino

import "strings"

// alter reads what follows ALTER.
func (p *hiveParser) alter() (Statement, error) {
	if p.is("DATABASE") || p.is("SCHEMA") {
		a := &AlterDatabase{}
		err := p.advance()
		if err == nil {
			a.Name, err = p.name()
		}
		if err == nil {
			err = p.expect("SET", "DBPROPERTIES")
		}
		if err == nil {
			a.Properties, err = p.properties()
		}
		return a, err
	}
	if p.is("VIEW") {
		return nil, errOtherKind
	}
	if err := p.expect("TABLE"); err != nil {
		return nil, err
	}
	a := &AlterTable{}
	var err error
	if a.TableName, err = p.table(); err != nil {
		return nil, err
	}
	if p.is("PARTITION") {
		var of PartitionSpec
		if of, err = p.partition(); err != nil {
			return nil, err
		}
		a.Of = &of
	}
	switch {
	case p.is("ADD"):
		err = p.alterAdd(a)
	case p.is("DROP"):
		err = p.alterDrop(a)
	case p.is("REPLACE"):
		if err = p.expect("REPLACE", "COLUMNS"); err == nil {
			a.ReplaceColumns, err = p.columns(nil)
		}
	case p.is("SET"):
		err = p.alterSet(a)
	case p.is("RENAME"):
		err = p.alterRename(a)
	case p.is("CHANGE") && a.Of == nil:
		a.Change, err = p.columnChange()
	default:
		err = p.otherKind("ALTER TABLE … " + strings.ToUpper(p.tok.raw))
	}
	return a, err
}

func (p *hiveParser) alterAdd(a *AlterTable) error {
	if err := p.advance(); err != nil {
		return err
	}
	if p.is("COLUMNS") {
		err := p.advance()
		if err == nil {
			a.AddColumns, err = p.columns(nil)
		}
		return err
	}
	if a.Of != nil {
		return p.mismatch("'COLUMNS'")
	}
	var err error
	if a.IfThere, err = p.accept("IF", "NOT", "EXISTS"); err != nil {
		return err
	}
	for {
		spec, err := p.partition()
		if err != nil {
			return err
		}
		if ok, err := p.accept("LOCATION"); err != nil {
			return err
		} else if ok {
			if spec.Location, err = p.str(); err != nil {
				return err
			}
		}
		a.AddPartitions = append(a.AddPartitions, spec)
		if _, err := p.accept(","); err != nil {
			return err
		}
		if !p.is("PARTITION") {
			return nil
		}
	}
}

func (p *hiveParser) alterDrop(a *AlterTable) error {
	if a.Of != nil {
		return p.mismatch("'RENAME', 'SET'")
	}
	err := p.advance()
	if err == nil {
		a.IfThere, err = p.accept("IF", "EXISTS")
	}
	for err == nil {
		var spec PartitionSpec
		if spec, err = p.partition(); err != nil {
			break
		}
		a.DropPartitions = append(a.DropPartitions, spec)
		var more bool
		if more, err = p.accept(","); err != nil || !more {
			break
		}
	}
	return err
}

func (p *hiveParser) alterSet(a *AlterTable) error {
	err := p.advance()
	switch {
	case err != nil:
	case p.is("TBLPROPERTIES") && a.Of == nil:
		if err = p.advance(); err == nil {
			a.Properties, err = p.properties()
		}
	case p.is("LOCATION"):
		at := p.tok
		if err = p.advance(); err == nil {
			a.Location, err = p.str()
		}
		if err == nil && a.Location == "" {
			err = &Error{"SYNTAX_ERROR", at.line, at.column, "LOCATION is empty"}
		}
	default:
		err = p.otherKind("ALTER TABLE … SET " + strings.ToUpper(p.tok.raw))
	}
	return err
}

func (p *hiveParser) alterRename(a *AlterTable) error {
	if a.Of == nil {
		return p.otherKind("ALTER TABLE … RENAME TO")
	}
	if err := p.expect("RENAME", "TO"); err != nil {
		return err
	}
	to, err := p.partition()
	a.RenameTo = &to
	return err
}

// columnChange reads CHANGE [COLUMN] name name type [COMMENT '…'] [FIRST | AFTER name].
func (p *hiveParser) columnChange() (*ColumnChange, error) {
	c := &ColumnChange{}
	err := p.expect("CHANGE")
	if err == nil {
		_, err = p.accept("COLUMN")
	}
	if err == nil {
		c.Name, err = p.name()
	}
	if err == nil {
		c.To.Name, err = p.name()
	}
	if err == nil {
		c.To.Type, err = p.columnType()
	}
	if err == nil && p.is("COMMENT") {
		if err = p.advance(); err == nil {
			c.To.Comment, err = p.str()
			c.Commented = true
		}
	}
	if err == nil {
		c.First, err = p.accept("FIRST")
	}
	if err == nil && !c.First && p.is("AFTER") {
		if err = p.advance(); err == nil {
			c.After, err = p.name()
		}
	}
	return c, err
}

// partition reads PARTITION (key = value, …).
func (p *hiveParser) partition() (PartitionSpec, error) {
	var spec PartitionSpec
	if err := p.expect("PARTITION", "("); err != nil {
		return spec, err
	}
	seen := map[string]bool{}
	for {
		at := p.tok
		key, err := p.name()
		if err == nil {
			err = p.expect("=")
		}
		if err != nil {
			return spec, err
		}
		if seen[key] {
			return spec, &Error{"SYNTAX_ERROR", at.line, at.column, "the partition key '" + key + "' is given twice"}
		}
		seen[key] = true
		value, err := p.partitionValue()
		if err != nil {
			return spec, err
		}
		spec.Values = append(spec.Values, PartitionValue{key, value})
		if ok, err := p.accept(","); err != nil {
			return spec, err
		} else if !ok {
			return spec, p.expect(")")
		}
	}
}

// partitionValue reads a text, a number, a date or NULL.
func (p *hiveParser) partitionValue() (*string, error) {
	switch {
	case p.is("NULL"):
		return nil, p.advance()
	case p.is("DATE"), p.is("TIMESTAMP"):
		if err := p.advance(); err != nil {
			return nil, err
		}
	case p.tok.kind == hiveNumber, p.is("-"):
		return p.number()
	}
	text, err := p.str()
	return &text, err
}

// number reads a number as it is written, which may have a sign and a fraction.
func (p *hiveParser) number() (*string, error) {
	var text string
	for _, part := range []string{"-", "", ".", ""} {
		if part == "" && p.tok.kind != hiveNumber {
			return nil, p.mismatch("<number>")
		}
		if part != "" && !p.is(part) {
			if part == "." {
				break
			}
			continue
		}
		text += p.tok.text
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	return &text, nil
}
